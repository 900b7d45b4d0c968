"""What can be taken from a PostgreSQL server: a dump in plain text, and the cluster's own files.

It connects with the addresses it is given, for a thief is whoever got hold of them.
"""

import gzip
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from vaitiolo.ops.thief.loot import Loot
from vaitiolo.ops.thief.unpacking import Piece

DEBIAN = Path("/usr/lib/postgresql")


def take_server(addresses: dict[str, str], loot: Loot) -> None:
    """Dump each database, pack the dumps as a backup, and copy the cluster's files if readable."""
    dumps = dict(dump(name, address, loot) for name, address in addresses.items())
    whole = loot.place("backup", "dumps.tar")
    with tarfile.open(whole, "w") as archive:
        for name, text in dumps.items():
            if text:
                archive.add(compress(text), f"{name}.sql.gz")
    loot.pieces.append(Piece(whole, "backup: dumps.tar"))
    for name, address in addresses.items():
        take_files(name, address, loot)


def dump(name: str, address: str, loot: Loot) -> tuple[str, Path | None]:
    """Dump a database as plain text; tell where the text is, if it could be had."""
    text, program = loot.place("dump", f"{name}.sql"), pg_dump()
    if program is None:
        loot.remarks.append(f"dump: {name} could not be had, pg_dump is not installed here")
        return name, None
    words = conninfo_to_dict(address)
    # A password among the arguments could be read by everybody on this machine.
    environment = {**os.environ, "PGPASSWORD": str(words.pop("password", ""))}
    named = make_conninfo(**{key: str(word) for key, word in words.items()})
    command = [program, "--format=plain", f"--file={text}", f"--dbname={named}"]
    done = subprocess.run(  # noqa: S603 - no shell, and the program is PostgreSQL's own
        command, capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        loot.remarks.append(f"dump: {name} could not be had ({reason})")
        return name, None
    loot.pieces.append(Piece(text, f"dump: {name}.sql"))
    return name, text


def pg_dump() -> str | None:
    """Find the newest pg_dump: an older one refuses a newer server."""
    installed = sorted(DEBIAN.glob("*/bin/pg_dump"), key=lambda file: int(file.parts[-3]))
    return str(installed[-1]) if installed else shutil.which("pg_dump")


def compress(text: Path) -> Path:
    packed = text.parent.parent / "backup" / f"{text.name}.gz"
    with text.open("rb") as source, gzip.open(packed, "wb", compresslevel=1) as target:
        shutil.copyfileobj(source, target)
    return packed


def take_files(name: str, address: str, loot: Loot) -> None:
    """Copy the files of a database and the server's write-ahead log, where they can be read."""
    try:
        with psycopg.connect(address) as connection:
            found = connection.execute(
                "SELECT pg_backend_pid(), oid FROM pg_database WHERE datname = current_database()"
            ).fetchone()
            folder = server_folder(found[0], address) if found else None
            parts = (f"base/{found[1]}", "pg_wal") if found and folder else ()
            copied = sum(copy_folder(Path(folder or "", part), name, loot) for part in parts)
    except psycopg.Error as problem:
        loot.remarks.append(f"cluster: {name} is closed to this role ({first_line(problem)})")
        return
    if not copied:
        loot.remarks.append(f"cluster: the files of {name} are not readable from here")


def server_folder(pid: int, address: str) -> Path | None:
    """Find the server's folder: its processes work in it, if they are on this machine."""
    host = str(conninfo_to_dict(address).get("host", ""))
    if host and not host.startswith(("/", "localhost", "127.")):
        return None
    try:
        folder = Path(f"/proc/{pid}/cwd").readlink()
        return folder if (folder / "PG_VERSION").exists() else None
    except OSError:
        return None


def first_line(problem: Exception) -> str:
    return (str(problem).splitlines() or [type(problem).__name__])[0]


def copy_folder(folder: Path, name: str, loot: Loot) -> int:
    """Copy the files of a folder; tell how many. An unreadable folder has none."""
    try:
        files = [file for file in folder.iterdir() if file.is_file()]
    except OSError:
        return 0
    taken = (loot.take(file, "cluster", f"{name}/{folder.name}/{file.name}") for file in files)
    return sum(copy is not None for copy in taken)


def may_make_databases(address: str) -> bool:
    query = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(address) as connection:
            found = connection.execute(query).fetchone()
    except psycopg.Error:
        return False
    return bool(found and found[0])


@contextmanager
def scratch_database(address: str, name: str) -> Iterator[str]:
    """Make an empty database beside an existing one, and drop it afterwards."""
    words = {**conninfo_to_dict(address), "dbname": name}
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield make_conninfo(**{key: str(word) for key, word in words.items()})
        finally:
            statement = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(statement.format(sql.Identifier(name)))
