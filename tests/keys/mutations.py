"""Every way in which one byte of a stored string can be wrong."""

from collections.abc import Callable, Iterator

import pytest

from vaitiolo.keys.refused import MESSAGE, Refused


def mutations(raw: bytes) -> Iterator[bytes]:
    for at in range(len(raw)):
        flipped = bytearray(raw)
        flipped[at] ^= 1 << (at % 8)
        yield bytes(flipped)
        yield raw[:at] + raw[at + 1 :]
        yield raw[:at] + bytes((raw[at] ^ 0xFF,)) + raw[at:]
    yield raw + b"\x00"
    yield b""


def refuses_all_but(raw: bytes, opens: Callable[[bytes], object]) -> int:
    """Try every mutation; each must be refused with the one message. Return how many there were."""
    opens(raw)
    tried = 0
    for wrong in mutations(raw):
        # What is dropped may have stood beside its like; then nothing was changed.
        if wrong == raw:
            continue
        with pytest.raises(Refused) as refusal:
            opens(wrong)
        assert type(refusal.value) is Refused
        assert str(refusal.value) == MESSAGE
        tried += 1
    return tried
