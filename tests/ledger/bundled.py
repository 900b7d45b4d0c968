"""Proof bundles made of a log by hand, and what an attacker with the log's key makes of them."""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from tests.ledger.logs import KEY, ORIGIN, Log, hash_leaf, make_log, sign
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.verify import bundles, checkpoints, tree
from vaitiolo.ledger.verify.bundles import Frame, HeadsEntry, Shown
from vaitiolo.ledger.verify.checkpoints import Checkpoint
from vaitiolo.ledger.verify.cosignatures import Cosigner, policy_of
from vaitiolo.ledger.verify.heads import head_of, sorted_heads
from vaitiolo.ledger.verify.proofs import Growth, Inclusion
from vaitiolo.ledger.verify.whole import PlacedHead

WHOSE = b"\5" * 16
SYSTEM = b"\xee" * 16
WITNESSES = tuple(Cosigner(f"w{n}.example/1", bytes([n]) * 32) for n in (1, 2, 3))
POLICY = policy_of(KEY, [one.key for one in WITNESSES], 2)


def detail_of(index: int) -> tuple[bytes, bytes]:
    salt = hashlib.sha256(b"salt %d" % index).digest()
    return salt, json.dumps({"for": "care", "n": index}, separators=(",", ":")).encode()


def committed(index: int) -> bytes:
    salt, detail = detail_of(index)
    return hmac.digest(salt, detail, "sha256")


@dataclass
class Case:
    """A log with a HEADS at its end, under one checkpoint that two witnesses saw."""

    log: Log = field(default_factory=Log)
    heads: HeadsEntry | None = None
    more: int = 0

    @classmethod
    def lived(cls, size: int, *, subjects: int = 12, later: int = 0) -> "Case":
        """Write a log of many subjects, its HEADS, and some entries of ours behind it."""
        case = cls()
        for leaf in make_log(size, subjects=subjects, seed=size).leaves:
            case.log.add(leaf[10:26], commit=committed(len(case.log.leaves)))
        case.state()
        for _ in range(later):
            case.log.add(WHOSE, commit=committed(len(case.log.leaves)))
        return case

    @property
    def covered(self) -> int:
        return int(json.loads(self.heads.detail)["covered"])

    def row(self) -> list[bytes]:
        lasts = {leaf[10:26]: (n, leaf) for n, leaf in enumerate(self.log.leaves[: self.covered])}
        return sorted_heads(lasts)

    def state(self) -> None:
        """Write a HEADS of everything so far."""
        covered = len(self.log.leaves)
        lasts = {leaf[10:26]: (index, leaf) for index, leaf in enumerate(self.log.leaves)}
        row = sorted_heads(lasts)
        root = tree.root_of(hash_leaf(head) for head in row).hex()
        values = {"covered": covered, "root": root, "size": len(row)}
        detail = json.dumps(values, separators=(",", ":")).encode()
        salt = hashlib.sha256(b"heads").digest()
        self.log.add(SYSTEM, act=Act.HEADS, commit=hmac.digest(salt, detail, "sha256"))
        self.heads = HeadsEntry(covered, self.log.leaves[covered], salt, detail)

    def note(self, *, witnesses: int = 2) -> tuple[str, str]:
        """Return the log's note, and the lines of so many witnesses."""
        stated = Checkpoint(len(self.log.leaves), self.log.root())
        note = checkpoints.sign(KEY, stated, signer=sign)
        lines = [one.cosign(ORIGIN, stated, at=1_800_000_000) for one in WITNESSES[:witnesses]]
        return note, "".join(lines)

    def proof(self, index: int, note: str) -> bytes:
        hashes = [hash_leaf(leaf) for leaf in self.log.leaves]
        return Inclusion(index, tree.prove_inclusion(hashes, index), note).write().encode()

    def shown(self, tag: bytes = WHOSE, *, first: int = 1) -> list[Shown]:
        found = [
            Shown(0, index, hash_leaf(leaf), leaf, *detail_of(index))
            for index, leaf in enumerate(self.log.leaves)
            if leaf[10:26] == tag
        ]
        return [replace(one, sequence=n) for n, one in enumerate(found, 1) if n >= first]

    def placed(self, place: int) -> PlacedHead | None:
        row = self.row()
        if not 0 <= place < len(row):
            return None
        path = tree.prove_inclusion([hash_leaf(head) for head in row], place)
        return PlacedHead(row[place], place, path)

    def frame(self, tag: bytes = WHOSE, *, first: int = 1, last: int) -> Frame:
        tags = [head[:16] for head in self.row()]
        place = sum(one < tag for one in tags)
        is_here = tag in tags
        above = self.placed(place + is_here)
        head = self.placed(place) if is_here else None
        return Frame(tag, first, last, self.heads, head, self.placed(place - 1), above)

    def files(self, shown: Iterable[Shown] | None = None, **frame: object) -> dict[str, bytes]:
        """Return a bundle's files, with genuine proofs for whatever is said to be shown."""
        shown = self.shown() if shown is None else list(shown)
        note, lines = self.note()
        numbers = [one.sequence for one in shown]
        made = self.frame(last=max(numbers, default=0), first=min(numbers, default=1))
        found = {
            bundles.FRAME: replace(made, **frame).write(),
            bundles.HEADS_PROOF: self.proof(self.heads.index, note),
            bundles.CHECKPOINT: f"{note}{lines}".encode(),
            bundles.POLICY: POLICY.encode(),
            "README.html": b"<p>words</p>",
            "report.pdf": b"%PDF",
        }
        for one in shown:
            found[f"{one.name}.json"] = one.write()
            found[f"{one.name}.tlog-proof"] = self.proof(one.index, note)
        return found

    def stamp(self, size: int) -> dict[str, bytes]:
        """Return the three files of a time-stamp over an earlier state."""
        old = checkpoints.sign(KEY, Checkpoint(size, self.log.root(size)), signer=sign)
        hashes = [hash_leaf(leaf) for leaf in self.log.leaves]
        grown = Growth(size, tree.prove_growth(hashes, size), self.note()[0])
        token = b"DER" + hashlib.sha256(old.encode()).digest() + b"more"
        return {
            bundles.TOKEN: token,
            bundles.STAMPED: old.encode(),
            bundles.GROWN: grown.write().encode(),
        }


def rechained(shown: list[Shown], tag: bytes = WHOSE) -> list[Shown]:
    """Number entries anew and link them, as whoever forges leaves would."""
    made: list[Shown] = []
    for number, one in enumerate(shown, 1):
        previous = made[-1].hash if made else bytes(32)
        leaf = one.leaf[:10] + tag + one.leaf[26:42] + number.to_bytes(8, "big") + previous
        leaf += one.leaf[82:]
        made.append(replace(one, sequence=number, leaf=leaf, hash=hash_leaf(leaf)))
    return made


def renumbered(shown: list[Shown]) -> list[Shown]:
    """Number entries anew in their files alone; the leaves stay genuine."""
    return [replace(one, sequence=number) for number, one in enumerate(shown, 1)]


def forgeries(case: Case) -> dict[str, Callable[[int], dict[str, bytes]]]:
    """Return ways to leave out or change something at a place, with genuine proofs throughout."""
    shown = case.shown()
    count = len(shown)

    def without(*places: int) -> list[Shown]:
        return [one for place, one in enumerate(shown) if place not in places]

    def exchanged(at: int) -> dict[str, bytes]:
        other = shown[(at + 1) % count]
        return case.files(
            [
                replace(one, salt=other.salt, detail=other.detail) if place == at else one
                for place, one in enumerate(shown)
            ]
        )

    def reworded(at: int) -> dict[str, bytes]:
        detail = (shown[at].detail or b"").replace(b"care", b"none")
        return case.files(
            [replace(one, detail=detail) if place == at else one for place, one in enumerate(shown)]
        )

    def swapped(at: int) -> dict[str, bytes]:
        order = list(shown)
        order[at], order[at - 1] = order[at - 1], order[at]
        return case.files(renumbered(order))

    def cut(at: int) -> dict[str, bytes]:
        # A shorter chain with the head of the last entry that is left, which no HEADS states.
        kept = shown[: max(1, at)]
        made = case.frame(last=kept[-1].sequence)
        head = replace(made.head, head=head_of(kept[-1].index, kept[-1].leaf))
        return case.files(kept, head=head)

    return {
        "one is left out, and the rest are numbered anew": lambda at: case.files(
            renumbered(without(at))
        ),
        "one is left out, and the rest are chained anew": lambda at: case.files(
            rechained(without(at))
        ),
        "one is left out, and its number is free": lambda at: case.files(without(at)),
        "the last are left out": lambda at: case.files(shown[: max(1, at)]),
        "the last are left out, and a head is made up": cut,
        "the first are left out, and the rest are numbered anew": lambda at: case.files(
            renumbered(shown[at + 1 :])
        ),
        "a detail is exchanged for another": exchanged,
        "a detail is worded anew": reworded,
        "two stand in each other's place": swapped,
    }
