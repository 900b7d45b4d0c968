"""Pages may not import the keys room, so some words stand twice; here they are held together."""

from enum import IntEnum

import pytest

from vaitiolo.keys import cards
from vaitiolo.keys import kinds as theirs
from vaitiolo.warden import kinds as ours


@pytest.mark.parametrize(
    ("here", "there"),
    [(ours.Kind, theirs.Kind), (ours.CompartmentClass, theirs.CompartmentClass)],
)
def test_the_numbers_of_pages_are_those_inside_seals(
    here: type[IntEnum], there: type[IntEnum]
) -> None:
    assert {one.name: one.value for one in here} == {one.name: one.value for one in there}


def test_the_roles_of_pages_are_those_on_cards() -> None:
    on_cards = {one.name: one.value for one in cards.Role}
    assert {one.name: one.value for one in ours.Role}.items() <= on_cards.items()
