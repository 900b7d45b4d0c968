"""What a durable entry costs: `python -m bench.ledger [sqlite|postgres ...]`, in one run each.

One thread alone first (processor time of this process and of the database's server together, and
wall time), then 16 and 64 threads. Every figure is of acknowledged, that is durable, entries.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import django
from django.conf import settings
from django.core.management import call_command

from tests.cluster import Cluster
from tests.ledger.logs import KEY, ORIGIN, PUBLIC, sign
from vaitiolo.config import env
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import Pending
from vaitiolo.ledger.recorder import Recorder

TAGS = 36_000
DETAIL_BYTES = 400
ALONE = 2_000
TOGETHER = 12_000
TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    engines = sys.argv[1:] or ["sqlite", "postgres"]
    if len(engines) > 1:
        # Django knows one set of databases for each process.
        for engine in engines:
            subprocess.run([sys.executable, "-m", "bench.ledger", engine], check=True)
        return
    folder = Path(tempfile.mkdtemp(prefix="vaitiolo-bench-"))
    try:
        with database(engines[0], folder) as (address, server):
            settings.configure(
                DATABASES={"default": {}, "vault": address},
                DATABASE_ROUTERS=["vaitiolo.config.vault.VaultRouter"],
                INSTALLED_APPS=["vaitiolo.ledger"],
                USE_TZ=True,
            )
            django.setup()
            call_command("migrate", database="vault", verbosity=0)
            measure(engines[0], server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(engine: str, folder: Path) -> Iterator[tuple[env.Database, int | None]]:
    if engine == "sqlite":
        yield env.sqlite(folder / "vault.sqlite3", synchronous="FULL"), None
        return
    cluster = Cluster(folder)
    cluster.start()
    try:
        address = env.postgresql("bench", cluster.address())
        yield address, cluster.server.pid if cluster.server else None
    finally:
        cluster.stop()


def measure(engine: str, server: int | None) -> None:
    published: list[str] = []
    recorder = Recorder(
        origin=ORIGIN,
        public=PUBLIC,
        sign=sign,
        clock=lambda: time.time_ns() // 1000,
        on_checkpoint=published.append,
    )
    recorder.start()
    run(recorder, threads=1, entries=200, server=server)
    rows = [
        run(recorder, threads=threads, entries=entries, server=server)
        for threads, entries in ((1, ALONE), (16, TOGETHER), (64, TOGETHER))
    ]
    recorder.stop()
    say(f"\n{engine}: durable entries, details of {DETAIL_BYTES} bytes, {TAGS:,} tags")
    say("threads   per s   p50 ms   p99 ms   ours ms   with the database ms   (processor, each)")
    for row in rows:
        say("{:7d} {:7.0f} {:8.2f} {:8.2f} {:9.3f} {:12.3f}".format(*row))
    audit_all()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def run(
    recorder: Recorder, *, threads: int, entries: int, server: int | None
) -> tuple[int, float, float, float, float, float]:
    share = [[pending() for _ in range(entries // threads)] for _ in range(threads)]
    waits: list[float] = []
    started, ours, theirs = time.perf_counter(), time.process_time(), server_time(server)
    together([partial(ask, recorder, each, waits) for each in share])
    wall, done = time.perf_counter() - started, len(waits)
    ours = time.process_time() - ours
    both = ours + server_time(server) - theirs
    waits.sort()
    middle, late = waits[done // 2], waits[done * 99 // 100]
    return threads, done / wall, middle * 1e3, late * 1e3, ours / done * 1e3, both / done * 1e3


def together(deeds: list[Callable[[], None]]) -> None:
    running = [threading.Thread(target=deed) for deed in deeds]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


def ask(recorder: Recorder, pendings: list[Pending], waits: list[float]) -> None:
    for one in pendings:
        before = time.perf_counter()
        recorder.record([one])
        waits.append(time.perf_counter() - before)


def pending() -> Pending:
    drawn = b"".join(uuid4().bytes for _ in range(4))
    subject = (int.from_bytes(drawn[:8], "big") % TAGS).to_bytes(16, "big")
    detail = drawn * (DETAIL_BYTES // 64)
    return Pending(Act.OPEN_CHART, subject, b"a member of staf", drawn[:32], detail, drawn[32:])


def server_time(server: int | None) -> float:
    """Processor seconds of PostgreSQL's postmaster and of its living and ended children."""
    if server is None:
        return 0.0
    family = [pid for pid in Path("/proc").iterdir() if pid.name.isdecimal()]
    return sum(seconds(pid, server) for pid in family)


def seconds(process: Path, server: int) -> float:
    try:
        fields = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    if int(process.name) == server:
        return sum(map(int, fields[11:15])) / TICK
    return sum(map(int, fields[11:13])) / TICK if int(fields[1]) == server else 0.0


def audit_all() -> None:
    from vaitiolo.ledger.auditing import audit  # noqa: PLC0415 - Django is set up by now

    started = time.perf_counter()
    findings = audit(KEY)
    rate = findings.size / (time.perf_counter() - started)
    say(f"audit: {findings.size:,} entries, {rate:,.0f} per s, sound: {findings.is_sound}")


if __name__ == "__main__":
    main()
