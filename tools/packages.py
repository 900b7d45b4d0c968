"""What `make test` needs of the operating system: PostgreSQL, SoftHSM, Chromium with one library.

Debian's packages are installed only where something is missing and we may. Where we may not, the
suite says what to install, and runs PostgreSQL out of a wheel.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from steps import Meter, say, step

POSTGRESQL = Path("/usr/lib/postgresql")
CREATE_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
APT = ["apt-get", "-o", "Dpkg::Use-Pty=0", "-qq", "--yes"]


def has_postgresql() -> bool:
    return any(POSTGRESQL.glob("*/bin/initdb"))


def has_browser() -> bool:
    return any(map(shutil.which, BROWSERS))


def has_libatomic() -> bool:
    return any(Path("/usr/lib").glob("*/libatomic.so.1")) or Path("/lib64/libatomic.so.1").exists()


def has_softhsm() -> bool:
    return bool(shutil.which("softhsm2-util"))


def missing() -> list[str]:
    """Name the packages that are not here. Playwright's driver needs libatomic."""
    needed = {
        "postgresql": has_postgresql(),
        "chromium": has_browser(),
        "libatomic1": has_libatomic(),
        "softhsm2": has_softhsm(),
    }
    return [name for name, there in needed.items() if not there]


def install_what_is_missing() -> None:
    wanted = missing()
    if not wanted:
        return
    line = f"apt-get install --no-install-recommends {' '.join(wanted)}"
    before = administrator()
    if before is None or not shutil.which("apt-get"):
        say("Not here, and not ours to install: tests in a browser and with a token are skipped")
        say("where they cannot run, and PostgreSQL comes out of a wheel. To have it all, let an")
        say("administrator run")
        say(f"    {line}")
        return
    if "postgresql" in wanted:
        start_no_service(before)
    apt(before, "Reading the lists of packages", "update")
    if not apt(before, f"Installing {', '.join(wanted)}", *line.split()[1:]):
        say(f"That did not succeed; what needs them is skipped. To see why: {line}")


def administrator() -> list[str] | None:
    """Find what goes before a command so that it may install; None when nothing does."""
    if os.geteuid() == 0:
        return []
    may = shutil.which("sudo") and subprocess.run(
        ["sudo", "-n", "true"], check=False, stderr=subprocess.DEVNULL
    )
    return ["sudo", "-n"] if may and may.returncode == 0 else None


def start_no_service(before: list[str]) -> None:
    """Keep Debian from starting a database service on this machine when it installs one."""
    if not CREATE_CLUSTER.exists():
        script = f"mkdir -p {CREATE_CLUSTER.parent} && printf '%s\\n' \"$0\" > {CREATE_CLUSTER}"
        subprocess.run([*before, "sh", "-c", script, "create_main_cluster = false"], check=True)


def apt(before: list[str], label: str, *arguments: str) -> bool:
    """Run apt-get, quietly, and draw its own report of how far it is; its words if it fails."""
    reads, writes = os.pipe()
    # The report has a pipe of its own: apt makes it non-blocking, which some packages' scripts
    # cannot bear on their output. Through sudo no such pipe passes, and seconds must do.
    options = [*APT, *([] if before else ["-o", f"APT::Status-Fd={writes}"])]
    command = [*before, "env", "DEBIAN_FRONTEND=noninteractive", *options, *arguments]
    with step(label) as meter, tempfile.TemporaryFile("w+", errors="replace") as words:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=words, stderr=words, pass_fds=[writes]
        )
        os.close(writes)
        with os.fdopen(reads, errors="replace") as report:
            for line in report:
                read_report(meter, line)
        code = process.wait()
        words.seek(0)
        last = words.read().splitlines()[-12:]
    for line in last if code else ():
        say(line)
    return code == 0


def read_report(meter: Meter, line: str) -> None:
    # dlstatus:12:34.5:Retrieving … while it fetches, pmstatus:name:56.7:… while it unpacks.
    kind, _what, percent, *_rest = [*line.split(":", 3), "", ""]
    if kind in {"dlstatus", "pmstatus"} and percent.replace(".", "", 1).isdigit():
        half = 0.0 if kind == "dlstatus" else 0.5
        meter.at(half + float(percent) / 200)
