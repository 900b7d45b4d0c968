"""Rotations (ROTATION, type 0x08): a compartment's next key, signed by a holder of the last one.

Checked in full when its leaf is written; afterwards the leaf stands for the check, and the old
grants may be gone.
"""

import struct
from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.keys import grants, primitives
from vaitiolo.keys.cards import TrustedCard
from vaitiolo.keys.fields import ROTATION, Fields, head
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.signatures import Signer

LENGTH = 216

_FRONT = struct.Struct(">4sI16s32s32s32s32s")


@dataclass(frozen=True, slots=True)
class Rotation:
    """A rotation as it was read or made. It has not been verified yet."""

    epoch: int
    compartment: UUID
    rotator: bytes
    old_grant: bytes
    old_commit: bytes
    dk_commit: bytes
    signature: bytes = field(default=b"", repr=False)

    @property
    def id(self) -> bytes:
        """Return the hash that the first grants of the new epoch name as their parent."""
        return primitives.sha256(b"vaitiolo/1/rotation-id", self.encode())

    def front(self) -> bytes:
        """Return the 152 bytes before the signature."""
        return _FRONT.pack(
            head(ROTATION),
            self.epoch,
            self.compartment.bytes,
            self.rotator,
            self.old_grant,
            self.old_commit,
            self.dk_commit,
        )

    def encode(self) -> bytes:
        """Return the 216 bytes of ROTATION."""
        return self.front() + self.signature


def parse(raw: Readable) -> Rotation:
    """Read a rotation of exactly 216 bytes, or raise `Refused`. It is not verified here."""
    fields = Fields(raw, ROTATION)
    rotation = Rotation(
        epoch=fields.number(4),
        compartment=fields.id(),
        rotator=fields.take(32),
        old_grant=fields.take(32),
        old_commit=fields.take(32),
        dk_commit=fields.take(32),
        signature=fields.take(primitives.ED25519_SIGNATURE_LENGTH),
    )
    fields.end()
    return rotation


def make(new_dk: Readable, old: Grant, *, org: UUID, rotator: bytes, keys: Signer) -> Rotation:
    """Return the signed step from a grant's key to a new one, in the next epoch.

    ``rotator`` is the card id of the signer, who holds the old grant. Ed25519 (RFC 8032).
    """
    step = Rotation(
        epoch=old.epoch + 1,
        compartment=old.compartment,
        rotator=rotator,
        old_grant=old.id,
        old_commit=old.dk_commit,
        dk_commit=grants.commitment(new_dk),
    )
    return parse(step.front() + keys.sign(_statement(step, org=org)))


def check_signature(rotation: Rotation, *, org: UUID, rotator: TrustedCard) -> None:
    """Return quietly when the named rotator signed it, else raise `Refused`."""
    if rotation.rotator != rotator.id:
        raise Refused("rotation.rotator")
    statement = _statement(rotation, org=org)
    primitives.ed25519_verify(rotator.ed25519, statement, rotation.signature)


def verify(
    rotation: Rotation,
    old: Grant,
    *,
    org: UUID,
    rotator: TrustedCard,
    owned: frozenset[bytes],
) -> None:
    """Return quietly when a rotation continues a grant, else raise `Refused`.

    ``old`` was verified with its chain; ``owned`` is the rotator's card and those it renews.
    """
    check_signature(rotation, org=org, rotator=rotator)
    if old.recipient not in owned:
        raise Refused("rotation.holder")
    continued = (old.id, old.compartment, old.epoch + 1, old.dk_commit)
    said = (rotation.old_grant, rotation.compartment, rotation.epoch, rotation.old_commit)
    if said != continued or rotation.dk_commit == old.dk_commit:
        raise Refused("rotation.step")


def _statement(rotation: Rotation, *, org: UUID) -> bytes:
    return b"vaitiolo/1/rotation" + org.bytes + rotation.front()
