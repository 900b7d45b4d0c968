"""A warden's ledger in a process of its own, to be killed in the middle of its work.

Reads the vault's address and a folder to publish into as JSON from its first line of input, and
says each number of an entry with its commitment as soon as `record` has returned. With `commits` it
kills itself when so many batches are on the disk, before anybody who waits hears of the last.
"""

import itertools
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import django
from django.conf import settings

told = json.loads(sys.stdin.readline())
home = Path(told["home"])
settings.configure(
    DATABASES={"default": {}, "vault": told["vault"]},
    DATABASE_ROUTERS=["vaitiolo.config.vault.VaultRouter"],
    INSTALLED_APPS=["vaitiolo.ledger"],
    USE_TZ=True,
)
django.setup()

from tests.ledger.logs import KEY, ORIGIN, PUBLIC, pending, sign  # noqa: E402 - Django comes first
from vaitiolo.ledger.publishing import Folders, Publisher  # noqa: E402 - Django comes first
from vaitiolo.ledger.recorder import Recorder  # noqa: E402 - Django comes first
from vaitiolo.ledger.sequencing import End, Numbered  # noqa: E402 - Django comes first

batches = itertools.count(1)


def advance(end: End, numbered: Numbered) -> None:
    if next(batches) == told.get("commits"):
        os.kill(os.getpid(), signal.SIGKILL)
    advanced(end, numbered)


advanced, End.advance = End.advance, advance
recorder = Recorder(
    origin=ORIGIN,
    public=PUBLIC,
    sign=sign,
    clock=lambda: time.time_ns() // 1000,
    on_checkpoint=Publisher(Folders(home / "ledger", home / "ledger-entries"), KEY),
)
voice = threading.Lock()


def write() -> None:
    while True:
        handed = [pending(bytes([number]) * 16) for number in (1, 2, 3)]
        indexes = recorder.record(handed)
        with voice:
            for index, entry in zip(indexes, handed, strict=True):
                sys.stdout.write(f"{index} {entry.detail_commit.hex()}\n")
            sys.stdout.flush()


def publish() -> None:
    while True:
        recorder.checkpoint_now()


recorder.start()
threading.Thread(target=publish, daemon=True).start()
for _ in range(8):
    threading.Thread(target=write, daemon=True).start()
threading.Event().wait()
