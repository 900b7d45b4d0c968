"""The three operations of a key management service, and who may ask it for which of them.

A provider computes with named keys and never hands one out. Nothing here logs, and no provider
has a fourth operation: whatever needs more than these three does not belong into the service.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused


class KmsAway(Exception):
    """The key service does not answer; nothing was done, and it may answer again in a moment.

    Not a `Refused`: that a service is away says nothing about what it was asked, so nobody is told
    of a wrong password and nothing counts as forged. The message is for the operator's log.
    """


class KmsMisset(Exception):
    """A key service cannot be used as it is set up. The message is for the operator, no secret."""


class Operation(StrEnum):
    """What a program may ask a provider for."""

    MAC = "mac"
    SEAL = "seal"
    OPEN = "open"


May = Mapping[str, frozenset[Operation]]

# Epochs are separate named keys, so that destroying one works alike with every provider.
_NAME = re.compile(r"(slot|hetu|audit|outbox|staff)-[1-9][0-9]{0,8}", re.ASCII)

# What each program needs. The web has no entry: it has no credential for the service at all.
WARDEN_MAY: May = {
    "slot": frozenset({Operation.MAC}),
    "hetu": frozenset({Operation.MAC}),
    "audit": frozenset({Operation.MAC}),
    "staff": frozenset(Operation),
    "outbox": frozenset({Operation.SEAL}),
}
WORKER_MAY: May = {"outbox": frozenset({Operation.OPEN})}


class Macs(Protocol):
    """The one operation that most of this room needs."""

    def mac(self, name: str, data: Readable) -> bytes:
        """Return 32 bytes that only the holder of the named key can compute."""
        ...


class Kms(Macs, Protocol):
    """A provider. Every refusal is `Refused`; a service that does not answer raises `KmsAway`."""

    def seal(self, name: str, aad: Readable, data: Readable) -> bytes:
        """Return a blob that opens only under the same name and the same additional bytes."""
        ...

    def open(self, name: str, aad: Readable, blob: Readable) -> bytearray:
        """Return what was sealed, or raise `Refused`."""
        ...


class Keeper(Protocol):
    """Who may make and end keys at the service: an operator at a console, never the warden."""

    def names(self) -> tuple[str, ...]:
        """List the names of the keys there are, sorted. Raises KmsAway, KmsMisset."""
        ...

    def create(self, name: str) -> None:
        """Draw a new key inside the service. Raises FileExistsError, KmsAway, KmsMisset."""
        ...

    def destroy(self, name: str) -> None:
        """End a key for ever. Raises KmsAway, KmsMisset."""
        ...


def family_of(name: str) -> str:
    """Return the family of a key's name (``slot`` of ``slot-3``); raise `Refused` for any other."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise Refused("kms.name")
    return found.group(1)


def demand(may: May, name: str, operation: Operation) -> None:
    """Return quietly when this program may do this with the named key, else raise `Refused`."""
    if operation not in may.get(family_of(name), frozenset()):
        raise Refused("kms.may")


def place(name: str, aad: Readable) -> bytes:
    """Return what a blob is bound to: the key's name and the caller's own bytes."""
    # A key's name has at most 16 letters, so one byte holds its length and nothing is ambiguous.
    return b"".join((b"vaitiolo/1/kms", bytes([len(name)]), name.encode("ascii"), bytes(aad)))
