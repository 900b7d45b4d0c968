"""Who may knock at the warden's sockets."""

import os
import tempfile
from pathlib import Path

import pytest

from tests.cast import Clinic
from tests.promises.naive import Naive
from vaitiolo.warden import client
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.server.doorway import Doorway
from vaitiolo.warden.transport import OverSocket


def test_p29_nobody_but_the_programs_own_users_is_answered(clinic: Clinic) -> None:
    strangers = frozenset({os.getuid() + 1})
    with tempfile.TemporaryDirectory(prefix="v-") as made:
        folder = Path(made) / "run"
        with Doorway(clinic.install, folder, welcome=dict.fromkeys(Caller, strangers)):
            for caller in Caller:
                with pytest.raises(client.WardenSilent):
                    client.check(OverSocket(folder / f"{caller}.sock"))
        ours = frozenset({os.getuid()})
        with Doorway(clinic.install, folder, welcome=dict.fromkeys(Caller, ours)):
            transport = OverSocket(folder / "web.sock")
            assert client.check(transport).org == clinic.install.org
            transport.close()
    assert Naive().answer({"user": "anybody"}), "who asks is whoever says so"
