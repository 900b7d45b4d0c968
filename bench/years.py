"""What years of entries cost to check: `python -m bench.years [sqlite|postgres] [--entries N]`.

Fills a log by the real numbering and chaining as a clinic's days do: a register of 36,000, then
entries about them and now and then about somebody new, a HEADS each minute (33 entries). In SQLite
each entry is its own batch, in PostgreSQL each minute. Then the whole audit, a copy and its audit,
and what a warden reads when it starts.
"""

import argparse
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import django
from django.conf import settings
from django.core.management import call_command

from bench.ledger import TAGS, database, disk, pending, recorder_of, say, timed
from tests.ledger.logs import KEY, sign
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import Pending
from vaitiolo.ledger.recorder import Recorder
from vaitiolo.ledger.verify.chains import Findings

if TYPE_CHECKING:
    from vaitiolo.ledger.heading import Heads
    from vaitiolo.ledger.rows import Rows
    from vaitiolo.ledger.sequencing import End

ENTRIES = 5_000_000
A_MINUTE = 33
# Of so many entries one is somebody's first.
NEW = 1_000


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.years", description=__doc__)
    options.add_argument("engine", nargs="?", choices=["sqlite", "postgres"], default="sqlite")
    options.add_argument("--entries", type=int, default=ENTRIES)
    options.add_argument("--folder", type=Path, default=None, help="where there is room")
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="vaitiolo-years-", dir=chosen.folder))
    try:
        with database(chosen.engine, folder) as (address, server):
            settings.configure(
                DATABASES={"default": {}, "vault": address},
                DATABASE_ROUTERS=["vaitiolo.config.vault.VaultRouter"],
                INSTALLED_APPS=["vaitiolo.ledger"],
                USE_TZ=True,
            )
            django.setup()
            call_command("migrate", database="vault", verbosity=0)
            fill(chosen.entries)
            look_through(folder, server=server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fill(entries: int) -> None:
    """Number and write entries as the recorder does, without waiting for the disk at each."""
    from django.db import connections  # noqa: PLC0415 - Django is set up

    from vaitiolo.ledger.rows import rows_of  # noqa: PLC0415 - Django is set up
    from vaitiolo.ledger.sequencing import End  # noqa: PLC0415 - Django is set up

    connection, rows, end = connections["vault"], rows_of("vault"), End()
    end.catch_up(rows, rows.begin())
    rows.roll_back()
    with connection.cursor() as cursor:
        quick = "PRAGMA" if connection.vendor == "sqlite" else "SET"
        off = "synchronous" if connection.vendor == "sqlite" else "synchronous_commit"
        cursor.execute(f"{quick} {off} = OFF")
    fill_rows(rows, end, entries=entries, apart=connection.vendor == "sqlite")
    rows.close()


def fill_rows(rows: "Rows", end: "End", *, entries: int, apart: bool) -> None:
    """Write hour by hour. `apart`: each entry is its own batch, and an hour is one commit."""
    from vaitiolo.ledger.heading import Heads  # noqa: PLC0415 - Django is set up
    from vaitiolo.ledger.verify import checkpoints  # noqa: PLC0415 - Django is set up

    started, heads, commit = time.perf_counter(), Heads(), rows.commit
    size = write(rows, end, bring_in(), apart=False)
    while size < entries:
        before = size
        if apart:
            rows.commit = lambda: None  # type: ignore[method-assign]
            rows.begin()
        for _minute in range(60):
            size = write_minute(rows, end, heads, apart=apart)
        if not apart:
            rows.begin()
        stated = checkpoints.Checkpoint(size, rows.root_at(size) or b"")
        rows.put_checkpoint(size, checkpoints.sign(KEY, stated, signer=sign))
        commit()
        if size // 250_000 != before // 250_000:
            say(f"  {size:,} entries, {time.perf_counter() - started:.0f} s")
    say(f"filled with {size:,} entries in {time.perf_counter() - started:.0f} s")


def write_minute(rows: "Rows", end: "End", heads: "Heads", *, apart: bool) -> int:
    drawn = [of_somebody() for _ in range(A_MINUTE)]
    for batch in [[one] for one in drawn] if apart else [drawn]:
        write(rows, end, batch, apart=apart)
    return write(rows, end, [heading(heads)], apart=apart)


def bring_in() -> list[Pending]:
    """Return the first entry of everybody in the register that the clinic came with."""
    return [replace(pending(), subject_tag=tag.to_bytes(16, "big")) for tag in range(TAGS)]


def of_somebody() -> Pending:
    """Return an entry of one of those, or now and then of somebody new."""
    return replace(pending(), subject_tag=uuid4().bytes) if uuid4().int % NEW == 0 else pending()


def write(rows: "Rows", end: "End", batch: list[Pending], *, apart: bool) -> int:
    if not apart:
        rows.begin()
    numbered = end.number(rows, batch, time_us=time.time_ns() // 1000)
    rows.write(numbered.written)
    end.advance(numbered)
    return numbered.edge.size


def heading(heads: "Heads") -> Pending:
    from vaitiolo.ledger.verify import specials  # noqa: PLC0415 - Django is set up

    found = heads.now()
    values = {"covered": found.covered, "root": found.root.hex(), "size": found.size}
    told = {"subject_tag": b"s" * 16, "actor_tag": bytes(16), "salt": uuid4().bytes * 2}
    return specials.prepare(Act.HEADS, values, **told)


def look_through(folder: Path, *, server: int | None) -> None:
    from vaitiolo.ledger import queries  # noqa: PLC0415 - Django is set up
    from vaitiolo.ledger.auditing import audit  # noqa: PLC0415 - Django is set up
    from vaitiolo.ledger.heading import Heads  # noqa: PLC0415 - Django is set up
    from vaitiolo.ledger.publishing import Folders  # noqa: PLC0415 - Django is set up
    from vaitiolo.ledger.verify.folder import audit_folder  # noqa: PLC0415 - Django is set up

    size = (queries.last_batch() or (0, b""))[0]
    say(f"disk: {disk(folder, server) / size:.0f} bytes an entry in the database")
    audited("audit of the database", lambda: audit(KEY))
    took, _found = timed(Heads().now)
    say(f"tree of heads from nothing: {took * 1e3:.0f} ms")
    turning = {Act.REVOKE_GRANT, Act.ROTATE_COMMIT}
    took, found = timed(lambda: queries.indices_of(turning, since=0, before=size))
    say(f"what was turned, of all entries ({len(found)} of them): {took * 1e3:.0f} ms")
    recorder, publisher = recorder_of(folder)
    took, _none = timed(lambda: publisher.catch_up(queries.newest_checkpoint() or ""))
    say(f"a whole copy, written: {took:.0f} s")
    publisher(queries.newest_checkpoint() or "")
    inside = Folders(folder / "ledger", folder / "ledger-entries")
    audited("audit of a copy", lambda: audit_folder(inside.read, KEY))
    took, _none = timed(lambda: begin(recorder))
    say(f"a recorder's start and its first entry: {took * 1e3:.0f} ms")


def begin(recorder: Recorder) -> None:
    recorder.start()
    recorder.record([pending()])
    recorder.stop()


def audited(name: str, deed: Callable[[], Findings]) -> None:
    before = time.process_time()
    took, found = timed(deed)
    ours = time.process_time() - before
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"{name}: {took:.0f} s ({ours:.0f} s of processor here),")
    say(f"  {found.size:,} entries and {found.heads:,} HEADS, {found.size / took:,.0f} per s,")
    say(f"  {most:.0f} MB at most; sound: {found.is_sound}")


if __name__ == "__main__":
    main()
