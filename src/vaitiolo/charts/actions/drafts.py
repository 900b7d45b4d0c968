"""Saving words under seal at each pause. Whoever else writes at the same time, nothing is lost.

A page saves over what it last saw, and over nothing else; what cannot be saved so is kept apart.
"""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from vaitiolo.charts.access import OpenChart
from vaitiolo.charts.actions.pens import Facts, Pen, ensure_chart
from vaitiolo.charts.models import Draft
from vaitiolo.charts.written import KeptApart, Saved, Signed
from vaitiolo.people import access as people
from vaitiolo.people import actions as people_actions
from vaitiolo.people import desks
from vaitiolo.people.desks import DeskDraft, Event

# Two saves of one page may cross on the way; more often than this is somebody else writing.
TRIES: Final = 3


def save_draft(pen: Pen) -> Saved | KeptApart | Signed:
    """Keep words under seal. It is no entry of the ledger: reopening the draft is one."""
    pen.written.demand_short()
    version = pen.written.version
    if version and _put(pen, pen.draft_id, over=version):
        return Saved(pen.draft_id, version + 1, pen.at)
    return _settle(pen)


def keep_apart(pen: Pen) -> KeptApart:
    """Keep words as a draft of their own, which the page goes on with. It has one such at most."""
    window = pen.written.window
    if window is not None:
        apart = pen.own.filter(copy_of=pen.draft_id, window=window)
        for draft_id, version in apart.values_list("id", "version"):
            if _put(pen, draft_id, over=version):
                return KeptApart(draft_id, version + 1, pen.at)
    draft_id = uuid4()
    _begin(pen, draft_id, copy_of=pen.draft_id)
    return KeptApart(draft_id, 1, pen.at)


def discard_draft(chart: OpenChart, draft_id: UUID, *, at: datetime) -> None:
    """Let go of a draft that is not wanted. What was signed is not touched by it."""
    actor = chart.actor
    drops = people.drop_on_desk(actor, [(actor.id, desks.draft_closed(draft_id, at=at))])
    with transaction.atomic():
        Draft.objects.filter(id=draft_id, chart_id=chart.id, author=actor.id).delete()
        people_actions.store_drops(drops)


def _put(pen: Pen, draft_id: UUID, *, over: int) -> bool:
    """Save over one version; false when that is not the one that stands there."""
    sealed = pen.seal(draft_id, version=over + 1)
    changed = pen.own.filter(id=draft_id, version=over).update(
        version=over + 1, window=pen.written.window, sealed_body=sealed
    )
    return changed == 1


def _settle(pen: Pen) -> Saved | KeptApart | Signed:
    """Save what did not simply follow: the first words, a lost answer, or two pages at once."""
    for _try in range(TRIES):
        stands = pen.own.filter(id=pen.draft_id).values_list("version", "window").first()
        if stands is None:
            return _begin_or_keep(pen)
        version, window = stands
        if not pen.follows(version, window):
            break
        # This page saved last itself: only the answer to it was lost on the way.
        if _put(pen, pen.draft_id, over=version):
            return Saved(pen.draft_id, version + 1, pen.at)
    return keep_apart(pen)


def _begin_or_keep(pen: Pen) -> Saved | KeptApart | Signed:
    note_id = pen.signed_as()
    if note_id is not None and pen.says_the_same(note_id):
        return Signed(note_id, is_amendment=pen.about.note is not None)
    if note_id is not None and pen.about.note is None:
        return keep_apart(pen)
    try:
        _begin(pen, pen.draft_id, copy_of=None)
    except IntegrityError:
        # Another page has begun a draft of the same session, or this very one, meanwhile.
        return keep_apart(pen)
    return Saved(pen.draft_id, 1, pen.at)


def _begin(pen: Pen, draft_id: UUID, *, copy_of: UUID | None) -> None:
    facts, actor = pen.facts(), pen.chart.actor
    sealed = pen.seal(draft_id, version=1)
    drops = people.drop_on_desk(actor, [(actor.id, _opened(pen, draft_id, facts))])
    with transaction.atomic():
        ensure_chart(pen.chart, facts.patient_id, at=pen.at)
        Draft.objects.create(
            id=draft_id,
            chart_id=pen.chart.id,
            author=actor.id,
            note_id=pen.about.note,
            appointment=pen.about.appointment,
            held_on=facts.held_on,
            window=pen.written.window,
            copy_of=copy_of,
            sealed_body=sealed,
        )
        people_actions.store_drops(drops)


def _opened(pen: Pen, draft_id: UUID, facts: Facts) -> Event:
    draft = DeskDraft(
        chart_id=pen.chart.id,
        patient_id=facts.patient_id,
        appointment_id=pen.about.appointment,
        held_on=facts.held_on,
        saved_at=pen.at,
    )
    return desks.draft_opened(draft_id, draft, at=pen.at)
