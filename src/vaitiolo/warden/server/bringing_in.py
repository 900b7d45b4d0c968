"""Bringing in a register: a console's act of two officers, each patient with entries of its own.

Outside the hourly figures, and never to be asked for by the web. The officer who begins signs what
is brought in; who wrote it first stands in the document.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import hetu, sessions, store
from vaitiolo.keys.cards import TrustedCard
from vaitiolo.keys.fields import NO_END
from vaitiolo.keys.hetu import IndexKey
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass, Kind
from vaitiolo.keys.octets import random_bytes
from vaitiolo.keys.rows import HetuTagRow
from vaitiolo.keys.sessions import fingerprint
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server import duty_cards, finding, granting, holding, marking, witnesses
from vaitiolo.warden.server.granting import Made
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.marking import Written
from vaitiolo.warden.server.memory import Batch, Held, Person
from vaitiolo.warden.server.recording import IMPORTS, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.unlocked import Unlocked, place_of

BATCH_BYTES: Final = sessions.COOKIE_LENGTH
OFFICERS: Final = frozenset({Role.MANAGER, Role.PRIVACY_OFFICER, Role.REGISTRAR})
A_PATIENTS: Final = (
    CompartmentClass.IDENTITY,
    CompartmentClass.CHART,
    CompartmentClass.SHARED,
)


def begin(install: Installation, question: protocol.BeginBringingIn) -> protocol.BringingIn:
    """Begin, with two different officers who are both signed in."""
    first = sit(install, question.first).person
    second = sit(install, question.second).person
    if first.id == second.id or not {first.role, second.role} <= OFFICERS:
        raise No("not-allowed", subject=first.id, because="two officers")
    detail = {
        "first": first.id.hex,
        "patients": question.patients,
        "second": second.id.hex,
        "source": question.source[:200],
    }
    [leaf] = install.recording.record([Deed(Act.BRING_IN, IMPORTS, first.id, detail)])
    witnesses.demand(install, leaf, subject=IMPORTS)
    batch = bytes(random_bytes(BATCH_BYTES))
    # As with a seed: the warden's memory alone must not open the officer's session.
    sealed = sessions.seal_seed(question.first, batch, org=install.org, holder=first.id)
    install.batches[fingerprint(batch)] = Batch(sealed, first.id, second.id, question.patients)
    return protocol.BringingIn(batch)


def bring_in(install: Installation, question: protocol.BringIn) -> protocol.BroughtIn:
    """Seal some patients. Their entries are durable before anything of them is returned."""
    batch = _batch(install, question.batch)
    with batch.lock:
        if len(question.arrivals) > batch.left:
            raise No("not-allowed", subject=IMPORTS, because="more than was said")
        batch.left -= len(question.arrivals)
        cookie = _cookie(install, batch, question.batch)
        seat = sit(install, cookie)
        for arrival in question.arrivals:
            _check(arrival)
        install.recording.begin_chains([one.patient for one in question.arrivals])
        with ExitStack() as stack:
            keys = stack.enter_context(install.memory.keys(cookie, seat))
            desk = _Desk(install, stack, keys, person=seat.person, second=batch.second)
            return protocol.BroughtIn(desk.bring_in(question.arrivals))


def end(install: Installation, question: protocol.EndBringingIn) -> protocol.Done:
    """Say that the register is in, and with how many patients fewer than was said."""
    batch = _batch(install, question.batch)
    person = sit(install, _cookie(install, batch, question.batch)).person
    install.batches.pop(fingerprint(question.batch), None)
    detail = {"missing": batch.left, "second": batch.second.hex}
    install.recording.record([Deed(Act.BRING_IN, IMPORTS, person.id, detail)])
    return protocol.Done()


def _batch(install: Installation, batch: bytes) -> Batch:
    found = install.batches.get(fingerprint(batch))
    if found is None:
        raise No("not-allowed", subject=IMPORTS, because="no such batch")
    return found


def _cookie(install: Installation, batch: Batch, key: bytes) -> bytes:
    return bytes(sessions.open_seed(batch.sealed_cookie, key, org=install.org, holder=batch.first))


def _check(arrival: parts.Arrival) -> None:
    """Refuse what could not be brought in whole, before anything of it is recorded."""
    if arrival.notes and arrival.therapist is None:
        raise No("not-allowed", subject=IMPORTS, because="notes without a therapist")
    if arrival.hetu:
        finding.code_of(arrival.hetu)


class _Desk:
    """What one question of bringing in works with; keys live as long as the caller's stack."""

    def __init__(
        self,
        install: Installation,
        stack: ExitStack,
        keys: HolderKeys,
        *,
        person: Person,
        second: UUID,
    ) -> None:
        self._install = install
        self._stack = stack
        self._keys = keys
        self._person = person
        self._second = second
        self._books: dict[UUID, Unlocked] = {}
        self._cards: dict[tuple[str, UUID], TrustedCard] = {}
        self._duty: dict[UUID, list[TrustedCard]] = {}

    def bring_in(self, arrivals: Sequence[parts.Arrival]) -> tuple[parts.Arrived, ...]:
        # The slow hashes of the identity codes run beside everything else.
        with ThreadPoolExecutor(1) as pool:
            tags = pool.map(self._tag, arrivals)
            made = [self._make(arrival) for arrival in arrivals]
            flat = [one for family in made for one in family.values()]
            pairs = list(zip(arrivals, made, strict=True))
            marks = self._install.marking.records(
                [one for arrival, family in pairs for one in self._written(arrival, family)]
            )
            deeds = [
                self._deed(one, arrival, is_marked=bool(marks))
                for arrival, family in pairs
                for one in family.values()
            ]
            leaves = self._install.recording.record(deeds, beside=marking.beside(marks))
            granting.store_made(flat, leaves)
            sealed = tuple(map(self._seal, arrivals, made))
            self._put_hetus(made, list(tags))
        return sealed

    def _make(self, arrival: parts.Arrival) -> dict[CompartmentClass, Made]:
        therapist = [] if arrival.therapist is None else [self._card("person", arrival.therapist)]
        duty = self._duty_cards(arrival.unit)
        unit = self._card("unit", arrival.unit)
        recipients = {CompartmentClass.IDENTITY: [unit, *therapist, *duty]}
        if therapist:
            recipients[CompartmentClass.CHART] = [*therapist, *duty]
            recipients[CompartmentClass.SHARED] = therapist
        return {
            klass: self._stack.enter_context(
                granting.make(
                    self._install,
                    klass,
                    arrival.patient,
                    recipients=[(card, NO_END) for card in to],
                    signer=self._keys,
                    creator=self._person.card,
                )
            )
            for klass, to in recipients.items()
        }

    def _duty_cards(self, unit: UUID) -> list[TrustedCard]:
        if unit not in self._duty:
            self._duty[unit] = duty_cards.of_units(self._install, [unit])
        return self._duty[unit]

    def _card(self, sort: str, whose: UUID) -> TrustedCard:
        if (sort, whose) not in self._cards:
            ask = granting.role_card if sort == "unit" else granting.person_card
            klass = CompartmentClass.IDENTITY if sort == "unit" else CompartmentClass.CHART
            self._cards[sort, whose] = ask(self._install, whose, klass)
        return self._cards[sort, whose]

    def _deed(self, made: Made, arrival: parts.Arrival, *, is_marked: bool) -> Deed:
        """Return the creation, with the rows that come with it: they have no entry of their own."""
        rows = {
            CompartmentClass.IDENTITY: [arrival.identity.place.row.hex],
            CompartmentClass.CHART: [
                note.place.row.hex for note in arrival.notes if note.place.kind == Kind.NOTE
            ],
        }
        more: dict[str, object] = {"brought_in": True, "second": self._second.hex}
        if is_marked:
            more["marked"] = 1
        return made.deed(self._person.id, more | {"rows": rows.get(made.klass, [])})

    def _written(
        self, arrival: parts.Arrival, family: Mapping[CompartmentClass, Made]
    ) -> Iterator[Written]:
        """Return what of an arrival gets a record of fingerprints, with where it will stand."""
        for klass, documents in (
            (CompartmentClass.IDENTITY, (arrival.identity,)),
            (CompartmentClass.CHART, arrival.notes),
        ):
            for document in documents:
                held = self._held(family[klass])
                place = place_of(self._install, held, document.place)
                yield Written(arrival.patient, klass, place, document.body)

    def _tag(self, arrival: parts.Arrival) -> int | None:
        policy = self._install.trust.hetu
        key = IndexKey(policy.key, self._install.org, policy.salt)
        if not arrival.hetu:
            return None
        return hetu.tag(finding.code_of(arrival.hetu), kms=self._install.kms, key=key)

    def _put_hetus(
        self, made: Sequence[Mapping[CompartmentClass, Made]], tags: Sequence[int | None]
    ) -> None:
        store.put_hetu_tags(
            HetuTagRow(family[CompartmentClass.IDENTITY].id, tag)
            for family, tag in zip(made, tags, strict=True)
            if tag is not None
        )

    def _seal(
        self, arrival: parts.Arrival, family: Mapping[CompartmentClass, Made]
    ) -> parts.Arrived:
        identity, chart = family[CompartmentClass.IDENTITY], family.get(CompartmentClass.CHART)
        shared = family.get(CompartmentClass.SHARED)
        notes = () if chart is None else tuple(map(self._fresh(chart).seal, arrival.notes))
        return parts.Arrived(
            patient=arrival.patient,
            identity=identity.id,
            chart=None if chart is None else chart.id,
            shared=None if shared is None else shared.id,
            sealed_identity=self._fresh(identity).seal(arrival.identity),
            sealed_phonebook=self._book(arrival.unit).seal(arrival.phonebook),
            sealed_notes=notes,
        )

    def _fresh(self, made: Made) -> Unlocked:
        """Return a compartment that was made in this question."""
        held = self._held(made)
        return Unlocked(self._install, held, made.dk, self._keys, self._person.card)

    @staticmethod
    def _held(made: Made) -> Held:
        return Held(made.id, made.klass, made.subject, 1, made.grants[0], None, ())

    def _book(self, unit: UUID) -> Unlocked:
        """Return a unit's phone book, which the officer holds for as long as registers come in."""
        if unit not in self._books:
            [row] = store.compartments_of(unit, klass=CompartmentClass.PHONEBOOK)
            held = holding.newest(holding.find(self._install, self._person, row.id))
            dk = self._stack.enter_context(holding.key_of(self._install, self._keys, held))
            self._books[unit] = Unlocked(self._install, held, dk, self._keys, self._person.card)
        return self._books[unit]


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.BeginBringingIn: begin,
    protocol.BringIn: bring_in,
    protocol.EndBringingIn: end,
}
