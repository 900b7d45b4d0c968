"""A second verifier of a person's report, written from docs/formats-ledger.md alone.

It shares no line with the product's: hashing, layout and the tree are done again here.
"""

import base64
import hashlib
import hmac
import io
import json
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from typing import Any


def _sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def _climb(hashed: bytes, place: int, size: int, path: list[bytes]) -> bytes | None:
    """RFC 9162, section 2.1.3.2, word by word."""
    if place >= size:
        return None
    fn, sn = place, size - 1
    for step in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            hashed = _sha256(b"\1", step, hashed)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            hashed = _sha256(b"\1", hashed, step)
        fn >>= 1
        sn >>= 1
    return hashed if sn == 0 else None


def is_whole(
    tag: bytes,
    report: list[tuple[int, bytes]],
    head: tuple[bytes, int, list[bytes]],
    stated: tuple[int, bytes],
) -> bool:
    """Say whether a report holds every entry of a tag, by its head and the tree of heads."""
    indexes = [index for index, _leaf in report]
    if not report or indexes != sorted(set(indexes)) or not _is_chained(tag, report):
        return False
    index, leaf = report[-1]
    shown, place, path = head
    size, root = stated
    is_last = shown == tag + _sha256(b"\2", index.to_bytes(8, "big"), leaf)
    return is_last and _climb(_sha256(b"\0", shown), place, size, path) == root


def _is_chained(tag: bytes, report: list[tuple[int, bytes]]) -> bool:
    previous = bytes(32)
    for expected, (_index, leaf) in enumerate(report, start=1):
        begins = leaf[:1] == b"\1" and leaf[10:26] == tag and len(leaf) == 114
        follows = leaf[42:50] == expected.to_bytes(8, "big") and leaf[50:82] == previous
        if not begins or not follows:
            return False
        previous = _sha256(b"\0", leaf)
    return True


# --- the whole bundle, section 11 ----------------------------------------------------------------


def verify_bundle(content: bytes, policy: str | None = None) -> list[str]:
    """Return what is not as it should be in a zip; nothing where everything fits.

    By the policy's keys, or by those of the bundle itself.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        return list(_Bundle(files, policy).faults())
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, zipfile.BadZipFile) as no:
        return [f"form: {no!r}"]


class _Bundle:
    def __init__(self, files: dict[str, bytes], policy: str | None) -> None:
        self.files = files
        self.frame = json.loads(files["report.json"])
        self.policy = policy or files["policy"].decode()
        self.tag = bytes.fromhex(self.frame["tag"])
        text, _, lines = files["checkpoint"].decode().partition("\n\n")
        self.text, self.lines = f"{text}\n", lines.splitlines()
        self.origin, size, root = text.split("\n")
        self.size, self.root = int(size), base64.b64decode(root)
        numbers = sorted(name for name in files if re.fullmatch(r"entries/\d+\.json", name))
        self.entries = [(int(name[8:-5]), json.loads(files[name])) for name in numbers]
        heads = self.frame["heads"]
        self.stated = json.loads(heads["detail"])

    def faults(self) -> Iterator[str]:
        checks = (self.signed, self.heads, self.chained, self.included, self.whole, self.details)
        for check in checks:
            if not check():
                yield check.__name__

    def signed(self) -> bool:
        """The log's key and a quorum of witnesses, as the flat policies here have it."""
        keys = [line.split() for line in self.policy.splitlines()]
        [log] = [words[1] for words in keys if words[0] == "log"]
        witnesses = [words[2] for words in keys if words[0] == "witness"]
        needed = [int(words[2]) for words in keys if words[0] == "group"] or [0]
        name = log.split("+")[0]
        seen = sum(self._is_signed(key, cosigned=True) for key in witnesses)
        return name == self.origin and self._is_signed(log) and seen >= needed[0]

    def _is_signed(self, verifier: str, *, cosigned: bool = False) -> bool:
        name, key_id, encoded = verifier.split("+", 2)
        public = base64.b64decode(encoded)[1:]
        for line in self.lines:
            _dash, signer, value = line.split(" ")
            signature = base64.b64decode(value)
            if (signer, signature[:4].hex()) != (name, key_id):
                continue
            message = self.text.encode()
            if cosigned:
                at = int.from_bytes(signature[4:12], "big")
                message = f"cosignature/v1\ntime {at}\n".encode() + message
            return ed25519(public, message, signature[12 if cosigned else 4 :])
        return False

    def _is_in_log(self, name: str, hashed: bytes, index: int) -> bool:
        head, _, note = self.files[name].decode().partition("\n\n")
        first, place, *path = head.split("\n")
        if (first, place) != ("c2sp.org/tlog-proof@v1", f"index {index}"):
            return False
        if not self.files["checkpoint"].decode().startswith(note):
            return False
        hashes = [base64.b64decode(one) for one in path]
        return _climb(hashed, index, self.size, hashes) == self.root

    def heads(self) -> bool:
        entry = self.frame["heads"]
        leaf, salt = bytes.fromhex(entry["leaf"]), bytes.fromhex(entry["salt"])
        is_heads = leaf[1] == 0xE0 and self.stated["covered"] <= entry["index"]
        is_its_own = hmac.digest(salt, entry["detail"].encode(), "sha256") == leaf[82:]
        hashed = _sha256(b"\0", leaf)
        is_in = self._is_in_log("heads.tlog-proof", hashed, entry["index"])
        return is_heads and is_its_own and is_in

    def chained(self) -> bool:
        first, last = self.frame["first"], self.frame["last"]
        if [number for number, _entry in self.entries] != list(range(first, last + 1)):
            return False
        previous, before = (bytes(32) if first == 1 else None), -1
        for number, entry in self.entries:
            leaf = bytes.fromhex(entry.get("leaf", ""))
            if leaf and not self._follows(leaf, number, previous):
                return False
            if entry["index"] <= before:
                return False
            previous, before = self._hash(entry), entry["index"]
        return True

    def _follows(self, leaf: bytes, number: int, previous: bytes | None) -> bool:
        is_ours = len(leaf) == 114 and leaf[:1] == b"\1" and leaf[10:26] == self.tag
        is_next = leaf[42:50] == number.to_bytes(8, "big")
        return is_ours and is_next and previous in {None, leaf[50:82]}

    def _hash(self, entry: dict[str, Any]) -> bytes:
        if "hash" in entry:
            return bytes.fromhex(entry["hash"])
        return _sha256(b"\0", bytes.fromhex(entry["leaf"]))

    def included(self) -> bool:
        return all(
            self._is_in_log(f"entries/{number:08d}.tlog-proof", self._hash(entry), entry["index"])
            for number, entry in self.entries
        )

    def whole(self) -> bool:
        head, below, above = (self.frame[one] for one in ("head", "below", "above"))
        if not all(self._is_head(one) for one in (head, below, above) if one):
            return False
        covered = [entry for _n, entry in self.entries if entry["index"] < self.stated["covered"]]
        if head is None:
            tags = (self._tag(below, b""), self.tag, self._tag(above, b"\xff" * 17))
            return (
                not self.entries
                and self._are_beside(below, above, 1)
                and tags[0] < tags[1] < tags[2]
            )
        index, leaf = covered[-1]["index"], bytes.fromhex(covered[-1]["leaf"])
        made = self.tag + _sha256(b"\2", index.to_bytes(8, "big"), leaf)
        sides = self._tag(below, b"") < self.tag < self._tag(above, b"\xff" * 17)
        return made.hex() == head["head"] and sides and self._are_beside(below, above, 2)

    def _tag(self, one: dict[str, Any] | None, otherwise: bytes) -> bytes:
        return bytes.fromhex(one["head"])[:16] if one else otherwise

    def _are_beside(self, below: Any, above: Any, apart: int) -> bool:
        first = below["place"] if below else -1
        return (above["place"] if above else self.stated["size"]) - first == apart

    def _is_head(self, one: dict[str, Any]) -> bool:
        path = [bytes.fromhex(step) for step in one["path"]]
        hashed = _sha256(b"\0", bytes.fromhex(one["head"]))
        found = _climb(hashed, one["place"], self.stated["size"], path)
        return found is not None and found.hex() == self.stated["root"]

    def details(self) -> bool:
        return all(
            hmac.digest(bytes.fromhex(entry["salt"]), entry["detail"].encode(), "sha256")
            == bytes.fromhex(entry["leaf"])[82:]
            for _number, entry in self.entries
            if entry.get("detail") is not None
        )


_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_ORDER = 2**252 + 27742317777372353535851937790883648493
_Point = tuple[int, int, int, int]


@cache
def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """RFC 8032, section 5.1.7, in the words of its section 6."""
    base, a, r = _decoded((4 * pow(5, -1, _P) % _P).to_bytes(32, "little")), _decoded(public), None
    if len(signature) == 64:
        r = _decoded(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if base is None or a is None or r is None or s >= _ORDER:
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    left = _times(s, base)
    right = _plus(r, _times(int.from_bytes(hashed, "little") % _ORDER, a))
    x, y = left[0] * right[2] - right[0] * left[2], left[1] * right[2] - right[1] * left[2]
    return x % _P == 0 and y % _P == 0


def _decoded(encoded: bytes) -> _Point | None:
    y, sign = int.from_bytes(encoded, "little") & (1 << 255) - 1, encoded[31] >> 7
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if y >= _P or (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


def _plus(p: _Point, q: _Point) -> _Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: _Point) -> _Point:
    made: _Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            made = _plus(made, point)
        point, scalar = _plus(point, point), scalar >> 1
    return made
