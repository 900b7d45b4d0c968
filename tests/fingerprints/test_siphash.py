"""SipHash-2-4 against its authors' 64 vectors, in the plain form and in both fast ones."""

import numpy as np
import pytest

from vaitiolo.fingerprints import bulk, fast
from vaitiolo.fingerprints.secret import FingerprintKey
from vaitiolo.fingerprints.siphash import siphash

# `vectors_sip64` of the reference implementation: key 00..0f, messages of 0 to 63 bytes 00, 01, …
VECTORS = (
    "310e0edd47db6f72fd67dc93c539f8745a4fa9d909806c0d2d7efbd796666785"
    "b7877127e09427cf8da699cd64557618cee3fe586e46c9cb37d1018bf50002ab"
    "6224939a79f5f593b0e4a90bdf82009ef3b9dd94c5bb5d7aa7ad6b22462fb3f4"
    "fbe50e86bc8f1e75903d84c02756ea14eef27a8e90ca23f7e545be4961ca29a1"
    "db9bc2577fcc2a3f9447be2cf5e99a699cd38d96f0b3c14bbd6179a71dc96dbb"
    "98eea21af25cd6bec7673b2eb0cbf2d0883ea3e395675393c8ce5ccd8c030ca8"
    "94af49f6c650adb8eab8858ade92e1bcf315bb5bb835d817adcf6b0763612e2f"
    "a5c91da7acaa4dde716595876650a2a628ef495c53a387ad42c341d8fa92d832"
    "ce7cf2722f512771e37859f94623f3a7381205bb1ab0e012ae97a10fd434e015"
    "b4a31508beff4d3181396229f09079024d0cf49ee5d4dcca5c73336a76d8bf9a"
    "d0a704536ba93e0e925958fcd6420cada915c29bc8067318952b79f3bc0aa6d4"
    "f21df2e41d4535f987577519048f53a910a56cf5dfcd9adbeb75095ccd986cd0"
    "51a9cb9ecba312e696afadfc2ce666c772fe52975a4364ee5a1645b276d592a1"
    "b274cb8ebf87870a6f9bb4203de7b381eaecb2a30b22a87f9924a43cc1315724"
    "bd838d3aafbf8db70b1a2a3265d51aea135079a3231ce660932b2846e4d70666"
    "e1915f5cb1eca46cf325965ca16d629f575ff28e60381be5724506eb4c328a95"
)
KEY = bytes(range(16))


def answer(length: int) -> str:
    return VECTORS[16 * length : 16 * length + 16]


@pytest.mark.parametrize("length", range(64))
def test_every_published_answer_comes_out(length: int) -> None:
    assert siphash(KEY, bytes(range(length))).to_bytes(8, "little").hex() == answer(length)


def test_the_fast_ones_hash_eight_bytes_as_published() -> None:
    keys = bulk.unfolded(FingerprintKey.from_bytes(bytes(16) + KEY + bytes(16)))
    message = np.frombuffer(bytes(range(8)), dtype="<u8").astype(np.uint64)
    expected = int.from_bytes(bytes.fromhex(answer(8)), "little") & ((1 << 40) - 1)
    out = np.empty(1, dtype=np.uint64)
    assert bulk.marked(message, keys).tolist() == [expected]
    assert fast.mark(message, keys, out).tolist() == [expected]


def test_another_length_of_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        siphash(bytes(8), b"")
