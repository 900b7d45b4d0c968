"""What the ledger costs: `python -m bench.ledger [sqlite|postgres ...] [--entries N]`.

In one run for each engine: durable entries (one thread alone with its processor time, then 16, 64
and 256 threads) with tiles published each second; beside them a plain hash chain, locked in each
request's own transaction; then audit, tree of heads, one report, and disk for each entry over a log
of N entries of 36,000 people. Every figure is of acknowledged, that is durable, entries.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
from vaitiolo.ledger.verify.tree import digest

TAGS = 36_000
DETAIL_BYTES = 400
ALONE = 2_000
TOGETHER = 12_000
CHAINED = 3_000
AUDITED = 300_000
PART = 5_000
MOST_CONNECTIONS = 80
THREADS = (16, 64, 256)
TICK = os.sysconf("SC_CLK_TCK")
ENGINES = ("sqlite", "postgres")


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.ledger", description=__doc__)
    options.add_argument("engines", nargs="*", choices=[*ENGINES, []], default=[])
    options.add_argument("--entries", type=int, default=AUDITED, help="of the log that is audited")
    chosen = options.parse_args()
    engines = chosen.engines or list(ENGINES)
    if len(engines) > 1:
        # Django knows one set of databases for each process.
        for engine in engines:
            more = ["--entries", str(chosen.entries)]
            subprocess.run([sys.executable, "-m", "bench.ledger", engine, *more], check=True)
        return
    folder = Path(tempfile.mkdtemp(prefix="vaitiolo-ledger-"))
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
            measure(engines[0], folder, server=server, entries=chosen.entries)
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


def measure(engine: str, folder: Path, *, server: int | None, entries: int) -> None:
    recorder, publisher = recorder_of(folder)
    recorder.start()
    with publisher.following():
        rows = measure_threads(engine, recorder, server=server)
    measure_chain(rows)
    grow(recorder, entries)
    recorder.stop()
    look_through(folder, server=server)


Row = tuple[int, float, float, float, float, float]


def measure_threads(engine: str, recorder: Recorder, *, server: int | None) -> list[Row]:
    run(recorder, threads=1, entries=200, server=server)
    rows = [
        run(recorder, threads=threads, entries=wanted, server=server)
        for threads, wanted in ((1, ALONE), *((one, TOGETHER) for one in THREADS))
    ]
    say(f"\n{engine}: durable entries, details of {DETAIL_BYTES} bytes, {TAGS:,} tags, tiles too")
    say("threads   per s   p50 ms   p99 ms   ours ms   with the database ms   (processor, each)")
    for row in rows:
        say("{:7d} {:7.0f} {:8.2f} {:8.2f} {:9.3f} {:12.3f}".format(*row))
    return rows


def measure_chain(rows: list[Row]) -> None:
    chain = plain_chain()
    say("plain chain, locked in each request's transaction: threads, per s, p99 ms, how many times")
    for threads, per_second, *_rest in rows:
        # PostgreSQL takes a hundred connections; the ledger needs one for all who ask.
        writers = threads if chain.vendor == "sqlite" else min(threads, MOST_CONNECTIONS)
        theirs = chain(writers)
        say(f"{writers:7d} {theirs[0]:7.0f} {theirs[1]:8.2f} {per_second / theirs[0]:8.1f} x")


def recorder_of(folder: Path) -> tuple:
    from vaitiolo.ledger.publishing import Folders, Publisher  # noqa: PLC0415 - Django is set up

    publisher = Publisher(Folders(folder / "ledger", folder / "ledger-entries"), KEY)
    recorder = Recorder(
        origin=ORIGIN,
        public=PUBLIC,
        sign=sign,
        clock=lambda: time.time_ns() // 1000,
        on_checkpoint=publisher,
    )
    return recorder, publisher


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(recorder: Recorder, *, threads: int, entries: int, server: int | None) -> Row:
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


@dataclass
class Chain:
    """The usual audit table: each request locks the last row, hashes it into its own, and commits.

    As durable as the ledger, with the same detail, and an index by patient; no triggers, no tree.
    """

    vendor: str

    def __call__(self, threads: int) -> tuple[float, float]:
        waits: list[float] = []
        each = CHAINED // threads
        ready = threading.Barrier(threads + 1)
        running = [
            threading.Thread(target=self._write, args=(each, waits, ready)) for _ in range(threads)
        ]
        for thread in running:
            thread.start()
        ready.wait()
        started = time.perf_counter()
        for thread in running:
            thread.join()
        wall = time.perf_counter() - started
        waits.sort()
        return len(waits) / wall, waits[len(waits) * 99 // 100] * 1e3

    def _write(self, entries: int, waits: list[float], ready: threading.Barrier) -> None:
        from django.db import connections  # noqa: PLC0415 - Django is set up

        # Neither opening a connection nor making what is written is in the figures.
        connections["vault"].ensure_connection()
        share = [pending() for _ in range(entries)]
        ready.wait()
        for one in share:
            before = time.perf_counter()
            self._append(one)
            waits.append(time.perf_counter() - before)
        connections["vault"].close()

    def _append(self, one: Pending) -> None:
        from django.db import connections, transaction  # noqa: PLC0415 - Django is set up

        with transaction.atomic(using="vault"), connections["vault"].cursor() as cursor:
            if self.vendor == "postgresql":
                cursor.execute("SELECT pg_advisory_xact_lock(7)")
            cursor.execute("SELECT id, hash FROM plain_chain ORDER BY id DESC LIMIT 1")
            number, previous = cursor.fetchone()
            said = (number + 1, time.time_ns(), one.subject_tag, one.actor_tag, int(one.act))
            hashed = digest(bytes(previous), repr(said).encode(), one.sealed_detail)
            cursor.execute(
                "INSERT INTO plain_chain (id, at, patient, actor, act, detail, hash)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                (*said, one.sealed_detail, hashed),
            )


def plain_chain() -> Chain:
    from django.db import connections  # noqa: PLC0415 - Django is set up

    vendor = connections["vault"].vendor
    kind = "bytea" if vendor == "postgresql" else "blob"
    with connections["vault"].cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE plain_chain (id bigint PRIMARY KEY, at bigint, patient {kind},"
            f" actor {kind}, act smallint, detail {kind}, hash {kind})"
        )
        cursor.execute("CREATE INDEX plain_chain_patient ON plain_chain (patient, id)")
        cursor.execute(
            "INSERT INTO plain_chain (id, hash, detail) VALUES (0, %s, %s)", (bytes(32), b"")
        )
    return Chain(vendor)


def grow(recorder: Recorder, entries: int) -> None:
    """Bring the log to its size, in large pieces, with a HEADS after each two."""
    from vaitiolo.ledger.heading import Heads  # noqa: PLC0415 - Django is set up
    from vaitiolo.ledger.queries import last_batch  # noqa: PLC0415 - Django is set up
    from vaitiolo.ledger.verify import specials  # noqa: PLC0415 - Django is set up

    have, heads, part = (last_batch() or (0, b""))[0], Heads(), 0
    started = time.perf_counter()
    while have < entries:
        have = recorder.record([pending() for _ in range(min(PART, entries - have))])[-1] + 1
        part += 1
        if part % 2 == 0:
            found = heads.now()
            values = {"covered": found.covered, "root": found.root.hex(), "size": found.size}
            told = {"subject_tag": b"s" * 16, "actor_tag": bytes(16), "salt": uuid4().bytes * 2}
            recorder.record([specials.prepare(Act.HEADS, values, **told)])
    recorder.checkpoint_now()
    say(f"\ngrown to {entries:,} entries in {time.perf_counter() - started:.0f} s")


def look_through(folder: Path, *, server: int | None) -> None:
    from vaitiolo.ledger import heading, queries  # noqa: PLC0415 - Django is set up
    from vaitiolo.ledger.auditing import audit  # noqa: PLC0415 - Django is set up
    from vaitiolo.ledger.publishing import Folders  # noqa: PLC0415 - Django is set up
    from vaitiolo.ledger.verify.folder import audit_folder  # noqa: PLC0415 - Django is set up

    size = (queries.last_batch() or (0, b""))[0]
    inside = Folders(folder / "ledger", folder / "ledger-entries")
    for name, deed in (
        ("audit of the database", lambda: audit(KEY)),
        ("audit of a copy", lambda: audit_folder(inside.read, KEY)),
    ):
        took, found = timed(deed)
        say(f"{name}: {size / took:,.0f} entries per s, {found.heads} HEADS, {found.is_sound}")
        say(f"  5 million would take {5e6 / size * took:.0f} s")
    took, _tree = timed(lambda: heading.tree_of(size))
    say(f"tree of heads from nothing: {took * 1e3:.0f} ms")
    kept = heading.Heads()
    kept.now()
    took, _found = timed(kept.now)
    say(f"tree of heads when nothing came: {took * 1e3:.1f} ms")
    tag = (4_711).to_bytes(16, "big")
    took, entries = timed(lambda: list(queries.entries_of(tag)))
    say(f"one person's {len(entries)} entries, read from the database: {took * 1e3:.1f} ms")
    say(f"disk: {disk(folder, server) / size:.0f} bytes an entry in the database, of which details")
    say(f"  of {DETAIL_BYTES} bytes; {bytes_of(folder / 'ledger') / size:.0f} in public tiles,")
    say(f"  {bytes_of(folder / 'ledger-entries') / size:.0f} in bundles")


def timed(deed: Callable) -> tuple:
    started = time.perf_counter()
    found = deed()
    return time.perf_counter() - started, found


def disk(folder: Path, server: int | None) -> int:
    from django.db import connections  # noqa: PLC0415 - Django is set up

    if server is None:
        with connections["vault"].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return (folder / "vault.sqlite3").stat().st_size
    with connections["vault"].cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def bytes_of(folder: Path) -> int:
    return sum(file.stat().st_blocks * 512 for file in folder.rglob("*") if file.is_file())


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


if __name__ == "__main__":
    main()
