"""What is laid on a desk is folded in once; nothing can be laid there in another's name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.cast import Clinic
from tests.people.conftest import Actors
from vaitiolo.people import actions, desks, queries
from vaitiolo.people.access import NoDesk, open_desk, open_with_desk
from vaitiolo.people.desks import DeskSession, State
from vaitiolo.people.models import Desk, Drop
from vaitiolo.warden.client import NotGranted, SealBroken, Wanted
from vaitiolo.warden.kinds import Mode, Purpose

NOON = datetime(2026, 11, 24, 10, tzinfo=UTC)


def booked(appointment: UUID) -> desks.Event:
    session = DeskSession(uuid4(), NOON, NOON + timedelta(minutes=45), "2")
    return desks.session_booked(appointment, session, at=NOON)


def test_what_is_laid_on_a_desk_is_folded_into_it(actor: Actors) -> None:
    aino, helmi, appointment = actor("aino"), actor("helmi"), uuid4()
    actions.lay_on_desks(aino, [(helmi.id, booked(appointment))])
    assert set(queries.read_desk(open_desk(helmi)).sessions) == {appointment}
    assert Drop.objects.count() == 1, "reading stores nothing"
    folded = actions.fold_desk(open_desk(helmi), at=NOON)
    assert (set(folded.sessions), Drop.objects.count()) == ({appointment}, 0)
    assert Desk.objects.get(holder=helmi.id).version == 1
    assert queries.read_desk(open_desk(helmi)).sessions == folded.sessions


def test_a_desk_without_anything_new_is_not_written(actor: Actors) -> None:
    helmi = actor("helmi")
    assert actions.fold_desk(open_desk(helmi), at=NOON) == desks.Desk()
    assert Desk.objects.get(holder=helmi.id).version == 0


def test_events_meet_those_of_an_earlier_fold(actor: Actors) -> None:
    aino, helmi, appointment = actor("aino"), actor("helmi"), uuid4()
    later = NOON + timedelta(hours=1)
    charted = desks.session_turned(appointment, State.CHARTED, at=later)
    actions.lay_on_desks(helmi, [(helmi.id, charted)])
    assert not actions.fold_desk(open_desk(helmi), at=later).sessions
    actions.lay_on_desks(aino, [(helmi.id, booked(appointment))])
    folded = actions.fold_desk(open_desk(helmi), at=later)
    assert folded.sessions[appointment].state is State.CHARTED


def test_a_forged_drop_hides_nothing_and_is_set_aside(actor: Actors) -> None:
    aino, helmi, appointment = actor("aino"), actor("helmi"), uuid4()
    actions.lay_on_desks(aino, [(helmi.id, booked(appointment))])
    good = Drop.objects.get()
    body = bytes(good.sealed_body)
    Drop.objects.create(id=uuid4(), holder=helmi.id, sealed_body=body[:-1] + bytes([body[-1] ^ 1]))
    assert queries.read_desk(open_desk(helmi)).unread == 1
    folded = actions.fold_desk(open_desk(helmi), at=NOON)
    assert (set(folded.sessions), folded.unread) == ({appointment}, 1)
    aside = Drop.objects.get()
    assert aside.is_set_aside
    assert actions.fold_desk(open_desk(helmi), at=NOON).unread == 1, "kept, and not asked again"


def test_a_drop_for_another_desk_is_not_taken(actor: Actors) -> None:
    aino, helmi, otso = actor("aino"), actor("helmi"), actor("otso")
    actions.lay_on_desks(aino, [(otso.id, booked(uuid4()))])
    Drop.objects.update(holder=helmi.id)
    desk = queries.read_desk(open_desk(helmi))
    assert (desk.sessions, desk.unread) == ({}, 1)


def test_a_desk_document_of_another_version_or_desk_is_refused(actor: Actors) -> None:
    helmi = actor("helmi")
    actions.lay_on_desks(helmi, [(helmi.id, booked(uuid4()))])
    actions.fold_desk(open_desk(helmi), at=NOON)
    Desk.objects.filter(holder=helmi.id).update(version=2)
    with pytest.raises(SealBroken):
        queries.read_desk(open_desk(helmi))


def test_a_fold_that_fails_loses_nothing(actor: Actors, practice: Clinic) -> None:
    helmi, appointment = actor("helmi"), uuid4()
    actions.lay_on_desks(actor("aino"), [(helmi.id, booked(appointment))])
    desk = open_desk(helmi)
    practice.clock.ahead += 120_000_000  # the handle lapses between reading and sealing
    with pytest.raises(NotGranted):
        actions.fold_desk(desk, at=NOON)
    assert Drop.objects.count() == 1
    assert set(queries.read_desk(open_desk(helmi)).sessions) == {appointment}


def test_of_two_windows_that_fold_at_once_one_writes(actor: Actors) -> None:
    helmi, first, second = actor("helmi"), uuid4(), uuid4()
    actions.lay_on_desks(helmi, [(helmi.id, booked(first))])
    window = open_desk(helmi)
    lying = actions.folding.read_all(window)
    actions.fold_desk(open_desk(helmi), at=NOON)
    actions.lay_on_desks(helmi, [(helmi.id, booked(second))])
    actions._keep_fold(window, lying.desk, lying)
    folded = actions.fold_desk(open_desk(helmi), at=NOON)
    assert set(folded.sessions) == {first, second}


def test_a_desk_opens_together_with_more_or_not_at_all(actor: Actors, practice: Clinic) -> None:
    helmi = actor("helmi")
    theirs = Wanted(practice.desk("otso"), Mode.READ, Purpose.CARE)
    with pytest.raises(NotGranted):
        open_with_desk(helmi, [theirs])


def test_who_has_no_desk_is_told_so(actor: Actors) -> None:
    with pytest.raises(NoDesk):
        open_desk(replace(actor("helmi"), desk=None))
