import pytest

from tests.ledger.logs import AINO, HELMI, hash_leaf, make_log, pending
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import LEAF_BYTES, Leaf, LeafBroken, Pending, PendingBroken

LEAF = make_log(3, subjects=1).leaves[2]


def with_bytes(at: int, new: bytes) -> bytes:
    return LEAF[:at] + new + LEAF[at + len(new) :]


def test_a_leaf_is_114_bytes_and_reads_back() -> None:
    leaf = Leaf.parse(LEAF)
    assert len(LEAF) == LEAF_BYTES == 114
    assert leaf.encode() == LEAF
    assert (leaf.act, leaf.actor_tag, leaf.patient_seq) == (Act.OPEN_CHART, HELMI, 3)
    assert leaf.hash == hash_leaf(LEAF)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        LEAF[:-1],
        LEAF + b"\0",
        with_bytes(0, b"\0"),
        with_bytes(0, b"\2"),  # a version to come
        with_bytes(1, b"\0"),
        with_bytes(1, b"\xff"),  # no act
        with_bytes(2, b"\x80"),  # a time that no database can hold
        with_bytes(42, bytes(8)),  # number 0
        with_bytes(42, b"\xff"),
        with_bytes(42, bytes(7) + b"\1"),  # number 1 with a predecessor
        with_bytes(50, bytes(32)),  # number 3 without one
    ],
)
def test_everything_else_is_refused(broken: bytes) -> None:
    with pytest.raises(LeafBroken):
        Leaf.parse(broken)


def test_numbers_of_acts_are_never_given_twice_and_stay() -> None:
    assert len({int(act) for act in Act}) == len(Act.__members__)
    assert (Act.OPEN_IDENTITY, Act.SEARCH, Act.SIGN, Act.REFUSED) == (1, 0x10, 0x18, 0x3F)
    assert (Act.SIGN_IN, Act.HEADS, Act.ERASE) == (0x40, 0xE0, 0xE4)


def test_only_entries_about_the_ledger_itself_are_special() -> None:
    special = {act for act in Act if act.is_special}
    assert special == {Act.HEADS, Act.HEARTBEAT, Act.ANCHOR, Act.KEY, Act.ERASE}


@pytest.mark.parametrize("wrong", ["subject_tag", "actor_tag", "detail_commit", "salt", "act"])
def test_a_mistake_is_refused_before_it_can_spoil_a_batch(wrong: str) -> None:
    good = pending(AINO)
    fields = {name: getattr(good, name) for name in Pending.__slots__}
    fields[wrong] = 0xFF if wrong == "act" else fields[wrong] + b"!"
    with pytest.raises(PendingBroken):
        Pending(**fields)
