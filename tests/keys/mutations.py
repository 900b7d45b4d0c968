"""Every way in which one byte of a stored string can be wrong."""

import random
from collections.abc import Callable, Iterator

import pytest

from vaitiolo.keys.refused import MESSAGE, Refused

SEED = 20_261_124


def mutations(raw: bytes) -> Iterator[bytes]:
    for at in range(len(raw)):
        flipped = bytearray(raw)
        flipped[at] ^= 1 << (at % 8)
        yield bytes(flipped)
        yield raw[:at] + raw[at + 1 :]
        yield raw[:at] + bytes((raw[at] ^ 0xFF,)) + raw[at:]
    yield raw + b"\x00"
    yield b""


def refuses_all_but(
    raw: bytes, opens: Callable[[bytes], object], *, sample: int | None = None
) -> int:
    """Try every mutation; each must be refused with the one message. Return how many there were.

    Where each try checks signatures, `sample` takes that many of them, the same in each run.
    """
    opens(raw)
    tried = 0
    chosen = list(mutations(raw))
    if sample is not None:
        chosen = random.Random(SEED).sample(chosen, sample)  # noqa: S311 - a seed is meant
    for wrong in chosen:
        # What is dropped may have stood beside its like; then nothing was changed.
        if wrong == raw:
            continue
        with pytest.raises(Refused) as refusal:
            opens(wrong)
        assert type(refusal.value) is Refused
        assert str(refusal.value) == MESSAGE
        tried += 1
    return tried
