import pytest

from tests.ledger.logs import hash_leaf, slow_root
from vaitiolo.ledger.verify import tree
from vaitiolo.ledger.verify.tree import Edge, EdgeBroken, HistoryRewritten, NotIncluded

# From the reference implementation of certificate transparency: eight inputs and their roots.
INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    bytes(range(96, 112)).hex(),
]
ROOTS = """
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
""".split()
HASHES = [hash_leaf(bytes([number])) for number in range(70)]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    hashes = [tree.leaf_hash(bytes.fromhex(text)) for text in INPUTS[:size]]
    assert tree.root_of(hashes).hex() == ROOTS[size]


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
