"""What a page of a chart shows: whose chart it is, its notes, its drafts, and who can open it."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from http import HTTPStatus
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from vaitiolo.charts.access import OpenChart, OpenDesk
from vaitiolo.charts.bodies import DraftBody
from vaitiolo.charts.headings import FREE, template_of
from vaitiolo.charts.models import Note
from vaitiolo.charts.queries import notes
from vaitiolo.charts.queries.notes import ReadNote, StoredDraft
from vaitiolo.charts.readers import WhoCanOpen, who_can_open
from vaitiolo.charts.written import About
from vaitiolo.kit.dates import HELSINKI, day_of
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import AppointmentId, ChartId, HolderId, NoteId, PatientId
from vaitiolo.people import access as people_access
from vaitiolo.people import queries as people
from vaitiolo.people.actor import ROLE_WORDS, Actor
from vaitiolo.people.desks import Client, Desk, State
from vaitiolo.warden.kinds import Purpose, Role

# Beside a new note stand the last one and so many before it; the chart page has all of them.
BESIDE = 3


class NoSuchSession(Refusal):
    """The session does not stand on the actor's desk, or it is another patient's."""

    status = HTTPStatus.NOT_FOUND
    message = _("This session is not on your desk. It may have been moved to a colleague.")


class NotYours(Refusal):
    """Only who wrote a note amends it."""

    message = _("Only the author of a note can amend it. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Whose:
    """Name and birth date, which are always in sight."""

    patient_id: PatientId
    client: Client = field(repr=False)
    age: int | None


@dataclass(frozen=True, slots=True)
class ToWrite:
    """A session of this patient whose note is still to be written."""

    appointment_id: AppointmentId
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class ChartPage:
    """A chart as it is read."""

    id: ChartId
    whose: Whose
    notes: tuple[ReadNote, ...]
    drafts: tuple[StoredDraft, ...]
    to_write: tuple[ToWrite, ...]
    who: WhoCanOpen


@dataclass(frozen=True, slots=True)
class NotePage:
    """One note with everything that was ever signed of it, the newest first."""

    chart_id: ChartId
    whose: Whose
    versions: tuple[ReadNote, ...]
    who: WhoCanOpen

    @property
    def note(self) -> ReadNote:
        return self.versions[0]

    @property
    def earlier(self) -> tuple[ReadNote, ...]:
        return self.versions[1:]


@dataclass(frozen=True, slots=True)
class TeamPage:
    """Who can open a chart, and who could be let in."""

    chart_id: ChartId
    whose: Whose
    who: WhoCanOpen
    colleagues: tuple[tuple[HolderId, str], ...] = field(repr=False)

    @property
    def may_withdraw(self) -> bool:
        """Tell whether somebody would remain. The warden refuses it otherwise."""
        return len(self.who.readers) > 1


@dataclass(frozen=True, slots=True)
class WritingPage:
    """A note that is being written, with the last ones beside it."""

    chart_id: ChartId
    whose: Whose
    about: About
    draft_id: UUID
    version: int
    is_copy: bool
    words: DraftBody | None
    template: str
    held_at: date
    beside: tuple[ReadNote, ...]
    total: int
    who: WhoCanOpen

    @property
    def text(self) -> str:
        """What stands in the editor: the draft, the note to be amended, or headings alone."""
        if self.words is not None:
            return self.words.text
        return self.beside[0].text if self.about.note else template_of(self.template).headings

    @property
    def caret(self) -> int:
        if self.words is not None:
            return self.words.caret
        return len(self.text) if self.about.note else template_of(self.template).caret


def find_note_of_session(
    actor: Actor, chart_id: ChartId, appointment_id: AppointmentId
) -> NoteId | None:
    """Return the actor's signed note of a session. Its id opens nothing."""
    mine = Note.objects.filter(chart_id=chart_id, appointment=appointment_id, author=actor.id)
    found = mine.order_by("id").values_list("id", flat=True).first()
    return None if found is None else NoteId(found)


def read_chart_page(desk: OpenDesk, chart: OpenChart, *, at: datetime) -> ChartPage:
    """Read a whole chart."""
    on_desk = people.read_desk(desk)
    whose = _whose(on_desk, chart, at=at)
    return ChartPage(
        id=chart.id,
        whose=whose,
        notes=notes.read_notes(chart).notes,
        drafts=notes.list_drafts(chart),
        to_write=_to_write(on_desk, whose, at=at),
        who=_who(chart),
    )


def read_note_page(desk: OpenDesk, chart: OpenChart, note_id: NoteId, *, at: datetime) -> NotePage:
    """Read one note and all its versions. Raises NoSuchNote."""
    whose = _whose(people.read_desk(desk), chart, at=at)
    return NotePage(chart.id, whose, notes.read_versions(chart, note_id), _who(chart))


def read_writing_page(
    desk: OpenDesk,
    chart: OpenChart,
    about: About,
    *,
    at: datetime,
    draft_id: UUID | None = None,
) -> WritingPage:
    """Read what is beside a new note, and its draft if it was begun. Raises NoSuchSession."""
    drafts = notes.list_drafts(chart)
    if draft_id is None:
        draft = next((one for one in drafts if _is_of(one, about)), None)
    else:
        draft = next((one for one in drafts if one.id == draft_id), None)
    page = _writing_page(desk, chart, about, draft=draft, at=at)
    return page if draft_id is None else replace(page, draft_id=draft_id)


def reopen_draft(desk: OpenDesk, chart: OpenChart, draft_id: UUID, *, at: datetime) -> WritingPage:
    """Read one draft, a copy too, with what is beside it. Raises NoSuchDraft."""
    draft = notes.get_draft(notes.list_drafts(chart), draft_id)
    about = About(draft.appointment_id, draft.note_id)
    return _writing_page(desk, chart, about, draft=draft, at=at)


def read_team_page(desk: OpenDesk, chart: OpenChart, *, at: datetime) -> TeamPage:
    """Read who is on the care team, and which therapists are not."""
    whose = _whose(people.read_desk(desk), chart, at=at)
    who = _who(chart)
    inside = {reader.person for reader in who.readers if reader.until is None}
    others = tuple(
        (one.id, f"{one.name}, {one.unit_name}" if one.unit_name else one.name)
        for one in people.list_colleagues(chart.actor)
        if one.is_active and one.role == ROLE_WORDS[Role.THERAPIST] and one.id not in inside
    )
    return TeamPage(chart.id, whose, who, others)


def _writing_page(
    desk: OpenDesk, chart: OpenChart, about: About, *, draft: StoredDraft | None, at: datetime
) -> WritingPage:
    on_desk = people.read_desk(desk)
    whose = _whose(on_desk, chart, at=at)
    if about.note is None:
        held_at = _held_at(on_desk, whose, about, draft=draft, at=at)
        reading = notes.read_notes(chart, most=BESIDE, draft=draft)
    else:
        reading = notes.read_note(chart, about.note, draft=draft)
        held_at = reading.notes[0].held_at
        if not reading.notes[0].is_own:
            raise NotYours
    last = reading.notes[0] if reading.notes else None
    return WritingPage(
        chart_id=chart.id,
        whose=whose,
        about=about,
        draft_id=uuid4() if draft is None else draft.id,
        version=0 if draft is None else draft.version,
        is_copy=draft is not None and draft.copy_of is not None,
        words=reading.draft,
        template=_template(reading.draft, last),
        held_at=held_at,
        beside=reading.notes,
        total=notes.count_notes(chart),
        who=_who(chart),
    )


def _is_of(draft: StoredDraft, about: About) -> bool:
    same = (draft.appointment_id, draft.note_id) == (about.appointment, about.note)
    return same and draft.copy_of is None


def _template(words: DraftBody | None, last: ReadNote | None) -> str:
    """Go on as the draft was begun, or as the last note was laid out."""
    if words is not None:
        return words.template
    return FREE if last is None else template_of(last.template).key


def _held_at(
    desk: Desk, whose: Whose, about: About, *, draft: StoredDraft | None, at: datetime
) -> date:
    appointment = about.appointment
    session = None if appointment is None else desk.sessions_of(whose.patient_id).get(appointment)
    if session is not None:
        return session.starts_at.astimezone(HELSINKI)
    if draft is not None:
        return draft.held_on
    if about.appointment is not None:
        raise NoSuchSession
    return day_of(at)


def whose_chart(desk: OpenDesk, chart: OpenChart, *, at: datetime) -> Whose:
    """Say whose chart it is, from the own desk, or from the identity when the desk does not."""
    return _whose(people.read_desk(desk), chart, at=at)


def _whose(desk: Desk, chart: OpenChart, *, at: datetime) -> Whose:
    found = desk.find_client(chart.id)
    if found is None:
        return _whose_by_identity(chart, at=at)
    patient_id, client = found
    return Whose(PatientId(patient_id), client, _age(client.born_on, day_of(at)))


def _whose_by_identity(chart: OpenChart, *, at: datetime) -> Whose:
    """Say whose chart it is when the desk does not: a chart without a name would be dangerous."""
    ids = people.find_patient_of_chart(chart.id)
    if ids is None or ids.shared is None:
        raise people_access.PatientNotFound
    identity = people_access.open_identity(chart.actor, ids.patient_id, purpose=Purpose.CARE)
    record = people.read_identity(identity).record
    client = Client(
        record.name, record.born_on, record.language, chart.id, ids.identity, ids.shared
    )
    return Whose(ids.patient_id, client, _age(record.born_on, day_of(at)))


def _age(born_on: date | None, today: date) -> int | None:
    if born_on is None:
        return None
    had_birthday = (today.month, today.day) >= (born_on.month, born_on.day)
    return today.year - born_on.year - (not had_birthday)


def _to_write(desk: Desk, whose: Whose, *, at: datetime) -> tuple[ToWrite, ...]:
    """List sessions that have begun and have no note, the oldest first."""
    begun = [
        ToWrite(AppointmentId(appointment_id), session.starts_at.astimezone(HELSINKI))
        for appointment_id, session in desk.sessions_of(whose.patient_id).items()
        if session.state is State.BOOKED and session.starts_at <= at
    ]
    return tuple(sorted(begun, key=lambda one: one.starts_at))


def _who(chart: OpenChart) -> WhoCanOpen:
    opened = chart.compartment
    return who_can_open(opened.readers, opened.recoveries, asker=chart.actor.id)
