"""Messages about turning keys, and about taking a colleague's access away."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import Sealed, Turning
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class Withdraw(Question):
    """Take a colleague's access to compartments away, at once; their keys are turned.

    ``keep`` is a day: what ends on it or before stays, and ends by itself.
    """

    cookie: bytes = field(repr=False)
    compartments: tuple[UUID, ...]
    person: UUID
    keep: int | None = None


@dataclass(frozen=True, slots=True)
class DueRotations(Question):
    """Ask which compartments the asker could turn the key of."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Due(Message):
    """Some of them, those that are being turned first, and how many there are."""

    rotations: tuple[Turning, ...]
    total: int


@dataclass(frozen=True, slots=True)
class BeginRotation(Question):
    """Make the next key of a compartment for which one was asked, for those who remain."""

    cookie: bytes = field(repr=False)
    compartment: UUID


@dataclass(frozen=True, slots=True)
class RotationBegun(Message):
    """The epoch that documents are sealed at from now on."""

    epoch: int


@dataclass(frozen=True, slots=True)
class RotateDocuments(Question):
    """Seal documents of a compartment anew, as they are; authors and signatures stay."""

    cookie: bytes = field(repr=False)
    compartment: UUID
    documents: tuple[Sealed, ...]


@dataclass(frozen=True, slots=True)
class CommitRotation(Question):
    """Every document is sealed anew: forget the grants of the key before."""

    cookie: bytes = field(repr=False)
    compartment: UUID
