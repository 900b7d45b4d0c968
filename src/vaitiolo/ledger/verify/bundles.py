"""What the files of a proof bundle hold (docs/formats-ledger.md, section 11): written and read.

Says nothing of whether any of it is true: `bundle_checks` does. Reads no table and no zip.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from vaitiolo.ledger.entries import LEAF_BYTES, TAG_BYTES
from vaitiolo.ledger.verify.tree import HASH_BYTES, leaf_hash
from vaitiolo.ledger.verify.whole import PlacedHead

FORMAT = "vaitiolo/1/report"
FRAME, HEADS_PROOF = "report.json", "heads.tlog-proof"
CHECKPOINT, POLICY = "checkpoint", "policy"
TOKEN, STAMPED, GROWN = "stamp/token.tsr", "stamp/checkpoint", "stamp/growth"
# For people: nothing rests on them.
READABLE = frozenset({"README.html", "report.pdf"})
_NEEDED = frozenset({FRAME, HEADS_PROOF, CHECKPOINT, POLICY})
_STAMP = frozenset({TOKEN, STAMPED, GROWN})
_ENTRY = re.compile(r"entries/([0-9]{8,18})\.(json|tlog-proof)", re.ASCII)
_MOST_HASHES = 63
_LARGEST = 1 << 63


class BundleBroken(Exception):
    """A bundle is not whole, not of its form, or not true; `code` says which check failed.

    `where` is a file's name or an entry's number.
    """

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(code, where)
        self.code, self.where = code, where


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry of the report's chain; of a withheld one the place and the leaf's hash alone."""

    sequence: int
    index: int
    hash: bytes
    leaf: bytes = b""
    salt: bytes | None = field(default=None, repr=False)
    detail: bytes | None = field(default=None, repr=False)

    @property
    def is_withheld(self) -> bool:
        """Whether it was decided that this entry is not shown."""
        return not self.leaf

    @property
    def is_erased(self) -> bool:
        """Whether the leaf stands and its detail is gone."""
        return bool(self.leaf) and self.detail is None

    @property
    def name(self) -> str:
        """Return its file's name, without what says which of its two files it is."""
        return f"entries/{self.sequence:08d}"

    def write(self) -> bytes:
        """Return what `entries/….json` holds."""
        if self.is_withheld:
            return _json({"hash": self.hash.hex(), "index": self.index})
        said = None if self.detail is None else self.detail.decode()
        salt = None if self.salt is None else self.salt.hex()
        return _json({"detail": said, "index": self.index, "leaf": self.leaf.hex(), "salt": salt})


@dataclass(frozen=True, slots=True)
class HeadsEntry:
    """The HEADS entry that the report rests on, with its public values."""

    index: int
    leaf: bytes
    salt: bytes
    detail: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """Whose chain, from which number to which, and where its head stands among all heads."""

    tag: bytes
    first: int
    last: int
    heads: HeadsEntry
    head: PlacedHead | None
    below: PlacedHead | None
    above: PlacedHead | None

    def write(self) -> bytes:
        """Return what `report.json` holds."""
        heads = {
            "detail": self.heads.detail.decode(),
            "index": self.heads.index,
            "leaf": self.heads.leaf.hex(),
            "salt": self.heads.salt.hex(),
        }
        return _json(
            {
                "above": _placed(self.above),
                "below": _placed(self.below),
                "first": self.first,
                "format": FORMAT,
                "head": _placed(self.head),
                "heads": heads,
                "last": self.last,
                "tag": self.tag.hex(),
            }
        )


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that a bundle says, in its form and not yet checked."""

    frame: Frame
    heads_proof: str
    checkpoint: str
    policy: str
    entries: tuple[tuple[Shown, str], ...]
    stamp: tuple[bytes, str, str] | None


def read(files: Mapping[str, bytes]) -> Bundle:
    """Read a bundle's files; raises BundleBroken for a missing, unknown or misshapen one."""
    names = set(files)
    if missing := _NEEDED - names:
        raise BundleBroken("missing", min(missing))
    numbered = _numbered(names)
    frame = _read_frame(files[FRAME])
    # Compared by their ends: what a file says it holds may be more than any memory does.
    ends = (min(numbered), max(numbered)) if numbered else (frame.first, frame.first - 1)
    if ends != (frame.first, frame.last) or len(numbered) != frame.last - frame.first + 1:
        raise BundleBroken("numbers")
    entries = tuple(_read_pair(files, number) for number in sorted(numbered))
    return Bundle(
        frame,
        _text(files, HEADS_PROOF),
        _text(files, CHECKPOINT),
        _text(files, POLICY),
        entries,
        _read_stamp(files),
    )


def _numbered(names: Iterable[str]) -> set[int]:
    """Return the numbers of the entries, each of which has both files; refuses other names."""
    found: dict[str, set[int]] = {"json": set(), "tlog-proof": set()}
    for name in set(names) - _NEEDED - _STAMP - READABLE:
        entry = _ENTRY.fullmatch(name)
        if entry is None or name != f"entries/{int(entry[1]):08d}.{entry[2]}":
            raise BundleBroken("unknown-file", name)
        found[entry[2]].add(int(entry[1]))
    if alone := found["json"] ^ found["tlog-proof"]:
        raise BundleBroken("missing", f"entries/{min(alone):08d}")
    return found["json"]


def _read_pair(files: Mapping[str, bytes], number: int) -> tuple[Shown, str]:
    name = f"entries/{number:08d}"
    return read_shown(number, files[f"{name}.json"]), _text(files, f"{name}.tlog-proof")


def read_shown(sequence: int, content: bytes) -> Shown:
    """Read an entry's file; raises BundleBroken."""
    name = f"entries/{sequence:08d}.json"
    said = _object(content, name)
    try:
        if said.keys() == {"hash", "index"}:
            shown = Shown(sequence, _count(said["index"]), _bytes(said["hash"], HASH_BYTES))
        else:
            shown = _read_whole(sequence, said)
    except (KeyError, TypeError, ValueError):
        raise BundleBroken("form", name) from None
    if shown.write() != content:
        raise BundleBroken("form", name)
    return shown


def _read_whole(sequence: int, said: Mapping[str, Any]) -> Shown:
    leaf = _bytes(said["leaf"], LEAF_BYTES)
    salt = None if said["salt"] is None else _bytes(said["salt"], HASH_BYTES)
    detail = None if said["detail"] is None else str(said["detail"]).encode()
    if (salt is None) != (detail is None):
        raise ValueError
    return Shown(sequence, _count(said["index"]), leaf_hash(leaf), leaf, salt, detail)


def _read_frame(content: bytes) -> Frame:
    said = _object(content, FRAME)
    if said.get("format") != FORMAT:
        raise BundleBroken("format", FRAME)
    try:
        heads = said["heads"]
        entry = HeadsEntry(
            _count(heads["index"]),
            _bytes(heads["leaf"], LEAF_BYTES),
            _bytes(heads["salt"], HASH_BYTES),
            str(heads["detail"]).encode(),
        )
        frame = Frame(
            _bytes(said["tag"], TAG_BYTES),
            _count(said["first"]),
            _count(said["last"]),
            entry,
            *(_read_placed(said[name]) for name in ("head", "below", "above")),
        )
    except (KeyError, TypeError, ValueError):
        raise BundleBroken("form", FRAME) from None
    if frame.first < 1 or frame.write() != content:
        raise BundleBroken("form", FRAME)
    return frame


def _read_stamp(files: Mapping[str, bytes]) -> tuple[bytes, str, str] | None:
    present = _STAMP & files.keys()
    if not present:
        return None
    if missing := _STAMP - present:
        raise BundleBroken("missing", min(missing))
    return files[TOKEN], _text(files, STAMPED), _text(files, GROWN)


def _read_placed(said: Any) -> PlacedHead | None:
    if said is None:
        return None
    path = [_bytes(one, HASH_BYTES) for one in said["path"]]
    if len(path) > _MOST_HASHES:
        raise ValueError
    return PlacedHead(_bytes(said["head"], TAG_BYTES + HASH_BYTES), _count(said["place"]), path)


def _placed(one: PlacedHead | None) -> dict[str, object] | None:
    if one is None:
        return None
    path = [hashed.hex() for hashed in one.path]
    return {"head": one.head.hex(), "path": path, "place": one.place}


def _json(value: Mapping[str, object]) -> bytes:
    """Return JSON in one way only: names sorted, no space, no letter written as a number."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{text}\n".encode()


def _object(content: bytes, name: str) -> dict[str, Any]:
    try:
        said = json.loads(content.decode())
    except (ValueError, RecursionError):
        raise BundleBroken("form", name) from None
    if not isinstance(said, dict):
        raise BundleBroken("form", name)
    return said


def _text(files: Mapping[str, bytes], name: str) -> str:
    try:
        return files[name].decode()
    except UnicodeDecodeError:
        raise BundleBroken("form", name) from None


def _bytes(value: Any, length: int) -> bytes:
    found = bytes.fromhex(value)
    if len(found) != length:
        raise ValueError
    return found


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value < _LARGEST:
        raise ValueError
    return value
