"""A live clinic of invented people: the programs themselves, real sockets, on either database."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psycopg
from psycopg import sql

from tests.cluster import Cluster
from tests.settings import CHOICE
from vaitiolo.config.postgresql import OWNER, WARDEN, WEB, make_databases, make_roles
from vaitiolo.ops.synthetic.clinic import SyntheticClinic
from vaitiolo.ops.synthetic.crib import read_crib

SECONDS_TO_START = 90.0
Kind = TypeVar("Kind", bound="LiveClinic")


class LiveClinic:
    """`vaitiolo up` over a small demo, and the means to do it harm."""

    def __init__(self, home: Path, databases: dict[str, str]) -> None:
        self.home = home
        self.said = home.with_name("up.log")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        own = {"VAITIOLO_HOME": str(home), "VAITIOLO_PORT": str(self.port)}
        kept = {name: value for name, value in os.environ.items() if "DJANGO" not in name}
        self.databases = databases
        self.environment = {**kept, **databases, **own}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def clinic(self) -> SyntheticClinic:
        return read_crib(self.home)

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "vaitiolo.config.cli", *words]
        return subprocess.run(
            command, env=self.environment, check=check, capture_output=True, text=True
        )

    def start(self) -> None:
        with self.said.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "vaitiolo.config.up"],
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            is_up = self.process.poll() is None and time.monotonic() < until
            assert is_up, self.said.read_text() + self.web_log()
            time.sleep(0.1)

    def web_log(self) -> str:
        path = self.home / "log" / "web.log"
        return path.read_text() if path.exists() else ""

    def answers(self) -> bool:
        """Say whether both answer: the web may be there before its warden is."""
        warden = str(self.home / "run" / "web.sock")
        places = [(socket.AF_INET, ("127.0.0.1", self.port)), (socket.AF_UNIX, warden)]
        return all(knocked(*place) for place in places)

    def kill(self, program: str) -> None:
        """Kill a program as a power cut would; the supervisor starts it again."""
        self.pause(program, signal.SIGKILL)

    def pause(self, program: str, sign: signal.Signals) -> None:
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and self._is(entry, program):
                os.kill(int(entry.name), sign)

    def _is(self, process: Path, program: str) -> bool:
        try:
            words = (process / "cmdline").read_bytes()
            home = f"VAITIOLO_HOME={self.home}".encode()
            return f"config.{program}".encode() in words and home in (
                process / "environ"
            ).read_bytes().split(b"\0")
        except OSError:
            return False

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(30)

    def someone(self, role: str) -> str:
        return next(one.sign_in_name for one in self.clinic.members if one.role == role)


@contextmanager
def live_clinic(folder: Path, *, patients: int, kind: type[Kind]) -> Iterator[Kind]:
    """Make a small demo, start it, and end it; its folder stays for the caller to look at."""
    # A server of its own: the thief reads all of it, and other tests write in clear to theirs.
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="vaitiolo-live-")))
    databases = databases_of(cluster) if os.environ.get(CHOICE) == "postgres" else {}
    clinic = kind(folder / "home", databases)
    try:
        clinic.run("demo", "--scale", str(patients), "--only-make")
        assert json.loads((clinic.home / "demo.json").read_text())["scale"] == str(patients)
        clinic.start()
        yield clinic
    finally:
        clinic.stop()
        if databases:
            cluster.stop()
        shutil.rmtree(cluster.folder, ignore_errors=True)


def databases_of(cluster: Cluster) -> dict[str, str]:
    cluster.start()
    make_roles(cluster.address())
    names = {alias: f"live_{alias}_{secrets.token_hex(4)}" for alias in ("default", "vault")}
    make_databases(cluster.address(), names)
    return {
        "VAITIOLO_DATABASE": cluster.address(names["default"], WEB),
        "VAITIOLO_DATABASE_OWNER": cluster.address(names["default"], OWNER),
        "VAITIOLO_VAULT": cluster.address(names["vault"], WARDEN),
        "VAITIOLO_VAULT_OWNER": cluster.address(names["vault"], OWNER),
    }


@contextmanager
def empty_database(clinic: LiveClinic, folder: Path) -> Iterator[Path | str]:
    """An empty database of the kind that the installation is on, apart from it; then it is gone."""
    if not clinic.databases:
        yield folder / "other.sqlite3"
        return
    name = f"other_{secrets.token_hex(4)}"
    folder_of_server = clinic.databases["VAITIOLO_VAULT"].partition("host=")[2]
    server = Cluster(Path(folder_of_server))
    with psycopg.connect(server.address(), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield server.address(name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def knocked(kind: socket.AddressFamily, address: object) -> bool:
    with socket.socket(kind) as knock:
        return knock.connect_ex(address) == 0
