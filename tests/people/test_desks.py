"""A desk is what its events say, however often and in whatever order they come."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaitiolo.people import day_groups, desks, folding
from vaitiolo.people.desks import Client, Desk, DeskDraft, DeskSession, DeskUnknown, State

NOON = datetime(2026, 11, 24, 10, tzinfo=UTC)  # noon in Helsinki
PATIENT, APPOINTMENT, DRAFT, CHART = (UUID(int=number) for number in range(1, 5))
AINO = Client("Aino Esimerkki", date(1990, 1, 1), "fi", CHART, UUID(int=5), UUID(int=6))


def session(starts: datetime = NOON, *, minutes: int = 45, room: str = "2") -> DeskSession:
    return DeskSession(PATIENT, starts, starts + timedelta(minutes=minutes), room)


def draft(saved: datetime = NOON, appointment: UUID | None = APPOINTMENT) -> DeskDraft:
    return DeskDraft(CHART, PATIENT, appointment, NOON.date(), saved)


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


EVENTS = [
    desks.client_added(PATIENT, AINO, at=later(0)),
    desks.client_changed(PATIENT, name="Aino Uusi", born_on=None, language="sv", at=later(9)),
    desks.client_removed(PATIENT, at=later(20)),
    desks.client_added(PATIENT, AINO, at=later(30)),
    desks.session_booked(APPOINTMENT, session(), at=later(1)),
    desks.session_moved(APPOINTMENT, session(later(600)), at=later(3)),
    desks.session_turned(APPOINTMENT, State.CANCELLED, at=later(4)),
    desks.session_booked(APPOINTMENT, session(later(60)), at=later(5)),
    desks.session_turned(APPOINTMENT, State.CHARTED, at=later(7)),
    desks.draft_opened(DRAFT, draft(), at=later(6)),
    desks.draft_opened(DRAFT, draft(later(6)), at=later(6)),
    desks.draft_closed(DRAFT, at=later(8)),
    desks.phrase_kept(";sui", "itsetuhoisuutta ei ole", at=later(2)),
]


@given(st.permutations(EVENTS), st.lists(st.sampled_from(EVENTS)))
def test_events_may_come_twice_and_in_any_order(order, again) -> None:
    assert desks.apply_all(Desk(), [*order, *again]) == desks.apply_all(Desk(), EVENTS)


@given(st.permutations(EVENTS), st.integers(0, len(EVENTS)))
def test_a_desk_folded_between_events_ends_the_same(order, at) -> None:
    before = desks.read(desks.write(desks.apply_all(Desk(), order[:at])))
    after = desks.apply_all(before, order[at:])
    assert desks.write(after) == desks.write(desks.apply_all(Desk(), EVENTS))


def test_the_later_word_stands() -> None:
    desk = desks.apply_all(Desk(), EVENTS)
    assert desk.caseload[PATIENT] == AINO
    booked = desk.sessions[APPOINTMENT]
    assert (booked.starts_at, booked.state) == (later(60), State.CHARTED)
    assert not desk.drafts
    assert desk.phrases == {";sui": "itsetuhoisuutta ei ole"}


def test_a_session_whose_booking_has_not_come_yet_is_not_shown() -> None:
    charted = desks.session_turned(APPOINTMENT, State.CHARTED, at=later(7))
    desk = desks.apply(Desk(), charted)
    assert not desk.sessions
    desk = desks.apply(desk, desks.session_booked(APPOINTMENT, session(), at=later(1)))
    assert desk.sessions[APPOINTMENT].state is State.CHARTED


def test_an_event_travels_as_bytes() -> None:
    for event in EVENTS:
        assert desks.read_event(desks.write_event(event)) == event


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"op":"client.added","about":"x","at":1}',
        b'{"op":"wipe","about":"00","at":1}',
        b'{"op":"draft.closed","about":7,"at":1,"draft":null}',
        b'{"op":"session.charted","about":"00","at":"1","state":"charted"}',
        b'{"op":"session.booked","about":"zz","at":1,"place":["a"],"state":"booked"}',
        b'{"op":"draft.opened","about":"00","at":1,"draft":[1,2,3,4,5]}',
    ],
)
def test_what_is_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(DeskUnknown):
        desks.read_event(body)


@pytest.mark.parametrize("document", [b"", b"[]", b'{"version":2,"entries":{}}', b'{"version":1}'])
def test_a_desk_of_an_unknown_form_is_refused(document: bytes) -> None:
    with pytest.raises(DeskUnknown):
        desks.read(document)


def test_what_is_over_and_done_goes_and_what_asks_for_an_act_stays() -> None:
    done, open_one, cancelled = uuid4(), uuid4(), uuid4()
    events = [
        *(desks.session_booked(one, session(), at=NOON) for one in (done, open_one, cancelled)),
        desks.session_turned(done, State.CHARTED, at=later(1)),
        desks.session_turned(cancelled, State.CANCELLED, at=later(1)),
        desks.draft_opened(DRAFT, draft(appointment=None), at=NOON),
        desks.draft_closed(DRAFT, at=later(1)),
    ]
    desk = desks.apply_all(Desk(), events)
    assert folding.prune(desk, at=later(60)) == desk
    pruned = folding.prune(desk, at=NOON + timedelta(days=40))
    assert set(pruned.sessions) == {open_one}
    assert len(pruned.entries) == 2


def test_a_session_becomes_uncharted_by_its_time_passing() -> None:
    desk = desks.apply(Desk(), desks.session_booked(APPOINTMENT, session(), at=NOON))
    assert [row.appointment_id for row in day_groups.groups(desk, NOON).today] == [APPOINTMENT]
    after = day_groups.groups(desk, later(45))
    assert not after.today
    assert [row.appointment_id for row in after.uncharted] == [APPOINTMENT]
    tomorrow = day_groups.groups(desk, NOON + timedelta(days=1))
    assert len(tomorrow.uncharted) == 1


def test_a_session_with_a_draft_is_incomplete_and_stands_once() -> None:
    events = [
        desks.client_added(PATIENT, AINO, at=NOON),
        desks.session_booked(APPOINTMENT, session(), at=NOON),
        desks.draft_opened(DRAFT, draft(), at=later(50)),
    ]
    desk = desks.apply_all(Desk(), events)
    [row] = day_groups.groups(desk, NOON).today
    assert (row.draft_id, row.client) == (DRAFT, AINO)
    passed = day_groups.groups(desk, later(60))
    assert (passed.today, passed.uncharted) == ((), ())
    assert [row.draft_id for row in passed.incomplete] == [DRAFT]


@pytest.mark.parametrize("state", [State.CHARTED, State.CANCELLED, State.MISSED])
def test_the_day_is_done_when_nothing_asks_for_an_act(state: State) -> None:
    events = [
        desks.session_booked(APPOINTMENT, session(), at=NOON),
        desks.session_turned(APPOINTMENT, state, at=later(50)),
    ]
    groups = day_groups.groups(desks.apply_all(Desk(), events), later(60))
    assert groups.is_all_done
    assert len(groups.today) == (state is State.CHARTED)
