"""The day's groups, drawn from a desk alone: today, what is not yet charted, what was begun.

Pure, and given the time. No chart is opened for it, so that no morning writes false reads.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vaitiolo.kit.dates import day_of
from vaitiolo.people.desks import Client, Desk, DeskDraft, DeskSession, State


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in the day list. ``client`` is none for somebody who left the caseload."""

    appointment_id: UUID
    session: DeskSession
    client: Client | None
    draft_id: UUID | None
    draft: DeskDraft | None


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft that lies open, and its session if it has one."""

    draft_id: UUID
    draft: DeskDraft
    client: Client | None
    session: DeskSession | None


@dataclass(frozen=True, slots=True)
class DayGroups:
    """Three groups; no session stands in two of them."""

    today: tuple[SessionRow, ...]
    uncharted: tuple[SessionRow, ...]
    incomplete: tuple[DraftRow, ...]

    @property
    def is_all_done(self) -> bool:
        """Tell whether nothing asks for an act and nothing more is to come today."""
        charted = all(row.session.state is State.CHARTED for row in self.today)
        return charted and not self.uncharted and not self.incomplete


def groups(desk: Desk, now: datetime) -> DayGroups:
    """Sort a desk into the day's groups. A session becomes uncharted by its time passing."""
    drafts = {d.appointment_id: key for key, d in desk.drafts.items() if d.appointment_id}
    today: list[SessionRow] = []
    uncharted: list[SessionRow] = []
    in_today: set[UUID] = set()
    for appointment_id, session in sorted(desk.sessions.items(), key=_by_time):
        row = _session_row(desk, appointment_id, session, draft_id=drafts.get(appointment_id))
        if _is_uncharted(session, now):
            uncharted += [row] if row.draft is None else []
        elif _is_today(session, now):
            today.append(row)
            in_today |= {row.draft_id} if row.draft_id else set()
    incomplete = [
        _draft_row(desk, draft_id, draft)
        for draft_id, draft in sorted(desk.drafts.items(), key=_by_day)
        if draft_id not in in_today
    ]
    return DayGroups(tuple(today), tuple(uncharted), tuple(incomplete))


def _is_uncharted(session: DeskSession, now: datetime) -> bool:
    return session.state is State.BOOKED and session.ends_at <= now


def _is_today(session: DeskSession, now: datetime) -> bool:
    shown = session.state in {State.BOOKED, State.CHARTED}
    return shown and day_of(session.starts_at) == day_of(now)


def _session_row(
    desk: Desk, appointment_id: UUID, session: DeskSession, *, draft_id: UUID | None
) -> SessionRow:
    client = desk.caseload.get(session.patient_id)
    draft = None if draft_id is None else desk.drafts[draft_id]
    return SessionRow(appointment_id, session, client, draft_id, draft)


def _draft_row(desk: Desk, draft_id: UUID, draft: DeskDraft) -> DraftRow:
    session = None if draft.appointment_id is None else desk.sessions.get(draft.appointment_id)
    return DraftRow(draft_id, draft, desk.caseload.get(draft.patient_id), session)


def _by_time(item: tuple[UUID, DeskSession]) -> tuple[datetime, UUID]:
    return item[1].starts_at, item[0]


def _by_day(item: tuple[UUID, DeskDraft]) -> tuple[str, datetime, UUID]:
    return item[1].held_on.isoformat(), item[1].saved_at, item[0]
