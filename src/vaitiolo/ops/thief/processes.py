"""What running programs leave to a thief: a crash dump, if one can be had, and deleted files.

It looks at /proc. It ends a program only when asked to make it crash, and then says so.
"""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from vaitiolo.ops.thief.loot import Loot

PROC = Path("/proc")
CORE_PATTERN = PROC / "sys/kernel/core_pattern"
PROGRAMS = ("warden", "web", "worker")
LIMIT = "Max core file size"
SECONDS_TO_DIE = 10.0


@dataclass(frozen=True, slots=True)
class Process:
    """A running program of an installation. `home` is empty where it cannot be looked into."""

    pid: int
    program: str
    home: str


def find_processes(home: Path) -> list[Process]:
    """List the running programs that belong to an installation, or that do not say to which."""
    found = (look_at(Path(entry)) for entry in os.scandir(PROC) if entry.name.isdecimal())
    return [process for process in found if process and process.home in {"", str(home)}]


def look_at(entry: Path) -> Process | None:
    try:
        words = (entry / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return None
    for program in PROGRAMS:
        if f"vaitiolo.config.{program}.main".encode() in words:
            return Process(int(entry.name), program, home_of(entry))
    return None


def home_of(entry: Path) -> str:
    try:
        variables = dict(
            line.split(b"=", 1)
            for line in (entry / "environ").read_bytes().split(b"\0")
            if b"=" in line
        )
        folder = (entry / "cwd").readlink()
    except OSError:
        return ""
    return str(Path(folder, os.fsdecode(variables.get(b"VAITIOLO_HOME", b"var"))))


def take_processes(home: Path, loot: Loot, *, crash: bool) -> None:
    """Take what the running programs leave; say plainly of each whether a dump can be had."""
    processes = find_processes(home)
    if not processes:
        loot.remarks.append("crash dump: no program of this installation is running")
    for process in processes:
        take_deleted_files(process, loot)
        verdict = outlook(process)
        if crash and process.home:
            verdict = make_crash(process, loot)
        loot.remarks.append(f"crash dump: {process.program} (process {process.pid}): {verdict}")


def outlook(process: Process) -> str:
    """Tell from outside whether a crash would leave a dump, without causing one."""
    try:
        limits = (PROC / str(process.pid) / "limits").read_text()
    except OSError:
        return "ended meanwhile"
    line = next((line for line in limits.splitlines() if line.startswith(LIMIT)), "")
    soft = line.removeprefix(LIMIT).split()[0] if line else "unknown"
    pattern = CORE_PATTERN.read_text().strip()
    if pattern.startswith("|"):
        return f"dumps go to {pattern[1:].split()[0]} whatever the size limit ({soft}); see there"
    if soft == "0":
        return "none would be left: its core size limit is 0 (--crash tries it)"
    return f"would leave one of up to {soft} bytes (--crash tries it)"


def make_crash(process: Process, loot: Loot) -> str:
    """Crash a program and look for its dump where the system writes them."""
    entry, began = PROC / str(process.pid), time.time()
    try:
        folder = (entry / "cwd").readlink()
        os.kill(process.pid, signal.SIGABRT)
    except OSError as problem:
        return f"could not be made to crash ({problem.strerror})"
    until = time.monotonic() + SECONDS_TO_DIE
    while entry.exists() and look_at(entry) and time.monotonic() < until:
        time.sleep(0.1)
    pattern = Path(CORE_PATTERN.read_text().strip())
    dumps = [file for file in (folder / pattern.parent).glob("*core*") if is_fresh(file, began)]
    for dump in dumps:
        loot.take(dump, "crash dump", f"{process.program}-{dump.name}")
    return f"was crashed and left {len(dumps)} dumps" if dumps else "was crashed and left none"


def is_fresh(file: Path, began: float) -> bool:
    return file.is_file() and file.stat().st_mtime >= began - 1


def take_deleted_files(process: Process, loot: Loot) -> None:
    """Copy files that a program holds open though their names are gone, as temporary files are."""
    folder = PROC / str(process.pid) / "fd"
    try:
        handles = sorted(folder.iterdir())
    except OSError:
        loot.remarks.append(f"temporary files: {process.program} lets nobody see what it has open")
        return
    for handle in handles:
        try:
            target = str(handle.readlink())
            deleted = target.endswith(" (deleted)") and handle.is_file()
        except OSError:
            continue
        if deleted:
            loot.take(handle, "temporary files", f"{process.program}-{handle.name}")
