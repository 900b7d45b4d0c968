"""Answers the courier about witnesses and time-stamps, and officers about how the ledger stands."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys.octets import sha256
from vaitiolo.ledger import cosigning
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.cosigning import Stamped
from vaitiolo.ledger.verify import checkpoints, stamps
from vaitiolo.ledger.verify.cosignatures import fingerprint
from vaitiolo.ledger.verify.stamps import StampBroken
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server import alarms, witnesses
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

OFFICERS: Final = frozenset({Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR})
LONGEST_WAIT: Final = 20  # seconds; less than whoever asks waits for an answer
LONGEST_LINES: Final = 16_384
LONGEST_TOKEN: Final = 65_536
LONGEST_NAME: Final = 200


def wait(install: Installation, question: protocol.AwaitCheckpoint) -> protocol.CheckpointWanted:
    """Answer as soon as somebody waits for a witness, or when the time is over."""
    if not 0 <= question.seconds <= LONGEST_WAIT:
        raise No("question-broken", because="seconds")
    wanted = witnesses.await_wanted(install, question.seen, seconds=question.seconds)
    return protocol.CheckpointWanted(wanted, tuple(witnesses.pinned(install)))


def out(install: Installation, question: protocol.CheckpointFor) -> protocol.CheckpointOut:
    """Return what a witness is sent. One that has seen more than there is: a critical alert."""
    _check_pinned(install, question.witness)
    if question.old < 0:
        raise No("question-broken", because="old")
    body, stated = witnesses.body_for(install, question.old)
    if question.old > stated.size:
        _cry(install, "witness has seen more", witness=question.witness, size=question.old)
    return protocol.CheckpointOut(stated.size, body)


def take(install: Installation, question: protocol.BringCosignature) -> protocol.Done:
    """Keep a cosignature that verifies. Raises No(cosignature-broken)."""
    if len(question.lines) > LONGEST_LINES:
        raise No("cosignature-broken", because="length")
    witnesses.believe(install, question.witness, size=question.size, lines=question.lines)
    return protocol.Done()


def refused(install: Installation, question: protocol.WitnessRefuses) -> protocol.Done:
    """Record as a critical alert that a witness found the ledger inconsistent."""
    _check_pinned(install, question.witness)
    _cry(install, "witness refuses", witness=question.witness, size=question.size)
    return protocol.Done()


def alerts(install: Installation, question: protocol.AlertsForWitnesses) -> protocol.AlertsOut:
    """Return what witnesses are told of critical alerts and of what became of them."""
    bodies, upto = alarms.for_witnesses(install, after=question.after)
    return protocol.AlertsOut(tuple(bodies), upto)


def standing(install: Installation, question: protocol.AskStanding) -> protocol.LedgerStands:
    """Return how the ledger stands, for the daily page."""
    del question
    return _standing(install)


def shown(install: Installation, question: protocol.LedgerStanding) -> protocol.LedgerStands:
    """Return how the ledger stands, to an officer."""
    _officer(install, question.cookie)
    return _standing(install)


def acknowledge(install: Installation, question: protocol.AcknowledgeAlert) -> protocol.Done:
    """Record that an officer took note of an alert."""
    officer = _officer(install, question.cookie)
    alarms.acknowledge(install, question.index, by=officer)
    return protocol.Done()


def to_stamp(install: Installation, question: protocol.BeginStamp) -> protocol.ToStamp:
    """Return the hash of the newest published checkpoint, as it is kept."""
    del question
    note, stated = witnesses.offer(install)
    return protocol.ToStamp(stated.size, sha256(note.encode()))


def stamped(install: Installation, question: protocol.BringStamp) -> protocol.Done:
    """Keep a token and write its hash into the ledger. Raises No(token-broken).

    It must be of this very checkpoint and of now. Who signed it is for an auditor to verify.
    """
    note = cosigning.note_of(question.size)
    is_named = 0 < len(question.authority) <= LONGEST_NAME and question.authority.isascii()
    if note is None or not is_named or len(question.token) > LONGEST_TOKEN:
        raise No("token-broken", because="form")
    _check_stamp(question.token, note, now=install.clock() // witnesses.SECOND)
    stated = checkpoints.read(note, witnesses.log_key(install))
    digest = sha256(question.token)
    now = install.clock() // witnesses.SECOND
    of = Stamped(stated.size, now, question.authority)
    cosigning.keep_token(question.token, of, digest=digest)
    values: dict[str, str | int] = {
        "authority": question.authority,
        "root": stated.root.hex(),
        "size": stated.size,
        "token": digest.hex(),
    }
    install.recording.record_special(Act.ANCHOR, values)
    return protocol.Done()


def _check_stamp(token: bytes, note: str, *, now: int) -> None:
    try:
        stamp = stamps.read(token)
    except StampBroken:
        raise No("token-broken", because="form") from None
    if stamp.imprint != sha256(note.encode()):
        raise No("token-broken", because="of something else")
    if not now - witnesses.MOST_BEHIND <= stamp.at <= now + witnesses.MOST_AHEAD:
        raise No("token-broken", because="not of now")


def _standing(install: Installation) -> protocol.LedgerStands:
    _note, stated = witnesses.offer(install)
    origin = install.trust.ledger.origin
    seen = [parts.WitnessSeen(name, *cosigning.seen_by(name)) for name in witnesses.pinned(install)]
    anchor = cosigning.newest_token()
    return protocol.LedgerStands(
        origin=origin,
        size=stated.size,
        root=stated.root.hex(),
        fingerprint=fingerprint(origin, stated),
        witnessed=witnesses.size_seen(install),
        quorum=install.trust.ledger.quorum,
        witnesses=tuple(seen),
        anchored=anchor.time,
        anchored_size=anchor.size,
        authority=anchor.authority,
        alerts=tuple(
            parts.OpenAlert(one.index, one.since, one.rule) for one in alarms.open_alerts(install)
        ),
    )


def _cry(install: Installation, rule: str, *, witness: str, size: int) -> None:
    """Record an alert unless one of the same words is open already."""
    said = f"{rule}: {witness}"
    if said not in {alert.rule for alert in alarms.open_alerts(install)}:
        alarms.cry(install, said, {"size": size})


def _check_pinned(install: Installation, witness: str) -> None:
    if witness not in witnesses.pinned(install):
        raise No("not-allowed", because="unknown witness")


def _officer(install: Installation, cookie: bytes) -> UUID:
    person = sit(install, cookie).person
    if person.role not in OFFICERS:
        raise No("not-allowed", subject=person.id, because="ledger")
    return person.id


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.AwaitCheckpoint: wait,
    protocol.CheckpointFor: out,
    protocol.BringCosignature: take,
    protocol.WitnessRefuses: refused,
    protocol.AlertsForWitnesses: alerts,
    protocol.AskStanding: standing,
    protocol.LedgerStanding: shown,
    protocol.AcknowledgeAlert: acknowledge,
    protocol.BeginStamp: to_stamp,
    protocol.BringStamp: stamped,
}
