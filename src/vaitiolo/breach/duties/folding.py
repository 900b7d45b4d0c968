"""What the entries of an incident come to: facts, assessments, texts that were sent, a hold.

Plain values out of lines that the warden read; a line that is missing or broken changes nothing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from vaitiolo.breach import hold
from vaitiolo.breach.drafts.facts import Client, Facts, Telling
from vaitiolo.breach.drafts.words import vocabulary
from vaitiolo.breach.drafts.writing import Draft, DraftWrong
from vaitiolo.breach.hold import Hold, HoldDeed
from vaitiolo.breach.incidents import clocks
from vaitiolo.breach.incidents import folding as incidents
from vaitiolo.breach.incidents.access import Line, OpenIncident
from vaitiolo.breach.incidents.clocks import Clock
from vaitiolo.breach.prefill import Known
from vaitiolo.breach.severity import Assessment, AssessmentWrong

FACTS, SEVERITY, SENT, HOLD = "facts", "severity", "sent", "hold"
_LISTS: Final = ("kinds", "after")


@dataclass(frozen=True, slots=True)
class Judged:
    """An assessment that somebody made."""

    assessment: Assessment
    by: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class SentText:
    """A text that somebody marked as sent, frozen as it was then."""

    row: UUID | None
    draft: Draft
    hash: str
    way: str
    by: str = field(repr=False)
    at: datetime

    @property
    def is_whole(self) -> bool:
        """Whether it is still the text that its entry names."""
        return self.draft.hash == self.hash


@dataclass(frozen=True, slots=True)
class Folded:
    """An incident as far as its duties go."""

    incident: UUID
    number: int
    is_open: bool
    facts: Facts
    said: Mapping[str, Any] = field(repr=False)
    judged: tuple[Judged, ...]
    sent: tuple[SentText, ...]
    hold: Hold | None
    clocks: tuple[Clock, ...]
    names: Mapping[UUID, str] = field(repr=False)

    @property
    def last(self) -> Judged | None:
        """The newest assessment."""
        return self.judged[-1] if self.judged else None

    def sent_to(self, recipient: str, client: str = "") -> tuple[SentText, ...]:
        """Return what a recipient got, the oldest first."""
        return tuple(
            one
            for one in self.sent
            if (one.draft.recipient, one.draft.client) == (recipient, client)
        )

    @property
    def known(self) -> Known:
        """What facts say for the factors of an assessment."""
        kinds = self.facts.kinds
        return Known(
            kinds=frozenset(kinds or ()),
            people=people_of(self.facts),
            recipients=self.said.get("recipients") or None,
            is_theft=_answer(self.said.get("theft")),
            is_sealed=self.facts.is_sealed,
        )


def people_of(facts: Facts) -> int | None:
    """Return how many people are concerned, as far as it is known."""
    counted = [one for one in (facts.patients, facts.staff) if one is not None]
    return sum(counted) if counted else None


def fold(opened: OpenIncident, *, at: datetime, told: Telling | None = None) -> Folded:
    """Return what an incident comes to at a moment; ``told`` is what rows of notices say."""
    known, lines = opened.known, [one for one in opened.lines if one.is_readable]
    said = next((one.said for one in reversed(lines) if one.step == FACTS), {})
    judged, sent = tuple(_judged(lines)), tuple(_sent(lines))
    held = hold.fold(_holds(lines))
    facts = Facts(
        reference=f"V-{known.number}",
        aware_at=datetime.fromtimestamp(known.began, tz=UTC),
        cause=known.cause,
        severity=judged[-1].assessment if judged else None,
        telling=told or _telling(judged, held, at=at),
        told=tuple(_told(sent)),
        evidence=tuple(str(one.said.get("sha256")) for one in lines if one.step == "evidence"),
        **_facts(said),
    )
    return Folded(
        incident=known.incident,
        number=known.number,
        is_open=known.state in {"open", "asked"},
        facts=facts,
        said=said,
        judged=judged,
        sent=sent,
        hold=held,
        clocks=clocks.run(facts.aware_at, incidents.clocks_said(lines), at=at),
        names={one.person: one.name for one in lines if one.person is not None},
    )


def _judged(lines: Sequence[Line]) -> Iterator[Judged]:
    for one in lines:
        if one.step == SEVERITY and isinstance(one.said.get("assessment"), dict):
            try:
                kept = Assessment.read(json.dumps(one.said["assessment"]).encode())
            except AssessmentWrong:
                continue
            yield Judged(kept, one.name, one.at)


def _sent(lines: Sequence[Line]) -> Iterator[SentText]:
    for one in lines:
        if one.step != SENT:
            continue
        try:
            draft = Draft.read(json.dumps(one.said["draft"]).encode())
            way, kept = str(one.said["way"]), str(one.said["hash"])
        except (DraftWrong, KeyError):
            continue
        yield SentText(one.row, draft, kept, way, one.name, one.at)


def _holds(lines: Sequence[Line]) -> Iterator[HoldDeed]:
    for one in lines:
        if one.step == HOLD and one.person is not None:
            deed = HoldDeed.read(one.said, by=one.person, at=one.at)
            if deed is not None:
                yield deed


def _told(sent: Sequence[SentText]) -> Iterator[tuple[str, datetime]]:
    """Yield who was told first when: clients and repeated notices count once."""
    seen: set[str] = set()
    for one in sent:
        if one.draft.recipient not in seen:
            seen.add(one.draft.recipient)
            yield one.draft.recipient, one.at


def _telling(judged: Sequence[Judged], held: Hold | None, *, at: datetime) -> Telling | None:
    if not judged:
        return None
    if not judged[-1].assessment.is_due("people"):
        return Telling("not-due")
    if held is not None and held.lasts(at):
        return Telling("held", held.ends_at())
    return Telling("planned")


def _facts(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of facts that an officer filled in; what is no such thing stays open."""
    known = vocabulary("fi").groups
    found: dict[str, Any] = {
        "house": str(said.get("house", "")),
        "contact": str(said.get("contact", "")),
        "began_at": _moment(said.get("began_at")),
        "ended_at": _moment(said.get("ended_at")),
        "is_approximate": said.get("exact") is not True,
        "is_sealed": said.get("sealed") is True,
        "after": _codes(said.get("after"), known["measure"]) or (),
        "kinds": _codes(said.get("kinds"), known["kind"]),
        "clients": tuple(_clients(said.get("clients"))),
        "own_words": {name: str(said[name]) for name in ("how",) if said.get(name)},
    }
    found |= {name: _count(said.get(name)) for name in ("patients", "staff", "records")}
    answers = ("abroad", "kanta", "crime")
    return found | {f"is_{name}": _answer(said.get(name)) for name in answers}


def _codes(value: object, known: Mapping[str, object]) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not value:
        return None
    return tuple(one for one in known if one in value)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _answer(value: object) -> bool | None:
    return {"yes": True, "no": False}.get(str(value))


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _clients(value: object) -> Iterator[Client]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, list) and len(one) == len(("name", "patients", "records")):
            yield Client(str(one[0]), _count(one[1]), _count(one[2]))
