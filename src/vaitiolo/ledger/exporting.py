"""What an auditor takes away: tiles and checkpoint, on request the entries, and single proofs.

Everything is made from the database anew, up to the newest signed checkpoint; no secret is read.
"""

from contextlib import suppress
from pathlib import Path

from vaitiolo.ledger import queries
from vaitiolo.ledger.publishing import Folders, Progress, Publisher, read_leaves
from vaitiolo.ledger.verify import checkpoints
from vaitiolo.ledger.verify.checkpoints import Checkpoint, LogKey
from vaitiolo.ledger.verify.proofs import Growth, Inclusion
from vaitiolo.ledger.verify.tiles import Fetch, Tiles, TilesBroken
from vaitiolo.ledger.verify.tree import (
    Edge,
    HistoryRewritten,
    leaf_hash,
    parts_of_growth,
    parts_of_inclusion,
)

LOG_KEY = "log-key.txt"


class CannotExport(Exception):
    """Nothing was written; the message says why."""


def export(
    folder: Path, key: LogKey, *, with_entries: bool, progress: Progress, alias: str = "vault"
) -> Checkpoint:
    """Write a copy of the log into an empty folder, its checkpoint last; return what that states.

    The log's key stands in the copy for convenience: whoever checks takes it by another road.
    Raises CannotExport, HistoryRewritten when the entries do not give the checkpoint's root.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CannotExport(f"{folder} is not empty. Nothing was written.")
    note = newest(alias)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LOG_KEY).write_text(f"{key.verifier}\n", encoding="utf-8")
    publisher = Publisher(Folders(folder, folder if with_entries else None), key, alias=alias)
    publisher.catch_up(note, progress=progress)
    publisher(note)
    return checkpoints.read(note, key)


def prove(index: int, key: LogKey, *, note: str, fetch: Fetch, alias: str = "vault") -> Inclusion:
    """Return the proof that an entry is in the tree of a checkpoint.

    Out of the published tiles that `fetch` returns where they give the checkpoint's root, else out
    of the entries. Raises CannotExport where the checkpoint does not reach so far, and
    HistoryRewritten when the entries do not give its root: then there is no proof to give.
    """
    stated = checkpoints.read(note, key)
    if not 0 <= index < stated.size:
        raise CannotExport(f"The checkpoint states {stated.size} entries; {index} is not of them.")
    parts = parts_of_inclusion(index, stated.size)
    return Inclusion(index, _roots(parts, stated, fetch=fetch, alias=alias), note)


def prove_growth(
    old_size: int, key: LogKey, *, note: str, fetch: Fetch, alias: str = "vault"
) -> Growth:
    """Return the proof that a checkpoint's tree begins with its first `old_size` entries.

    As `prove` does, and with the same refusals.
    """
    stated = checkpoints.read(note, key)
    if not 0 <= old_size <= stated.size:
        raise CannotExport(f"The checkpoint states {stated.size} entries, which is less.")
    parts = parts_of_growth(old_size, stated.size)
    return Growth(old_size, _roots(parts, stated, fetch=fetch, alias=alias), note)


def newest(alias: str = "vault") -> str:
    """Return the newest signed checkpoint; raises CannotExport before the first."""
    note = queries.newest_checkpoint(alias=alias)
    if not note:
        raise CannotExport("The ledger has no signed checkpoint yet.")
    return note


def _roots(
    parts: list[tuple[int, int]], stated: Checkpoint, *, fetch: Fetch, alias: str
) -> list[bytes]:
    tiles = Tiles(fetch, stated.size)
    with suppress(TilesBroken):
        if tiles.root() == stated.root:
            return [tiles.root_between(*part) for part in parts]
    return _roots_of_entries(parts, stated, alias=alias)


def _roots_of_entries(
    parts: list[tuple[int, int]], stated: Checkpoint, *, alias: str
) -> list[bytes]:
    """Return the roots of stretches, in one reading of the leaves that checks the whole."""
    whole, inside, found = Edge.empty(), Edge.empty(), {}
    waiting = sorted(parts)
    for index, leaf in enumerate(read_leaves(0, stated.size, alias=alias)):
        hashed = leaf_hash(leaf)
        whole.append(hashed)
        if waiting and index >= waiting[0][0]:
            inside.append(hashed)
            if index + 1 == waiting[0][1]:
                found[waiting.pop(0)] = inside.root()
                inside = Edge.empty()
    if whole.root() != stated.root:
        raise HistoryRewritten
    return [found[part] for part in parts]
