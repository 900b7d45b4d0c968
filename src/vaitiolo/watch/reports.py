"""A patient's report as people read it: lines in the report's language, filters and counts.

Opens no record: all of it is what the warden tells of the ledger.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from django.utils import timezone, translation

from vaitiolo.kit.ids import UnitId
from vaitiolo.ledger.acts import Act
from vaitiolo.people import queries as people
from vaitiolo.people.actor import Actor
from vaitiolo.people.references import Reference
from vaitiolo.warden.kinds import CompartmentClass
from vaitiolo.watch import access, words
from vaitiolo.watch.access import ReportDecision, ReportLine, TakenAway, Told

OPENED: Final = frozenset(
    {
        Act.OPEN_IDENTITY,
        Act.OPEN_CHART,
        Act.OPEN_WORKING,
        Act.OPEN_SHARED,
        Act.OPEN_COPY,
        Act.REOPEN_DRAFT,
        Act.SEARCH_HIT,
        Act.BREAK_GLASS,
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an officer asks for: whose report, why, in which language, and which lines of it."""

    patient: UUID
    reason: str = field(repr=False)
    language: str
    older: str = field(default="", repr=False)
    person: UUID | None = None
    since: date | None = None
    until: date | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line in plain words."""

    number: int
    at: datetime
    who: str = field(repr=False)
    role: str
    what: str = field(repr=False)
    part: str
    ground: str = field(repr=False)
    is_refused: bool
    is_erased: bool
    is_withheld: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What is shown, and counts over the whole of it."""

    asked: Asked
    rows: tuple[Row, ...]
    total: int
    opened: int
    refused: int
    members: tuple[tuple[UUID, str], ...] = field(repr=False)
    earlier: int
    made_at: datetime
    made_by: str = field(repr=False)
    withheld: int = 0
    decisions: tuple[ReportDecision, ...] = field(default=(), repr=False)
    made: int = 0

    @property
    def people(self) -> int:
        """How many members of staff stand in it."""
        return len(self.members)

    @property
    def reference(self) -> Reference:
        """What each page and row of it bears when it is given out."""
        return Reference(self.made, self.made_by, self.made_at)

    @property
    def is_filtered(self) -> bool:
        return len(self.rows) < self.total


def make(actor: Actor, asked: Asked, *, at: datetime, is_file: bool = False) -> Report:
    """Return a report. Raises NotAllowed, NotGranted, OverBudget, ReportIncomplete."""
    told = access.read_report(
        actor, asked.patient, reason=asked.reason, older=asked.older, is_file=is_file
    )
    return _report(told, asked, at=at, by=actor.name)


def take(actor: Actor, asked: Asked, *, at: datetime) -> tuple[Report, TakenAway]:
    """Return a whole report and what proves it, recorded and witnessed. Raises as `make` does."""
    asked = replace(asked, person=None, since=None, until=None, kind="")
    taken = access.read_bundle(actor, asked.patient, reason=asked.reason, older=asked.older)
    return _report(taken.told, asked, at=at, by=actor.name), taken


def _report(told: Told, asked: Asked, *, at: datetime, by: str) -> Report:
    lines = told.lines
    members = {one.person: one.name for one in lines if one.person is not None}
    with translation.override(asked.language):
        rows = tuple(
            _row(one, is_withheld=one.sequence in told.withheld)
            for one in lines
            if _is_chosen(one, asked)
        )
    return Report(
        asked,
        rows,
        total=len(lines),
        opened=sum(one.act in OPENED for one in lines),
        refused=sum(one.act == Act.REFUSED for one in lines),
        members=tuple(sorted(members.items(), key=lambda member: member[1])),
        earlier=told.earlier,
        made_at=timezone.localtime(at),
        made_by=by,
        withheld=len(told.withheld),
        decisions=told.decisions,
        made=told.made,
    )


def _is_chosen(line: ReportLine, asked: Asked) -> bool:
    day = _moment(line).date()
    kinds: dict[str, Callable[[int], bool]] = {
        "opened": lambda act: act in OPENED,
        "refused": lambda act: act == Act.REFUSED,
        "changed": lambda act: act not in OPENED and act != Act.REFUSED,
    }
    chosen: Iterable[bool] = (
        asked.person is None or line.person == asked.person,
        asked.since is None or day >= asked.since,
        asked.until is None or day <= asked.until,
        asked.kind not in kinds or kinds[asked.kind](line.act),
    )
    return all(chosen)


def _row(line: ReportLine, *, is_withheld: bool = False) -> Row:
    is_part_said = line.act in words.SAY_PART and not line.is_erased
    return Row(
        number=line.sequence,
        at=_moment(line),
        who=_who(line),
        role=str(words.ROLES.get(line.role, "")),
        what=_what(line),
        part=str(words.PARTS.get(line.klass, "")) if is_part_said else "",
        ground=_ground(line),
        is_refused=line.act == Act.REFUSED,
        is_erased=line.is_erased,
        is_withheld=is_withheld,
    )


def _moment(line: ReportLine) -> datetime:
    return timezone.localtime(datetime.fromtimestamp(line.time_us / 1_000_000, UTC))


def _who(line: ReportLine) -> str:
    if line.person is not None and line.name:
        return line.name
    return str(words.SYSTEM if line.person is None and not line.is_erased else words.NOT_KNOWN)


def _what(line: ReportLine) -> str:
    act = Act(line.act)
    if act is Act.REFUSED and not line.is_erased:
        return str(words.TRIED.get(line.question, words.OTHER_TRY))
    said = words.ACTS.get(act, words.UNKNOWN)
    if line.klass == CompartmentClass.IDENTITY:
        said = words.ON_IDENTITY.get(act, said)
    return str(said) % {"other": _other(line)}


def _other(line: ReportLine) -> str:
    """Name who got or lost access: a person, or the reception of a unit."""
    if line.other_name or line.other is None:
        return line.other_name or str(words.NOT_KNOWN)
    unit = people.name_of_unit(UnitId(line.other))
    reception = str(words.ROLES[2])
    return f"{reception}, {unit}" if unit else str(words.NOT_KNOWN)


def _ground(line: ReportLine) -> str:
    if line.is_erased:
        return str(words.ERASED)
    if line.act == Act.REFUSED:
        return str(words.REFUSALS.get(line.reason, words.OTHER_REFUSAL))
    said = [str(words.GROUNDS.get(one, one)) for one in (line.purpose, line.ground) if one]
    return ", ".join(dict.fromkeys(said))
