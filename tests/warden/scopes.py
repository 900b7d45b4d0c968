"""Weeks of a clinic in which everything that is done is noted at the next desk as well."""

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from tests.cast import DAY, HOUR, KALLIO, TOOLO, Clinic
from tests.warden.hostile import make_chart, open_chart
from vaitiolo.warden import client
from vaitiolo.warden.client import NewCompartment
from vaitiolo.warden.client.refusals import NotGranted
from vaitiolo.warden.client.scoping import Loss, ScopeFacts, ScopeQuery, ask_scope, list_scope
from vaitiolo.warden.kinds import CompartmentClass, Purpose

WHY = "A stolen laptop."
IDENTITY, CHART = CompartmentClass.IDENTITY, CompartmentClass.CHART


@dataclass(frozen=True)
class Noted:
    """One deed as somebody beside noted it."""

    who: str
    patient: UUID
    klass: int
    at: int
    refused: bool = False


@dataclass
class Weeks:
    """Patients, what was done with them, and who could open which part from when until when."""

    clinic: Clinic
    draw: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - repeated
    noted: list[Noted] = field(default_factory=list)
    identities: dict[UUID, UUID] = field(default_factory=dict)
    charts: dict[UUID, UUID] = field(default_factory=dict)
    created: dict[tuple[UUID, int], int] = field(default_factory=dict)
    could: dict[str, dict[UUID, list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )

    @property
    def now(self) -> int:
        return self.clinic.clock()

    def arrive(self, unit: str = KALLIO, therapist: str = "helmi") -> UUID:
        """Take a new patient in at a unit's desk."""
        patient, desk = uuid4(), "aino" if unit == KALLIO else "taito"
        new = NewCompartment(IDENTITY, patient, (), (self.clinic.unit(unit),))
        [self.identities[patient]] = client.create_compartments(self.clinic.session(desk), [new])
        self.created[patient, IDENTITY] = self.now
        self.charts[patient] = make_chart(self.clinic, patient, therapist)
        self.created[patient, CHART] = self.now
        self.could[therapist][patient] = [self.now]
        self.clinic.clock.ahead += 30_000_000
        return patient

    def open(self, who: str, patient: UUID, klass: int = CHART) -> None:
        """Open a part, or try to."""
        at = self.now
        try:
            if klass == CHART:
                open_chart(self.clinic, self.charts[patient], who)
            else:
                client.open_compartment(
                    self.clinic.session(who), self.identities[patient], purpose=Purpose.RECEPTION
                )
        except NotGranted:
            self.noted.append(Noted(who, patient, klass, at, refused=True))
        else:
            self.noted.append(Noted(who, patient, klass, at))

    def grant(self, patient: UUID, to: str, *, days: int | None = None) -> None:
        until = None if days is None else self.clinic.install.today() + days
        client.grant(
            self.clinic.session("helmi"), self.charts[patient], self.clinic.id(to), until=until
        )
        self.could[to][patient] = [self.now]
        if until is not None:
            self.could[to][patient].append((until + 1) * DAY - 1)

    def withdraw(self, patient: UUID, whose: str) -> None:
        client.withdraw(self.clinic.session("helmi"), [self.charts[patient]], self.clinic.id(whose))
        self.could[whose][patient].append(self.now)

    def pass_time(self, time_us: int) -> None:
        """Let time pass; everybody signs in again afterwards."""
        self.clinic.clock.ahead += time_us
        self.clinic.cookies.clear()

    # --- what it comes to, counted by hand ------------------------------------------------

    def truth(self, fits: Callable[[Noted], bool]) -> dict[UUID, dict[int, tuple[int, int, int]]]:
        """Return how often each part was opened, and between when and when."""
        found: dict[UUID, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for one in self.noted:
            if fits(one) and not one.refused:
                found[one.patient][one.klass].append(one.at)
        return {
            patient: {klass: (len(at), min(at), max(at)) for klass, at in kinds.items()}
            for patient, kinds in found.items()
        }

    def refused(self, fits: Callable[[Noted], bool]) -> int:
        return sum(one.refused and fits(one) for one in self.noted)

    def held_by(self, who: str, since: int, until: int) -> set[UUID]:
        """Return whose chart somebody could open at some moment of a time."""
        return {
            patient
            for patient, times in self.could[who].items()
            if times[0] <= until and (len(times) == 1 or times[1] >= since)
        }


def some_weeks(clinic: Clinic, *, seed: int, patients: int = 6, deeds: int = 30) -> Weeks:
    """Draw some weeks of deeds by several people; the same seed draws the same."""
    weeks = Weeks(clinic, random.Random(seed))  # noqa: S311 - a draw that can be repeated
    everyone = [
        weeks.arrive(*weeks.draw.choice([(KALLIO, "helmi"), (KALLIO, "otso"), (TOOLO, "helmi")]))
        for _ in range(patients)
    ]
    for _ in range(deeds):
        weeks.pass_time(weeks.draw.randrange(HOUR, 2 * DAY))
        patient = weeks.draw.choice(everyone)
        who, klass = weeks.draw.choice(
            [("helmi", CHART), ("otso", CHART), ("aino", IDENTITY), ("taito", IDENTITY)]
        )
        weeks.open(who, patient, klass)
    return weeks


def ask(
    clinic: Clinic,
    loss: Loss = Loss.OPENED,
    *,
    by: str = "pia",
    incident: UUID | None = None,
    **more: object,
) -> ScopeFacts:
    """Ask for everything up to now, unless something else is named."""
    said = {"since": 0, "until": clinic.clock(), **more}
    query = ScopeQuery(int(loss), **said)  # type: ignore[arg-type]
    return ask_scope(clinic.session(by), query, reason=WHY, incident=incident)


def listed(clinic: Clinic, facts: ScopeFacts, controller: str = "") -> dict[UUID | None, dict]:
    """Return each listed patient with its parts."""
    page = list_scope(
        clinic.session("pia"), facts.scope, start=0, count=2_000, controller=controller
    )
    assert page.total == len(page.patients)
    return {one.patient: {kind.klass: kind for kind in one.kinds} for one in page.patients}
