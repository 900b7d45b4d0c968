"""The ledger's witnesses as the warden sees them: what is offered, what is believed, who waits.

The pinned policy says who they are. A courier that is not trusted carries: it can delay, and
nothing else. This file opens no record and holds no key.
"""

import time
from typing import Final
from uuid import UUID

from vaitiolo.ledger import cosigning
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.cosigning import Seen
from vaitiolo.ledger.publishing import CHECKPOINT
from vaitiolo.ledger.verify import checkpoints, cosignatures
from vaitiolo.ledger.verify.checkpoints import Checkpoint, CheckpointBroken, LogKey
from vaitiolo.ledger.verify.cosignatures import CosignerKey
from vaitiolo.ledger.verify.proofs import Growth
from vaitiolo.ledger.verify.tiles import Tiles, TilesBroken
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.waiting import Waiting

SECOND: Final = 1_000_000  # microseconds
# Witnesses are offered the same checkpoint for so long, so that several sign one.
OFFERED_FOR: Final = 2 * SECOND
# A cosignature's time may lie so far from this machine's, in seconds.
MOST_AHEAD: Final = 300
MOST_BEHIND: Final = 600
# How often who waits looks for what another warden's courier may have brought.
LOOK_AGAIN: Final = 0.5

WITNESSED: Final = "witnessed"
POLICY: Final = "policy"


def log_key(install: Installation) -> LogKey:
    """Return the log's key as the policy pins it."""
    return LogKey(install.trust.ledger.origin, install.trust.ledger.ed25519)


def pinned(install: Installation) -> dict[str, CosignerKey]:
    """Return the keys of the witnesses that the policy names."""
    return {one.name: CosignerKey(one.name, one.ed25519) for one in install.trust.witnesses}


def size_seen(install: Installation) -> int:
    """Return up to which size a quorum of the pinned witnesses has followed the log."""
    return cosigning.size_seen(tuple(pinned(install)), install.trust.ledger.quorum)


def demand(install: Installation, index: int, *, subject: UUID, named: str = "") -> None:
    """Return when a quorum has cosigned a checkpoint that covers an entry.

    With a witness ``named``, when that one has. Returns at once where the policy asks for no
    witness. Raises No(no-witness) when they do not answer in time: the entry stands, and whoever
    called has released nothing yet.
    """
    if not named and not install.trust.ledger.quorum:
        return
    install.recorder.checkpoint_now()
    waiting, until = install.waiting, time.monotonic() + install.waiting.patience
    with waiting.moved:
        waiting.wanted = max(waiting.wanted, index + 1)
        waiting.moved.notify_all()
        while _size_seen_by(install, named) <= index:
            left = until - time.monotonic()
            if left <= 0:
                raise No("no-witness", subject=subject, because=f"entry {index}")
            waiting.moved.wait(min(left, LOOK_AGAIN))


def signed_beyond(install: Installation, index: int, *, subject: UUID) -> tuple[str, str]:
    """Return a checkpoint that covers an entry and under which a quorum's lines stand, and those.

    Waits as `demand` does, and raises the same. Where the policy asks for nobody: the newest one.
    """
    demand(install, index, subject=subject)
    quorum, names = install.trust.ledger.quorum, tuple(pinned(install))
    if not quorum:
        note = install.recorder.checkpoint_now()
        size = checkpoints.read(note, log_key(install)).size
        return note, _lines(install, size)
    size = _await_signed(install, names, index=index, subject=subject)
    return cosigning.note_of(size) or "", _lines(install, size)


def _await_signed(
    install: Installation, names: tuple[str, ...], *, index: int, subject: UUID
) -> int:
    waiting, until = install.waiting, time.monotonic() + install.waiting.patience
    quorum = install.trust.ledger.quorum
    with waiting.moved:
        # They may have signed different sizes; the next round of the courier brings them together.
        while True:
            size = cosigning.size_signed(names, quorum, since=index + 1)
            left = until - time.monotonic()
            if size is not None:
                return size
            if left <= 0:
                raise No("no-witness", subject=subject, because=f"entry {index}")
            waiting.moved.wait(min(left, LOOK_AGAIN))


def _lines(install: Installation, size: int) -> str:
    found, names = cosigning.lines_of(size), tuple(pinned(install))
    return "".join(found[name] for name in names if name in found)


def policy_text(install: Installation) -> str:
    """Return the log's and witnesses' keys and the quorum, as a C2SP tlog-policy."""
    keys = tuple(pinned(install).values())
    return cosignatures.policy_of(log_key(install), keys, install.trust.ledger.quorum)


def publish_policy(install: Installation) -> None:
    """Put the policy out beside the log, where the log is published. Raises OSError."""
    if install.waiting.folders is not None:
        install.waiting.folders.write(POLICY, policy_text(install).encode())


def _size_seen_by(install: Installation, named: str) -> int:
    return cosigning.size_seen((named,), 1) if named else size_seen(install)


def announce(install: Installation, what: str, *, actor: UUID, subject: UUID) -> None:
    """Where the policy names a quorum, write down what is about to be done and have it witnessed.

    For deeds whose own entry has an effect by itself, so that it must not stand when the witnesses
    are silent. Raises No(no-witness).
    """
    if not install.trust.ledger.quorum:
        return
    deed = Deed(Act.OFFICER_ACT, subject, actor, {"before": what})
    [index] = install.recording.record([deed])
    demand(install, index, subject=subject)


def await_wanted(install: Installation, seen: int, *, seconds: int) -> bool:
    """Wait until somebody needs more than a witness has seen; say whether somebody does."""
    waiting, until = install.waiting, time.monotonic() + seconds
    with waiting.moved:
        while waiting.wanted <= seen and (left := until - time.monotonic()) > 0:
            waiting.moved.wait(left)
        return waiting.wanted > seen


def offer(install: Installation, *, least: int = 0) -> tuple[str, Checkpoint]:
    """Return the published checkpoint that witnesses are offered now.

    Who knows that there is a larger one is not offered what is seconds old. Raises
    No(no-checkpoint) before the first one.
    """
    waiting, key = install.waiting, log_key(install)
    with waiting.door:
        stated = checkpoints.read(waiting.offered, key) if waiting.offered else Checkpoint(-1, b"")
        is_old = not 0 <= install.clock() - waiting.offered_at < OFFERED_FOR
        if is_old or max(waiting.wanted, least) > stated.size:
            waiting.offered, waiting.offered_at = _published(waiting), install.clock()
            stated = checkpoints.read(waiting.offered, key)
        return waiting.offered, stated


def body_for(install: Installation, old: int) -> tuple[str, Checkpoint]:
    """Return what a witness is sent that has seen the log up to a size.

    A witness that says it has seen more than there is gets the checkpoint without a proof: it will
    refuse it, and cry out, as it should.
    """
    note, stated = offer(install, least=old)
    path = []
    if 0 < old < stated.size:
        try:
            path = tiles_of(install, stated.size).growth(old)
        except TilesBroken:
            raise No("no-checkpoint", because="tiles") from None
    return Growth(old, path, note).write(), stated


def tiles_of(install: Installation, size: int) -> Tiles:
    """Return the published tree of a size."""
    folders = install.waiting.folders
    if folders is None:
        raise No("no-checkpoint", because="not published")
    return Tiles(folders.read, size)


def believe(install: Installation, witness: str, *, size: int, lines: str) -> None:
    """Verify what a witness is said to have answered, keep it, and wake whoever waits for it.

    Raises No(cosignature-broken) for a bad signature, another checkpoint, a time that is not now,
    or one before the last of this witness.
    """
    key, note = pinned(install).get(witness), cosigning.note_of(size)
    if key is None or note is None:
        raise No("cosignature-broken", because="unknown witness" if key is None else "size")
    stated = checkpoints.read(note, log_key(install))
    try:
        found = cosignatures.find(lines, key, origin=install.trust.ledger.origin, stated=stated)
    except CheckpointBroken:
        raise No("cosignature-broken", because="signature") from None
    if found is None:
        raise No("cosignature-broken", because="no line of this witness")
    at, line = found
    _check_time(install, witness, at=at)
    cosigning.keep(witness, line=line, seen=Seen(size, at))
    _publish(install, note, stated)
    with install.waiting.moved:
        install.waiting.moved.notify_all()


def _check_time(install: Installation, witness: str, *, at: int) -> None:
    now = install.clock() // SECOND
    if not now - MOST_BEHIND <= at <= now + MOST_AHEAD:
        raise No("cosignature-broken", because="not of now")
    if at < cosigning.seen_by(witness).time:
        raise No("cosignature-broken", because="before its last one")


def _publish(install: Installation, note: str, stated: Checkpoint) -> None:
    """Put the checkpoint out with its cosignatures once enough stand under it; never an older."""
    keys, waiting = pinned(install), install.waiting
    found = {name: line for name, line in cosigning.lines_of(stated.size).items() if name in keys}
    if waiting.folders is None or len(found) < max(1, install.trust.ledger.quorum):
        return
    with waiting.door:
        standing = waiting.folders.read(WITNESSED)
        if standing and checkpoints.read(standing.decode(), log_key(install)).size > stated.size:
            return
        publish_policy(install)
        waiting.folders.write(WITNESSED, (note + "".join(found.values())).encode())


def _published(waiting: Waiting) -> str:
    note = waiting.folders.read(CHECKPOINT) if waiting.folders else None
    if not note:
        raise No("no-checkpoint", because="none yet")
    return note.decode()
