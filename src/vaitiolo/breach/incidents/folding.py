"""What an incident comes to: its entries, in the order of the ledger, folded into what is shown.

Plain values. An entry that is missing or broken changes nothing here; it is told apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from vaitiolo.breach.incidents import words
from vaitiolo.breach.incidents.access import Line
from vaitiolo.breach.incidents.clocks import Said

EVENTS = frozenset({"opened", "resumed", "note"})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when it did, when it was noticed, who wrote it, who confirmed."""

    row: UUID | None
    text: str = field(repr=False)
    happened: datetime | None
    noticed: datetime
    by: str = field(repr=False)
    confirmed_by: tuple[str, ...] = field(repr=False)
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Task:
    """What somebody is to do."""

    row: UUID | None
    text: str = field(repr=False)
    owner: str = field(repr=False)
    due: datetime | None
    is_late: bool
    done_by: str = field(repr=False)
    done_at: datetime | None
    outcome: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file: what it is called, how long it is, its hash, and who took it out."""

    row: UUID | None
    kind: str | Promise
    name: str = field(repr=False)
    size: int
    sha256: str
    text: str = field(repr=False)
    headers: str = field(repr=False)
    by: str = field(repr=False)
    at: datetime
    taken: tuple[Line, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided: by whom, when, why, and who was told."""

    topic: str
    title: str | Promise
    text: str = field(repr=False)
    reason: str = field(repr=False)
    recipients: str = field(repr=False)
    by: str = field(repr=False)
    at: datetime


def events(lines: Sequence[Line]) -> tuple[Event, ...]:
    """Return what happened, in the order in which it did."""
    found = [_event(one, lines) for one in lines if one.step in EVENTS and one.is_readable]
    return tuple(sorted(found, key=lambda one: one.happened or one.noticed))


def tasks(lines: Sequence[Line], *, at: datetime) -> tuple[Task, ...]:
    """Return all tasks, the open ones first, each by its due time."""
    found = [_task(one, lines, at=at) for one in _steps(lines, "task")]
    far = datetime.max.replace(tzinfo=at.tzinfo)
    return tuple(sorted(found, key=lambda one: (one.done_at is not None, one.due or far)))


def roles(lines: Sequence[Line]) -> tuple[tuple[str | Promise, str], ...]:
    """Return each role with who has it now; nobody's as an empty name."""
    held = {one.said.get("role"): str(one.said.get("name", "")) for one in _steps(lines, "role")}
    return tuple((title, held.get(role, "")) for role, title in words.ROLES)


def evidence(lines: Sequence[Line]) -> tuple[Evidence, ...]:
    """Return all files, in the order in which they came."""
    return tuple(_evidence(one, lines) for one in _steps(lines, "evidence"))


def decisions(lines: Sequence[Line]) -> tuple[Decision, ...]:
    """Return all decisions, the newest first."""
    found = [_decision(one) for one in _steps(lines, "decision")]
    return tuple(reversed(found))


def notify(lines: Sequence[Line]) -> Line | None:
    """Return the newest decision whom to tell."""
    return next(reversed(list(_steps(lines, "notify"))), None)


def clocks_said(lines: Sequence[Line]) -> Mapping[str, Said]:
    """Return what was last said of each clock."""
    said = (one for one in lines if one.step in {"clock", "sent"} and one.is_readable)
    return {str(one.said["clock"]): _clock(one) for one in said if "clock" in one.said}


def links(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return which other incidents belong to this one."""
    return tuple(_steps(lines, "link"))


def moment(value: object) -> datetime | None:
    """Return a moment that an entry has as text; none for what is none."""
    try:
        return datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _steps(lines: Sequence[Line], step: str) -> Iterator[Line]:
    return (one for one in lines if one.step == step and one.is_readable)


def _about(lines: Sequence[Line], step: str, row: UUID | None) -> list[Line]:
    return [one for one in _steps(lines, step) if row and one.said.get("of") == str(row)]


def _text(line: Line, name: str) -> str:
    return str(line.said.get(name) or "")


def _event(line: Line, lines: Sequence[Line]) -> Event:
    confirmed = tuple(dict.fromkeys(one.name for one in _about(lines, "confirm", line.row)))
    noticed = moment(line.said.get("noticed")) or line.at
    return Event(
        row=line.row,
        text=_text(line, "text"),
        happened=moment(line.said.get("happened")),
        noticed=noticed,
        by=line.name,
        confirmed_by=confirmed,
        is_confirmed=bool(confirmed) or line.said.get("confirmed") is True,
    )


def _task(line: Line, lines: Sequence[Line], *, at: datetime) -> Task:
    done = next(iter(_about(lines, "done", line.row)), None)
    due = moment(line.said.get("due"))
    return Task(
        row=line.row,
        text=_text(line, "text"),
        owner=_text(line, "name"),
        due=due,
        is_late=done is None and due is not None and at > due,
        done_by=done.name if done else "",
        done_at=done.at if done else None,
        outcome=_text(done, "text") if done else "",
    )


def _evidence(line: Line, lines: Sequence[Line]) -> Evidence:
    size = line.said.get("size")
    return Evidence(
        row=line.row,
        kind=words.word(words.EVIDENCE, _text(line, "kind")),
        name=_text(line, "name"),
        size=size if isinstance(size, int) else 0,
        sha256=_text(line, "sha256"),
        text=_text(line, "text"),
        headers=_text(line, "headers"),
        by=line.name,
        at=line.at,
        taken=tuple(one for one in lines if one.step == "taken" and one.row == line.row),
    )


def _decision(line: Line) -> Decision:
    topic = _text(line, "topic")
    return Decision(
        topic=topic,
        title=words.word(words.TOPICS, topic),
        text=_text(line, "text"),
        reason=_text(line, "reason"),
        recipients=_text(line, "recipients"),
        by=line.name,
        at=line.at,
    )


def _clock(line: Line) -> Said:
    at = moment(line.said.get("at")) or line.at
    return Said(_text(line, "state"), at, _text(line, "reason"), line.name)
