"""One page writing one draft, and what its words are about: whose chart, which day, which note."""

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vaitiolo.charts import access, bodies
from vaitiolo.charts.access import OpenChart
from vaitiolo.charts.bodies import DraftBody
from vaitiolo.charts.models import Chart, Draft, Note, NoteVersion
from vaitiolo.charts.written import About, Written
from vaitiolo.kit.dates import HELSINKI, day_of
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import NoteId, PatientId
from vaitiolo.people import access as people
from vaitiolo.people import queries as people_queries


class NoteNotFound(Refusal):
    """There is no such note in this chart."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is no such note in this chart.")


class NotTheAuthor(Refusal):
    """Only who wrote a note amends it."""

    message = _(
        "Only the author of a note can amend it. The note is unchanged; you can write one of "
        "your own beside it."
    )


class NotOnYourDesk(Refusal):
    """The session, or whose chart it is, does not stand on the actor's desk."""

    status = HTTPStatus.NOT_FOUND
    message = _("This session is not on your desk, so nothing was stored for it.")


@dataclass(frozen=True, slots=True)
class Facts:
    """Whose chart it is, and when what is written about was."""

    patient_id: PatientId
    held_at: date

    @property
    def held_on(self) -> date:
        return day_of(self.held_at) if isinstance(self.held_at, datetime) else self.held_at


@dataclass(frozen=True, slots=True)
class Pen:
    """One page writing one draft at one moment, with the chart open to it."""

    chart: OpenChart
    draft_id: UUID
    written: Written
    about: About
    at: datetime

    @property
    def own(self) -> QuerySet[Draft]:
        """The actor's own drafts in this chart."""
        return Draft.objects.filter(chart_id=self.chart.id, author=self.chart.actor.id)

    def seal(self, draft_id: UUID, *, version: int) -> bytes:
        """Return the words under seal, as one version of a draft."""
        written = self.written
        body = DraftBody(written.template, written.text, written.caret, self.at).encode()
        return self.chart.seal(access.draft_of(draft_id, version=version, body=body))

    def follows(self, version: int, window: UUID | None) -> bool:
        """Tell whether the page knows the draft as it stands, or was the last to save it."""
        written = self.written
        return written.version == version or (
            written.window is not None and written.window == window
        )

    def held_at(self, held_on: date) -> date:
        """Return the hour that the page showed for this day, or the day alone."""
        shown = self.written.held_at
        return shown if isinstance(shown, datetime) and day_of(shown) == held_on else held_on

    def facts(self) -> Facts:
        """Find out what the words are about. Raises NotOnYourDesk, NoteNotFound, NotTheAuthor."""
        if self.about.note is not None:
            note = own_note(self.chart, self.about.note)
            return Facts(PatientId(note.chart.patient_id), note.held_on)
        patient = people_queries.find_patient_of_chart(self.chart.id)
        if patient is None:
            raise NotOnYourDesk
        if self.about.appointment is None:
            return Facts(patient.patient_id, day_of(self.at))
        desk = people_queries.read_desk(people.open_desk(self.chart.actor))
        session = desk.sessions.get(self.about.appointment)
        if session is None or session.patient_id != patient.patient_id:
            raise NotOnYourDesk
        return Facts(patient.patient_id, session.starts_at.astimezone(HELSINKI))

    def signed_as(self) -> NoteId | None:
        """Return the note that this draft became in the meantime, if it did."""
        if self.about.note is not None:
            # Before its first save an amendment begins as the very words that it amends.
            return self.about.note if self.written.version else None
        is_signed = Note.objects.filter(id=self.draft_id, chart_id=self.chart.id).exists()
        return NoteId(self.draft_id) if is_signed else None

    def says_the_same(self, note_id: NoteId) -> bool:
        """Tell whether a signed note holds all of these words. It is opened, and so recorded."""
        stands = present_text(access.open_chart(self.chart.actor, self.chart.id), note_id)
        if self.about.note is not None:
            return stands == self.written.text
        # A save that was overtaken by the signing brings the words of a moment earlier.
        return stands.startswith(self.written.text.rstrip())


def own_note(chart: OpenChart, note_id: NoteId) -> Note:
    """Return a note of this chart that the actor wrote. Raises NoteNotFound, NotTheAuthor."""
    note = Note.objects.select_related("chart").filter(id=note_id, chart_id=chart.id).first()
    if note is None:
        raise NoteNotFound
    if note.author != chart.actor.id:
        raise NotTheAuthor
    return note


def present_text(chart: OpenChart, note_id: NoteId) -> str:
    """Return what the newest version of a note says."""
    newest = NoteVersion.objects.filter(note_id=note_id, note__chart_id=chart.id)
    version, sealed = newest.order_by("-version").values_list("version", "sealed_body")[0]
    [read] = chart.unseal([access.sealed_note(note_id, version=version, sealed=bytes(sealed))])
    return bodies.parse_note(read.body).text


def ensure_chart(chart: OpenChart, patient_id: PatientId, *, at: datetime) -> None:
    """Store the chart itself, with the first words that are written into it."""
    Chart.objects.get_or_create(
        id=chart.id, defaults={"patient_id": patient_id, "opened_on": day_of(at)}
    )
