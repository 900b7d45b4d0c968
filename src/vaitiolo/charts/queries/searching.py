"""Words looked for in the notes of the own caseload. No index: the warden opens and scans them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.db.models import F

from vaitiolo.charts import access
from vaitiolo.charts.access import Hit, OpenDesk, Sealed
from vaitiolo.charts.models import Note, NoteVersion
from vaitiolo.kit.ids import ChartId, NoteId
from vaitiolo.people import queries as people
from vaitiolo.people.desks import Client

SHORTEST = 3
LONGEST = 200
# Charts whose sealed notes are in this process at a time.
CHARTS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note that holds the words. What it says comes when it is opened."""

    chart_id: ChartId
    note_id: NoteId
    name: str = field(repr=False)
    held_on: date
    kind: int


@dataclass(frozen=True, slots=True)
class FoundNotes:
    """The hits that are shown, how many there are, and how many charts were looked through."""

    notes: tuple[FoundNote, ...]
    total: int
    charts: int
    left_out: int


def search_caseload(desk: OpenDesk, words: str) -> FoundNotes:
    """Look for words in the newest version of every note of the own caseload."""
    caseload = {ChartId(one.chart_id): one for one in people.read_desk(desk).caseload.values()}
    if not caseload:
        return FoundNotes((), 0, 0, 0)
    search = access.open_search(desk.actor, words, list(caseload))
    for chart_id, documents in _sealed_notes(search.charts):
        search.scan(chart_id, documents)
    hits, total = search.end()
    left_out = len(caseload) - len(search.charts)
    return FoundNotes(_found(hits, caseload), total, len(search.charts), left_out)


def _sealed_notes(charts: Sequence[ChartId]) -> Iterator[tuple[ChartId, list[Sealed]]]:
    for start in range(0, len(charts), CHARTS_AT_ONCE):
        rows = (
            NoteVersion.objects.filter(
                note__chart_id__in=charts[start : start + CHARTS_AT_ONCE],
                version=F("note__version"),
            )
            .order_by("note__chart_id")
            .values_list("note__chart_id", "note_id", "version", "sealed_body")
        )
        for chart_id, some in groupby(rows, key=itemgetter(0)):
            yield (
                ChartId(chart_id),
                [
                    access.sealed_note(NoteId(note_id), version=version, sealed=bytes(sealed))
                    for _, note_id, version, sealed in some
                ],
            )


def _found(hits: Sequence[Hit], caseload: dict[ChartId, Client]) -> tuple[FoundNote, ...]:
    rows = Note.objects.in_bulk([hit.place.row for hit in hits])
    found = [
        FoundNote(
            ChartId(hit.compartment),
            NoteId(hit.place.row),
            caseload[ChartId(hit.compartment)].name,
            rows[hit.place.row].held_on,
            rows[hit.place.row].kind,
        )
        for hit in hits
    ]
    return tuple(sorted(found, key=lambda one: (one.held_on, one.name), reverse=True))
