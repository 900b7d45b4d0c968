"""What the pages of supervision show: own notes to choose from, copies made, copies to read."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from vaitiolo.charts import access
from vaitiolo.charts.access import NoSuchCopy, OpenChart, OpenCopy, OpenDesk
from vaitiolo.charts.bodies import NoteBody, parse_note
from vaitiolo.charts.models import CopiedNote, SupervisionCopy
from vaitiolo.charts.queries import notes
from vaitiolo.charts.queries.notes import ReadNote
from vaitiolo.charts.queries.pages import Whose, whose_chart
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.ids import HolderId
from vaitiolo.people import queries as people
from vaitiolo.people.actor import ROLE_WORDS, Actor
from vaitiolo.warden.kinds import Role


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A copy as a list shows one: who is at the other end, how many notes, until when."""

    id: UUID
    name: str = field(repr=False)
    notes: int
    made_on: date
    until: date
    has_ended: bool


@dataclass(frozen=True, slots=True)
class ChoosingPage:
    """Own notes of a chart, and the copies there are of it."""

    chart_id: UUID
    whose: Whose
    notes: tuple[ReadNote, ...]
    copies: tuple[CopyRow, ...]
    colleagues: tuple[tuple[HolderId, str], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CopyPage:
    """Copied notes as their reader sees them: no name of a patient stands anywhere."""

    copy: CopyRow
    notes: tuple[NoteBody, ...] = field(repr=False)


def read_choosing_page(desk: OpenDesk, chart: OpenChart, *, at: datetime) -> ChoosingPage:
    """Read one's own notes to choose from, and the copies that one made of them."""
    own = tuple(note for note in notes.read_notes(chart).notes if note.is_own and note.is_plain)
    made = SupervisionCopy.objects.filter(chart_id=chart.id, author=chart.actor.id)
    names = _names(chart.actor)
    return ChoosingPage(
        chart_id=chart.id,
        whose=whose_chart(desk, chart, at=at),
        notes=own,
        copies=tuple(_row(one, names.get(one.reader, ""), day_of(at)) for one in _newest(made)),
        colleagues=_therapists(chart.actor),
    )


def list_for_me(actor: Actor, *, today: date) -> tuple[CopyRow, ...]:
    """List the copies that the actor may read today. Nothing is opened for it."""
    mine = SupervisionCopy.objects.filter(reader=actor.id, until__gte=today)
    names = _names(actor)
    return tuple(_row(one, names.get(one.author, ""), today) for one in _newest(mine))


def read_copy(opened: OpenCopy, *, today: date) -> CopyPage:
    """Read copied notes, the oldest first. Raises NoSuchCopy."""
    copy = SupervisionCopy.objects.filter(id=opened.id).first()
    if copy is None:
        raise NoSuchCopy
    rows = CopiedNote.objects.filter(copy=copy).order_by("id").values_list("id", "sealed_body")
    documents = [access.sealed_copy(row, sealed=sealed) for row, sealed in rows]
    read = [parse_note(one.body) for one in opened.unseal(documents)]
    author = _names(opened.actor).get(copy.author, "")
    return CopyPage(_row(copy, author, today), tuple(sorted(read, key=_moment)))


def _moment(note: NoteBody) -> str:
    return note.held_at.isoformat()


def _newest(copies: QuerySet[SupervisionCopy]) -> QuerySet[SupervisionCopy]:
    return copies.order_by("-made_on", "id")


def _row(copy: SupervisionCopy, name: str, today: date) -> CopyRow:
    count = CopiedNote.objects.filter(copy=copy).count()
    return CopyRow(copy.id, name, count, copy.made_on, copy.until, has_ended=copy.until < today)


def _names(actor: Actor) -> dict[UUID, str]:
    return {one.id: one.name for one in people.list_colleagues(actor)}


def _therapists(actor: Actor) -> tuple[tuple[HolderId, str], ...]:
    return tuple(
        (one.id, f"{one.name}, {one.unit_name}" if one.unit_name else one.name)
        for one in people.list_colleagues(actor)
        if one.is_active and one.role == ROLE_WORDS[Role.THERAPIST] and one.id != actor.id
    )
