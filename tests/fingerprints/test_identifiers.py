"""Identity codes, mail addresses and phone numbers: the definition, and that the fast one obeys."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vaitiolo.fingerprints import bulk, fast_identifiers, identifiers
from vaitiolo.fingerprints.identifiers import Kind
from vaitiolo.fingerprints.secret import FingerprintKey

KEY = FingerprintKey.from_bytes(bytes(range(48)))
KEYS = bulk.unfolded(KEY)
ROOM = fast_identifiers.room(64)
# The numbers from 900 on are given to nobody.
PIECES = [
    b"131052-908U",
    b"131052-908u",
    b"010101A9013",
    b"1",
    b"T",
    b"320152-9083",
    b"-",
    b"+",
    b" ",
    b"@",
    b"Anna.Virta@Esimerkki.FI",
    b"\\nanna@esimerkki.fi",
    b".",
    b"a_b",
    b"x.fi",
    b"040 123 4567",
    b"+358 40-1234567",
    b"0035840",
    b"1234567",
    b"09",
    b"+46 8 123 456 78",
    b"\\",
    b"n",
    b"\n",
    b"0" * 18,
    b"9" * 18,
]
texts = st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=30).map(b"".join)


def found(text: bytes) -> list[tuple[Kind, bytes]]:
    return [(one.kind, one.value) for one in identifiers.find(text)]


def code(front: str) -> bytes:
    digits = int(front[:6] + front[7:])
    return front.encode() + identifiers.CHECK[digits % 31 : digits % 31 + 1]


@settings(max_examples=400, deadline=None)
@given(texts)
@example(code("131052-908") + b"," + code("010101A901"))
def test_the_fast_one_finds_what_the_definition_says(data: bytes) -> None:
    expected = sorted(
        (identifiers.hashed(one, KEY), one.place, int(one.kind)) for one in identifiers.find(data)
    )
    block = np.frombuffer(data, dtype=np.uint8)
    quick = []
    for hits in fast_identifiers.scan(block, KEYS, ROOM):
        columns = (hits.hashes.tolist(), hits.places.tolist(), hits.kinds.tolist())
        quick += list(zip(*columns, strict=True))
    assert sorted(quick) == expected


def test_a_code_counts_with_its_check_character_alone() -> None:
    good = code("131052-908")
    wrong = good[:-1] + (b"A" if good[-1:] != b"A" else b"B")
    assert found(b"('" + good.lower() + b"',") == [(Kind.CODE, good)]
    assert found(wrong) == found(b"9" + good) == found(good + b"x") == []


def test_a_code_of_another_century_belongs_to_somebody_else() -> None:
    assert found(code("131052A908")) != found(code("131052-908"))


@pytest.mark.parametrize(
    "written", ["040 123 4567", "0401234567", "+358 40 123 4567", "00358401234567", "040-1234567"]
)
def test_a_number_is_one_however_it_is_written(written: str) -> None:
    [number] = identifiers.hashes_of(written, Kind.PHONE, KEY)
    assert [number] == identifiers.hashes_of("+358401234567", Kind.PHONE, KEY)


def test_a_number_is_found_before_other_digits() -> None:
    assert (Kind.PHONE, b"358401234567") in found(b"040 1234567 20.3.1980")


def test_an_address_is_one_in_any_case_and_after_an_escaped_break() -> None:
    address = (Kind.MAIL, b"anna.virta@esimerkki.fi")
    assert found(b"Anna.Virta@Esimerkki.FI.") == found(b"\\nanna.virta@esimerkki.fi") == [address]
    assert found(b"anna@localhost @ x@.") == []
