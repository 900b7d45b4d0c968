"""The house that `bench.scope` asks: founded by its real warden, filled by its recorder."""

import random  # noqa: TID251 - an invented house, drawn the same each time
import secrets  # noqa: TID251 - of an invented house
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from vaitiolo.keys import grants, store
from vaitiolo.keys.fields import NO_END
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.rows import CompartmentRow, GrantRow, HetuTagRow
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import Pending
from vaitiolo.warden.client.scoping import Loss, ScopeQuery, ask_scope
from vaitiolo.warden.kinds import Caller, Role
from vaitiolo.warden.server import unit_cards
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.founding import Charter, Newcomer, found
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import SIGN_INS, Deed
from vaitiolo.warden.server.recovery_keys import Keeping
from vaitiolo.warden.server.sign_ins import person_of
from vaitiolo.warden.session import Session

UNITS, THERAPISTS = 25, 150
MONTHS = 150 * 86_400_000_000
PART = 3_000
DETAIL_BYTES = 400
KINDS = (CompartmentClass.IDENTITY, CompartmentClass.CHART, CompartmentClass.SHARED)
OPENINGS = (Act.OPEN_CHART,) * 5 + (Act.OPEN_IDENTITY,) * 3 + (Act.SIGN, Act.SEARCH_HIT)


@dataclass
class House:
    """The installation, who works in it, and what was taken in."""

    install: Installation
    clock: Any
    session: Session
    therapists: list[UUID]
    desks: list[UUID]
    units: list[UUID]
    patients: list[UUID] = field(default_factory=list)
    draw: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - repeated

    @classmethod
    @contextmanager
    def founded(cls, home: Path, clock: Any) -> Iterator["House"]:
        units = [uuid4() for _ in range(UNITS)]
        people = [_newcomer(f"T{n}", Role.THERAPIST, units[n % UNITS]) for n in range(THERAPISTS)]
        people += [_newcomer(f"R{n}", Role.RECEPTION, unit) for n, unit in enumerate(units)]
        officers = [
            _newcomer("Pia", Role.PRIVACY_OFFICER, None),
            _newcomer("Mauri", Role.MANAGER, None),
            _newcomer("Ritva", Role.REGISTRAR, None),
        ]
        charter = Charter("Bench", "ledger.bench.example/1", tuple(units), (*people, *officers))
        keeping = Keeping(
            tuple(one.id for one in officers), lambda *_given: None, lambda *_given: None
        )
        with found(home, charter, clock, keeping=keeping) as founding:
            founding.enrol_all()
            install, pia = founding.install, officers[0]
            cookie = secrets.token_bytes(32)
            person = person_of(install, pia.id, is_weak=False, network="bench")
            install.memory.seat(person, bytearray(pia.seed), cookie=cookie, now=clock())
            session = Session(cookie, Agent(install, caller=Caller.WEB))
            staff = [one.id for one in people]
            yield cls(install, clock, session, staff[:THERAPISTS], staff[THERAPISTS:], units)

    def size(self) -> int:
        return (queries.last_batch() or (0, b""))[0]

    def take_in(self, patients: int) -> None:
        """Take patients in: three compartments each, granted to a desk and a therapist."""
        cards = {
            unit: unit_cards.of(self.install, unit, role=Role.RECEPTION)[-1].id
            for unit in self.units
        }
        own = {one: self.install.directory.find(one).card for one in self.therapists}  # type: ignore[union-attr]
        for start in range(0, patients, PART // 3):
            some = [uuid4() for _ in range(min(PART // 3, patients - start))]
            self.install.recording.begin_chains(some)
            made = [self._made(one, cards=cards, own=own) for one in some]
            self._store([compartment for family in made for compartment in family])
            self.patients += some

    def _made(self, patient: UUID, *, cards: dict, own: dict) -> list[tuple]:
        therapist = self.draw.choice(self.therapists)
        desk = cards[self.units[self.therapists.index(therapist) % UNITS]]
        return [
            (uuid4(), klass, patient, [own[therapist], *([desk] if klass == KINDS[0] else [])])
            for klass in KINDS
        ]

    def _store(self, made: list[tuple]) -> None:
        listed = [
            (one, klass, whose, [(card, _grant(one, card)) for card in cards])
            for one, klass, whose, cards in made
        ]
        leaves = self.install.recording.record(
            [_creation(one, klass, whose, given=given) for one, klass, whose, given in listed]
        )
        rows = list(zip(listed, leaves, strict=True))
        store.put_compartments(
            CompartmentRow(one, klass, whose, bytes(32), bytes(32), leaf)
            for (one, klass, whose, _), leaf in rows
        )
        store.put_grants(
            GrantRow(grant.id, one, card, 1, grant.encode(), leaf_index=leaf)
            for (one, _, _, given), leaf in rows
            for card, grant in given
        )
        store.put_hetu_tags(
            HetuTagRow(one, self.draw.randrange(1 << 16))
            for (one, klass, _, _), _leaf in rows
            if klass == CompartmentClass.IDENTITY
        )

    def turn(self, patients: int) -> None:
        """Turn the keys of some identities, as after a colleague at a desk has left."""
        deeds = []
        for patient in self.patients[:patients]:
            [row] = store.compartments_of(patient, klass=CompartmentClass.IDENTITY)
            said = {"cards": [], "compartment": row.id.hex, "epoch": 2, "grants": []}
            done = {"compartment": row.id.hex, "epoch": 2}
            deeds.append(Deed(Act.ROTATE_BEGIN, patient, self.desks[0], said))
            deeds.append(Deed(Act.ROTATE_COMMIT, patient, self.desks[0], done))
        for start in range(0, len(deeds), PART):
            self.install.recording.record(deeds[start : start + PART])

    def work(self, entries: int, *, sign_ins: int) -> None:
        """Let five months pass: openings, and between them people sign in and out."""
        tags = [row.tag for row in store.audit_secrets(self.patients).values()]
        actors = [self.install.recording.tag(one) for one in (*self.therapists, *self.desks)]
        parts = max(1, (entries - self.size()) // PART)
        signing = self._signing(sign_ins)
        for _ in range(parts):
            self.clock.now += MONTHS // parts
            self.install.recorder.record([self._opening(tags, actors) for _ in range(PART)])
            self.install.recording.record([next(signing) for _ in range(sign_ins // parts)])
        # Whoever asks has signed in again: five months are a long session.
        seat = next(iter(self.install.memory._seats.values()))  # noqa: SLF001 - the one seat there is
        seat.since = seat.seen = self.clock()

    def _opening(self, tags: list[bytes], actors: list[bytes]) -> Pending:
        drawn = secrets.token_bytes(32)
        detail = drawn * (DETAIL_BYTES // 32)
        act, tag, actor = map(self.draw.choice, (OPENINGS, tags, actors))
        return Pending(act, tag, actor, drawn, detail, drawn)

    def _signing(self, sign_ins: int) -> Iterator[Deed]:
        for number in range(sign_ins + 1):
            # In turns, half a day apart: who signs in twice at once has details to be read.
            who, session = self.therapists[number % THERAPISTS], uuid4().hex
            network = f"198.51.100.{self.draw.randrange(50)}"
            said = {"kind": 1, "network": network, "session": session, "slot": uuid4().hex}
            yield Deed(Act.SIGN_IN, SIGN_INS, who, said)

    def questions(self) -> Iterator[tuple[str, Callable[[], int]]]:
        """Yield questions with their names; each returns how many patients it found."""
        therapist, unit = self.therapists[0], self.units[0]
        yield "opened by anybody, five months", lambda: self._ask(Loss.OPENED)
        yield "opened by one therapist", lambda: self._ask(Loss.OPENED, person=therapist)
        yield "opened from one network", lambda: self._ask(Loss.OPENED, network="198.51.100.7")
        yield "in a copy of both databases", lambda: self._ask(Loss.COPY_OF_BOTH)
        yield "key service and copies", lambda: self._ask(Loss.KMS_AND_COPY)
        yield (
            "a therapist's session, five months",
            lambda: self._ask(Loss.SESSION, person=therapist),
        )
        yield "a unit's role card", lambda: self._ask(Loss.ROLE_CARD, unit=unit)
        yield (
            "a role card, every grant under seal",
            lambda: self._ask(Loss.ROLE_CARD, unit=unit, is_thorough=True),
        )

    def _ask(self, loss: Loss, **more: Any) -> int:
        query = ScopeQuery(int(loss), 0, self.clock(), **more)
        return ask_scope(self.session, query, reason="bench").patients


def _newcomer(name: str, role: Role, unit: UUID | None) -> Newcomer:
    return Newcomer(uuid4(), name, role, unit, bytearray(secrets.token_bytes(32)))


def _creation(one: UUID, klass: int, whose: UUID, *, given: list) -> Deed:
    detail = {
        "cards": [card.hex() for card, _ in given],
        "class": int(klass),
        "compartment": one.hex,
        "creator": bytes(32).hex(),
        "dk_commit": bytes(32).hex(),
        "grants": [grant.id.hex() for _, grant in given],
    }
    return Deed(Act.CREATE, whose, whose, detail)


def _grant(compartment: UUID, card: bytes) -> Grant:
    """Return what has the form of a grant and opens nothing."""
    return Grant(
        1,
        NO_END,
        compartment,
        card,
        bytes(32),
        bytes(32),
        bytes(32),
        secrets.token_bytes(grants.SEALED_KEY_LENGTH),
        bytes(64),
    )
