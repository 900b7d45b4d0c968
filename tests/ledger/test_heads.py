import hashlib

import pytest

from tests.ledger.logs import hash_leaf, make_log, slow_root
from vaitiolo.ledger.verify import heads, tree
from vaitiolo.ledger.verify.heads import HEAD_BYTES, HeadsUnsorted

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
