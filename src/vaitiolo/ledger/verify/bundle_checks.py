"""Says whether a proof bundle is true: by a policy's keys, offline, one check after the other.

Needs no database and no secret. What it cannot see it says too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import NO_PREVIOUS, Leaf, LeafBroken
from vaitiolo.ledger.verify import checkpoints, cosignatures, specials
from vaitiolo.ledger.verify.bundles import Bundle, BundleBroken, Shown
from vaitiolo.ledger.verify.checkpoints import Checkpoint, CheckpointBroken
from vaitiolo.ledger.verify.heads import head_of
from vaitiolo.ledger.verify.policies import NOBODY, Policy
from vaitiolo.ledger.verify.proofs import Growth, Inclusion, ProofBroken
from vaitiolo.ledger.verify.specials import SpecialBroken
from vaitiolo.ledger.verify.tree import (
    HistoryRewritten,
    NotIncluded,
    check_inclusion,
    digest,
)
from vaitiolo.ledger.verify.whole import NotWhole, PlacedHead, check_none


@dataclass(frozen=True, slots=True)
class Said:
    """One check that held, or something to know: a code and its values."""

    code: str
    values: tuple[object, ...] = ()
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """What the HEADS entry states: entries covered, and size and root of the tree of heads.

    ``at`` is when it was written, in seconds: a list of long ago proves nothing of today.
    """

    covered: int
    heads: tuple[int, bytes]
    at: int


def check(bundle: Bundle, policy: Policy) -> Iterator[Said]:
    """Yield what holds, check by check. Raises BundleBroken at the first that does not."""
    checkpoint, note = _checkpoint(bundle, policy)
    yield Said("checkpoint", (policy.log.origin, checkpoint.size))
    yield from _witnesses(bundle, policy, checkpoint)
    yield from _stamp(bundle, policy, checkpoint, note=note)
    stated = _heads(bundle, checkpoint, note=note)
    yield Said("heads", (stated.covered,))
    yield Said("until", (stated.at, checkpoint.size - stated.covered))
    _check_chain(bundle)
    yield Said("chain", (bundle.frame.first, bundle.frame.last))
    _check_included(bundle, checkpoint, note=note)
    yield Said("included", (len(bundle.entries),))
    yield _check_whole(bundle, stated)
    yield _check_details(bundle)
    yield from _left_out(bundle, stated)


def _checkpoint(bundle: Bundle, policy: Policy) -> tuple[Checkpoint, str]:
    """Return what the checkpoint states, and its note as proofs carry it: the log's line alone."""
    text, _, lines = bundle.checkpoint.partition("\n\n")
    note = f"{text}\n\n{lines.partition(chr(10))[0]}\n"
    try:
        # Both: the proofs carry the log's own line alone, and it must be a good one.
        checkpoints.read(note, policy.log)
        return checkpoints.read(bundle.checkpoint, policy.log), note
    except CheckpointBroken:
        raise BundleBroken("checkpoint") from None


def _witnesses(bundle: Bundle, policy: Policy, checkpoint: Checkpoint) -> Iterator[Said]:
    lines = bundle.checkpoint.partition("\n\n")[2]
    signed: dict[str, int] = {}
    for name, key in policy.witnesses.items():
        try:
            found = cosignatures.find(lines, key, origin=policy.log.origin, stated=checkpoint)
        except CheckpointBroken:
            raise BundleBroken("witness", key.name) from None
        if found is not None:
            signed[name] = found[0]
            yield Said("witness", (key.name, found[0]))
    if not policy.is_enough(signed.keys()):
        raise BundleBroken("quorum")
    if policy.quorum == NOBODY:
        yield Said("no-quorum", is_warning=True)
    else:
        yield Said("quorum", (len(signed),))


def _stamp(bundle: Bundle, policy: Policy, checkpoint: Checkpoint, *, note: str) -> Iterator[Said]:
    if bundle.stamp is None:
        yield Said("no-stamp", is_warning=True)
        return
    token, stamped, growth = bundle.stamp
    try:
        old = checkpoints.read(stamped, policy.log)
        grown = Growth.read(growth)
        is_so = (grown.old_size, grown.note) == (old.size, note)
        if not is_so or grown.check(old.root, policy.log) != checkpoint:
            raise BundleBroken("stamp")
    except (CheckpointBroken, ProofBroken, HistoryRewritten):
        raise BundleBroken("stamp") from None
    if digest(stamped.encode()) not in token:
        raise BundleBroken("stamp")
    yield Said("stamp", (old.size,))


def _heads(bundle: Bundle, checkpoint: Checkpoint, *, note: str) -> Stated:
    entry = bundle.frame.heads
    try:
        leaf = Leaf.parse(entry.leaf)
        values = specials.read(Act.HEADS, entry.detail, salt=entry.salt, commit=leaf.detail_commit)
    except (LeafBroken, SpecialBroken):
        raise BundleBroken("heads") from None
    covered, size = int(values["covered"]), int(values["size"])
    if leaf.act is not Act.HEADS or covered > entry.index:
        raise BundleBroken("heads")
    shown = Shown(leaf.patient_seq, entry.index, leaf.hash, entry.leaf)
    _check_proof(shown, bundle.heads_proof, checkpoint=checkpoint, note=note, code="heads")
    root = bytes.fromhex(str(values["root"]))
    return Stated(covered, (size, root), leaf.time_us // 1_000_000)


def _check_chain(bundle: Bundle) -> None:
    """Check tags, numbers and links: each entry names the hash of the one before."""
    previous = NO_PREVIOUS if bundle.frame.first == 1 else None
    before = -1
    for shown, _proof in bundle.entries:
        if shown.index <= before:
            raise BundleBroken("chain", str(shown.sequence))
        if not shown.is_withheld:
            _check_link(bundle.frame.tag, shown, previous)
        previous, before = shown.hash, shown.index


def _check_link(tag: bytes, shown: Shown, previous: bytes | None) -> None:
    try:
        leaf = Leaf.parse(shown.leaf)
    except LeafBroken:
        raise BundleBroken("chain", str(shown.sequence)) from None
    is_linked = previous is None or leaf.patient_prev == previous
    if (leaf.patient_tag, leaf.patient_seq) != (tag, shown.sequence) or not is_linked:
        raise BundleBroken("chain", str(shown.sequence))


def _check_included(bundle: Bundle, checkpoint: Checkpoint, *, note: str) -> None:
    for shown, proof in bundle.entries:
        _check_proof(shown, proof, checkpoint=checkpoint, note=note, code="included")


def _check_proof(shown: Shown, text: str, *, checkpoint: Checkpoint, note: str, code: str) -> None:
    where = str(shown.sequence)
    try:
        proof = Inclusion.read(text)
        if (proof.index, proof.note, proof.write()) != (shown.index, note, text):
            raise BundleBroken(code, where)
        check_inclusion(
            shown.hash,
            shown.index,
            size=checkpoint.size,
            root=checkpoint.root,
            path=proof.path,
        )
    except (ProofBroken, NotIncluded):
        raise BundleBroken(code, where) from None


def _check_whole(bundle: Bundle, stated: Stated) -> Said:
    """Check that nothing is missing at the end of what the tree of heads covers."""
    frame = bundle.frame
    covered = [shown for shown, _proof in bundle.entries if shown.index < stated.covered]
    try:
        if frame.head is None:
            _check_none(bundle, stated)
            return Said("none", (stated.covered,))
        _check_last(frame.head, covered)
        _check_neighbours(frame.head, frame.below, frame.above, size=stated.heads[0])
        for one in (frame.head, frame.below, frame.above):
            if one is not None:
                one.check(*stated.heads)
    except NotWhole:
        raise BundleBroken("whole") from None
    return Said("whole", (len(covered), stated.covered))


def _check_none(bundle: Bundle, stated: Stated) -> None:
    frame = bundle.frame
    if bundle.entries:
        raise NotWhole
    check_none(frame.tag, below=frame.below, above=frame.above, heads=stated.heads)


def _check_last(head: PlacedHead, covered: list[Shown]) -> None:
    last = covered[-1] if covered else None
    if last is None or last.is_withheld or head_of(last.index, last.leaf) != head.head:
        raise NotWhole


def _check_neighbours(
    head: PlacedHead, below: PlacedHead | None, above: PlacedHead | None, *, size: int
) -> None:
    """Check that the heads at its sides stand next to it and in order: the tag stands once."""
    before = -1 if below is None else below.place
    after = size if above is None else above.place
    is_beside = (before, after) == (head.place - 1, head.place + 1)
    is_above = below is None or below.tag < head.tag
    is_below = above is None or head.tag < above.tag
    if not (is_beside and is_above and is_below):
        raise NotWhole


def _check_details(bundle: Bundle) -> Said:
    """Check that each detail is the one its leaf commits to; an erased one is gone for good."""
    shown = [one for one, _proof in bundle.entries if not one.is_withheld]
    for one in shown:
        if one.salt is None or one.detail is None:
            continue
        commit = Leaf.parse(one.leaf).detail_commit
        if specials.commitment(one.salt, one.detail) != commit:
            raise BundleBroken("detail", str(one.sequence))
    erased = sum(one.is_erased for one in shown)
    return Said("details", (len(shown) - erased, erased))


def _left_out(bundle: Bundle, stated: Stated) -> Iterator[Said]:
    """Say what is not here, and what is not proved yet."""
    frame = bundle.frame
    withheld = sum(shown.is_withheld for shown, _proof in bundle.entries)
    newer = sum(shown.index >= stated.covered for shown, _proof in bundle.entries)
    if frame.first > 1 and frame.head is not None:
        yield Said("older", (frame.first - 1,), is_warning=True)
    if withheld:
        yield Said("withheld", (withheld,), is_warning=True)
    if newer:
        yield Said("newer", (newer,), is_warning=True)
