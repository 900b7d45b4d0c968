"""A lawful hold: it has an end, one officer's word is a week, and it stops no clock."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from vaitiolo.breach import hold
from vaitiolo.breach.drafts.words import recipient
from vaitiolo.breach.hold import LONGEST, HoldDeed, HoldRefused
from vaitiolo.breach.incidents import clocks

PIA, MAURI = UUID(int=1), UUID(int=2)
START = datetime(2020, 10, 13, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def place(days: float = 7, *, by: UUID = PIA, after: timedelta = timedelta(0)) -> HoldDeed:
    at = START + after
    reason = "The investigation."
    return HoldDeed("place", by, at, at + days * DAY, f"NBI, order {after.days}", reason)


def deed(name: str, by: UUID, *, day: float, until: float | None = None) -> HoldDeed:
    end = None if until is None else START + until * DAY
    return HoldDeed(name, by, START + day * DAY, end, reason="It goes on.")


def test_a_hold_of_one_week_waits_and_then_lets_everything_go_at_once() -> None:
    held = hold.fold([place()])
    assert held is not None
    assert not hold.may_tell(held, START + 6.99 * DAY)
    assert hold.may_tell(held, START + 7 * DAY)
    assert hold.may_tell(None, START)


def test_the_hold_of_october_2020_is_over_the_moment_it_is_lifted() -> None:
    entries = [
        place(),
        deed("renew", PIA, day=5, until=14),
        deed("confirm", MAURI, day=5.1),
        deed("lift", MAURI, day=8),
    ]
    held = hold.fold(entries)
    assert held is not None
    assert held.ends_at() == datetime(2020, 10, 21, 9, 0, tzinfo=UTC)
    assert [hold.may_tell(held, START + n * DAY) for n in (0, 7.5, 8)] == [False, False, True]


@pytest.mark.parametrize(
    "wrong",
    [
        HoldDeed("place", PIA, START, None, "NBI", "Why."),
        HoldDeed("place", PIA, START, START, "NBI", "Why."),
        HoldDeed("place", PIA, START, START + LONGEST + timedelta(seconds=1), "NBI", "Why."),
        HoldDeed("place", PIA, START, START + DAY, " ", "Why."),
        HoldDeed("place", PIA, START, START + DAY, "NBI", ""),
        HoldDeed("lift", PIA, START),
        HoldDeed("confirm", PIA, START),
        HoldDeed("for ever", PIA, START),
    ],
    ids=["no-end", "gone-by", "too-long", "nobody", "no-reason", "lift", "confirm", "no-deed"],
)
def test_a_hold_without_an_end_a_name_or_a_reason_cannot_be(wrong: HoldDeed) -> None:
    with pytest.raises(HoldRefused):
        hold.after(None, wrong)
    assert hold.fold([wrong]) is None


def test_one_officer_alone_cannot_make_it_longer_than_a_week() -> None:
    alone = [
        place(),
        place(days=6, after=DAY),  # a second hold beside the first
        deed("renew", PIA, day=6, until=14),
        deed("confirm", PIA, day=6.5),  # the same officer twice
        deed("renew", PIA, day=6.6, until=30),  # further than a week
        deed("confirm", MAURI, day=7.5),  # the second officer, too late
        HoldDeed("place", PIA, START + 8 * DAY, START + 9 * DAY, "NBI, order 0", "Again."),
    ]
    held = hold.fold(alone)
    assert held is not None
    assert held.ends_at() == START + LONGEST
    # A naive one that takes the last day anybody wrote would be held for a month.
    naive = max(one.until for one in alone if one.until is not None)
    assert naive > START + 29 * DAY


def test_what_was_asked_later_is_what_the_second_officer_confirms() -> None:
    held = hold.fold(
        [
            place(),
            deed("renew", PIA, day=1, until=10),
            deed("renew", MAURI, day=2, until=9),
            deed("confirm", MAURI, day=2.5),
            deed("confirm", PIA, day=3),
        ]
    )
    assert held is not None
    assert (held.until, held.renewals) == (START + 9 * DAY, 1)


def test_a_deed_comes_back_as_its_entry_says_and_other_entries_are_none() -> None:
    for one in (place(), deed("confirm", MAURI, day=1)):
        assert HoldDeed.read(one.said(), by=one.by, at=one.at) == one
    assert HoldDeed.read({"text": "a note"}, by=PIA, at=START) is None
    assert HoldDeed.read(place().said() | {"until": "never"}, by=PIA, at=START) is None


def test_the_clock_to_the_authority_is_not_held() -> None:
    held = hold.fold([place()])
    assert held is not None
    running = {one.rule.key: one for one in clocks.run(START, {}, at=START + 4 * DAY)}
    authority = running[recipient("ombudsman").clocks["preliminary"]]
    assert authority.due == START + timedelta(hours=72)
    assert authority.is_over
    assert not hold.may_tell(held, START + 4 * DAY)
