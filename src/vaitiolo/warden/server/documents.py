"""Documents of an open compartment: read in one question, sealed, signed as the person signed in."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from vaitiolo.keys import bodies, envelope
from vaitiolo.keys.bodies import ZERO, Place, SignedBody
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass, Kind, kind_of, signed_kinds
from vaitiolo.keys.octets import wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.kinds import Mode
from vaitiolo.warden.server import holding
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Handle, Held, Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

LARGEST: Final = 1024 * 1024

_CLINICAL: Final = frozenset(
    {Kind.NOTE, Kind.DRAFT, Kind.PLAN, Kind.MEASURE, Kind.LETTER, Kind.MANIFEST, Kind.CHUNK}
)
BELONGS: Final[Mapping[CompartmentClass, frozenset[Kind]]] = {
    CompartmentClass.IDENTITY: frozenset({Kind.IDENTITY, Kind.CONSENT, Kind.INVOICE}),
    CompartmentClass.CHART: _CLINICAL,
    CompartmentClass.WORKING: frozenset({Kind.NOTE, Kind.DRAFT}),
    CompartmentClass.SHARED: _CLINICAL | {Kind.MESSAGE},
    CompartmentClass.PHONEBOOK: frozenset({Kind.PHONEBOOK}),
    CompartmentClass.DIARY: frozenset({Kind.DIARY}),
    CompartmentClass.DESK: frozenset({Kind.DESK}),
    CompartmentClass.CASE: frozenset({Kind.EVIDENCE, Kind.MANIFEST, Kind.CHUNK}),
}


def padding_of(kind: Kind) -> Padding:
    """Return how the length of such a document is hidden."""
    return Padding.PHONEBOOK if kind is Kind.PHONEBOOK else Padding.DOCUMENT


def place_of(install: Installation, held: Held, place: protocol.Place) -> Place:
    """Return where a document belongs, with what the asker cannot choose. Raises Refused."""
    kind = kind_of(place.kind)
    if kind not in BELONGS[held.klass]:
        raise Refused("kind.compartment")
    return Place(install.org, held.compartment, kind, place.row, place.version)


def unseal_body(
    install: Installation, held: Held, dk: bytearray, document: protocol.Sealed
) -> tuple[Place, bytearray]:
    """Open one document's seal; the body still has its signature. Raises Refused."""
    place = place_of(install, held, document.place)
    context = envelope.document_context(place, epoch=held.epoch)
    body = envelope.unseal(
        dk, context, document.sealed, epoch=held.epoch, padding=padding_of(place.kind)
    )
    return place, body


def unseal(install: Installation, question: protocol.Unseal) -> protocol.Unsealed:
    """Answer with what documents say, in order; one that is not whole refuses them all."""
    seat = sit(install, question.cookie)
    handle = install.memory.handle(question.cookie, question.handle, now=install.clock())
    if handle.mode != Mode.READ:
        raise No("not-granted", subject=handle.held.subject, because="handle for writing")
    if any(document.place.kind == Kind.DRAFT for document in question.documents):
        install.recording.record([_deed(Act.REOPEN_DRAFT, seat.person, handle, {})])
    with (
        install.memory.keys(question.cookie, seat) as keys,
        holding.key_of(install, keys, handle.held) as dk,
    ):
        return protocol.Unsealed(_read_all(install, handle.held, dk, question.documents))


def _read_all(
    install: Installation, held: Held, dk: bytearray, documents: Sequence[protocol.Sealed]
) -> tuple[protocol.Read, ...]:
    before: dict[tuple[int, bytes, int], bytes] = {}
    claims: list[tuple[tuple[int, bytes, int], bytes]] = []
    read = []
    for document in documents:
        place, body = unseal_body(install, held, dk, document)
        if place.kind not in signed_kinds:
            read.append(protocol.Read(bytes(body)))
            continue
        signed = bodies.check_body(body, place, public_key_of=install.cards.signing_key)
        key = (place.kind, place.row.bytes, place.version)
        before[key] = bodies.predecessor_hash(body)
        claims.append(((place.kind, place.row.bytes, place.version - 1), signed.prev))
        read.append(_read(install, signed))
    # Where a version and its predecessor are both here, the one must name the other.
    if any(before.get(key, prev) != prev for key, prev in claims if prev != ZERO):
        raise Refused("body.prev")
    return tuple(read)


def _read(install: Installation, signed: SignedBody) -> protocol.Read:
    author = install.cards.known(signed.author)
    person = None if author is None else author.holder
    name = "" if person is None else install.directory.name_of(person)
    return protocol.Read(signed.text, person, name)


def seal(install: Installation, question: protocol.Seal) -> protocol.SealedBack:
    """Answer with sealed bytes, in order; what is signed is recorded before."""
    seat = sit(install, question.cookie)
    handle = install.memory.handle(question.cookie, question.handle, now=install.clock())
    held = handle.held
    if any(len(document.body) > LARGEST for document in question.documents):
        raise No("too-large", subject=held.subject)
    places = [place_of(install, held, document.place) for document in question.documents]
    deeds = [_signing(seat.person, handle, place) for place in places if place.kind in signed_kinds]
    if deeds:
        install.recording.record(deeds)
    with (
        install.memory.keys(question.cookie, seat) as keys,
        holding.key_of(install, keys, held) as dk,
    ):
        pairs = zip(places, question.documents, strict=True)
        return protocol.SealedBack(
            tuple(
                seal_one(
                    install,
                    held,
                    dk,
                    place=place,
                    document=document,
                    signer=(keys, seat.person.card),
                )
                for place, document in pairs
            )
        )


def seal_one(
    install: Installation,
    held: Held,
    dk: bytearray,
    *,
    place: Place,
    document: protocol.Plain,
    signer: tuple[HolderKeys, bytes],
) -> bytes:
    """Seal one document; one of a signed kind is signed inside the seal."""
    body = document.body
    if place.kind in signed_kinds:
        keys, card = signer
        prev = _prev(install, held, dk, place, document=document)
        body = bodies.sign_body(document.body, place, keys=keys, card=card, prev=prev)
    context = envelope.document_context(place, epoch=held.epoch)
    return envelope.seal(dk, context, body, epoch=held.epoch, padding=padding_of(place.kind))


def _prev(
    install: Installation, held: Held, dk: bytearray, place: Place, *, document: protocol.Plain
) -> bytes:
    """Return the hash of the version before, which the asker brings along sealed."""
    if place.version == 1:
        return ZERO
    earlier = protocol.Sealed(
        protocol.Place(place.kind, place.row, place.version - 1), document.previous
    )
    before, body = unseal_body(install, held, dk, earlier)
    try:
        bodies.check_body(body, before, public_key_of=install.cards.signing_key)
        return bodies.predecessor_hash(body)
    finally:
        wipe(body)


def _signing(person: Person, handle: Handle, place: Place) -> Deed:
    act = Act.SIGN if place.version == 1 else Act.AMEND
    detail = {"kind": int(place.kind), "row": place.row.hex, "version": place.version}
    return _deed(act, person, handle, detail)


def _deed(act: Act, person: Person, handle: Handle, more: dict[str, object]) -> Deed:
    detail = {
        "compartment": handle.held.compartment.hex,
        "for": handle.purpose,
        "network": person.network,
        "person": person.id.hex,
        "role": person.role,
    }
    return Deed(act, handle.held.subject, person.id, detail | more)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.Unseal: unseal,
    protocol.Seal: seal,
}
