"""A raid on a whole installation: sealed, it gives nothing; in clear, it gives everybody."""

import json
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg import sql
from rich.console import Console

from tests.cluster import Cluster
from tests.ops.prey import CLINIC, PATIENT, SECRETS, database
from vaitiolo.ops.synthetic.clinic import make_clinic
from vaitiolo.ops.synthetic.crib import write_crib
from vaitiolo.ops.synthetic.stand_in import stand_in, stand_in_postgres
from vaitiolo.ops.thief import command
from vaitiolo.ops.thief.command import main, rob
from vaitiolo.ops.thief.spellings import Kind


@pytest.fixture(autouse=True)
def _a_wide_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation that is sealed: what its files hold is noise."""
    home = tmp_path / "home"
    for folder in ("db", "log", "tmp", "run", "ledger", "kms"):
        (home / folder).mkdir(parents=True)
    database(home / "db" / "default.sqlite3", *(os.urandom(1112) for _row in range(300)))
    (home / "log" / "web.log").write_text("2026-11-24 INFO started\n" * 500)
    (home / "ledger" / "checkpoint").write_text("vaitiolo\n300\nK3q0\n")
    write_crib(home, CLINIC)
    return home


def run(home: Path, *options: str, addresses: dict[str, str] | None = None) -> int:
    return main(options, home=home, addresses=addresses or {})


def test_a_sealed_installation_gives_nothing(home, capsys) -> None:
    assert run(home) == 0
    printed = capsys.readouterr().out
    assert "stand-in: found 12 of 12" in printed
    assert "nothing that tells who anybody is" in printed


@pytest.mark.parametrize("place", ["log/web.log", "tmp/upload", "run/leftover", "ledger/note"])
@pytest.mark.parametrize("secret", ["name", "identity code", "sentence"])
def test_one_secret_anywhere_is_found(home, capsys, place, secret) -> None:
    with (home / place).open("a") as file:
        file.write(f"\nan error about {SECRETS[secret]} here\n")
    assert run(home) == 1
    assert f"disk: {place}" in capsys.readouterr().out


def test_the_backup_is_found_to_hold_what_the_disk_holds(home, capsys) -> None:
    with sqlite3.connect(home / "db" / "default.sqlite3") as connection:
        connection.execute("INSERT INTO stuff (cell) VALUES (?)", (SECRETS["name"],))
    connection.close()
    assert run(home) == 1
    printed = capsys.readouterr().out
    assert "backup.tar.gz" in printed


def test_the_report_never_says_who(home, capsys) -> None:
    stand_in(home / "db" / "careless.sqlite3", CLINIC)
    assert run(home, "--stand-in") == 1
    printed = capsys.readouterr().out
    for patient in CLINIC.patients():
        for said in (patient.name.family, patient.hetu, patient.phone, patient.email):
            assert not re.search(rf"\b{re.escape(said)}\b", printed)


def test_the_stand_in_gives_every_value_of_every_kind(home) -> None:
    result = rob(home, {}, CLINIC, console=Console(quiet=True))
    there = result.stand_in
    assert there.persons == 12
    for kind in Kind:
        assert there.findings.found[kind] >= there.wanted.sought[kind], kind


def test_both_are_printed_side_by_side_when_asked(home, capsys) -> None:
    run(home, "--stand-in")
    assert "found in the stand-in" in " ".join(capsys.readouterr().out.split())


def test_a_thief_that_misses_somebody_proves_nothing(home, monkeypatch, capsys) -> None:
    fewer = make_clinic("prey", "11", date(2026, 11, 24))
    keep = command.raid_stand_in
    monkeypatch.setattr(
        command, "raid_stand_in", lambda _clinic, *rest, **named: keep(fewer, *rest, **named)
    )
    assert run(home) == 2
    assert "of 12" in capsys.readouterr().out


def test_what_can_be_learnt_is_said(home, capsys) -> None:
    with sqlite3.connect(home / "db" / "default.sqlite3") as connection:
        connection.execute("CREATE TABLE visit (id char(32), starts_at datetime, role text)")
        rows = [(f"{n % 3:032x}", f"2026-11-{n:02} 09:00", "therapist") for n in range(1, 10)]
        connection.executemany("INSERT INTO visit VALUES (?, ?, ?)", rows)
    connection.close()
    assert run(home) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "300 of 1,112 B" in printed
    assert "3 different, one of them in 3 rows" in printed
    assert "2026-11-01 09:00 to 2026-11-09 09:00" in printed
    assert "therapist: 9" in printed


def test_an_installation_without_invented_people_is_refused(home, capsys) -> None:
    (home / "demo.json").unlink()
    assert run(home) == 2
    assert "names no invented clinic" in " ".join(capsys.readouterr().out.split())


def test_the_copies_are_private_and_gone_afterwards(home, tmp_path, monkeypatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    modes = []
    keep = command.raid

    def watched(*given: Any, folder: Path, **named: Any) -> Any:
        modes.append(stat.S_IMODE(folder.stat().st_mode))
        return keep(*given, folder=folder, **named)

    monkeypatch.setattr(command, "raid", watched)
    assert run(home) == 0
    assert modes == [0o700]
    assert not list(scratch.iterdir())


def test_the_copies_are_gone_also_when_the_thief_is_told_to_stop(home, tmp_path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (home / "log" / "endless").write_bytes(os.urandom(150 << 20))
    program = "import sys; from pathlib import Path; from vaitiolo.ops.thief.command import main"
    thief = subprocess.Popen(
        [sys.executable, "-c", f"{program}; main([], home=Path({str(home)!r}), addresses={{}})"],
        env={**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
    )
    while not list(scratch.iterdir()):
        assert thief.poll() is None
        time.sleep(0.05)
    thief.terminate()
    assert thief.wait() == 128 + signal.SIGTERM
    assert not list(scratch.iterdir())


def test_too_small_a_disk_is_said_before_anything_is_taken(home, monkeypatch, capsys) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=1000))
    assert run(home) == 2
    assert "larger disk" in " ".join(capsys.readouterr().out.split())


def test_an_installation_may_be_named_from_where_one_stands(home, monkeypatch) -> None:
    monkeypatch.chdir(home.parent)
    assert main(["--home", home.name], home=Path("/nowhere"), addresses={}) == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_is_closed_to_the_thief_is_named(home, capsys) -> None:
    (home / "kms").chmod(0)
    assert run(home) == 0
    (home / "kms").chmod(0o700)
    assert "kms is closed to this user" in capsys.readouterr().out


def test_sockets_and_the_crib_are_left_alone(home, tmp_path) -> None:
    with socket.socket(socket.AF_UNIX) as door:
        os.chdir(home / "run")
        door.bind("web.sock")
        os.chdir(tmp_path)
        result = rob(home, {}, CLINIC, console=Console(quiet=True))
    assert result.here.is_empty
    assert result.here.passed.files["disk"] == 3
    assert json.loads((home / "demo.json").read_text())["scale"] == "12"


# --- on PostgreSQL -----------------------------------------------------------------------------


@pytest.fixture
def server(cluster: Cluster, home: Path) -> dict[str, str]:
    """The same installation with its database on a server."""
    (home / "db" / "default.sqlite3").unlink()
    name = f"robbed_{os.getpid()}"
    with psycopg.connect(cluster.address(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with psycopg.connect(cluster.address(name)) as connection:
        connection.execute("CREATE TABLE stuff (id uuid, cell bytea, held_on date)")
        statement = "INSERT INTO stuff VALUES (gen_random_uuid(), %s, '2026-11-24')"
        connection.cursor().executemany(statement, [(os.urandom(1112),) for _row in range(300)])
    return {"default": cluster.address(name)}


def test_a_sealed_server_gives_nothing_and_a_careless_one_everybody(home, server, capsys) -> None:
    assert run(home, addresses=server) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "stand-in: found 12 of 12" in printed
    assert "dump" in printed
    assert "300 of 1,112 B" in printed


def test_the_stand_in_on_a_server_gives_every_value_and_is_removed(home, server) -> None:
    result = rob(home, server, CLINIC, console=Console(quiet=True))
    there = result.stand_in
    assert {"dump", "backup"} <= set(there.passed.files)
    for kind in Kind:
        assert there.findings.found[kind] >= there.wanted.sought[kind], kind
    with psycopg.connect(server["default"]) as connection:
        query = "SELECT FROM pg_database WHERE datname LIKE 'vaitiolo_stand_in%'"
        assert not connection.execute(query).rowcount


@pytest.mark.parametrize("secret", ["name", "sentence"])
def test_one_secret_in_a_row_of_the_server_is_found(home, server, secret) -> None:
    with psycopg.connect(server["default"]) as connection:
        connection.execute("INSERT INTO stuff (cell) VALUES (%s)", (SECRETS[secret].encode(),))
    result = rob(home, server, CLINIC, console=Console(quiet=True))
    labels = {place.label.split(":")[0] for place in result.here.findings.places}
    assert {"dump", "backup"} <= labels


def test_a_server_that_lets_nobody_in_is_said_to(home, capsys) -> None:
    nowhere = {"vault": "postgresql://nobody@/nothing?host=/nonexistent"}
    assert run(home, addresses=nowhere) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "vault could not be had" in printed
    assert "vault is closed to this role" in printed


def test_the_stand_in_on_a_server_holds_the_same_people(cluster) -> None:
    name = f"careless_{os.getpid()}"
    with psycopg.connect(cluster.address(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    stand_in_postgres(cluster.address(name), CLINIC)
    with psycopg.connect(cluster.address(name)) as connection:
        row = connection.execute(
            "SELECT hetu FROM patient WHERE id = %s", (PATIENT.number,)
        ).fetchone()
    assert row == (PATIENT.hetu,)
