"""How the ledger is watched from outside, as the warden tells it: standing, witnesses, alerts.

Opens no record. The courier asks without a cookie, over the worker's own socket.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.people import sign_in as door
from vaitiolo.people.actor import Actor
from vaitiolo.warden import client
from vaitiolo.warden.client import erasing, reporting, witnessing
from vaitiolo.warden.client.erasing import ErasureAsked, ErasureDone, ErasuresListed, Substance
from vaitiolo.warden.client.refusals import (
    CosignatureBroken,
    NoCheckpoint,
    NoErasure,
    NoTouch,
    NoWitness,
    TokenBroken,
)
from vaitiolo.warden.client.reporting import BundleFile, ReportDecision, ReportLine
from vaitiolo.warden.client.witnessing import (
    alerts_for_witnesses,
    await_checkpoint,
    begin_stamp,
    bring_cosignature,
    bring_stamp,
    checkpoint_for,
    tell_refusal,
)
from vaitiolo.warden.transport import Transport

LedgerSilent = client.LedgerSilent
WardenSilent = client.WardenSilent
NotAllowed = client.NotAllowed
# Beyond every number of a chain, and within what JSON counts exactly.
_BEHIND_ALL: Final = 1 << 50

__all__ = [
    "BundleFile",
    "CosignatureBroken",
    "ErasureAsked",
    "ErasureDone",
    "ErasuresListed",
    "LedgerSilent",
    "NoCheckpoint",
    "NoErasure",
    "NoTouch",
    "NoWitness",
    "NobodyToErase",
    "NotAllowed",
    "PatientUnknown",
    "ReportDecision",
    "ReportLine",
    "Substance",
    "TakenAway",
    "TokenBroken",
    "Told",
    "WardenSilent",
    "acknowledge",
    "alerts_for_witnesses",
    "ask_standing",
    "await_checkpoint",
    "begin_stamp",
    "bring_cosignature",
    "bring_stamp",
    "checkpoint_for",
    "decide_report",
    "read_bundle",
    "read_decisions",
    "read_report",
    "read_standing",
    "tell_refusal",
]


class PatientUnknown(Refusal):
    """Nobody here has this number."""

    status = HTTPStatus.NOT_FOUND
    message = _(
        "No patient has this number. The attempt was recorded. Copy the number from the "
        "patient's page."
    )


class NobodyToErase(Refusal):
    """Nobody here who could be erased has this number, or not any more."""

    status = HTTPStatus.NOT_FOUND
    message = _(
        "No patient, and nobody who has left the house, has this number. Nothing was changed. "
        "Copy the number from the patient's page."
    )


@dataclass(frozen=True, slots=True)
class Witnessed:
    """One witness: how far it has followed, and when it last said so; none for never."""

    name: str
    size: int
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Alert:
    """A critical alert that nobody has taken note of."""

    index: int
    since: datetime | None
    rule: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How the ledger stands."""

    origin: str
    size: int
    root: str
    fingerprint: str
    witnessed: int
    quorum: int
    witnesses: tuple[Witnessed, ...]
    anchored_at: datetime | None
    anchored_size: int
    authority: str
    alerts: tuple[Alert, ...]

    @property
    def seen_at(self) -> datetime | None:
        """When a witness last cosigned; none for never."""
        return max((one.seen_at for one in self.witnesses if one.seen_at), default=None)

    @property
    def unwitnessed(self) -> int:
        """How many entries a quorum has not seen yet."""
        return max(0, self.size - self.witnessed)


def read_standing(actor: Actor) -> Standing:
    """Return how the ledger stands, for an officer. Raises NotAllowed, NoCheckpoint."""
    return _standing(witnessing.ledger_standing(actor.session))


def ask_standing(transport: Transport) -> Standing:
    """Return how the ledger stands, for the daily page. Raises NoCheckpoint."""
    return _standing(witnessing.ask_standing(transport))


@dataclass(frozen=True, slots=True)
class Told:
    """A report as the warden tells it: lines, how many older ones were left out, and decisions.

    ``withheld`` are the numbers that the decision in force leaves out of whatever is given away.
    """

    lines: tuple[ReportLine, ...]
    earlier: int
    decisions: tuple[ReportDecision, ...] = ()
    withheld: tuple[int, ...] = ()
    house: str = ""
    made: int = 0


@dataclass(frozen=True, slots=True)
class TakenAway:
    """A report with what proves it: the files of a bundle, and what they say of it all."""

    told: Told
    files: tuple[BundleFile, ...]
    first: int
    last: int
    size: int

    @property
    def witnesses(self) -> int:
        """How many witnesses' lines stand under the log's own."""
        notes = (one.content for one in self.files if one.name == "checkpoint")
        return next(notes).partition(b"\n\n")[2].count(b"\n") - 1


def read_report(actor: Actor, patient: UUID, *, reason: str, older: str, is_file: bool) -> Told:
    """Return a patient's report; for a file without what a decision withholds.

    Each page is recorded before it is given. Raises NotAllowed, PatientUnknown, ReportIncomplete,
    and for a file ReportRefused.
    """
    lines: list[ReportLine] = []
    after = 0
    while True:
        try:
            told = reporting.ask_report(
                actor.session,
                patient,
                reason=reason,
                older=older,
                after=after,
                is_file=is_file,
            )
        except client.NotGranted:
            raise PatientUnknown from None
        lines += told.lines
        after = told.after
        if not told.is_more:
            return Told(tuple(lines), told.earlier, told.decisions, told.withheld, made=told.made)


def read_decisions(actor: Actor, patient: UUID, *, reason: str) -> Told:
    """Return what was decided on requests for a patient's report, without a line of it.

    Recorded as a report is. Raises NotAllowed, PatientUnknown, ReportIncomplete.
    """
    try:
        told = reporting.ask_report(
            actor.session, patient, reason=reason, older="", after=_BEHIND_ALL, is_file=False
        )
    except client.NotGranted:
        raise PatientUnknown from None
    return Told((), told.earlier, told.decisions, told.withheld, told.house, told.made)


def decide_report(actor: Actor, patient: UUID, decision: ReportDecision) -> ReportDecision:
    """Decide on a request for a report. Raises NotAllowed, PatientUnknown."""
    try:
        return reporting.decide_report(actor.session, patient, decision)
    except client.NotGranted:
        raise PatientUnknown from None


def read_bundle(actor: Actor, patient: UUID, *, reason: str, older: str) -> TakenAway:
    """Return a patient's report with what proves it, once witnesses have confirmed that it is made.

    Raises NotAllowed, PatientUnknown, ReportIncomplete, ReportRefused, NoWitness.
    """
    try:
        begun = reporting.ask_bundle(actor.session, patient, reason=reason, older=older)
    except client.NotGranted:
        raise PatientUnknown from None
    files, lines = list(begun.files), list[ReportLine]()
    after, is_more = 0, True
    while is_more:
        part = reporting.ask_bundle_part(actor.session, patient, begun, after=after)
        files += part.files
        lines += part.lines
        after, is_more = part.after, part.is_more
    told = Told(tuple(lines), begun.first - 1, withheld=begun.withheld, made=begun.made)
    return TakenAway(told, tuple(files), begun.first, begun.last, begun.size)


def look_at_erasure(actor: Actor, subject: UUID) -> Substance:
    """Return what erasing somebody would take. Raises NotAllowed, NobodyToErase."""
    try:
        return erasing.look_at_erasure(actor.session, subject)
    except client.NotGranted:
        raise NobodyToErase from None


def asking_request(subject: UUID, basis: str, reason: str) -> str:
    """Return what the touch for asking is over, as a form carries it."""
    return door.as_text(erasing.over_asking(subject, basis, reason))


def approving_request(asked: ErasureAsked) -> str:
    """Return what the touch for approving is over, as a form carries it: that one asking."""
    return door.as_text(erasing.over_approving(asked.subject, asked.basis, asked.request))


def ask_erasure(actor: Actor, subject: UUID, *, basis: str, reason: str, assertion: bytes) -> None:
    """Ask for somebody's erasure. Raises NotAllowed, NobodyToErase, NoTouch, ErasureWaits."""
    try:
        erasing.ask_erasure(actor.session, subject, basis=basis, reason=reason, assertion=assertion)
    except client.NotGranted:
        raise NobodyToErase from None


def approve_erasure(actor: Actor, asked: ErasureAsked, *, assertion: bytes) -> int:
    """Erase what another asked for; return how many details are gone.

    Raises NotAllowed, NoErasure, NoTouch, NoWitness; then nothing is erased.
    """
    made = erasing.approve_erasure(actor.session, asked.subject, asked.request, assertion=assertion)
    return made.details


def end_erasure(actor: Actor, asked: ErasureAsked, *, reason: str) -> None:
    """Take one's own asking back, or decline another's. Raises NotAllowed, NoErasure."""
    erasing.end_erasure(actor.session, asked.subject, asked.request, reason=reason)


def list_erasures(actor: Actor) -> ErasuresListed:
    """Return what waits and what was done. Raises NotAllowed."""
    return erasing.list_erasures(actor.session)


def acknowledge(actor: Actor, index: int) -> None:
    """Take note of a critical alert; recorded, and told to the witnesses."""
    witnessing.acknowledge_alert(actor.session, index)


def _standing(told: witnessing.LedgerStands) -> Standing:
    return Standing(
        origin=told.origin,
        size=told.size,
        root=told.root,
        fingerprint=told.fingerprint,
        witnessed=told.witnessed,
        quorum=told.quorum,
        witnesses=tuple(Witnessed(w.name, w.size, _moment(w.time)) for w in told.witnesses),
        anchored_at=_moment(told.anchored),
        anchored_size=told.anchored_size,
        authority=told.authority,
        alerts=tuple(Alert(a.index, _moment(a.since), a.rule) for a in told.alerts),
    )


def _moment(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
