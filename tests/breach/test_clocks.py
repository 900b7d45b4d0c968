"""The clocks of an incident on made-up days: elapsed hours, months, weekends, summer time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from vaitiolo.breach.incidents import clocks
from vaitiolo.breach.incidents.clocks import Clock, Said
from vaitiolo.kit.dates import HELSINKI

KEYS = {rule.key: rule for rule in clocks.RULES}


def here(text: str) -> datetime:
    """Return a moment by the clock on the wall; the first of two where it is put back."""
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


def clock(key: str, began: datetime, said: dict[str, Said] | None = None, **later: int) -> Clock:
    at = began + timedelta(**later)
    return next(one for one in clocks.run(began, said or {}, at=at) if one.rule.key == key)


@pytest.mark.parametrize(
    ("began", "due"),
    [
        ("2026-11-24T10:15", "2026-11-27T10:15"),  # within a week
        ("2026-11-27T16:30", "2026-11-30T16:30"),  # over a weekend
        ("2026-12-24T09:00", "2026-12-27T09:00"),  # over Christmas, to a Sunday
        ("2027-03-26T12:00", "2027-03-29T13:00"),  # over the spring change and Easter
        ("2027-03-28T02:59", "2027-03-31T03:59"),  # a minute before it
        ("2027-10-29T12:00", "2027-11-01T11:00"),  # over the autumn change
        ("2028-02-27T08:00", "2028-03-01T08:00"),  # over a leap day
    ],
)
def test_72_hours_are_elapsed_hours_whatever_the_wall_says(began: str, due: str) -> None:
    start = here(began)
    running = clock("gdpr-33", start)
    assert running.due == here(due)
    assert running.due - start.astimezone(UTC) == timedelta(hours=72)
    # Adding days to the clock on the wall, as is often done, is wrong on the two changes.
    naive = (start + timedelta(days=3)).astimezone(UTC)
    assert (naive == running.due) is (start.utcoffset() == here(due).utcoffset())


@pytest.mark.parametrize(
    ("began", "due"),
    [
        ("2026-11-24T10:00", "2026-12-27T10:00"),
        ("2027-01-28T10:00", "2027-02-28T10:00"),  # 72 hours later it is the 31st
        ("2027-02-25T10:00", "2027-03-28T10:00"),  # the day of the change
        ("2027-11-28T10:00", "2028-01-01T10:00"),  # never moved past a holiday
    ],
)
def test_a_month_runs_from_the_step_before_it(began: str, due: str) -> None:
    assert clock("cyber-final", here(began)).due == here(due)


def test_a_month_begins_when_the_step_before_it_was_done() -> None:
    began = here("2026-11-24T10:00")
    told = {"cyber-72": Said(clocks.DONE, here("2026-11-25T09:00"))}
    assert clock("cyber-final", began, told).due == here("2026-12-25T09:00")


def test_a_clock_put_aside_goes_on_and_one_that_is_done_stops() -> None:
    began = here("2026-11-24T10:00")
    aside = {"gdpr-33": Said(clocks.ASIDE, began, "The police asked")}
    late = clock("gdpr-33", began, aside, hours=75)
    assert late.is_open
    assert late.is_over
    assert late.hours_left == 3
    done = clock("gdpr-33", began, {"gdpr-33": Said(clocks.DONE, began)}, hours=75)
    assert not done.is_open
    assert not done.is_over


def test_every_clock_says_where_it_comes_from_and_speaks_three_languages() -> None:
    assert {"gdpr-33", "gdpr-34", "cyber-24", "cyber-72", "cyber-final", "supervisor", "kela"} <= (
        set(KEYS)
    )
    assert (KEYS["gdpr-33"].hours, KEYS["cyber-24"].hours, KEYS["cyber-72"].hours) == (72, 24, 72)
    for rule in clocks.RULES:
        assert rule.source
        assert date.fromisoformat(rule.dated) <= date(2026, 11, 24)
        assert set(rule.addressee) == set(rule.step) == {"en", "fi", "sv"}
        assert not rule.after or rule.after in KEYS
