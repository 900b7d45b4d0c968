"""The publication: a hundred people a day, in many forms, from what each thief has."""

import csv
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from vaitiolo.ops.replay import history
from vaitiolo.ops.replay.extorting import Record, mail, records_in_clear, records_seen
from vaitiolo.ops.replay.measured import Act, Figure, demand, said
from vaitiolo.ops.replay.stage import Stage, timed
from vaitiolo.ops.thief.raid import Outcome
from vaitiolo.ops.thief.reading import Progress, Reader
from vaitiolo.ops.thief.unpacking import Piece

A_DAY: Final = 100
MIB: Final = 1 << 20


def leak(stage: Stage) -> Act:
    """Publish what there is, day by day, and count who can be read in it."""
    here: Outcome = stage.props["here"]
    clear, took = timed(lambda: publish(stage, "leak-in-clear", records_in_clear(stage)))
    seen = publish(stage, "leak", records_seen(stage))
    stage.props["leak"] = seen
    people, published = stage.score.patients, _readable(stage, clear)
    demand(published == people, f"{published} of {people} people stand in the leak")
    ours = _readable(stage, seen)
    forms = ", ".join(sorted({path.suffix.lstrip(".") for path in clear}))
    size = sum(path.stat().st_size for path in clear) / MIB
    return Act(
        key="leak",
        title="A hundred people a day",
        story=(
            (
                f"Each day's people are published in other forms: {forms}; some packed, some with "
                "their letters written as codes. Then all of it is read back as a stranger would."
            ),
            (
                "Whoever copied our disk has nothing to publish. The publication that the next "
                "acts answer is the stolen session's: those charts, once."
            ),
        ),
        figures=(
            Figure(
                "people published by whoever copied the disk",
                f"{published:,} of {people:,}",
                f"{here.persons:,} of {people:,}",
                history.PUBLISHED,
            ),
            Figure("people published from a session", f"{published:,}", f"{ours:,}"),
            Figure("days it goes on", str(_days(published)), str(_days(ours)), "3, then all"),
            Figure("written in", f"{said(took)}, {size:,.1f} MiB", "-"),
        ),
        holds=ours == stage.props["stolen"] and not here.persons,
        seconds=took,
    )


def publish(stage: Stage, name: str, records: list[Record]) -> list[Path]:
    """Write a publication: so many people a day, each day in the next form."""
    forms = list(FORMS.items())
    paths = []
    for day, start in enumerate(range(0, len(records), A_DAY), start=1):
        some = records[start : start + A_DAY]
        for part, (ending, write) in enumerate(forms):
            # Each form gets its share of the day, so that even one day has them all.
            share = some[part :: len(forms)]
            if share:
                path = stage.file(name, f"day-{day:03}{ending}")
                path.write_bytes(write(share))
                paths.append(path)
    return paths


def _readable(stage: Stage, paths: list[Path]) -> int:
    reader = Reader(stage.wanted, stage.file(f"{paths[0].parent.name}-unpacked"), Progress())
    for path in paths:
        reader.read(Piece(path, f"leak: {path.name}"))
    return len(reader.findings.owners(stage.wanted))


def _days(people: int) -> int:
    return -(-people // A_DAY)


def _csv(records: list[Record]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerows((one.name, one.text) for one in records)
    return file.getvalue().encode()


def _json(records: list[Record]) -> bytes:
    return json.dumps([{"who": one.name, "what": one.text} for one in records]).encode()


def _sql(records: list[Record]) -> bytes:
    rows = (f"('{_quoted(one.name)}', '{_quoted(one.text)}')" for one in records)
    return ("INSERT INTO patient VALUES\n" + ",\n".join(rows) + ";\n").encode()


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")


def _html(records: list[Record]) -> bytes:
    parts = (f"<h2>{one.name}</h2><p>{one.text}</p>" for one in records)
    return f"<html><body>{''.join(parts)}</body></html>".encode("ascii", "xmlcharrefreplace")


def _text(records: list[Record]) -> bytes:
    return "\n\n".join(f"{one.name}\n{one.text}" for one in records).encode("latin-1", "replace")


def _mails(records: list[Record]) -> bytes:
    letters = (b"From nobody@example.net\n" + mail([one]) for one in records)
    return b"\n".join(letters)


def _zip(records: list[Record]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.csv", _csv(records))
    return file.getvalue()


def _tar(records: list[Record]) -> bytes:
    file, content = io.BytesIO(), _text(records)
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("one.txt")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return gzip.compress(file.getvalue(), mtime=0)


FORMS: Final[Mapping[str, Callable[[list[Record]], bytes]]] = {
    ".csv": _csv,
    ".json": _json,
    ".sql": _sql,
    ".html": _html,
    ".txt": _text,
    ".mbox": _mails,
    ".zip": _zip,
    ".tgz": _tar,
}
