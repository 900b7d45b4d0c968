"""Chains that are about nobody have numbers of their own: two of a number would be one chain."""

import re
from collections import Counter

from tests.house.reading import SOURCES


def test_no_two_chains_have_the_same_number() -> None:
    server = [one.text for one in SOURCES if str(one).startswith("warden/server/")]
    found = re.findall(r"^([A-Z_]+): Final = UUID\(int=(\d+)\)", "\n".join(server), re.MULTILINE)
    assert found
    numbers = Counter(number for _name, number in found)
    assert not [one for one, times in numbers.items() if times > 1]
