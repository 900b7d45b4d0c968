"""A copy of the page in a folder: any server, or a stick, can serve it when the house is down.

Everything in it is public: sealed pages, marks, advice. A manifest names the hash of each file.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from django.contrib.staticfiles import finders

from vaitiolo.breach.models import MessageMark, PublishedPage
from vaitiolo.breach.told import access, queries
from vaitiolo.breach.told.page import SCRIPTS, STYLES, Places, write_page
from vaitiolo.ledger.verify.tree import digest
from vaitiolo.notices.advice import Pack
from vaitiolo.warden.transport import Transport

MANIFEST: Final = "manifest.json"
VERSION: Final = 1


class AdviceDue(ValueError):
    """Some advice has to be confirmed before the page may be copied; ``items`` names it."""

    def __init__(self, items: tuple[str, ...]) -> None:
        super().__init__(", ".join(items))
        self.items = items


class FolderTaken(ValueError):
    """There is something in the folder that is no copy of the page."""


@dataclass(frozen=True, slots=True)
class Made:
    """A copy that was made; the ledger has the hash of its manifest."""

    files: int
    pages: int
    manifest: bytes


def publish(folder: Path, transport: Transport, *, on: date) -> Made:
    """Write a copy, recorded first.

    Raises AdviceDue, AdviceWrong, FolderTaken, and then nothing was written.
    """
    pack = queries.house_advice()
    files = gather(pack, on=on)
    manifest = manifest_of(files, pack, on=on)
    made = Made(len(files), PublishedPage.objects.count(), digest(manifest))

    def before() -> None:
        access.note_published(
            transport, made.manifest, files=made.files, pages=made.pages, advice=pack.version
        )

    write(folder, files, manifest, before=before)
    return made


def gather(pack: Pack, *, on: date) -> dict[str, bytes]:
    """Return every file of a copy but its manifest. Raises AdviceDue."""
    due = tuple(item.id for item in pack.due(on))
    if due:
        raise AdviceDue(due)
    places = Places(SCRIPTS, STYLES, is_copy=True)
    files = {name: _static(name) for name in (*SCRIPTS, STYLES)}
    files["index.html"] = write_page(pack, places, on=on).encode()
    files["advice.json"] = _advice(pack)
    files |= _pages() | _marks()
    return files


def manifest_of(files: dict[str, bytes], pack: Pack, *, on: date) -> bytes:
    """Return the manifest: the day, the advice, and SHA-256 (FIPS 180-4) of each file."""
    said = {
        "v": VERSION,
        "made_on": on.isoformat(),
        "advice": {"version": pack.version, "sha256": pack.hash, "invented": pack.is_invented},
        "files": {name: digest(content).hex() for name, content in sorted(files.items())},
    }
    return json.dumps(said, indent=1, sort_keys=True).encode() + b"\n"


def write(
    folder: Path, files: dict[str, bytes], manifest: bytes, *, before: Callable[[], None]
) -> None:
    """Write a copy; ``before`` records it. A copy that stood there stays whole until the last.

    Raises FolderTaken, and then nothing was written.
    """
    is_ours = (folder / MANIFEST).exists() or not folder.exists() or not any(folder.iterdir())
    if not is_ours:
        raise FolderTaken(str(folder))
    before()
    # The manifest goes first and comes last: a copy that was cut off has none.
    (folder / MANIFEST).unlink(missing_ok=True)
    for place in {(folder / name).parent for name in files}:
        place.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / MANIFEST).write_bytes(manifest)


def _pages() -> dict[str, bytes]:
    found: dict[int, list[tuple[bytes, bytes]]] = defaultdict(list)
    rows = PublishedPage.objects.values_list("lookup", "sealed").iterator()
    for lookup, sealed in rows:
        found[int.from_bytes(bytes(lookup)[:2], "big") >> 4].append((bytes(lookup), bytes(sealed)))
    return {
        f"b/{number:03x}.js": queries.pages_file(number, found[number]).encode()
        for number in _buckets()
    }


def _marks() -> dict[str, bytes]:
    found: dict[int, list[bytes]] = defaultdict(list)
    for number, mark in MessageMark.objects.values_list("bucket", "mark").iterator():
        found[number].append(bytes(mark))
    return {
        f"m/{number:03x}.js": queries.file_of_marks(number, found[number]).encode()
        for number in _buckets()
    }


def _buckets() -> Iterator[int]:
    # Empty ones too: a missing file would tell that nobody's page is there.
    yield from range(queries.BUCKETS)


def _static(name: str) -> bytes:
    found = finders.find(f"breach/told/{name}")
    if found is None:
        raise FileNotFoundError(name)
    return Path(found).read_bytes()


def _advice(pack: Pack) -> bytes:
    """Return the advice with its sources and days, for whoever checks the copy."""
    said = [
        {
            "id": item.id,
            "checked": item.checked.isoformat() if item.checked else None,
            "confirmed_by": item.confirmed.by if item.confirmed else None,
            "sources": list(item.sources),
        }
        for item in pack.items
    ]
    return json.dumps({"version": pack.version, "items": said}, indent=1).encode() + b"\n"
