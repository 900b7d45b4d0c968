import hashlib
import random

import pytest

from tests.ledger.logs import hash_leaf, make_log, slow_root
from vaitiolo.ledger.verify import heads, tree
from vaitiolo.ledger.verify.heads import HEAD_BYTES, HeadsUnsorted, HeadTree

LOG = make_log(200, subjects=16)
LASTS = {leaf[10:26]: (index, leaf) for index, leaf in enumerate(LOG.leaves)}


def test_a_head_binds_tag_place_and_leaf() -> None:
    index, leaf = LASTS[b"\1" * 16]
    bound = hashlib.sha256(b"\2" + index.to_bytes(8, "big") + leaf).digest()
    assert heads.head_of(index, leaf) == b"\1" * 16 + bound
    assert len(heads.head_of(index, leaf)) == HEAD_BYTES == 48


def test_a_head_cannot_be_guessed_from_what_is_public() -> None:
    # Tiles publish every leaf's hash; a neighbour's head must not be a function of it.
    for index, leaf in enumerate(LOG.leaves):
        head = heads.head_of(index, leaf)
        public = hash_leaf(leaf)
        guesses = {
            hashlib.sha256(b"\2" + n.to_bytes(8, "big") + public).digest() for n in range(200)
        }
        assert head[16:] not in guesses | {public}


def test_the_tree_of_heads_is_an_ordinary_tree() -> None:
    row = heads.sorted_heads(LASTS)
    hashes = [hash_leaf(head) for head in row]
    root = heads.root_of_heads(row)
    assert root == slow_root(hashes)
    path = tree.prove_inclusion(hashes, 5)
    tree.check_inclusion(hashes[5], 5, size=16, root=root, path=path)


@pytest.mark.parametrize("wrong", ["twice", "swapped", "short"])
def test_a_tag_stands_once_and_in_order(wrong: str) -> None:
    row = heads.sorted_heads(LASTS)
    broken = {
        "twice": [row[0], *row],
        "swapped": [row[1], row[0], *row[2:]],
        "short": [row[0][:-1], *row[1:]],
    }[wrong]
    with pytest.raises(HeadsUnsorted):
        heads.root_of_heads(broken)


def test_only_a_leaf_makes_a_head() -> None:
    with pytest.raises(ValueError, match="114"):
        heads.head_of(0, b"")


def test_a_growing_tree_of_heads_is_the_one_made_at_once() -> None:
    log, growing = make_log(900, subjects=120, seed=7), HeadTree()
    lasts: dict[bytes, tuple[int, bytes]] = {}
    since: dict[bytes, tuple[int, bytes]] = {}
    drawn = random.Random(3)  # noqa: S311 - the same steps each time
    for index, leaf in enumerate(log.leaves):
        lasts[leaf[10:26]] = since[leaf[10:26]] = (index, leaf)
        if drawn.random() < 0.1:
            growing.put(since)
            since = {}
            row = heads.sorted_heads(lasts)
            assert (growing.root(), growing.size) == (heads.root_of_heads(row), len(row))
    growing.put(since)
    row = heads.sorted_heads(lasts)
    for place, head in enumerate(row):
        found = growing.prove(head[:16])
        assert found == (place, tree.prove_inclusion([hash_leaf(one) for one in row], place))


def test_whoever_has_no_entry_stands_between_two_neighbours() -> None:
    growing = HeadTree()
    assert (growing.root(), growing.size) == (tree.EMPTY_ROOT, 0)
    assert growing.neighbours(b"\5" * 16) == (None, None)
    growing.put(LASTS)
    absent = b"\5" * 15 + b"\6"
    assert growing.prove(absent) is None
    assert growing.neighbours(absent) == (b"\5" * 16, b"\6" * 16)
    assert growing.neighbours(b"\5" * 16) == (b"\4" * 16, b"\6" * 16)
    assert growing.neighbours(b"\0" * 16) == (None, b"\1" * 16)
    assert growing.neighbours(b"\xff" * 16) == (b"\x10" * 16, None)
