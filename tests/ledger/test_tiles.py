"""The log as tiles: paths, growth and proofs, beside an implementation written by others."""

from pathlib import Path

import pytest
from tlog_scales import backend, reader
from tlog_scales import tiles as others

from tests.ledger.logs import hash_leaf, make_log, slow_root
from vaitiolo.ledger.verify import tiles, tree
from vaitiolo.ledger.verify.tiles import Growth, Tiles, TilesBroken

SIZES = [0, 1, 2, 255, 256, 257, 511, 512, 700]
LOG = make_log(700)


def grown(leaves: list[bytes]) -> tuple[Growth, dict[str, bytes]]:
    growth = Growth()
    for leaf in leaves:
        growth.append(leaf)
    return growth, dict(growth.take_finished()) | dict(growth.partial())


@pytest.mark.parametrize("number", [0, 7, 999, 1000, 1234067, 5_000_000_000])
@pytest.mark.parametrize("width", [1, 255, 256])
def test_paths_are_those_of_others(number: int, width: int) -> None:
    for level, theirs in [(0, 0), (3, 3), ("entries", -1)]:
        path = "/".join(others.tile_path(theirs, number, width % 256))
        assert tiles.path_of(level, number, width) == path


@pytest.mark.parametrize("size", SIZES)
def test_each_size_has_the_root_of_its_leaves(size: int) -> None:
    growth, files = grown(LOG.leaves[:size])
    assert growth.root() == LOG.root(size)
    assert Tiles(files.get, size).root() == LOG.root(size)
    assert list(Tiles(files.get, size).leaves()) == LOG.leaves[:size]


def test_a_large_tree_has_three_levels() -> None:
    growth = Growth()
    edge = tree.Edge.empty()
    for number in range(70_000):
        hashed = hash_leaf(number.to_bytes(4, "big"))
        growth.append_hash(hashed)
        edge.append(hashed)
    files = dict(growth.take_finished()) | dict(growth.partial())
    # The numbers of the example in the specification.
    assert len([path for path in files if path.startswith("tile/0/")]) == 274
    assert {"tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"} <= files.keys()
    assert Tiles(files.get, 70_000).root() == growth.root() == edge.root()
    assert Tiles(files.get, 70_000).growth(66_000)


@pytest.mark.parametrize("size", [1, 256, 300, 700])
def test_proofs_are_those_of_others(size: int, tmp_path: Path) -> None:
    _growth, files = grown(LOG.leaves)
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    theirs = reader.TilesReader(backend.LocalBackend(tmp_path))
    theirs.set_size(700)
    ours = Tiles(files.get, 700)
    for index in range(0, size, 29):
        proof = theirs.get_inclusion_proof(index, size)
        assert ours.inclusion(index, size=size) == proof.node_hashes
        proof.check(hash_leaf(theirs.get_entry(index)), ours.root(size))
    proof = theirs.get_consistency_proof(size, 700)
    assert ours.growth(size) == proof.node_hashes
    proof.check(ours.root(size), ours.root())


def test_a_full_tile_stands_for_its_partial_ones() -> None:
    _growth, files = grown(LOG.leaves)
    files["tile/1/000.p/1"] = files["tile/1/000.p/2"][:32]
    assert Tiles(files.get, 400).root() == slow_root([hash_leaf(one) for one in LOG.leaves[:400]])


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/002.p/188", "tile/1/000.p/2"])
@pytest.mark.parametrize("how", ["gone", "cut"])
def test_a_tile_that_is_not_whole_makes_no_proof(path: str, how: str) -> None:
    _growth, files = grown(LOG.leaves)
    whole = files.pop(path)
    if how == "cut":
        files[path] = whole[:-1]
    with pytest.raises(TilesBroken):
        Tiles(files.get, 700).growth(3)


@pytest.mark.parametrize("cut", [1, 116])
def test_a_bundle_that_is_not_whole_is_no_list(cut: int) -> None:
    _growth, files = grown(LOG.leaves)
    files["tile/entries/001"] = files["tile/entries/001"][:-cut]
    with pytest.raises(TilesBroken):
        list(Tiles(files.get, 700).leaves())
