"""Unlock slots: a seed, locked with what its holder knows and has and with what the KMS computes.

Opening a slot is the sign-in; there is no other verifier of a password anywhere. Never keeps what
was typed, and gives one answer to everything that does not open (docs/formats.md, SLOT).
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final
from uuid import UUID

from vaitiolo.keys import envelope, names, primitives, typed
from vaitiolo.keys.fields import SEALED, SLOT, ZERO, head
from vaitiolo.keys.kms import Macs
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

Draw = Callable[[int], bytearray]
CardOf = Callable[[bytearray], bytes]

SEED_LENGTH: Final = 32
PRF_LENGTH: Final = 32
SALT_LENGTH: Final = 16
SEALED_LENGTH: Final = 124
CARD_LENGTH: Final = 32

_MAC_LENGTH: Final = 32
_MAGIC: Final = head(SLOT)
_HEAD: Final = struct.Struct(">4sB16s16s16s32sIIIB16s")
_LENGTH: Final = struct.Struct(">H")
_LONGEST_CREDENTIAL: Final = 1023  # WebAuthn Level 3
_LONGEST_COSE: Final = 512


class SlotKind(IntEnum):
    """What a slot opens with; it decides the inputs and their lengths."""

    PASSWORD_AND_KEY = 1
    KEY = 2
    PRINTED_CODE = 3
    PASSWORD = 4
    SHARE = 5
    MACHINE = 6


_WITH_PASSWORD: Final = frozenset(SlotKind) - {SlotKind.KEY, SlotKind.MACHINE}
_WITH_KEY: Final = frozenset({SlotKind.PASSWORD_AND_KEY, SlotKind.KEY, SlotKind.SHARE})
# A password on its own is the only factor, so it has to be longer.
_SHORTEST: Final = {
    SlotKind.PASSWORD_AND_KEY: 8,
    SlotKind.SHARE: 8,
    SlotKind.PASSWORD: 12,
}


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """Parameters of Argon2id (RFC 9106): what one guess of a password costs."""

    memory_kib: int
    iterations: int
    lanes: int

    def covers(self, least: "PasswordCost") -> bool:
        """Return whether no parameter is below the other's."""
        return (
            self.memory_kib >= least.memory_kib
            and self.iterations >= least.iterations
            and self.lanes >= least.lanes
        )


# RFC 9106's second recommendation. No policy and no row goes below; the ceiling keeps an altered
# row from exhausting the memory of the machine.
LEAST_COST: Final = PasswordCost(memory_kib=64 * 1024, iterations=3, lanes=4)
MOST_COST: Final = PasswordCost(memory_kib=1024 * 1024, iterations=16, lanes=16)
_NO_COST: Final = PasswordCost(0, 0, 0)


@dataclass(frozen=True, slots=True)
class SlotPolicy:
    """What the signed policy allows to a class of holders. Never read from a database."""

    org: UUID
    kinds: frozenset[SlotKind]
    cost: PasswordCost = LEAST_COST


@dataclass(frozen=True, slots=True)
class Credential:
    """A WebAuthn credential: its id, its public key (COSE) and the salt of its PRF."""

    id: bytes
    cose: bytes
    prf_salt: bytes


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose slot it is and which card its seed gives."""

    org: UUID
    holder: UUID
    card: bytes

    def __post_init__(self) -> None:
        if len(self.card) != CARD_LENGTH:
            raise Refused("slot.owner")


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody presents in order to sign in. Not shown, not kept."""

    password: str | None = field(default=None, repr=False)
    prf: Readable | None = field(default=None, repr=False)
    secret: Readable | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot as stored (6.3 SLOT, type 0x03). Everything but ``sealed`` is bound into the seal."""

    kind: SlotKind
    owner: Owner
    id: UUID
    kms_epoch: int
    cost: PasswordCost
    salt: bytes
    credential: Credential | None
    sealed: bytes = field(default=b"", repr=False)

    @property
    def header(self) -> bytes:
        """Return everything that stands before the seal."""
        head = _HEAD.pack(
            _MAGIC,
            self.kind,
            self.owner.org.bytes,
            self.owner.holder.bytes,
            self.id.bytes,
            self.owner.card,
            self.kms_epoch,
            self.cost.memory_kib,
            self.cost.iterations,
            self.cost.lanes,
            self.salt,
        )
        own = self.credential or Credential(b"", b"", ZERO)
        key = _LENGTH.pack(len(own.id)) + own.id + _LENGTH.pack(len(own.cose)) + own.cose
        return head + key + own.prf_salt

    def encode(self) -> bytes:
        """Return the bytes to store."""
        return self.header + self.sealed


def parse(stored: Readable) -> Slot:
    """Return a stored slot; raise `Refused` for any other version, kind, length or stray byte."""
    stored = bytes(stored)
    try:
        slot = _parsed(stored)
    except (struct.error, ValueError):
        raise Refused("slot.form") from None
    # Writing it again shows type and version, zeros in what is not used, and nothing left over.
    if slot.encode() != stored or len(slot.sealed) != SEALED_LENGTH:
        raise Refused("slot.form")
    return slot


def new_slot(
    kind: SlotKind,
    owner: Owner,
    *,
    kms_epoch: int,
    policy: SlotPolicy,
    credential: Credential | None = None,
    draw: Draw = primitives.random_bytes,
) -> Slot:
    """Return a slot with a fresh id and salt and nothing in it yet; `lock` fills it."""
    return Slot(
        kind=kind,
        owner=owner,
        id=UUID(bytes=bytes(draw(16)), version=4),
        kms_epoch=kms_epoch,
        cost=policy.cost if kind in _WITH_PASSWORD else _NO_COST,
        salt=bytes(draw(SALT_LENGTH)),
        credential=credential,
    )


def lock(
    seed: Readable,
    slot: Slot,
    given: Given,
    *,
    kms: Macs,
    policy: SlotPolicy,
    draw: Draw = primitives.random_bytes,
) -> Slot:
    """Return the slot with the seed (of kind 5: the share) locked inside.

    Raises `Refused` when the policy does not allow the slot, when an input that its kind needs is
    missing, or when a new password is too short. The caller draws a new slot for each locking.
    """
    _check_policy(slot, policy)
    _check_new_password(slot.kind, given.password)
    if len(seed) != SEED_LENGTH:
        raise Refused("slot.seed")
    kek = _kek(slot, given, kms)
    try:
        sealed = envelope.seal(
            kek,
            _context(slot),
            seed,
            epoch=slot.kms_epoch,
            padding=envelope.Padding.NONE,
            draw=draw,
        )
    finally:
        primitives.wipe(kek)
    # A slot that could not be read back would be a seed lost.
    return parse(replace(slot, sealed=sealed).encode())


def unlock(
    slot: Slot, given: Given, *, kms: Macs, policy: SlotPolicy, card_of: CardOf
) -> bytearray:
    """Return the seed in a slot; that it opens is the sign-in. The caller wipes it.

    ``card_of`` says which card a seed gives; a seed that does not give the card named in the header
    was planted and is refused. An officer's share (kind 5) gives no card: whoever joins the shares
    compares the result with the pinned recovery card. Raises `Refused`, always the same way.
    """
    _check_policy(slot, policy)
    kek = _kek(slot, given, kms)
    try:
        seed = envelope.unseal(
            kek,
            _context(slot),
            slot.sealed,
            epoch=slot.kms_epoch,
            padding=envelope.Padding.NONE,
        )
    finally:
        primitives.wipe(kek)
    try:
        _check_seed(seed, slot, card_of)
    except BaseException:
        primitives.wipe(seed)
        raise
    return seed


def fake_slot(name: str, kind: SlotKind, *, kms: Macs, kms_epoch: int, policy: SlotPolicy) -> Slot:
    """Return the slot that an unknown name is answered with: always the same one for a name.

    It looks like a slot, costs the same work to try, and never opens. Call it before the name is
    looked up, whether it is needed or not, so that its own cost tells nothing either.
    """
    label = b"vaitiolo/1/fake-slot" + policy.org.bytes
    mac = kms.mac(names.KEY_NAME, label + names.normal(name))
    stream = memoryview(primitives.hkdf(mac, policy.org.bytes, label, length=384))
    holder, card = UUID(bytes=bytes(stream[:16]), version=4), bytes(stream[16:48])
    key = Credential(bytes(stream[48:80]), bytes(stream[80:157]), bytes(stream[157:189]))
    shape = new_slot(
        kind,
        Owner(policy.org, holder, card),
        kms_epoch=kms_epoch,
        policy=policy,
        credential=key if kind in _WITH_KEY else None,
        draw=_pieces(stream[189:221]),
    )
    sealed = head(SEALED) + kms_epoch.to_bytes(4, "big") + stream[221:337]
    return replace(shape, sealed=sealed)


def _parsed(stored: bytes) -> Slot:
    _magic, kind, org, holder, own_id, card, epoch, *costs, salt = _HEAD.unpack_from(stored)
    credential_id, rest = _take(stored[_HEAD.size :])
    cose, rest = _take(rest)
    key = Credential(credential_id, cose, rest[:PRF_LENGTH])
    slot = Slot(
        kind=SlotKind(kind),
        owner=Owner(UUID(bytes=org), UUID(bytes=holder), card),
        id=UUID(bytes=own_id),
        kms_epoch=epoch,
        cost=PasswordCost(*costs),
        salt=salt,
        credential=key if kind in _WITH_KEY else None,
        sealed=rest[PRF_LENGTH:],
    )
    _check_shape(slot)
    return slot


def _take(data: bytes) -> tuple[bytes, bytes]:
    (length,) = _LENGTH.unpack_from(data)
    return data[_LENGTH.size : _LENGTH.size + length], data[_LENGTH.size + length :]


def _check_shape(slot: Slot) -> None:
    key = slot.credential
    fits_key = (slot.kind in _WITH_KEY) == (key is not None)
    fits_cost = (slot.kind in _WITH_PASSWORD) != (slot.cost == _NO_COST)
    if not fits_key or not fits_cost or slot.kms_epoch == 0:
        raise ValueError
    if key is not None and not (
        1 <= len(key.id) <= _LONGEST_CREDENTIAL
        and 1 <= len(key.cose) <= _LONGEST_COSE
        and len(key.prf_salt) == PRF_LENGTH
    ):
        raise ValueError


def _check_policy(slot: Slot, policy: SlotPolicy) -> None:
    if slot.owner.org != policy.org:
        raise Refused("slot.org")
    if slot.kind not in policy.kinds:
        raise Refused("slot.kind")
    if slot.kind in _WITH_PASSWORD:
        is_strong = slot.cost.covers(LEAST_COST) and slot.cost.covers(policy.cost)
        if not is_strong or not MOST_COST.covers(slot.cost):
            raise Refused("slot.cost")


def _check_new_password(kind: SlotKind, text: str | None) -> None:
    if kind is SlotKind.PRINTED_CODE and not typed.is_code(typed.code(text)):
        raise Refused("slot.code")
    if kind in _SHORTEST and len(typed.password(text)) < _SHORTEST[kind]:
        raise Refused("slot.password")


def _check_seed(seed: bytearray, slot: Slot, card_of: CardOf) -> None:
    if slot.kind is not SlotKind.SHARE and not primitives.same(card_of(seed), slot.owner.card):
        raise Refused("slot.card")


def _kek(slot: Slot, given: Given, kms: Macs) -> bytearray:
    prf = _prf(slot.kind, given)
    first = _first(slot, given)
    owner = slot.owner
    place = b"vaitiolo/1/slot-mac" + owner.org.bytes + owner.holder.bytes + slot.id.bytes
    # Made at its full length, because a bytearray that grows leaves copies behind.
    joined = bytearray(len(first) + _MAC_LENGTH + len(prf))
    try:
        mac = kms.mac(f"slot-{slot.kms_epoch}", place + primitives.sha256(first))
        joined[: len(first)] = first
        joined[len(first) : len(first) + _MAC_LENGTH] = mac
        joined[len(first) + _MAC_LENGTH :] = prf
        return primitives.hkdf(joined, slot.salt, b"vaitiolo/1/slot-kek" + slot.header)
    finally:
        primitives.wipe(first, joined)


def _first(slot: Slot, given: Given) -> bytearray:
    if slot.kind is SlotKind.KEY:
        return bytearray()
    if slot.kind is SlotKind.MACHINE:
        return bytearray(_exact(given.secret))
    form = typed.code if slot.kind is SlotKind.PRINTED_CODE else typed.password
    text = bytearray(typed.encoded(form(given.password)))
    try:
        return primitives.argon2id(
            text,
            slot.salt,
            memory_kib=slot.cost.memory_kib,
            iterations=slot.cost.iterations,
            lanes=slot.cost.lanes,
        )
    finally:
        primitives.wipe(text)


def _prf(kind: SlotKind, given: Given) -> Readable:
    return _exact(given.prf) if kind in _WITH_KEY else b""


def _exact(value: Readable | None) -> Readable:
    # Zeros are what a broken authenticator or an empty buffer would give: no secret at all.
    if value is None or len(value) != PRF_LENGTH or not any(value):
        raise Refused("slot.given")
    return value


def _context(slot: Slot) -> bytes:
    return b"vaitiolo/1/slot" + slot.header


def _pieces(stream: memoryview) -> Draw:
    rest = bytearray(stream)

    def draw(length: int) -> bytearray:
        piece = rest[:length]
        del rest[:length]
        return piece

    return draw
