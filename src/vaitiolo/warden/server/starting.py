"""Starting the warden: the signed policy, the KMS, the log key, a ledger that can be written."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from vaitiolo.keys import signatures, trust
from vaitiolo.keys.kms import WARDEN_MAY, KmsAway, KmsMisset, choosing
from vaitiolo.keys.kms.epochs import FILE_NAME, Epochs
from vaitiolo.keys.octets import wipe
from vaitiolo.keys.trust import Trust
from vaitiolo.keys.trust_form import TrustRefused
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.publishing import CHECKPOINT, Folders, Publisher
from vaitiolo.ledger.recorder import LedgerSilent, Recorder
from vaitiolo.ledger.verify.checkpoints import CheckpointBroken, LogKey
from vaitiolo.ledger.verify.tree import HistoryRewritten
from vaitiolo.warden.server import witnesses
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.pulse import beating
from vaitiolo.warden.server.recording import NOBODY, SYSTEM, Deed

LOG_KEY: Final = "log-key"
# Hash tiles and checkpoint, which anybody may have; entries, which auditors see on site.
PUBLIC: Final = "ledger"
INSIDE: Final = "ledger-entries"

log = logging.getLogger(__name__)


class CannotStart(Exception):
    """The warden does not start; the message is for the operator and holds no secret."""


@contextmanager
def started(home: Path, clock: Callable[[], int]) -> Iterator[Installation]:
    """Run a warden's installation until the block ends.

    Raises CannotStart when the policy, the KMS or the ledger is not as it must be.
    """
    try:
        policy = trust.load(home)
        with running(home, policy, clock) as install:
            yield install
            note_stop(install)
    except (TrustRefused, KmsMisset, CheckpointBroken, LedgerSilent) as refused:
        raise CannotStart(str(refused)) from refused


@contextmanager
def running(home: Path, policy: Trust, clock: Callable[[], int]) -> Iterator[Installation]:
    """Run an installation under a policy that was just loaded; its start is the first entry.

    It runs while the key service is away too: the first entry waits, and everything that needs a
    key is refused until the service answers.
    """
    kms = choosing.choose(
        home, demo=policy.demo, may=WARDEN_MAY, environ=os.environ, say=log.warning
    )
    epochs = Epochs(home / "warden" / FILE_NAME, log.critical)
    publisher = make_publisher(home, policy)
    recorder = make_recorder(home, policy, clock, publish=publisher)
    catch_up(publisher)
    recorder.start(read_checkpoint(home))
    try:
        install = Installation(policy, kms, recorder, clock, epochs, home)
        install.waiting.folders = Folders(home / PUBLIC, home / INSIDE)
        publish_policy(install)
        note_start(install)
        with publisher.following(), beating(install.recording, heads=install.heads):
            yield install
            install.marking.close()
    finally:
        recorder.stop()


def note_start(install: Installation) -> None:
    """Record the start, with the fingerprint of the policy that was loaded."""
    detail = {"trust": install.trust.fingerprint.hex()}
    install.recording.begin_with(Deed(Act.STARTED, SYSTEM, NOBODY, detail))
    try:
        install.recording.record([])
    except KmsAway:
        log.critical(
            "The warden runs, and the key service does not answer: nobody can sign in and nothing "
            "can be opened until it does. Nothing is lost, and nobody has to start anything again."
        )


def note_stop(install: Installation) -> None:
    """Record the end; without the key service that cannot be done, and the log says so."""
    try:
        install.recording.record([Deed(Act.STOPPED, SYSTEM, NOBODY)])
    except KmsAway:
        log.critical("The warden stops without an entry: the key service does not answer.")


def make_publisher(home: Path, policy: Trust) -> Publisher:
    """Return what publishes this installation's log: for anybody, and for auditors on site."""
    key = LogKey(policy.ledger.origin, policy.ledger.ed25519)
    return Publisher(Folders(home / PUBLIC, home / INSIDE), key)


def catch_up(publisher: Publisher) -> None:
    """Publish what a long log has and its files have not, before it is needed under the lock.

    What cannot be published now is tried again with the next checkpoint.
    """
    note = queries.newest_checkpoint()
    if not note:
        return
    try:
        publisher.catch_up(note)
    except HistoryRewritten:
        log.critical("The ledger is not the one that was published; its files were left alone.")
    except OSError as problem:
        log.critical("The ledger's files could not be written: %s", problem.strerror)


def publish_policy(install: Installation) -> None:
    """Publish the keys that the log is checked with, also where no witness has spoken yet."""
    try:
        witnesses.publish_policy(install)
    except OSError as problem:
        log.critical("The ledger's policy could not be written: %s", problem.strerror)


def make_recorder(
    home: Path, policy: Trust, clock: Callable[[], int], *, publish: Callable[[str], None]
) -> Recorder:
    """Return the ledger's recorder, which signs with the log key of this installation."""
    seed = bytearray((home / "warden" / LOG_KEY).read_bytes())
    return Recorder(
        origin=policy.ledger.origin,
        public=policy.ledger.ed25519,
        sign=lambda message: signatures.sign(seed, message),
        clock=clock,
        on_checkpoint=publish,
    )


def make_log_key(home: Path) -> bytes:
    """Draw the key that signs checkpoints, for the warden's user alone; return its public half."""
    folder = home / "warden"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    seed = signatures.new_seed()
    try:
        with open(  # noqa: PTH123 - the mode must be right from the first moment
            os.open(folder / LOG_KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        ) as file:
            file.write(seed)
        return signatures.public_of(seed)
    finally:
        wipe(seed)


def read_checkpoint(home: Path) -> str:
    """Return the newest published checkpoint, empty before the first."""
    path = home / PUBLIC / CHECKPOINT
    return path.read_text(encoding="utf-8") if path.exists() else ""
