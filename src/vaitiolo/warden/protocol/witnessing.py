"""Messages about the ledger's witnesses: what goes out to them, what comes back, how it stands.

The worker's courier carries both ways. Nothing it brings is believed before it was verified.
"""

from dataclasses import dataclass, field

from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.parts import OpenAlert, WitnessSeen
from vaitiolo.warden.protocol.saying import Message, Question

_COURIER = frozenset({Caller.WORKER})


@dataclass(frozen=True, slots=True)
class AwaitCheckpoint(Question):
    """Wait until somebody needs a cosignature beyond a size, or for some seconds at most."""

    callers = _COURIER
    seen: int
    seconds: int


@dataclass(frozen=True, slots=True)
class CheckpointWanted(Message):
    """Whether somebody waits, and which witnesses the signed policy names."""

    is_wanted: bool
    witnesses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckpointFor(Question):
    """The newest checkpoint for a witness that has seen the log up to a size."""

    callers = _COURIER
    witness: str
    old: int


@dataclass(frozen=True, slots=True)
class CheckpointOut(Message):
    """What a witness is sent: the body of its `add-checkpoint`, and the size that it states."""

    size: int
    body: str


@dataclass(frozen=True, slots=True)
class BringCosignature(Question):
    """What a witness answered for the checkpoint of a size: signature lines."""

    callers = _COURIER
    witness: str
    size: int
    lines: str


@dataclass(frozen=True, slots=True)
class WitnessRefuses(Question):
    """A witness refused a checkpoint as inconsistent with what it had seen."""

    callers = _COURIER
    witness: str
    status: int
    size: int


@dataclass(frozen=True, slots=True)
class AlertsForWitnesses(Question):
    """The critical alerts that are open, and those that were acknowledged, with their proofs."""

    callers = _COURIER
    after: int


@dataclass(frozen=True, slots=True)
class AlertsOut(Message):
    """Bodies of `alert`, in the order of the ledger, and the index of the last one."""

    bodies: tuple[str, ...]
    upto: int


@dataclass(frozen=True, slots=True)
class AskStanding(Question):
    """How the ledger stands, for the daily page: the worker's, without a cookie."""

    callers = _COURIER


@dataclass(frozen=True, slots=True)
class LedgerStanding(Question):
    """How the ledger stands, for a privacy officer, a manager or a registrar."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LedgerStands(Message):
    """Size, root, fingerprint, how far each witness has followed, the newest anchor, alerts.

    Times are in seconds since 1970, 0 for never. `witnessed` is the size that a quorum has seen.
    """

    origin: str
    size: int
    root: str
    fingerprint: str
    witnessed: int
    quorum: int
    witnesses: tuple[WitnessSeen, ...]
    anchored: int
    anchored_size: int
    authority: str
    alerts: tuple[OpenAlert, ...]


@dataclass(frozen=True, slots=True)
class AcknowledgeAlert(Question):
    """An officer has taken note of a critical alert."""

    cookie: bytes = field(repr=False)
    index: int


@dataclass(frozen=True, slots=True)
class BeginStamp(Question):
    """What a time-stamp authority is to stamp: the SHA-256 of the newest checkpoint."""

    callers = _COURIER


@dataclass(frozen=True, slots=True)
class ToStamp(Message):
    """The size of a checkpoint, and the SHA-256 of its note."""

    size: int
    imprint: bytes


@dataclass(frozen=True, slots=True)
class BringStamp(Question):
    """An RFC 3161 token over the checkpoint of a size."""

    callers = _COURIER
    size: int
    authority: str
    token: bytes = field(repr=False)
