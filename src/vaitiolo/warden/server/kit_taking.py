"""Taking an incident kit out: two officers, and an entry with its hash before a byte of it leaves.

What is in it was sealed when it was signed; only the fingerprint key, the seed that will sign the
result and the decoys are sealed here. Nothing of it is opened, and nothing can be.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import Any, Final
from uuid import UUID

from vaitiolo.fingerprints import texts
from vaitiolo.keys import kits, mark_chain, signatures, store
from vaitiolo.keys.kits import Front, SectionKind
from vaitiolo.keys.octets import Running, random_bytes, wipe
from vaitiolo.keys.sessions import fingerprint
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.leak_parts import DecoyPerson
from vaitiolo.warden.server import decoys, witnesses
from vaitiolo.warden.server.cases import OFFICERS
from vaitiolo.warden.server.install import SECOND, Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import KITS, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

NAME_LENGTH: Final = 32
PART: Final = 8 * 1024 * 1024
LINKS: Final = 5_000


@dataclass(slots=True)
class Taking:
    """A kit on its way out: what was made for it, what it will hold, and how far its hash is."""

    officers: tuple[UUID, UUID]
    start: bytes = field(repr=False)
    plan: list[tuple[int, int]]
    upto: int
    chain: bytes
    is_whole: bool
    result_key: bytes
    hash: Running = field(default_factory=Running)
    at: int = 0
    records: int = 0
    altered: int = 0
    sha256: bytes = b""
    sent: Running = field(default_factory=Running)
    sent_at: int = 0
    lock: Lock = field(default_factory=Lock)

    @property
    def gone(self) -> int:
        """How many records the chain has that are not there: erased, or taken away."""
        return self.upto - self.records - self.altered


def ask_key(install: Installation, question: protocol.AskIncidentKey) -> protocol.IncidentKey:
    """Say whether two officers can open a kit, and how much it would hold."""
    _officer(sit(install, question.cookie).person)
    officers = {one for pair in store.incident_pairs() for one in (pair.first, pair.second)}
    return protocol.IncidentKey(bool(officers), len(officers), store.count_marks())


def begin(install: Installation, question: protocol.BeginKit) -> protocol.KitBegun:
    """Make what is new in a kit. Raises No(not-allowed, no-incident-key), Refused."""
    first = _officer(sit(install, question.first).person)
    second = _officer(sit(install, question.second).person)
    if first.id == second.id:
        raise No("not-allowed", subject=first.id, because="two officers")
    pairs = store.incident_pairs()
    if not pairs:
        raise No("no-incident-key", subject=first.id, because="no pairs")
    upto, chain, is_whole = _chain()
    card, xwing = install.marking.card()
    front = Front(
        install.org,
        install.clock() // SECOND,
        chain,
        card,
        tuple(((pair.first, pair.second), pair.sealed_seed) for pair in pairs),
    )
    sections, result_key = _new_sections(install, xwing)
    taking = Taking(
        officers=(first.id, second.id),
        start=front.encode() + b"".join(map(kits.framed, sections)),
        plan=store.segments(),
        upto=upto,
        chain=chain,
        is_whole=is_whole,
        result_key=result_key,
    )
    name = bytes(random_bytes(NAME_LENGTH))
    install.kits[fingerprint(name)] = taking
    return protocol.KitBegun(name, len(taking.plan), is_whole)


def hash_on(install: Installation, question: protocol.HashKit) -> protocol.KitHashed:
    """Hash some more of a kit; with the last of it make its entry, before witnesses where named.

    Raises No(not-allowed, no-witness), LedgerSilent.
    """
    taking = _taking(install, question)
    with taking.lock:
        if not taking.sha256:
            _hash_on(install, taking)
        done = min(taking.at, len(taking.plan))
        return protocol.KitHashed(done, taking.sha256, taking.records, taking.gone, taking.altered)


def read(install: Installation, question: protocol.ReadKit) -> protocol.KitPart:
    """Return some of a kit whose entry was made, in order. Raises No(not-allowed)."""
    taking = _taking(install, question)
    with taking.lock:
        if not taking.sha256 or question.start not in {0, taking.sent_at}:
            raise No("not-allowed", subject=KITS, because="before its entry, or out of order")
        if question.start == 0:
            taking.sent, taking.sent_at = Running(), 0
        raw = bytearray()
        while taking.sent_at <= len(taking.plan) and len(raw) < PART:
            raw += _part(taking, taking.sent_at)[0]
            taking.sent_at += 1
        taking.sent.update(raw)
        is_over = taking.sent_at > len(taking.plan)
        # Somebody may have been erased since the entry: then it is another kit.
        is_good = is_over and taking.sent.digest() == taking.sha256
        return protocol.KitPart(bytes(raw), taking.sent_at, is_over, is_good)


def _officer(person: Person) -> Person:
    if person.role not in OFFICERS:
        raise No("not-allowed", subject=person.id, because="incident kit")
    return person


def _taking(install: Installation, question: protocol.HashKit | protocol.ReadKit) -> Taking:
    person = sit(install, question.cookie).person
    taking = install.kits.get(fingerprint(question.kit))
    if taking is None or person.id not in taking.officers:
        raise No("not-allowed", subject=person.id, because="no such kit")
    return taking


def _chain() -> tuple[int, bytes, bool]:
    """Follow the chain of records from its beginning; say whether it leads to its last link."""
    upto, last = store.last_link()
    expected, link, is_whole = count(1), mark_chain.FIRST, True
    number = 0
    while number < upto:
        for one in store.links_after(number, most=LINKS):
            number, link = one.number, mark_chain.link(link, one.digest)
            is_whole = is_whole and number == next(expected) and link == one.link
            link = one.link
    return upto, last, is_whole


def _new_sections(install: Installation, xwing: bytes) -> tuple[list[bytes], bytes]:
    seed, key = random_bytes(kits.SEED_LENGTH), install.marking.raw_key()
    invented = decoys.for_kit(install)
    held_in: dict[SectionKind, Sequence[bytes | bytearray]] = {
        SectionKind.FINGERPRINT_KEY: [key],
        SectionKind.RESULT_SEED: [seed],
        SectionKind.DECOYS: [kits.of_decoy(one.person.id.bytes, one.export) for one in invented],
        SectionKind.IDENTIFIERS: [_names(one.person, install) for one in invented],
    }
    try:
        sections = [
            kits.seal_section(kind, number, held, org=install.org, xwing=xwing)
            for number, (kind, held) in enumerate(held_in.items(), start=1)
            if held
        ]
        return sections, signatures.public_of(seed)
    finally:
        wipe(seed, key)


def _names(person: DecoyPerson, install: Installation) -> bytes:
    said = json.dumps({"hetu": person.code, "email": person.mail}).encode()
    known = texts.identifiers_of(said, install.marking.key())
    return kits.of_identifiers(person.id.bytes, known)


def _hash_on(install: Installation, taking: Taking) -> None:
    hashed = 0
    while taking.at <= len(taking.plan) and hashed < PART:
        part, records, altered = _part(taking, taking.at)
        taking.hash.update(part)
        taking.at += 1
        taking.records += records
        taking.altered += altered
        hashed += len(part)
    if taking.at > len(taking.plan):
        _record(install, taking)


def _record(install: Installation, taking: Taking) -> None:
    sha256 = taking.hash.digest()
    first, second = taking.officers
    detail = {
        "altered": taking.altered,
        "chain": taking.chain.hex(),
        "chain_is_whole": int(taking.is_whole),
        "first": first.hex,
        "gone": taking.gone,
        "records": taking.records,
        "result_key": taking.result_key.hex(),
        "second": second.hex,
        "sha256": sha256.hex(),
    }
    [leaf] = install.recording.record([Deed(Act.KIT_TAKEN, KITS, first, detail)])
    witnesses.demand(install, leaf, subject=KITS)
    taking.sha256 = sha256


def _part(taking: Taking, at: int) -> tuple[bytes, int, int]:
    """Return a part of a kit, and how many records of it are there and how many were exchanged.

    First stands what was made for this kit, then each segment. A record that is not the one of the
    chain is left out like an erased one: with it the whole kit would not open.
    """
    if at == 0:
        return taking.start, 0, 0
    number, kind = taking.plan[at - 1]
    row = store.segments_of([number])[number]
    marks = store.marks_in([number], upto=taking.upto)
    said = store.digests(one.number for one in marks)
    good = [
        one
        for one in marks
        if said.get(one.number) == mark_chain.digest_of(one.number, one, row.sealed_key)
    ]
    if not good:
        return b"", 0, len(marks)
    sealed = [b""] * (good[-1].place + 1)
    for one in good:
        sealed[one.place] = one.sealed_marks
    section = kits.assembled(SectionKind(kind), number, row.sealed_key, texts=sealed)
    return kits.framed(section), len(good), len(marks) - len(good)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.AskIncidentKey: ask_key,
    protocol.BeginKit: begin,
    protocol.HashKit: hash_on,
    protocol.ReadKit: read,
}
