"""The recovery keys `contact` and `incident`: officers' shares, and each two's sealed seed.

Any two shares open it and one teaches nothing: there is one sealed seed for each pair, under a key
that both shares make. Each key has shares of its own, printed with check letters, so that a slip,
or a share of the other key, is seen at once.
"""

import itertools
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from vaitiolo.keys import envelope, primitives, typed
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

SHARE_LENGTH: Final = 32
LEAST_OFFICERS: Final = 2
MOST_OFFICERS: Final = 5

_CHECK_LENGTH: Final = 3
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_LETTERS: Final = 56  # five bits each: 280, the share's 256 and 24 to check it by
_GROUP: Final = 4

Pair = tuple[UUID, UUID]


def pair_of(one: UUID, other: UUID) -> Pair:
    """Return two officers in the order of their ids. Raises `Refused` when they are the same."""
    if one == other:
        raise Refused("contact.alike")
    return (one, other) if one.bytes < other.bytes else (other, one)


def seal_pairs(
    seed: Readable,
    shares: Mapping[UUID, Readable],
    *,
    org: UUID,
    draw: Callable[[int], bytearray] = primitives.random_bytes,
) -> dict[Pair, bytes]:
    """Return the seed sealed for every pair of two to five officers. Raises `Refused`."""
    if not LEAST_OFFICERS <= len(shares) <= MOST_OFFICERS or len(seed) != SHARE_LENGTH:
        raise Refused("contact.officers")
    pairs = [pair_of(*two) for two in itertools.combinations(shares, 2)]
    return {pair: _seal(seed, pair, shares, org=org, draw=draw) for pair in pairs}


def open_pair(
    sealed: Readable, shares: Mapping[UUID, Readable], *, pair: Pair, org: UUID
) -> bytearray:
    """Return the seed that two officers' shares open; the caller wipes it. Raises `Refused`.

    Whoever calls this compares the card that the seed gives with the pinned one.
    """
    key = _key(pair, shares, org=org)
    try:
        return envelope.unseal(
            key, _context(pair, org), sealed, epoch=0, padding=envelope.Padding.NONE
        )
    finally:
        primitives.wipe(key)


def printed(
    share: Readable, *, org: UUID, officer: UUID, role: RecoveryRole = RecoveryRole.CONTACT
) -> str:
    """Return a share for paper: 14 groups of four letters, the last of which check the others."""
    check = _check(share, org=org, officer=officer, role=role)
    number = int.from_bytes(bytes(share) + check, "big")
    letters = "".join(_ALPHABET[number >> 5 * at & 31] for at in reversed(range(_LETTERS)))
    groups = range(0, _LETTERS, _GROUP)
    return "-".join(letters[start : start + _GROUP] for start in groups)


def read(
    text: str | None, *, org: UUID, officer: UUID, role: RecoveryRole = RecoveryRole.CONTACT
) -> bytearray:
    """Return a share that was typed from paper; raise `Refused` for any other, or a slip.

    Another officer's and another key's are refused alike: what opens `incident` is never locked
    into a slot of the warden.

    Case, dashes and likenesses (O and 0, I and 1) do not count.
    """
    letters = typed.code(text)
    if len(letters) != _LETTERS or not set(letters) <= set(_ALPHABET):
        raise Refused("contact.letters")
    number = 0
    for letter in letters:
        number = number << 5 | _ALPHABET.index(letter)
    whole = bytearray(number.to_bytes(SHARE_LENGTH + _CHECK_LENGTH, "big"))
    share = whole[:SHARE_LENGTH]
    check = _check(share, org=org, officer=officer, role=role)
    is_good = primitives.same(check, bytes(whole[SHARE_LENGTH:]))
    primitives.wipe(whole)
    if not is_good:
        primitives.wipe(share)
        raise Refused("contact.share")
    return share


def _seal(
    seed: Readable,
    pair: Pair,
    shares: Mapping[UUID, Readable],
    *,
    org: UUID,
    draw: Callable[[int], bytearray],
) -> bytes:
    key = _key(pair, shares, org=org)
    try:
        return envelope.seal(
            key, _context(pair, org), seed, epoch=0, padding=envelope.Padding.NONE, draw=draw
        )
    finally:
        primitives.wipe(key)


def _key(pair: Pair, shares: Mapping[UUID, Readable], *, org: UUID) -> bytearray:
    first, second = pair
    joined = bytearray(2 * SHARE_LENGTH)
    try:
        for place, officer in enumerate(pair):
            share = shares.get(officer, b"")
            if len(share) != SHARE_LENGTH:
                raise Refused("contact.share")
            joined[place * SHARE_LENGTH : (place + 1) * SHARE_LENGTH] = share
        info = b"vaitiolo/1/contact" + first.bytes + second.bytes
        return primitives.hkdf(joined, org.bytes, info)
    finally:
        primitives.wipe(joined)


def _context(pair: Pair, org: UUID) -> bytes:
    first, second = pair
    return b"vaitiolo/1/contact-pair" + org.bytes + first.bytes + second.bytes


def _check(share: Readable, *, org: UUID, officer: UUID, role: RecoveryRole) -> bytes:
    # Over a share of 256 random bits: 24 bits of a hash of it say nothing that helps a guess.
    label = b"vaitiolo/1/" + role.name.lower().encode() + b"-share"
    return primitives.sha256(label, org.bytes, officer.bytes, share)[:_CHECK_LENGTH]
