"""Whoever was erased is found by nobody, with every key and every list there is."""

import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.apps import apps
from django.db import connections

from tests.cast import Clinic
from tests.warden.fingers import give_key
from tests.warden.test_erasing import Office
from tests.warden.test_reporting import live
from vaitiolo.keys import audit, store
from vaitiolo.keys.bodies import canonical_json
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden.server.recording import BLIND

NO_SALT = bytes(32)
GROUNDS = ("care", "reception", "case")


@dataclass
class Thief:
    """Somebody with copies of both databases, and perhaps with the key service too.

    ``known`` are ids from an older copy of the lists of patients and staff: with them every detail
    that there can be is made and compared.
    """

    clinic: Clinic
    known: Mapping[str, tuple[UUID, ...]]
    loot: dict[str, list[tuple[object, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for model in apps.get_models():
            alias = "vault" if model._meta.app_label in {"keys", "ledger"} else "default"
            with connections[alias].cursor() as cursor:
                cursor.execute(f"SELECT * FROM {model._meta.db_table}")
                self.loot[model._meta.db_table] = cursor.fetchall()

    def salts(self) -> list[bytes]:
        """Every 32 bytes that the copies hold: salts, secrets, hashes, commitments."""
        values = itertools.chain.from_iterable(itertools.chain(*self.loot.values()))
        found = {bytes(one) for one in values if isinstance(one, bytes | memoryview)}
        return [NO_SALT, *(one for one in found if len(one) == 32)]

    def whose(self, tag: bytes) -> UUID | None:
        """Whose tag this is, with the key service asked about everything that is like a secret."""
        install = self.clinic.install
        for patient in self.known["patients"]:
            for secret in {
                *self.salts(),
                patient.bytes * 2,
                hashlib.sha256(patient.bytes).digest(),
            }:
                if len(secret) == audit.SECRET_LENGTH:
                    key = audit.audit_key(secret, kms=install.kms, number=1, org=install.org)
                    if audit.subject_tag(key) == tag and self._stands_beside(patient, secret):
                        return patient
        return None

    def read(self, patient: UUID, entry: Recorded) -> dict[str, object]:
        """The detail of an entry, opened with the key service and the secret beside the patient."""
        install, secret = self.clinic.install, self._secret_of(patient)
        key = audit.audit_key(secret, kms=install.kms, number=1, org=install.org)
        place = audit.DetailPlace(install.org, audit.subject_tag(key), entry.leaf.detail_commit)
        found = audit.unseal_detail(entry.detail, key=key, salt=entry.salt, place=place)
        return json.loads(bytes(found))

    def guesses(self) -> Iterator[bytes]:
        """Every detail of an opening that there can be: all people, charts, purposes, sessions."""
        people_here, charts = self.known["staff"], self.known["compartments"]
        sessions = self.known["sessions"]
        for person, chart, session in itertools.product(people_here, charts, sessions):
            for purpose, role in itertools.product(GROUNDS, (1, 2, 4)):
                said = opening(chart, person, purpose=purpose, role=role)
                yield canonical_json(said | {"session": session.hex})

    def recover(self, commits: Iterable[bytes], salts: Iterable[bytes]) -> dict[bytes, bytes]:
        """Compare guesses with commitments: salted with all that was found, and not at all."""
        ways: list[Callable[[bytes], bytes]] = [lambda said: hashlib.sha256(said).digest()]
        ways += [partial(audit.commit, salt) for salt in salts]
        wanted = set(commits)
        tried = ((way(said), said) for said in self.guesses() for way in ways)
        return {made: said for made, said in tried if made in wanted}

    def _secret_of(self, patient: UUID) -> bytes:
        for subject, secret, _tag in self.loot["keys_auditsecret"]:
            if UUID(str(subject)) == patient:
                return bytes(secret)
        raise LookupError

    def _stands_beside(self, patient: UUID, secret: bytes) -> bool:
        rows = self.loot["keys_auditsecret"]
        return any(
            UUID(str(subject)) == patient and bytes(kept) == secret for subject, kept, _ in rows
        )


def opening(chart: UUID, person: UUID, *, purpose: str, role: int) -> dict[str, object]:
    return {
        "compartment": chart.hex,
        "for": purpose,
        "ground": "",
        "network": "test",
        "person": person.hex,
        "role": role,
    }


def openings_of(tag: bytes) -> list[Recorded]:
    return [one for one in queries.entries_of(tag) if one.leaf.act is Act.OPEN_CHART]


def lists_of(clinic: Clinic, *patients: UUID) -> dict[str, tuple[UUID, ...]]:
    """What an older copy says: ids of patients, staff, compartments, and of sessions then."""
    rows = Thief(clinic, known={}).loot["keys_storedcompartment"]
    staff = tuple(clinic.id(name) for name in clinic.people)
    compartments = tuple(UUID(str(row[0])) for row in rows)
    seats = (
        seat
        for person in staff
        for seat in clinic.install.memory.seats_of(person, now=clinic.clock())
    )
    sessions = tuple(seat.way.session for seat in seats)
    return {
        "patients": patients,
        "staff": staff,
        "compartments": compartments,
        "sessions": sessions,
    }


def test_p64_nobody_recovers_what_was_erased(clinic: Clinic) -> None:
    (erased, _), (stays, _) = live(clinic), live(clinic)
    office = Office(clinic, erased, {name: give_key(clinic, name) for name in ("pia", "mauri")})
    tags = {one: clinic.install.recording.tag(one) for one in (erased, stays)}
    known = lists_of(clinic, erased, stays)
    salts = [entry.salt for entry in openings_of(tags[erased])]
    office.erase()

    thief = Thief(clinic, known=known)
    # The attack works: of whoever was not erased he has the chain and what each entry says.
    assert thief.whose(tags[stays]) == stays
    said = [thief.read(stays, entry) for entry in openings_of(tags[stays])]
    assert {str(one["person"]) for one in said} == {clinic.id(n).hex for n in ("helmi", "otso")}
    # Of the erased one nothing: no secret gives the tag, no salt that is left fits a commitment.
    gone = [entry.leaf.detail_commit for entry in openings_of(tags[erased])]
    assert len(gone) == 2
    assert thief.whose(tags[erased]) is None
    assert thief.recover(gone, thief.salts()) == {}
    # Nor is the patient's number anywhere in the copies, or in what of them can be opened.
    forms = (erased.hex, str(erased), repr(erased.bytes)[2:-1])
    assert not any(form in repr(thief.loot) for form in forms)
    assert not any(erased.hex in one for one in everything_said(clinic))
    # Not even whoever kept the salts of an older copy confirms a guess: a part of it is random.
    assert thief.recover(gone, [one for one in salts if one]) == {}
    succeed_where_it_is_guessable(thief, said)


def succeed_where_it_is_guessable(thief: Thief, said: list[dict[str, object]]) -> None:
    """The same attack on a log of hashes, and on salts that lie beside guessable words."""
    wanted = [canonical_json({k: v for k, v in one.items() if k != BLIND}) for one in said]
    hashes = {hashlib.sha256(one).digest() for one in wanted}
    assert thief.recover(hashes, ()).keys() == hashes
    salts = [bytes([number]) * audit.SALT_LENGTH for number in range(len(wanted))]
    commits = {audit.commit(*pair) for pair in zip(salts, wanted, strict=True)}
    assert thief.recover(commits, salts).keys() == commits


def everything_said(clinic: Clinic) -> Iterator[str]:
    """Every detail that the warden itself could still open, of whomever."""
    for entry in queries.entries_from(0):
        subject = store.subject_of(entry.leaf.patient_tag)
        if subject is not None and entry.detail is not None and not entry.leaf.act.is_special:
            read = clinic.install.recording.read
            commit = entry.leaf.detail_commit
            yield json.dumps(read(subject, commit=commit, salt=entry.salt, sealed=entry.detail))
