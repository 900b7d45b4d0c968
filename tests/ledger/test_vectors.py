"""The ledger's code against vectors that were made without it (tests/vectors/make_ledger.py)."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from vaitiolo.keys import signatures
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import Leaf
from vaitiolo.ledger.verify import chains, checkpoints, heads, specials, tree
from vaitiolo.ledger.verify.chains import Mark
from vaitiolo.ledger.verify.checkpoints import Checkpoint, LogKey

FOLDER = Path(__file__).parents[1] / "vectors"
VECTORS = json.loads((FOLDER / "ledger.json").read_text())
ENTRIES = VECTORS["entries"]
LEAVES = [bytes.fromhex(entry["leaf"]) for entry in ENTRIES]
HASHES = [tree.leaf_hash(leaf) for leaf in LEAVES]
ROOTS = [bytes.fromhex(root) for root in VECTORS["roots"]]
SIZE = len(LEAVES)


def test_the_file_is_what_its_maker_makes() -> None:
    maker = [sys.executable, FOLDER / "make_ledger.py"]
    made = subprocess.run(maker, capture_output=True, check=True, text=True, encoding="utf-8")
    assert json.loads(made.stdout) == VECTORS


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    known = VECTORS["certificate_transparency"]
    hashes = [tree.leaf_hash(bytes.fromhex(text)) for text in known["inputs"][:size]]
    assert tree.root_of(hashes).hex() == known["roots"][size]


def test_keys_and_lines_are_those_of_other_peoples_notes() -> None:
    known = VECTORS["sumdb_note"]
    name, _, encoded = known["verifier"].split("+", 2)
    key = LogKey(name, base64.b64decode(encoded)[1:])
    assert key.verifier == known["verifier"]
    assert checkpoints._signs(known["line"], known["text"], key)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: str(entry["patient_seq"]))
def test_leaves(entry: dict) -> None:
    leaf = Leaf(
        entry["version"],
        Act(entry["act"]),
        entry["time_us"],
        *(bytes.fromhex(entry[name]) for name in ("patient_tag", "actor_tag")),
        entry["patient_seq"],
        *(bytes.fromhex(entry[name]) for name in ("patient_prev", "detail_commit")),
    )
    assert leaf.encode().hex() == entry["leaf"]
    assert leaf.hash.hex() == entry["hash"]
    salt, detail = bytes.fromhex(entry["salt"]), entry["detail"].encode()
    assert specials.commitment(salt, detail).hex() == entry["detail_commit"]


def test_the_log_is_sound() -> None:
    edges = [bytes.fromhex(edge) for edge in VECTORS["edges"]]
    marks = [Mark(size, ROOTS[size], "A vector", edges[size]) for size in range(SIZE + 1)]
    assert chains.replay(LEAVES, marks).is_sound


def test_proofs() -> None:
    for new in range(SIZE + 1):
        for index in range(new):
            path = [bytes.fromhex(step) for step in VECTORS["inclusion"][new][index]]
            assert tree.prove_inclusion(HASHES[:new], index) == path
            tree.check_inclusion(HASHES[index], index, size=new, root=ROOTS[new], path=path)
        for old in range(1, new + 1):
            proof = [bytes.fromhex(step) for step in VECTORS["growth"][new][old - 1]]
            assert tree.prove_growth(HASHES[:new], old) == proof
            tree.check_growth((old, ROOTS[old]), (new, ROOTS[new]), proof=proof)


def test_heads() -> None:
    lasts = {leaf[10:26]: (index, leaf) for index, leaf in enumerate(LEAVES)}
    made = heads.sorted_heads(lasts)
    assert [head.hex() for head in made] == VECTORS["heads"]
    assert heads.root_of_heads(made).hex() == VECTORS["heads_root"]


@pytest.mark.parametrize(
    "special", VECTORS["specials"], ids=lambda special: Act(special["act"]).name
)
def test_specials(special: dict) -> None:
    salt, commit = bytes.fromhex(special["salt"]), bytes.fromhex(special["commit"])
    detail = special["detail"].encode()
    values = specials.read(Act(special["act"]), detail, salt=salt, commit=commit)
    assert values == json.loads(special["detail"])


def test_the_checkpoint() -> None:
    known = VECTORS["checkpoint"]
    seed, key = (
        bytes.fromhex(known["seed"]),
        LogKey(known["origin"], bytes.fromhex(known["public"])),
    )
    stated = Checkpoint(known["size"], bytes.fromhex(known["root"]))
    note = checkpoints.sign(key, stated, signer=lambda text: signatures.sign(seed, text))
    assert note == known["note"]
    assert checkpoints.read(note, key) == stated
    assert key.verifier == known["verifier"]
