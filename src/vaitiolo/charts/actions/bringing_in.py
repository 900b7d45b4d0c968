"""Storing charts of a register that was brought in. Notes come sealed; nothing is opened here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction

from vaitiolo.charts import access
from vaitiolo.charts.access import Plain
from vaitiolo.charts.bodies import DraftBody, NoteBody
from vaitiolo.charts.models import Chart, Draft, Note, NoteKind, NoteVersion
from vaitiolo.kit.ids import AppointmentId, ChartId, HolderId, NoteId, PatientId

# One statement carries so many rows; SQLite binds no more than 32,766 values.
ROWS: int = 1_000


@dataclass(frozen=True, slots=True)
class ArrivingNote:
    """A note as it comes: who wrote it, when it was held, when it was signed there."""

    id: NoteId
    author: HolderId
    held_on: date
    signed_on: date
    appointment: AppointmentId | None = None


@dataclass(frozen=True, slots=True)
class ArrivingDraft:
    """A draft that lay open there."""

    id: UUID
    author: HolderId
    held_on: date
    appointment: AppointmentId | None = None


@dataclass(frozen=True, slots=True)
class ArrivedChart:
    """A chart that is in: its compartment, and the sealed bodies in the order they were sent."""

    id: ChartId
    patient_id: PatientId
    opened_on: date
    notes: Sequence[tuple[ArrivingNote, bytes]] = field(repr=False)
    drafts: Sequence[tuple[ArrivingDraft, bytes]] = field(default=(), repr=False)


def plain_note(note: ArrivingNote, body: NoteBody) -> Plain:
    """Return a note as it is sent to be sealed; the officer's signature names who wrote it."""
    return access.note_of(note.id, version=1, body=body.encode())


def plain_draft(draft: ArrivingDraft, body: DraftBody) -> Plain:
    return access.draft_of(draft.id, version=1, body=body.encode())


@transaction.atomic
def store_arrived(charts: Iterable[ArrivedChart]) -> None:
    """Store charts with their notes and drafts, all or none."""
    arrived = list(charts)
    Chart.objects.bulk_create(
        [Chart(id=one.id, patient_id=one.patient_id, opened_on=one.opened_on) for one in arrived],
        batch_size=ROWS,
    )
    notes = [(one, note, sealed) for one in arrived for note, sealed in one.notes]
    Note.objects.bulk_create([_note(one, note) for one, note, _ in notes], batch_size=ROWS)
    NoteVersion.objects.bulk_create(
        [_version(note, sealed) for _, note, sealed in notes], batch_size=ROWS
    )
    drafts = [(one, draft, sealed) for one in arrived for draft, sealed in one.drafts]
    Draft.objects.bulk_create([_draft(*each) for each in drafts], batch_size=ROWS)


def _note(chart: ArrivedChart, note: ArrivingNote) -> Note:
    return Note(
        id=note.id,
        chart_id=chart.id,
        author=note.author,
        held_on=note.held_on,
        kind=NoteKind.OTHER if note.appointment is None else NoteKind.SESSION,
        appointment=note.appointment,
    )


def _version(note: ArrivingNote, sealed: bytes) -> NoteVersion:
    return NoteVersion(
        id=uuid4(), note_id=note.id, version=1, signed_on=note.signed_on, sealed_body=sealed
    )


def _draft(chart: ArrivedChart, draft: ArrivingDraft, sealed: bytes) -> Draft:
    return Draft(
        id=draft.id,
        chart_id=chart.id,
        author=draft.author,
        held_on=draft.held_on,
        appointment=draft.appointment,
        sealed_body=sealed,
    )
