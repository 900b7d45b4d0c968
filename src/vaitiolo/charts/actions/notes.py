"""Signing and amending: the warden writes the entry before it signs, and the row comes last.

A signed note is never changed, only amended; every version stays.
"""

from datetime import date
from uuid import uuid4

from django.db import IntegrityError, transaction

from vaitiolo.charts import access
from vaitiolo.charts.actions.drafts import keep_apart
from vaitiolo.charts.actions.pens import NoteNotFound, Pen, ensure_chart, own_note
from vaitiolo.charts.bodies import NoteBody, parse_note
from vaitiolo.charts.models import Note, NoteKind, NoteVersion
from vaitiolo.charts.written import KeptApart, Signed
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.ids import NoteId
from vaitiolo.people import access as people
from vaitiolo.people import actions as people_actions
from vaitiolo.people import desks
from vaitiolo.people.desks import State
from vaitiolo.schedule.actions import outcomes


def sign_written(pen: Pen) -> Signed | KeptApart:
    """Sign what was written: as a note, or as an amendment of the one that it is about."""
    return sign_note(pen) if pen.about.note is None else amend_note(pen, pen.about.note)


def sign_note(pen: Pen) -> Signed | KeptApart:
    """Sign words as the actor. The draft they were is closed, and the session is charted.

    Whoever sends the same twice finds one note. Raises NoteEmpty, NoteTooLong.
    """
    pen.written.demand_words()
    try:
        return _sign(pen) or _signed_before(pen)
    except IntegrityError:
        return _signed_before(pen)


def amend_note(pen: Pen, note_id: NoteId) -> Signed | KeptApart:
    """Sign a new version of a note of one's own. Raises NotTheAuthor, NoteNotFound, NoteEmpty."""
    pen.written.demand_words()
    own_note(pen.chart, note_id)
    with transaction.atomic():
        note = Note.objects.select_for_update().get(id=note_id)
        if not _is_current(pen):
            return keep_apart(pen)
        _amend(pen, note)
        _close(pen)
    return Signed(note_id, is_amendment=True)


@transaction.atomic
def _sign(pen: Pen) -> Signed | KeptApart | None:
    """Sign, or keep apart what does not follow; none when this draft is a note already."""
    is_current = _is_current(pen)
    if Note.objects.filter(id=pen.draft_id).exists():
        return None
    if not is_current:
        return keep_apart(pen)
    held_at, held_on = _days(pen)
    note_id = NoteId(pen.draft_id)
    body = NoteBody(held_at, pen.written.template, pen.written.text, pen.chart.actor.id)
    sealed = pen.chart.seal(access.note_of(note_id, version=1, body=body.encode()))
    Note.objects.create(
        id=note_id,
        chart_id=pen.chart.id,
        author=pen.chart.actor.id,
        held_on=held_on,
        kind=NoteKind.OTHER if pen.about.appointment is None else NoteKind.SESSION,
        appointment=pen.about.appointment,
    )
    _add_version(pen, note_id, version=1, sealed=sealed)
    if pen.about.appointment is not None:
        outcomes.hold(pen.chart.actor, pen.about.appointment)
    _close(pen)
    return Signed(note_id)


def _amend(pen: Pen, note: Note) -> None:
    """Sign the next version of a note; what was sent twice, or changes nothing, makes none."""
    note_id = NoteId(note.id)
    stands = NoteVersion.objects.get(note_id=note_id, version=note.version)
    present = bytes(stands.sealed_body)
    [read] = pen.chart.unseal([access.sealed_note(note_id, version=note.version, sealed=present)])
    before = parse_note(read.body)
    written = pen.written
    if before.text == written.text:
        return
    body = NoteBody(
        before.held_at, written.template, written.text, pen.chart.actor.id, reason=written.reason
    )
    note.version += 1
    sealed = pen.chart.seal(
        access.note_of(note_id, version=note.version, body=body.encode(), previous=present)
    )
    _add_version(pen, note_id, version=note.version, sealed=sealed)
    note.save(update_fields=["version"])


def _signed_before(pen: Pen) -> Signed | KeptApart:
    """Answer who signs what is signed: the same words are that note, others are kept apart."""
    note_id = pen.signed_as()
    if note_id is None:
        raise NoteNotFound
    return Signed(note_id) if pen.says_the_same(note_id) else keep_apart(pen)


def _is_current(pen: Pen) -> bool:
    """Hold the draft until the deed is done; tell whether the page has seen all of it."""
    rows = pen.own.select_for_update().filter(id=pen.draft_id).values_list("version", "window")
    stands = rows.first()
    return stands is None or pen.follows(*stands)


def _days(pen: Pen) -> tuple[date, date]:
    """Return when it was held, with its hour if it has one, and the day."""
    held_on = pen.own.filter(id=pen.draft_id).values_list("held_on", flat=True).first()
    if held_on is not None:
        return pen.held_at(held_on), held_on
    facts = pen.facts()
    ensure_chart(pen.chart, facts.patient_id, at=pen.at)
    return facts.held_at, facts.held_on


def _add_version(pen: Pen, note_id: NoteId, *, version: int, sealed: bytes) -> None:
    NoteVersion.objects.create(
        id=uuid4(),
        note_id=note_id,
        version=version,
        signed_on=day_of(pen.at),
        sealed_body=sealed,
    )


def _close(pen: Pen) -> None:
    """Let go of the draft, and tell the own desk that it is done."""
    actor = pen.chart.actor
    pen.own.filter(id=pen.draft_id).delete()
    events = [desks.draft_closed(pen.draft_id, at=pen.at)]
    if pen.about.appointment is not None:
        events.append(desks.session_turned(pen.about.appointment, State.CHARTED, at=pen.at))
    drops = people.drop_on_desk(actor, [(actor.id, event) for event in events])
    people_actions.store_drops(drops)
