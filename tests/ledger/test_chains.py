"""What a replay sees of a log that was tampered with, and, said as plainly, what it does not."""

import random
from dataclasses import replace

import pytest

from tests.ledger.logs import Log, chained, hash_leaf, make_log
from vaitiolo.ledger.entries import Leaf
from vaitiolo.ledger.verify import chains
from vaitiolo.ledger.verify.chains import FaultKind, Mark, Replay
from vaitiolo.ledger.verify.tree import Edge

SIZE = 300
LOG = make_log(SIZE)
HELD = Mark(SIZE, LOG.root(), "A checkpoint kept elsewhere")
SEEDS = range(60)


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - so that a failure comes again


def found(leaves: list[bytes], *marks: Mark) -> list[tuple[FaultKind, int]]:
    findings = chains.replay(leaves, marks)
    return [(fault.kind, fault.index) for fault in findings.faults]


def flip(leaves: list[bytes], drawn: random.Random) -> None:
    at, bit = drawn.randrange(len(leaves)), drawn.randrange(114 * 8)
    leaf = bytearray(leaves[at])
    leaf[bit // 8] ^= 1 << bit % 8
    leaves[at] = bytes(leaf)


def delete(leaves: list[bytes], drawn: random.Random) -> None:
    del leaves[drawn.randrange(len(leaves))]


def swap(leaves: list[bytes], drawn: random.Random) -> None:
    one, other = drawn.sample(range(len(leaves)), 2)
    leaves[one], leaves[other] = leaves[other], leaves[one]


def insert(leaves: list[bytes], drawn: random.Random) -> None:
    leaves.insert(drawn.randrange(len(leaves)), drawn.choice(leaves))


def truncate(leaves: list[bytes], drawn: random.Random) -> None:
    del leaves[drawn.randrange(1, len(leaves)) :]


def without_one(leaves: list[bytes], drawn: random.Random) -> None:
    """Leave one entry out and make every chain anew, as whoever holds the database can."""
    subjects = [leaf[10:26] for leaf in leaves]
    del subjects[drawn.randrange(len(subjects))]
    leaves[:] = chained(subjects).leaves


def test_an_honest_log_is_sound() -> None:
    findings = chains.replay(LOG.leaves, [Mark(0, Log().root(), "Nothing"), HELD])
    assert findings.is_sound
    assert (findings.size, findings.root, findings.remarks) == (SIZE, LOG.root(), [])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tamper", [flip, delete, swap, insert, truncate, without_one])
def test_every_tampering_is_seen_against_a_root_that_is_held(tamper, seed: int) -> None:
    leaves = list(LOG.leaves)
    tamper(leaves, seeded(seed))
    assert found(leaves, HELD)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("tamper", [truncate, without_one])
def test_without_one_a_cut_and_a_log_made_anew_are_not_seen(tamper, seed: int) -> None:
    leaves = list(LOG.leaves)
    tamper(leaves, seeded(seed))
    # Not a wish: chains and signatures alone cannot show it, and the product must not claim it.
    assert not found(leaves)


def test_a_bit_is_found_at_its_entry() -> None:
    leaf = Leaf.parse(LOG.leaves[100])
    changed = replace(leaf, actor_tag=b"somebody-else---").encode()
    heir = next(n for n in range(101, SIZE) if LOG.leaves[n][10:26] == leaf.patient_tag)
    leaves = [*LOG.leaves[:100], changed, *LOG.leaves[101:]]
    marks = [Mark(100, LOG.root(100), "A batch"), Mark(101, LOG.root(101), "A batch")]
    assert found(leaves, *marks, HELD) == [(FaultKind.ROOT, 101), (FaultKind.PREVIOUS, heir)]


def test_a_leaf_that_is_none_is_named() -> None:
    leaves = [*LOG.leaves[:7], b"no leaf", *LOG.leaves[8:]]
    assert (FaultKind.LEAF, 7) in found(leaves)


def test_a_missing_index_is_named_once_and_the_rest_is_still_read() -> None:
    again = Replay([Mark(3, LOG.root(3), "A batch"), Mark(9, LOG.root(9), "A batch"), HELD])
    for index in [*range(5), *range(6, SIZE)]:
        again.take(index, LOG.leaves[index])
    findings = again.finish()
    kinds = [fault.kind for fault in findings.faults]
    assert (kinds.count(FaultKind.GAP), kinds.count(FaultKind.SEQUENCE)) == (1, 1)
    assert FaultKind.ROOT not in kinds
    assert (findings.faults[0].index, findings.size) == (6, SIZE)


def test_a_cut_is_named_by_each_who_states_more() -> None:
    marks = [Mark(size, LOG.root(size), source) for size in (200, 250) for source in ("A", "B")]
    findings = chains.replay(LOG.leaves[:100], marks)
    assert [(fault.kind, fault.index) for fault in findings.faults] == [(FaultKind.CUT, 250)] * 2


def test_another_edge_than_the_entries_give_is_seen() -> None:
    edge = Edge.empty()
    for leaf in LOG.leaves[:6]:
        edge.append(hash_leaf(leaf))
    right = edge.encode()
    wrong = Edge(6, edge.peaks[::-1]).encode()
    assert not found(LOG.leaves, Mark(6, LOG.root(6), "A batch", right))
    assert found(LOG.leaves, Mark(6, LOG.root(6), "A batch", wrong)) == [(FaultKind.EDGE, 6)]


def test_endless_faults_are_counted_and_not_kept() -> None:
    findings = chains.replay([b"no leaf"] * (chains.MOST_FAULTS + 5))
    assert (len(findings.faults), findings.more_faults) == (chains.MOST_FAULTS, 5)


def test_a_clock_that_went_back_is_remarked_and_is_no_fault() -> None:
    log = Log()
    for time_us in (20, 10, 30, 29):
        log.add(b"a" * 16, time_us=time_us)
    findings = chains.replay(log.leaves)
    assert findings.is_sound
    assert findings.remarks == ["The clock went back 2 times, first at entry 1."]
