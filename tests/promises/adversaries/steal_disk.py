"""A2: copies the disk, or the virtual machine: folder, databases, logs, a backup, programs' memory.

Here that is `vaitiolo thief`, with the key service's folder as it lies in a demo; what those keys
give is `stolen_kms`. Besides, the key that signs checkpoints is on the disk: he can sign a false
history. At the careful team's the settings file lies beside the database.
"""

import secrets
import tempfile
from functools import singledispatch
from pathlib import Path
from typing import Any

from tests.promises.adversaries.here import Here
from tests.promises.adversaries.loot import Loot
from tests.promises.careful import Careful, unseal
from vaitiolo.keys import signatures
from vaitiolo.ops.thief.raid import raid
from vaitiolo.ops.thief.reading import Progress
from vaitiolo.ops.thief.wanted import wanted_for


@singledispatch
def attack(target: Any) -> Loot:
    raise TypeError(type(target).__name__)


@attack.register
def _(target: Here) -> Loot:
    wanted = wanted_for(target.live.clinic.patients())
    owners = {key: one for key, one in target.live.databases.items() if key.endswith("OWNER")}
    with tempfile.TemporaryDirectory() as folder:
        out = raid(target.home, owners, wanted, folder=Path(folder), progress=Progress())
    also = {
        "keys of the key service": len(list((target.home / "kms").iterdir())),
        "signs a false history": signs_checkpoints(target),
        "policy": (target.home / "trust.toml").exists(),
    }
    return Loot(wanted.patients, out.persons, 0, also)


def signs_checkpoints(target: Here) -> bool:
    """Sign something with the log's key, and hold it against the key that the policy pins."""
    seed = bytearray((target.home / "warden" / "log-key").read_bytes())
    word = secrets.token_bytes(32)
    signature = signatures.sign(seed, word)
    signatures.verify(target.trust.ledger.ed25519, word, signature)
    return True


@attack.register
def _(target: Careful) -> Loot:
    names = set()
    for patient, sealed in target.rows.ask("SELECT patient, sealed FROM reminder"):
        names.add(unseal(target.secrets.service_key, bytes(sealed), f"reminder/{patient}"))
    return Loot(target.clinic.scale.patients, len(names), 0, {"the settings file": True})
