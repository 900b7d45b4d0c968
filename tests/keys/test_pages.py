"""A page opens with its code alone, and nothing about it can be changed."""

import json

import pytest

from tests.vectors import make
from vaitiolo.keys import pages
from vaitiolo.keys.refused import Refused

CODE, OTHER = "000G40R40M30E2091853", "0" * 20
BODY = b'{"kind":"page"}'


def test_a_page_opens_with_its_code_and_with_no_other() -> None:
    sealed = pages.seal_page(CODE, BODY)
    assert pages.open_page(CODE, sealed) == BODY
    with pytest.raises(Refused) as refused:
        pages.open_page(OTHER, sealed)
    assert refused.value.reason == "seal.tag"


def test_no_byte_of_a_page_can_be_changed() -> None:
    sealed = pages.seal_page(CODE, BODY)
    for place in range(0, len(sealed), 7):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Refused):
            pages.open_page(CODE, changed)
    with pytest.raises(Refused):
        pages.open_page(CODE, sealed[:20])


@pytest.mark.parametrize(
    ("length", "sealed"), [(0, 1056), (1020, 1056), (1021, 2080), (5000, 5152)]
)
def test_a_length_is_told_in_steps_only(length: int, sealed: int) -> None:
    assert len(pages.seal_page(CODE, bytes(length))) == sealed


def test_where_a_page_lies_says_nothing_of_its_key() -> None:
    assert pages.lookup_of(CODE) != pages._key(CODE)[:16]
    assert pages.bucket_of(CODE) == pages.lookup_of(CODE).hex()[:3]


def test_the_vectors_open() -> None:
    vectors = json.loads((make.HERE / "pages.json").read_text())["vectors"]
    assert len(vectors) == 2
    for vector in vectors:
        opened = pages.open_page(vector["code"], bytes.fromhex(vector["sealed"]))
        assert opened == vector["body"].encode()
