import pytest

from tests.ledger.logs import hash_leaf, slow_root
from vaitiolo.ledger.verify import tree
from vaitiolo.ledger.verify.tree import Edge, EdgeBroken, HistoryRewritten, NotIncluded

HASHES = [hash_leaf(bytes([number])) for number in range(70)]


def test_the_edge_gives_the_root_of_every_size_and_can_be_stored() -> None:
    edge = Edge.empty()
    for size, hashed in enumerate(HASHES):
        assert edge.root() == slow_root(HASHES[:size])
        assert Edge.decode(edge.encode()) == edge
        edge.append(hashed)


def test_a_copy_of_an_edge_grows_alone() -> None:
    edge = Edge.decode(Edge.empty().encode())
    edge.copy().append(HASHES[0])
    assert edge == Edge.empty()


@pytest.mark.parametrize(
    "encoded", [b"", b"short", bytes(9), bytes(40), b"\0" * 7 + b"\3" + bytes(32)]
)
def test_what_is_no_edge_is_refused(encoded: bytes) -> None:
    with pytest.raises(EdgeBroken):
        Edge.decode(encoded)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 31, 32, 33, 70])
def test_every_inclusion_is_proved_for_its_own_place_only(size: int) -> None:
    hashes, root = HASHES[:size], slow_root(HASHES[:size])
    for index in range(size):
        path = tree.prove_inclusion(hashes, index)
        tree.check_inclusion(hashes[index], index, size=size, root=root, path=path)
        for elsewhere in {-1, index ^ 1, index + 1, size} - {index}:
            with pytest.raises(NotIncluded):
                tree.check_inclusion(hashes[index], elsewhere, size=size, root=root, path=path)


@pytest.mark.parametrize("wrong", ["leaf", "root", "shorter", "longer", "flipped"])
def test_a_wrong_inclusion_proof_is_refused(wrong: str) -> None:
    root, path, leaf = slow_root(HASHES), tree.prove_inclusion(HASHES, 33), HASHES[33]
    if wrong == "leaf":
        leaf = HASHES[34]
    if wrong == "root":
        root = slow_root(HASHES[:69])
    path = {"shorter": path[:-1], "longer": [*path, root], "flipped": path[::-1]}.get(wrong, path)
    with pytest.raises(NotIncluded):
        tree.check_inclusion(leaf, 33, size=70, root=root, path=path)


@pytest.mark.parametrize("new", [0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 70])
def test_every_growth_is_proved(new: int) -> None:
    for old in range(new + 1):
        proof = tree.prove_growth(HASHES[:new], old)
        ends = (old, slow_root(HASHES[:old])), (new, slow_root(HASHES[:new]))
        tree.check_growth(*ends, proof=proof)
        with pytest.raises(HistoryRewritten):
            tree.check_growth(*ends, proof=[*proof, HASHES[0]])


@pytest.mark.parametrize("old", [1, 3, 32, 33, 69])
def test_a_rewritten_history_is_not_a_growth(old: int) -> None:
    new = (70, slow_root(HASHES))
    proof = tree.prove_growth(HASHES, old)
    rewritten = slow_root([HASHES[69], *HASHES[1:old]])
    with pytest.raises(HistoryRewritten):
        tree.check_growth((old, rewritten), new, proof=proof)
    with pytest.raises(HistoryRewritten):
        tree.check_growth((old, slow_root(HASHES[:old])), (70, rewritten), proof=proof)
    with pytest.raises(HistoryRewritten):
        tree.check_growth((old, slow_root(HASHES[:old])), new, proof=proof[:-1])


def test_a_log_never_shrinks_and_never_has_two_roots_for_one_size() -> None:
    small, large = (69, slow_root(HASHES[:69])), (70, slow_root(HASHES))
    for old, new in [(large, small), (large, (70, small[1])), ((0, small[1]), large)]:
        with pytest.raises(HistoryRewritten):
            tree.check_growth(old, new, proof=[])
