"""Documents of an open compartment: read in one question, sealed, signed by who is signed in."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from vaitiolo.keys import bodies
from vaitiolo.keys.bodies import ZERO, Place, SignedBody
from vaitiolo.keys.kinds import CompartmentClass, Kind, signed_kinds
from vaitiolo.keys.refused import Refused
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.kinds import Mode
from vaitiolo.warden.server import marking
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.marking import Written
from vaitiolo.warden.server.memory import Handle, Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.unlocked import Unlocked, place_of, unlocked

LARGEST: Final = 1024 * 1024

Version = tuple[int, bytes, int]


def unseal(install: Installation, question: protocol.Unseal) -> protocol.Unsealed:
    """Answer with what documents say, in order; one that is not whole refuses them all."""
    seat = sit(install, question.cookie)
    handle = install.memory.handle(question.cookie, question.handle, now=install.clock())
    if handle.mode != Mode.READ:
        raise No("not-granted", subject=handle.held.subject, because="handle for writing")
    if handle.held.klass is CompartmentClass.PHONEBOOK:
        # It is looked in, a few rows at a time; nobody carries it away whole.
        raise No("not-granted", subject=handle.held.subject, because="a book is not handed out")
    if any(document.place.kind == Kind.DRAFT for document in question.documents):
        install.recording.record([_deed(Act.REOPEN_DRAFT, seat.person, handle)])
    with unlocked(install, seat, handle.held, cookie=question.cookie) as compartment:
        return protocol.Unsealed(_read_all(compartment, question.documents))


def _read_all(compartment: Unlocked, documents: Sequence[parts.Sealed]) -> tuple[parts.Read, ...]:
    install = compartment.install
    hashes: dict[Version, bytes] = {}
    claims: dict[Version, bytes] = {}
    read = []
    for document in documents:
        place, body = compartment.unseal(document)
        if place.kind not in signed_kinds:
            read.append(parts.Read(bytes(body)))
            continue
        signed = bodies.check_body(body, place, public_key_of=install.cards.signing_key)
        hashes[place.kind, place.row.bytes, place.version] = bodies.predecessor_hash(body)
        claims[place.kind, place.row.bytes, place.version - 1] = signed.prev
        read.append(_read(install, signed))
    # Where a version and its predecessor are both here, the one must name the other.
    if any(hashes.get(key, prev) != prev for key, prev in claims.items() if prev != ZERO):
        raise Refused("body.prev")
    return tuple(read)


def _read(install: Installation, signed: SignedBody) -> parts.Read:
    author = install.cards.known(signed.author)
    person = None if author is None else author.holder
    name = "" if person is None else install.directory.name_of(person)
    return parts.Read(signed.text, person, name)


def seal(install: Installation, question: protocol.Seal) -> protocol.SealedBack:
    """Answer with sealed bytes, in order; what is signed is recorded before."""
    seat = sit(install, question.cookie)
    handle = install.memory.handle(question.cookie, question.handle, now=install.clock())
    if any(len(document.body) > LARGEST for document in question.documents):
        raise No("too-large", subject=handle.held.subject)
    places = [place_of(install, handle.held, document.place) for document in question.documents]
    marks = install.marking.records(
        [
            Written(handle.held.subject, handle.held.klass, place, document.body)
            for place, document in zip(places, question.documents, strict=True)
        ]
    )
    marked = {(one.row, one.version) for one in marks}
    deeds = [
        _deed(
            Act.SIGN if place.version == 1 else Act.AMEND,
            seat.person,
            handle,
            more=_signed(place, is_marked=(place.row, place.version) in marked),
        )
        for place in places
        if place.kind in signed_kinds
    ]
    if deeds:
        install.recording.record(deeds, beside=marking.beside(marks))
    with unlocked(install, seat, handle.held, cookie=question.cookie) as compartment:
        return protocol.SealedBack(tuple(map(compartment.seal, question.documents)))


def _signed(place: Place, *, is_marked: bool) -> dict[str, object]:
    # That a record was made stands in the entry: whoever takes the record away is found by it.
    said = {"kind": int(place.kind), "row": place.row.hex, "version": place.version}
    return {**said, "marked": 1} if is_marked else said


def _deed(
    act: Act, person: Person, handle: Handle, *, more: Mapping[str, object] | None = None
) -> Deed:
    detail = {
        "compartment": handle.held.compartment.hex,
        "for": handle.purpose,
        "network": person.network,
        "person": person.id.hex,
        "role": person.role,
    }
    return Deed(act, handle.held.subject, person.id, detail | dict(more or {}))


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.Unseal: unseal,
    protocol.Seal: seal,
}
