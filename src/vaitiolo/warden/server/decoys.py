"""Invented people, three for each export in bulk: one of them in a leak names the export.

They stand in no register and on no list of anybody's care: only in the ledger, under seal. These
are not the live register's decoys, whose opening is an alarm.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import hetu
from vaitiolo.keys.octets import random_bytes
from vaitiolo.keys.refused import Refused
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.leak_parts import DecoyExport, DecoyPerson
from vaitiolo.warden.server.incidents import OFFICERS
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

# The chain on which each export in bulk stands with its decoys.
EXPORTS: Final = UUID(int=24)
EACH: Final = 3
LONGEST_PURPOSE: Final = 100
LONGEST_TEXT: Final = 200
# Beside the policy: under which domain the mailbox of the decoys is. Without it they have none.
FILE_NAME: Final = "decoys.toml"
_NAMES: Final = Path(__file__).parent / "data" / "decoy_names.toml"
_OLDEST, _DAYS = date(1940, 1, 1), 24_000


@dataclass(frozen=True, slots=True)
class Decoy:
    """An invented person, and the export that has it."""

    export: int
    person: DecoyPerson


def issue(install: Installation, question: protocol.IssueDecoys) -> protocol.DecoysIssued:
    """Make three people for an export, record them, then tell them. Raises No(not-allowed)."""
    person = _officer(install, question.cookie)
    purpose = question.purpose.strip()
    if not purpose or len(purpose) > LONGEST_PURPOSE:
        raise No("question-broken", subject=person.id, because="purpose")
    with install.turns[EXPORTS]:
        people = made(install)
        [export] = install.recording.record([deed(people, person=person.id, purpose=purpose)])
    return protocol.DecoysIssued(export, tuple(people))


def made(install: Installation) -> list[DecoyPerson]:
    """Return three people whom no export has yet. Raises No where `decoys.toml` is none."""
    domain, names = _domain(install), tomllib.loads(_NAMES.read_text(encoding="utf-8"))
    taken = {one.person.code for one in for_kit(install)}
    people: list[DecoyPerson] = []
    while len(people) < EACH:
        one = _person(names, domain)
        if one.code not in taken:
            taken.add(one.code)
            people.append(one)
    return people


def deed(people: Sequence[DecoyPerson], *, person: UUID, purpose: str) -> Deed:
    """Return the entry of an export's decoys; its index is the number of the export."""
    said = [{"code": p.code, "id": p.id.hex, "mail": p.mail, "name": p.name} for p in people]
    detail = {"people": said, "person": person.hex, "purpose": purpose}
    return Deed(Act.DECOYS, EXPORTS, person, detail)


def for_kit(install: Installation) -> list[Decoy]:
    """Return every decoy of every export, for an incident kit to know them by.

    Raises Refused where an entry's detail is gone: of this chain nothing is ever erased.
    """
    return [
        Decoy(index, DecoyPerson(UUID(hex=one["id"]), one["name"], one["code"], one["mail"]))
        for index, _time, said in _issued(install)
        for one in said["people"]
    ]


def list_all(install: Installation, question: protocol.ListDecoys) -> protocol.DecoysListed:
    """Return which exports were given decoys, the newest first, and none of their people."""
    _officer(install, question.cookie)
    listed = [
        DecoyExport(
            export=index,
            at=time_us,
            by=install.directory.name_of(UUID(hex=said["person"])),
            purpose=str(said["purpose"]),
            people=len(said["people"]),
        )
        for index, time_us, said in _issued(install)
    ]
    return protocol.DecoysListed(tuple(reversed(listed)))


def find(install: Installation, question: protocol.FindDecoy) -> protocol.DecoyFound:
    """Record the asking, then say whose decoy somebody in a claim is. Raises No(not-allowed).

    The entry has no word of what was asked for. A code of nobody's that is no decoy of ours was
    invented by somebody else.
    """
    person = _officer(install, question.cookie)
    if len(question.text) > LONGEST_TEXT:
        raise No("too-large", subject=person.id, because="decoy")
    install.recording.record([Deed(Act.DECOYS, EXPORTS, person.id, {"person": person.id.hex})])
    wanted = _plain(question.text)
    found = (
        one.export
        for one in for_kit(install)
        if wanted in {one.person.code, one.person.mail} - {""}
    )
    return protocol.DecoyFound(next(found, 0), is_reserved=_is_reserved(wanted))


def _officer(install: Installation, cookie: bytes) -> Person:
    person = sit(install, cookie).person
    if person.role not in OFFICERS:
        raise No("not-allowed", subject=person.id, because="decoys")
    return person


def _issued(install: Installation) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    for entry in queries.entries_of(install.recording.tag(EXPORTS)):
        if entry.leaf.act is not Act.DECOYS:
            continue
        if entry.salt is None or entry.detail is None:
            raise Refused("decoys.detail")
        commit = entry.leaf.detail_commit
        said: Mapping[str, Any] = install.recording.read(
            EXPORTS, commit=commit, salt=entry.salt, sealed=entry.detail
        )
        if "people" in said:
            yield entry.index, entry.leaf.time_us, said


def _person(names: Mapping[str, Sequence[str]], domain: str) -> DecoyPerson:
    given, family = _one_of(names["given"]), _one_of(names["family"])
    day = _OLDEST + timedelta(days=_below(_DAYS))
    mail = f"{given}.{family}{_below(90) + 10}@{domain}".lower() if domain else ""
    code = hetu.invented(day, hetu.RESERVED[_below(len(hetu.RESERVED))])
    return DecoyPerson(
        UUID(bytes=bytes(random_bytes(16)), version=4),
        f"{given} {family}",
        code,
        mail.translate(str.maketrans("äöå", "aoa")),
    )


def _one_of(names: Sequence[str]) -> str:
    return names[_below(len(names))]


def _below(limit: int) -> int:
    # Eight bytes: what a remainder favours is below one in 10^14.
    return int.from_bytes(random_bytes(8)) % limit


def _domain(install: Installation) -> str:
    path = (install.home or Path()) / FILE_NAME
    if install.home is None or not path.exists():
        return ""
    try:
        return str(tomllib.loads(path.read_text(encoding="utf-8"))["domain"])
    except (OSError, ValueError, KeyError, TypeError):
        raise No("not-allowed", because=FILE_NAME) from None


def _plain(text: str) -> str:
    try:
        return hetu.normalise(text)
    except hetu.NotAnIdentityCode:
        return text.strip().lower()


def _is_reserved(code: str) -> bool:
    try:
        return int(hetu.normalise(code)[7:10]) in hetu.RESERVED
    except hetu.NotAnIdentityCode:
        return False


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.IssueDecoys: issue,
    protocol.ListDecoys: list_all,
    protocol.FindDecoy: find,
}
