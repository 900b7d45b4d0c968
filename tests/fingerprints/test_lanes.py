"""Fingerprints made many at a time are those that are made one by one, of any text."""

import random

import pytest

from vaitiolo.fingerprints import lanes, texts
from vaitiolo.fingerprints.canonical import canonical
from vaitiolo.fingerprints.identifiers import Kind
from vaitiolo.fingerprints.marks import fingerprints, mark_of, windows
from vaitiolo.fingerprints.secret import FingerprintKey
from vaitiolo.fingerprints.siphash import siphash

KEY = FingerprintKey.from_bytes(bytes(range(48)))


def words(length: int) -> bytes:
    drawn = random.Random(length)  # noqa: S311 - seeded data
    return bytes(drawn.choice(b"bcdefghij klmnprstv 0123456789") for _ in range(length))


@pytest.mark.parametrize("length", [0, 23, 24, 25, 300, 4_000, 40_000])
def test_a_text_has_the_same_marks_however_they_are_made(length: int) -> None:
    text = words(length)
    one_by_one = [mark_of(found, KEY) for found in windows(canonical(text), KEY)]
    assert fingerprints(text, KEY) == one_by_one
    assert one_by_one or length < 300


def test_hashes_in_lanes_are_those_of_the_plain_form() -> None:
    drawn = random.Random(8)  # noqa: S311 - seeded data
    some = [0, 1, (1 << 64) - 1, *(drawn.getrandbits(64) for _ in range(200))]
    plain = [siphash(KEY.marks, one.to_bytes(8, "little")) for one in some]
    assert lanes.siphash_words(KEY.marks, some) == plain


HOSTILE = (
    b"",
    b"no json at all",
    b"\xff\xfe\x00" * 50,
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"text":"\\ud800 alone"}',
    b'{"text":null,"held_at":17}',
    b'{"text":{"text":["deep",{"held_at":"2026-13-45"}]}}',
    b'{"held_at":"1000-01-01","text":"old"}',
    b'{"hetu":["010190-999W"],"email":5,"phone":"\\udfff"}',
    b"17",
    b'"words"',
    b"NaN",
)


@pytest.mark.parametrize("body", HOSTILE, ids=[f"hostile-{at}" for at in range(len(HOSTILE))])
def test_no_body_keeps_a_signature_from_being_given(body: bytes) -> None:
    assert isinstance(fingerprints(texts.text_of(body), KEY), list)
    assert texts.held_on(body, 7) in {7, 0}
    assert texts.identifiers_of(body, KEY) == []


def test_a_reader_sees_the_text_first_and_no_ids() -> None:
    body = (
        '{"held_at":"2026-11-20T10:00","reason":"korjaus","template":"t","text":"Ensin tämä",'
        '"written_by":"00ff"}'
    )
    assert texts.text_of(body.encode()).decode() == "Ensin tämä\nkorjaus"
    assert texts.held_on(body.encode(), 0) == 20_777


def test_an_identity_leaves_code_address_and_number_but_nobodys_next_of_kin() -> None:
    body = (
        b'{"hetu":"010190-999W","email":"Aada@example.org","phone":"040 123 4567",'
        b'"kin_phone":"050 765 4321"}'
    )
    kinds = [kind for kind, _hashed in texts.identifiers_of(body, KEY)]
    assert kinds == [Kind.CODE, Kind.MAIL, Kind.PHONE]
