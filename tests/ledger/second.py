"""A second verifier of a person's report, written from docs/formats-ledger.md alone.

It shares no line with the product's: hashing, layout and the tree are done again here.
"""

import hashlib


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
