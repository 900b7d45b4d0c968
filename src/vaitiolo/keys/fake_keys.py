"""Security keys that nobody has, shown beside or instead of a name's own ones at the sign-in.

Always the same for a name, so that asking twice tells nothing. They open nothing and hold nothing.
"""

from typing import Final
from uuid import UUID

from vaitiolo.keys import names, primitives
from vaitiolo.keys.kms import Macs
from vaitiolo.keys.slots import PRF_LENGTH

_LABEL: Final = b"vaitiolo/1/fake-key"
# How long the ids of the makers' keys are.
_LENGTHS: Final = (16, 20, 32, 48, 64)


def fake_keys(name: str, count: int, *, kms: Macs, org: UUID) -> list[tuple[bytes, bytes]]:
    """Return ids and PRF salts of so many keys for a name, known or not; the work is the same."""
    return [_fake(name, number, kms=kms, org=org) for number in range(count)]


def _fake(name: str, number: int, *, kms: Macs, org: UUID) -> tuple[bytes, bytes]:
    mac = kms.mac(names.KEY_NAME, _LABEL + org.bytes + bytes([number]) + names.normal(name))
    stream = bytes(primitives.hkdf(mac, org.bytes, _LABEL, length=1 + PRF_LENGTH + max(_LENGTHS)))
    length = _LENGTHS[stream[0] % len(_LENGTHS)]
    return stream[1 + PRF_LENGTH :][:length], stream[1 : 1 + PRF_LENGTH]
