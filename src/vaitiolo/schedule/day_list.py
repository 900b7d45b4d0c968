"""The rows of the day list, ready to be drawn: an address is looked up once for a page, not a row.

Pure but for that. What stands in a row comes from the desk; no chart is opened for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format

from vaitiolo.kit.dates import HELSINKI
from vaitiolo.people.day_groups import SessionRow
from vaitiolo.people.desk_handing import Come
from vaitiolo.people.desks import Client, Desk, State

# Stand in the addresses that are looked up, where each row puts ids of its own.
CHART: Final = UUID(int=1)
APPOINTMENT: Final = UUID(int=2)


@dataclass(frozen=True, slots=True)
class DayRow:
    """One session as a line. Without an address it is of somebody who left the caseload."""

    moment: str
    clock: str
    day: str
    name: str = field(repr=False)
    url: str
    minutes: int
    room: str
    state: State
    turn_url: str
    drafted_at: str

    @property
    def is_open(self) -> bool:
        return self.state is State.BOOKED

    @property
    def is_charted(self) -> bool:
        return self.state is State.CHARTED

    @property
    def is_cancelled(self) -> bool:
        return self.state is State.CANCELLED


@dataclass(frozen=True, slots=True)
class EndedRow:
    """A patient whose chart was taken away from the holder of the desk."""

    client: Client = field(repr=False)
    day: date


def ended_rows(desk: Desk, today: date) -> Sequence[EndedRow]:
    """Return whom the holder cannot open any more, as long as the desk still shows them."""
    ended = {patient: day for patient, day in desk.ended.items() if day <= today}
    rows = [EndedRow(desk.caseload[patient], day) for patient, day in ended.items()]
    return sorted(rows, key=lambda row: row.client.name)


@dataclass(frozen=True, slots=True)
class ComeRow:
    """A patient whom a colleague handed over to the holder, as a substitute until a day."""

    patient_id: UUID
    client: Client = field(repr=False)
    come: Come
    until: date | None


def come_rows(desk: Desk) -> Sequence[ComeRow]:
    """Return who was handed over to the holder, until the holder has read of it."""
    rows = [
        ComeRow(patient, desk.caseload[patient], come, _last_day(desk, patient))
        for patient, come in desk.come.items()
        if patient in desk.caseload
    ]
    return sorted(rows, key=lambda row: row.client.name)


@dataclass(frozen=True, slots=True)
class CallRow:
    """A patient whom the holder calls before a notice goes out."""

    row: UUID
    client: Client | None = field(repr=False)
    until: datetime
    is_late: bool


def call_rows(desk: Desk, at: datetime) -> Sequence[CallRow]:
    """Return whom to call first, the most urgent on top."""
    rows = [
        CallRow(row, desk.caseload.get(call.patient_id), call.until, call.is_late(at))
        for row, call in desk.calls.items()
    ]
    return sorted(rows, key=lambda one: one.until)


def _last_day(desk: Desk, patient: UUID) -> date | None:
    ended = desk.ended.get(patient)
    return None if ended is None else ended - timedelta(days=1)


def day_rows(rows: Iterable[SessionRow]) -> Sequence[DayRow]:
    """Return rows as the page draws them."""
    to_note = reverse("charts:session", args=[CHART, APPOINTMENT])
    to_missed = reverse("schedule:missed", args=[APPOINTMENT])
    to_put_back = reverse("schedule:put_back", args=[APPOINTMENT])
    return [
        _day_row(row, to_note, to_put_back if row.session.state is State.MISSED else to_missed)
        for row in rows
    ]


def _day_row(row: SessionRow, to_note: str, to_turn: str) -> DayRow:
    session, client, draft = row.session, row.client, row.draft
    local, this = session.starts_at.astimezone(HELSINKI), str(row.appointment_id)
    chart = "" if client is None else str(client.chart_id)
    url = to_note.replace(str(CHART), chart).replace(str(APPOINTMENT), this)
    return DayRow(
        moment=local.isoformat(),
        clock=f"{local:%H.%M}",
        day=date_format(local, "D j.n."),
        name="" if client is None else client.name,
        url="" if client is None else url,
        minutes=int((session.ends_at - session.starts_at).total_seconds() // 60),
        room=session.room,
        state=session.state,
        turn_url=to_turn.replace(str(APPOINTMENT), this),
        drafted_at="" if draft is None else f"{draft.saved_at.astimezone(HELSINKI):%H.%M}",
    )
