"""SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of short messages, 64 bits.

The plain form that the fast ones are compared with; checked against the authors' vectors.
"""

from typing import Final

KEY_LENGTH: Final = 16
_MASK: Final = (1 << 64) - 1
START: Final = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
_State = tuple[int, int, int, int]


def siphash(key: bytes, message: bytes) -> int:
    """Return SipHash-2-4 of a message under 16 bytes of key. Raises ValueError for another key."""
    if len(key) != KEY_LENGTH:
        raise ValueError("A SipHash key has 16 bytes.")
    k0, k1 = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:], "little")
    v: _State = (START[0] ^ k0, START[1] ^ k1, START[2] ^ k0, START[3] ^ k1)
    # The last word is padded with zeros up to its last byte, which is the length.
    whole = message + bytes(7 - len(message) % 8) + bytes([len(message) & 0xFF])
    for at in range(0, len(whole), 8):
        word = int.from_bytes(whole[at : at + 8], "little")
        v = _rounds((v[0], v[1], v[2], v[3] ^ word), 2)
        v = (v[0] ^ word, v[1], v[2], v[3])
    v = _rounds((v[0], v[1], v[2] ^ 0xFF, v[3]), 4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def _rounds(v: _State, count: int) -> _State:
    a, b, c, d = v
    for _ in range(count):
        a = (a + b) & _MASK
        c = (c + d) & _MASK
        b = _turned(b, 13) ^ a
        d = _turned(d, 16) ^ c
        a = (_turned(a, 32) + d) & _MASK
        c = (c + b) & _MASK
        b = _turned(b, 17) ^ c
        d = _turned(d, 21) ^ a
        c = _turned(c, 32)
    return a, b, c, d


def _turned(word: int, by: int) -> int:
    return ((word << by) | (word >> (64 - by))) & _MASK
