"""A3: finds an old backup, and knows a password of that day.

Here the slot of that day opens only with the key service, and only while the key of its epoch is
alive: the same backup, password and service with that key destroyed open nothing. At the careful
team's an old dump opens with the old password for ever.
"""

import shutil
import tempfile
from functools import singledispatch
from pathlib import Path
from typing import Any

from tests.promises.adversaries import steal_db
from tests.promises.adversaries.here import Here
from tests.promises.adversaries.loot import Loot
from tests.promises.adversaries.offline import Copy, taken_kms
from tests.promises.careful import PASSWORD, Careful
from vaitiolo.keys.kms import file


@singledispatch
def attack(target: Any) -> Loot:
    raise TypeError(type(target).__name__)


@attack.register
def _(target: Here) -> Loot:
    copy, name = Copy.of(target), (PASSWORD,)
    alone = copy.guess(steal_db.HisOwn(), name)
    with tempfile.TemporaryDirectory() as folder:
        service = Path(folder) / "kms"
        shutil.copytree(target.home / "kms", service)
        alive = copy.guess(taken_kms(service), name)
        file.destroy(service, f"slot-{copy.slots()[0].kms_epoch}")
        after = copy.guess(taken_kms(service), name)
    also = {
        "slots": len(copy.slots()),
        "opened with the service while the epoch lives": len(alive),
        "opened after the epoch's end": len(after),
    }
    return Loot(target.live.clinic.scale.patients, 0, len(alone) + len(after), also)


@attack.register
def _(target: Careful) -> Loot:
    return steal_db.attack(target)
