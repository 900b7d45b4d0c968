"""A warden's ledger in a process of its own that erases one tag after the other, to be killed.

Reads the vault's address as JSON from its first line of input, says when it is about to begin, and
the tag and count of each erasure as soon as `erase` has returned.
"""

import json
import sys
import time

import django
from django.conf import settings

told = json.loads(sys.stdin.readline())
settings.configure(
    DATABASES={"default": {}, "vault": told["vault"]},
    DATABASE_ROUTERS=["vaitiolo.config.vault.VaultRouter"],
    INSTALLED_APPS=["vaitiolo.ledger", "vaitiolo.keys"],
    USE_TZ=True,
)
django.setup()

from tests.ledger.erasures import TAGS, erasing  # noqa: E402 - Django comes first
from tests.ledger.logs import ORIGIN, PUBLIC, sign  # noqa: E402 - Django comes first
from vaitiolo.ledger.recorder import Recorder  # noqa: E402 - Django comes first

recorder = Recorder(
    origin=ORIGIN,
    public=PUBLIC,
    sign=sign,
    clock=lambda: time.time_ns() // 1000,
    on_checkpoint=lambda _note: None,
)
recorder.start()
sys.stdout.write("begins\n")
sys.stdout.flush()
for tag in TAGS:
    erased = recorder.erase(erasing(tag))
    sys.stdout.write(f"{tag.hex()} {erased.details}\n")
    sys.stdout.flush()
