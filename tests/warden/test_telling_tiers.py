"""What the ledger says of somebody and what a search found stand beside each other, unmerged."""

from vaitiolo.warden.kinds import CompartmentClass
from vaitiolo.warden.losses import Tier
from vaitiolo.warden.server.scope_found import Row
from vaitiolo.warden.server.telling_pages import theirs

READ = [
    Row(b"", CompartmentClass.CHART, Tier.READ, times=3),
    Row(b"", CompartmentClass.WORKING, Tier.READ, times=1),
]


def test_what_was_found_is_said_beside_what_was_taken_part_by_part() -> None:
    said = theirs(READ, found="identity chart")
    assert [(one.part, one.tier) for one in said.parts] == [
        ("chart", "taken"),
        ("working", "taken"),
        ("identity", "published"),
        ("chart", "published"),
    ]
    assert said.untouched == ("shared",)


def test_only_what_a_search_can_tell_is_called_not_found() -> None:
    searched = [(one.part, one.tier) for one in theirs(READ, found="none").parts]
    assert searched == [("chart", "taken"), ("working", "taken"), ("chart", "not-found")]
    assert {one.tier for one in theirs(READ, found="").parts} == {"taken"}
