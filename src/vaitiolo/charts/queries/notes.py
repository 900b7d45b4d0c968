"""Notes of an open chart, read in one question to the warden, and the drafts beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from http import HTTPStatus
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from vaitiolo.charts import access, bodies
from vaitiolo.charts.access import OpenChart, Read, SealBroken, Sealed
from vaitiolo.charts.bodies import BodyUnknown, DraftBody
from vaitiolo.charts.headings import FREE
from vaitiolo.charts.models import Draft, NoteVersion
from vaitiolo.kit.dates import HELSINKI, at
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import AppointmentId, HolderId, NoteId

COLUMNS = (
    "note_id",
    "version",
    "signed_on",
    "sealed_body",
    "note__author",
    "note__held_on",
    "note__kind",
    "note__appointment",
)


class NoSuchNote(Refusal):
    """There is no such note in this chart."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is no such note in this chart.")


class NoSuchDraft(Refusal):
    """There is no such draft, or it is somebody else's: the two look alike."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is no such draft of yours in this chart. It may have been signed.")


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A version of a note as it is stored."""

    id: NoteId
    version: int
    signed_on: date
    sealed_body: bytes = field(repr=False)
    author_id: HolderId
    held_on: date
    kind: int
    appointment_id: AppointmentId | None

    def document(self) -> Sealed:
        return access.sealed_note(self.id, version=self.version, sealed=self.sealed_body)


@dataclass(frozen=True, slots=True)
class ReadNote:
    """A version of a note as people read it. ``signed_by`` is an officer who brought it in."""

    id: NoteId
    version: int
    signed_on: date
    held_at: date
    kind: int
    written_by: str = field(repr=False)
    signed_by: str = field(repr=False)
    template: str
    text: str = field(repr=False)
    reason: str = field(default="", repr=False)
    source: str = ""
    is_own: bool = False
    is_broken: bool = False

    @property
    def moment(self) -> datetime:
        """When it was held, to be sorted by; what has a day alone comes first in it."""
        if isinstance(self.held_at, datetime):
            return self.held_at.astimezone(HELSINKI)
        return at(self.held_at, time.min)

    @property
    def is_amended(self) -> bool:
        return self.version > 1

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing but its words has to be said of it."""
        return not (self.is_broken or self.source)


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft of the actor's own, still sealed."""

    id: UUID
    version: int
    held_on: date
    note_id: NoteId | None
    appointment_id: AppointmentId | None
    copy_of: UUID | None
    sealed_body: bytes = field(repr=False)

    def document(self) -> Sealed:
        return access.sealed_draft(self.id, version=self.version, sealed=self.sealed_body)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one question brought back: notes, the newest first, and the draft that was asked for."""

    notes: tuple[ReadNote, ...]
    draft: DraftBody | None = None


def read_notes(
    chart: OpenChart, *, most: int | None = None, draft: StoredDraft | None = None
) -> Reading:
    """Read the newest version of each note, and reopen a draft, all in one question."""
    rows = NoteVersion.objects.filter(note__chart_id=chart.id, version=F("note__version"))
    newest = rows.order_by("-note__held_on", "-signed_on", "-note_id")[:most]
    notes = _rows(newest.values_list(*COLUMNS))
    return _read(chart, notes, draft)


def count_notes(chart: OpenChart) -> int:
    """Count the notes of a chart."""
    return NoteVersion.objects.filter(note__chart_id=chart.id, version=1).count()


def read_versions(chart: OpenChart, note_id: NoteId) -> tuple[ReadNote, ...]:
    """Read every version of one note, the newest first. Raises NoSuchNote."""
    versions = NoteVersion.objects.filter(note__chart_id=chart.id, note_id=note_id)
    rows = _rows(versions.order_by("-version").values_list(*COLUMNS))
    if not rows:
        raise NoSuchNote
    return tuple(_note(row, read, chart) for row, read in _unseal_each(chart, rows))


def read_note(chart: OpenChart, note_id: NoteId, *, draft: StoredDraft | None = None) -> Reading:
    """Read one note as it stands now. Raises NoSuchNote."""
    rows = NoteVersion.objects.filter(
        note__chart_id=chart.id, note_id=note_id, version=F("note__version")
    )
    notes = _rows(rows.values_list(*COLUMNS))
    if not notes:
        raise NoSuchNote
    return _read(chart, notes, draft)


def list_drafts(chart: OpenChart) -> tuple[StoredDraft, ...]:
    """List the actor's own drafts in a chart, sealed as they are."""
    rows = Draft.objects.filter(chart_id=chart.id, author=chart.actor.id).order_by("held_on", "id")
    columns = ("id", "version", "held_on", "note_id", "appointment", "copy_of", "sealed_body")
    return tuple(StoredDraft(*row) for row in rows.values_list(*columns))


def get_draft(drafts: Iterable[StoredDraft], draft_id: UUID) -> StoredDraft:
    """Return one of the drafts. Raises NoSuchDraft."""
    for draft in drafts:
        if draft.id == draft_id:
            return draft
    raise NoSuchDraft


def _rows(rows: Iterable[tuple[object, ...]]) -> list[NoteRow]:
    return [NoteRow(*row) for row in rows]  # type: ignore[arg-type]  # in the order of COLUMNS


def _read(chart: OpenChart, rows: Sequence[NoteRow], draft: StoredDraft | None) -> Reading:
    documents = [row.document() for row in rows]
    try:
        reads = chart.unseal([*documents, *([draft.document()] if draft else [])])
    except SealBroken:
        return _read_each(chart, rows, draft)
    pairs = zip(rows, reads[: len(rows)], strict=True)
    body = bodies.parse_draft(reads[-1].body) if draft else None
    return Reading(_sorted(_note(row, read, chart) for row, read in pairs), body)


def _read_each(chart: OpenChart, rows: Sequence[NoteRow], draft: StoredDraft | None) -> Reading:
    """Read one by one, so that a row which somebody has tampered with hides no other."""
    pairs = _unseal_each(chart, rows)
    body = None
    if draft is not None:
        [read] = chart.unseal([draft.document()])
        body = bodies.parse_draft(read.body)
    return Reading(_sorted(_note(row, read, chart) for row, read in pairs), body)


def _unseal_each(
    chart: OpenChart, rows: Sequence[NoteRow]
) -> Iterable[tuple[NoteRow, Read | None]]:
    try:
        return list(zip(rows, chart.unseal([row.document() for row in rows]), strict=True))
    except SealBroken:
        return [(row, _unseal_one(chart, row)) for row in rows]


def _unseal_one(chart: OpenChart, row: NoteRow) -> Read | None:
    try:
        return chart.unseal([row.document()])[0]
    except SealBroken:
        return None


def _note(row: NoteRow, read: Read | None, chart: OpenChart) -> ReadNote:
    try:
        body = None if read is None else bodies.parse_note(read.body)
    except BodyUnknown:
        body = None
    if read is None or body is None:
        return _broken(row, chart)
    # A note that was brought in was signed by an officer; who wrote it may have left since.
    signed_by = read.author_name if body.source else ""
    written_by = chart.name_of(body.written_by) or ("" if body.source else read.author_name)
    return ReadNote(
        id=row.id,
        version=row.version,
        signed_on=row.signed_on,
        held_at=body.held_at,
        kind=row.kind,
        written_by=written_by,
        signed_by=signed_by,
        template=body.template,
        text=body.text,
        reason=body.reason,
        source=body.source,
        is_own=row.author_id == chart.actor.id,
    )


def _broken(row: NoteRow, chart: OpenChart) -> ReadNote:
    return ReadNote(
        id=row.id,
        version=row.version,
        signed_on=row.signed_on,
        held_at=row.held_on,
        kind=row.kind,
        written_by=chart.name_of(row.author_id),
        signed_by="",
        template=FREE,
        text="",
        is_broken=True,
    )


def _sorted(notes: Iterable[ReadNote]) -> tuple[ReadNote, ...]:
    return tuple(sorted(notes, key=lambda note: note.moment, reverse=True))
