"""`vaitiolo leak scan` as two officers start it: the kit is sealed, and the result is signed."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.leak_damage import zipped
from tests.ceremony.conftest import Typing
from tests.leak.conftest import (
    KEY,
    OFFICERS,
    ORG,
    RESULT_SEED,
    SEED,
    SHARES,
    Written,
    found,
    ids,
    rng,
)
from vaitiolo.ceremony import network
from vaitiolo.ceremony.network import NetworkThere
from vaitiolo.keys import contact, signatures
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.refused import Refused
from vaitiolo.leak import command, kit, result
from vaitiolo.leak.corpus import KitRefused

TYPED = [
    contact.printed(SHARES[officer], org=ORG, officer=officer, role=RecoveryRole.INCIDENT)
    for officer in OFFICERS
]


@pytest.fixture
def laid(sealed: bytes, written: Written, tmp_path: Path) -> Path:
    (tmp_path / "kit").write_bytes(sealed)
    (tmp_path / "leak.zip").write_bytes(zipped(written.records(range(3)), rng()))
    return tmp_path


@pytest.fixture
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "demand_none", lambda: None)


def scan(folder: Path, typed: list[str], evidence: str = "leak.zip") -> tuple[int, str]:
    desk = Typing(list(typed))
    asked = ["scan", str(folder / evidence), "--kit", str(folder / "kit")]
    return command.main([*asked, "--out", str(folder / "result")], desk), "\n".join(desk.said)


def test_two_shares_open_the_kit_where_there_is_no_network(
    laid: Path, alone: Callable[..., list[str]]
) -> None:
    asked = ["-m", "vaitiolo.config.leak", "scan", str(laid / "leak.zip")]
    asked += ["--kit", str(laid / "kit"), "--out", str(laid / "result")]
    done = subprocess.run(
        alone(*asked),
        input="\n".join(["no share", *TYPED]) + "\n",
        capture_output=True,
        text=True,
        timeout=280,
        env=dict(os.environ),
        check=False,
    )
    assert done.returncode == command.FOUND, done.stdout + done.stderr
    assert "The files: ours." in done.stdout
    content = result.read((laid / "result").read_bytes(), signatures.public_of(RESULT_SEED))
    assert found(content, "confirmed") == ids(range(3))
    assert content["organisation"] == str(ORG)
    assert (laid / "result").stat().st_mode & 0o077 == 0


def test_with_a_network_nothing_is_opened(laid: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def there() -> None:
        raise NetworkThere("This machine has a network: eth0 is up.")

    monkeypatch.setattr(network, "demand_none", there)
    code, said = scan(laid, TYPED)
    assert (code, "eth0" in said, (laid / "result").exists()) == (command.REFUSED, True, False)


@pytest.mark.usefixtures("_offline")
def test_one_share_opens_nothing(laid: Path) -> None:
    code, said = scan(laid, [TYPED[0], TYPED[0]])
    assert (code, "typed already" in said) == (command.REFUSED, True)
    assert not (laid / "result").exists()


@pytest.mark.usefixtures("_offline")
def test_a_changed_kit_searches_nothing(laid: Path, sealed: bytes) -> None:
    changed = bytearray(sealed)
    changed[len(changed) // 2] ^= 1
    (laid / "kit").write_bytes(changed)
    code, said = scan(laid, TYPED)
    assert (code, "damaged" in said) == (command.REFUSED, True)
    (laid / "kit").write_bytes(b"PK\x03\x04")
    assert scan(laid, TYPED)[0] == command.REFUSED


@pytest.mark.usefixtures("_offline")
def test_no_result_is_written_over_another_and_nothing_found_has_a_code(laid: Path) -> None:
    (laid / "empty").write_bytes(b"Nothing here is anybody's.")
    assert scan(laid, TYPED, "empty")[0] == command.NOTHING
    code, said = scan(laid, TYPED)
    assert (code, "there already" in said) == (command.REFUSED, True)


@pytest.mark.usefixtures("_offline")
def test_a_result_that_was_changed_is_refused(laid: Path) -> None:
    assert scan(laid, TYPED)[0] == command.FOUND
    raw = (laid / "result").read_bytes()
    public = signatures.public_of(RESULT_SEED)
    changed = json.loads(raw.split(b"\n")[0])
    changed["patients"].pop()
    for other in (
        raw.replace(b'"confirmed"', b'"possible"', 1),
        json.dumps(changed).encode() + raw[raw.index(b"\n") :],
        raw.split(b"\n")[0],
    ):
        with pytest.raises(Refused):
            result.read(other, public)


def test_a_sealed_kit_shows_no_fingerprint_and_no_patient(sealed: bytes, written: Written) -> None:
    for one in written.versions[:40]:
        assert one.patient not in sealed
        assert one.marks[:15] not in sealed
    assert bytes(range(48)) not in sealed
    opened = kit.encoded(written.versions[0])
    assert written.versions[0].marks[:15] in opened  # the search can succeed


def test_another_seed_does_not_open_a_kit(laid: Path) -> None:
    with pytest.raises(KitRefused):
        kit.open_kit(laid / "kit", bytearray(32))
    corpus = kit.open_kit(laid / "kit", SEED).corpus
    assert corpus.key == KEY
