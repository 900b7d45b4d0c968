"""What the pages of cases show: cases, and the patients of one that runs. Plain values."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from vaitiolo.breach import access
from vaitiolo.breach.access import CaseNotFound, KnownCase, OpenListed
from vaitiolo.people import records
from vaitiolo.people.actor import Actor
from vaitiolo.people.records import IdentityRecord, RecordUnknown


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its officers see it. No patient is in it."""

    id: UUID
    opened_at: datetime
    opened_by: str = field(repr=False)
    reason: str = field(repr=False)
    patients: int
    words: tuple[str, ...]
    joined: tuple[str, ...] = field(repr=False)
    present: tuple[str, ...] = field(repr=False)
    is_present: bool
    is_running: bool
    until: datetime | None
    closed_at: datetime | None
    listed: int
    read: int
    join_over: str

    @property
    def waits(self) -> bool:
        """One officer is in, and waits for the second."""
        return bool(self.present) and not self.is_running

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None and not self.present


@dataclass(frozen=True, slots=True)
class Reached:
    """A patient of a case, and how to reach this person; without a record, why there is none."""

    patient_id: UUID
    number: int
    record: IdentityRecord | None = field(repr=False)
    is_broken: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Some patients of a case's list, and where the next ones begin; none at its end."""

    reached: tuple[Reached, ...]
    total: int
    done: int

    @property
    def is_last(self) -> bool:
        return self.done >= self.total


def list_cases(actor: Actor) -> tuple[Case, ...]:
    """Return every case, the newest first."""
    return tuple(_case(one) for one in access.list_cases(actor))


def get_case(actor: Actor, case_id: UUID) -> Case:
    """Return one case. Raises CaseNotFound."""
    for one in list_cases(actor):
        if one.id == case_id:
            return one
    raise CaseNotFound


def read_part(case: Case, opened: tuple[OpenListed, ...], *, start: int) -> Part:
    """Return what the opened patients' records say, numbered as they stand in the list."""
    reached = tuple(_reached(one, number) for number, one in enumerate(opened, start + 1))
    # Past the end of a list nothing comes, and then there is nothing left to ask for either.
    done = start + len(opened) if opened else case.patients
    return Part(reached, case.patients, done)


def _reached(one: OpenListed, number: int) -> Reached:
    record, is_broken = None, one.is_broken
    if one.body is not None:
        try:
            record, _changed_at = records.read_identity(one.body)
        except RecordUnknown:
            is_broken = True
    return Reached(one.patient_id, number, record, is_broken)


def _case(one: KnownCase) -> Case:
    return Case(
        id=one.case,
        opened_at=datetime.fromtimestamp(one.opened, tz=UTC),
        opened_by=one.opened_by,
        reason=one.reason,
        patients=one.patients,
        words=one.words,
        joined=one.joined,
        present=one.present,
        is_present=one.is_present,
        is_running=one.is_running,
        until=_moment(one.until),
        closed_at=_moment(one.closed),
        listed=one.listed,
        read=one.read,
        join_over=access.join_request(one),
    )


def _moment(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, tz=UTC) if seconds else None
