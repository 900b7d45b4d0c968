from collections.abc import Callable

import pytest
from django.db import connections

from tests.ledger.conftest import Clock
from tests.ledger.logs import AINO, HELMI, OTSO, VEIKKO, pending
from tests.ledger.tampering import ask
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.recorder import Recorder

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

OPENING = (Act.OPEN_CHART, Act.OPEN_WORKING)


def test_a_budget_counts_each_subject_once(recorder: Recorder, clock: Clock) -> None:
    start = clock.now
    recorder.record([pending(AINO), pending(AINO), pending(VEIKKO, act=Act.OPEN_WORKING)])
    recorder.record(
        [pending(b"somebody-else--1", OTSO), pending(b"somebody-else--2", act=Act.SIGN)]
    )
    assert queries.distinct_subjects(HELMI, OPENING, since_us=start) == {AINO, VEIKKO}
    assert queries.distinct_subjects(HELMI, (Act.OPEN_CHART,), since_us=start) == {AINO}
    assert queries.distinct_subjects(HELMI, (), since_us=start) == frozenset()


def test_a_budget_forgets_what_was_before_its_span(recorder: Recorder, clock: Clock) -> None:
    recorder.record([pending(AINO)])
    clock.now += 1
    recorder.record([pending(VEIKKO)])
    assert queries.distinct_subjects(HELMI, OPENING, since_us=clock.now) == {VEIKKO}
    assert queries.distinct_subjects(HELMI, OPENING, since_us=clock.now + 1) == frozenset()


def test_a_budget_is_answered_from_an_index_alone(recorder: Recorder) -> None:
    for _ in range(20):
        recorder.record([pending(bytes([n]) * 16, bytes([n % 7]) * 16) for n in range(200)])
    if connections["vault"].vendor == "postgresql":
        ask("VACUUM ANALYZE ledger_entry")
        ask("SET enable_seqscan = off")
        explain, expected = "EXPLAIN", "Index Only Scan using ledger_acts_of_actor"
    else:
        explain, expected = "EXPLAIN QUERY PLAN", "USING COVERING INDEX ledger_acts_of_actor"
    asked = (
        "SELECT DISTINCT patient_tag FROM ledger_entry"
        " WHERE actor_tag = %s AND time_us >= %s AND act IN (%s, %s)"
    )
    plan = str(ask(f"{explain} {asked}", HELMI, 0, 2, 3))
    assert expected in plan


def test_what_was_turned_is_found_without_reading_the_log(
    recorder: Recorder, django_assert_num_queries: Callable
) -> None:
    """What a warden asks when it starts, of a log of years."""
    turning = (Act.REVOKE_GRANT, Act.ROTATE_COMMIT)
    recorder.record([pending(bytes([n]) * 16) for n in range(200)])
    recorder.record([pending(AINO, act=act) for act in turning])
    if connections["vault"].vendor == "postgresql":
        ask("VACUUM ANALYZE ledger_entry")
        ask("SET enable_seqscan = off")
    explain = "EXPLAIN" if connections["vault"].vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with django_assert_num_queries(1, using="vault") as asked:
        assert queries.indices_of(turning, since=1, before=202) == [(200, AINO), (201, AINO)]
    plan = str(ask(f"{explain} {asked.captured_queries[0]['sql']}".replace("%", "%%")))
    assert "ledger_withdrawn_and_turned" in plan


def test_a_tag_has_its_entries_in_order_and_page_by_page(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    recorder.record([pending(AINO), pending(VEIKKO)] * 5)
    assert [found.index for found in queries.entries_of(AINO)] == [0, 2, 4, 6, 8]
    assert [found.leaf.patient_seq for found in queries.entries_of(AINO, after=3)] == [4, 5]
    assert [found.index for found in queries.entries_from(7)] == [7, 8, 9]


def test_what_is_not_there_is_nothing(recorder: Recorder) -> None:
    assert queries.entry(0) is None
    assert queries.last_batch() is None
    assert list(queries.entries_of(AINO)) == []
    recorder.record([pending()])
    assert queries.entry(1) is None


def test_an_erased_detail_leaves_its_leaf(recorder: Recorder) -> None:
    recorder.record([pending()])
    ask("DELETE FROM ledger_detail")
    found = queries.entry(0)
    assert found is not None
    assert (found.salt, found.detail) == (None, None)
