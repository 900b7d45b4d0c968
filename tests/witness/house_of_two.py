"""Founds a house whose signed policy names a witness; called in a process of its own, by a test.

As `vaitiolo found` does, with two people and without passwords: nobody signs in here.
"""

import os
import sys
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from vaitiolo.keys import trust
from vaitiolo.keys.trust import Witness
from vaitiolo.ledger.verify import cosignatures
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server.agent import read_clock
from vaitiolo.warden.server.founding import Charter, Newcomer, draw_seed, found
from vaitiolo.warden.server.witnesses import log_key


def found_house(origin: str, witness: str) -> None:
    home = Path(os.environ["VAITIOLO_HOME"])
    pinned = cosignatures.read_key(witness)
    roles = {"Ritva Ranta": Role.REGISTRAR, "Mauri Mäki": Role.MANAGER}
    people = tuple(Newcomer(uuid4(), n, role, None, draw_seed()) for n, role in roles.items())
    with found(home, Charter("Esimerkki", origin, (), people), read_clock) as founding:
        founding.enrol_all()
        policy = founding.install.trust
        named = replace(
            policy,
            witnesses=(Witness(pinned.name, pinned.public),),
            ledger=replace(policy.ledger, quorum=1),
        )
        trust.write(home, named, root=founding._root)
        sys.stdout.write(log_key(founding.install).verifier)
