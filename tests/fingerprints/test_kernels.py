"""The plain form, NumPy's and numba's give the same fingerprints, bit by bit."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vaitiolo.fingerprints import bulk, fast, marks
from vaitiolo.fingerprints.canonical import canonical, safe_cut
from vaitiolo.fingerprints.secret import FingerprintKey

KEY = FingerprintKey.from_bytes(bytes(range(48)))
KEYS = bulk.unfolded(KEY)
ROOM = fast.scratch(1 << 20)
# Pieces that meet every branch of the tokens, whole and broken.
PIECES = [
    b"<p>",
    b"<b class='x'",
    b"</td>",
    b"< 5",
    b"<!-- x -->",
    b"<" + b"x" * 4100 + b">",
    b">",
    b"&auml;",
    b"&#228;",
    b"&#xE4;",
    b"&#98;",
    b"&#x62;",
    b"&;",
    b"&a;",
    b"&toolongname;",
    b"&#1234567;",
    b"&#12345678;",
    b"&#x1234567;",
    b"&#x;",
    b"\\u00e4",
    b"\\u0062",
    b"\\u00",
    b"\\\\\\\\u0063",
    b"\\n",
    b"\\" * 9,
    b"\\x62",
    b"\\xg",
    b"=E4",
    b"=62",
    b"=\r\n",
    b"=G1",
    b"%C3%A4",
    b"%62",
    b"%",
    b"unirytmi",
    b"Potilas kertoi",
    b" ",
    b"\n",
    b"\xc3\xa4",
    b"\xe4",
    b"\0",
    b"a",
    b"o",
    b"0123456789",
    b"kuvaa viime viikon tapahtumia rauhallisesti ja tarkasti ",
]
texts = st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=60).map(b"".join)


def three(data: bytes) -> list[list[int]]:
    plain = marks.fingerprints(data, KEY)
    found = bulk.sample(data, KEYS)
    quick = fast.sample(np.frombuffer(data, dtype=np.uint8), KEYS, ROOM)
    assert quick.places.tolist() == found.places.tolist()
    assert quick.head.tolist() == found.head.tolist()
    assert quick.tail.tolist() == found.tail.tolist()
    out = np.empty(len(quick.hashes), dtype=np.uint64)
    return [
        plain,
        bulk.marked(found.hashes, KEYS).tolist(),
        fast.mark(quick.hashes, KEYS, out).tolist(),
    ]


@settings(max_examples=400, deadline=None)
@given(texts)
def test_any_bytes_give_the_same_fingerprints_in_all_three(data: bytes) -> None:
    plain, numpy, numba = three(data)
    assert plain == numpy == numba


def test_a_long_text_gives_the_same_fingerprints_in_all_three() -> None:
    rng = np.random.default_rng(1)
    data = b"".join(PIECES[at] for at in rng.integers(0, len(PIECES), 20_000))
    plain, numpy, numba = three(data)
    assert plain == numpy == numba
    assert len(plain) > 4000


@settings(max_examples=100, deadline=None)
@given(texts, st.integers(1, 500))
def test_blocks_cut_where_it_is_safe_give_what_the_whole_gives(data: bytes, most: int) -> None:
    rest, tail, found = data, np.empty(0, dtype=np.uint8), []
    while rest:
        # A block that offers no safe place is joined with what follows.
        cut = safe_cut(rest[:most]) or len(rest)
        block = bulk.sample(rest[:cut], KEYS)
        found += bulk.joined(tail, block.head, KEYS).tolist() + block.hashes.tolist()
        tail = bulk.next_tail(tail, block)
        rest = rest[cut:]
    assert found == list(marks.windows(canonical(data), KEY))
