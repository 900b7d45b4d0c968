"""Paper shares: the published vectors, any three of five, and every slip seen."""

import itertools
import json
from pathlib import Path

import pytest
from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from tests.ceremony.conftest import MASTER
from tests.keys.clinic import named
from vaitiolo.ceremony import shares
from vaitiolo.ceremony.shares import WrongShare

INDEPENDENT = Path(__file__).parents[1] / "vectors" / "independent" / "slip-0039.json"


def test_the_standards_vectors() -> None:
    told = json.loads(INDEPENDENT.read_text(encoding="utf-8"))
    opened = refused = 0
    for vector in told["vectors"]:
        if vector["secret"]:
            secret = combine_mnemonics(vector["shares"], told["passphrase"].encode())
            assert secret.hex() == vector["secret"], vector["what"]
            opened += 1
        else:
            with pytest.raises(MnemonicError):
                combine_mnemonics(vector["shares"], told["passphrase"].encode())
            refused += 1
    assert (opened, refused) == (15, 30)


def test_any_three_of_five_give_the_master_seed_back(paper: list[str]) -> None:
    assert [len(share.split()) for share in paper] == [33] * 5
    for three in itertools.permutations(paper, 3):
        assert shares.join([shares.read(share) for share in three]) == MASTER


def test_two_shares_or_one_twice_give_nothing(paper: list[str]) -> None:
    one, two, *_ = map(shares.read, paper)
    for few in ([one, two], [one, one, two], []):
        with pytest.raises(WrongShare):
            shares.join(few)


def test_shares_of_two_sets_do_not_mix(paper: list[str]) -> None:
    others = shares.split(bytearray(MASTER))
    mixed = [shares.read(share) for share in (*paper[:2], others[2])]
    with pytest.raises(WrongShare):
        shares.join(mixed)


def test_a_passphrase_or_other_seed_gives_another_seed_and_no_error() -> None:
    # Why the card of what comes out is compared: the standard itself says nothing.
    [five] = generate_mnemonics(1, [(3, 5)], MASTER, b"a passphrase")
    assert shares.join([shares.read(share) for share in five[:3]]) != MASTER


@pytest.mark.parametrize("place", range(33))
def test_one_wrong_word_is_seen(paper: list[str], place: int) -> None:
    words = paper[0].split()
    words[place] = "zero" if words[place] != "zero" else "acid"
    with pytest.raises(WrongShare) as wrong:
        shares.read(" ".join(words))
    assert not set(words) & {word.strip(".,") for word in str(wrong.value).split()}


def test_a_share_is_read_however_it_is_typed(paper: list[str]) -> None:
    words = paper[0].split()
    numbered = " ".join(f"{place}. {word}" for place, word in enumerate(words, start=1))
    short = " ".join(word[:4] for word in words)
    for typed in (numbered, short.upper(), "  ".join(words)):
        assert shares.read(typed).words == paper[0]


@pytest.mark.parametrize("text", ["", "academic", "kissa " * 33, "a " * 33])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(WrongShare):
        shares.read(text)


def test_shares_of_another_shape_are_refused() -> None:
    for shape in ([(2, 3)], [(3, 6)], [(3, 5), (3, 5)]):
        made = generate_mnemonics(1, shape, named("else"))
        with pytest.raises(WrongShare):
            shares.read(made[-1][-1])
    old = generate_mnemonics(1, [(3, 5)], named("else"), extendable=False)
    with pytest.raises(WrongShare):
        shares.read(old[0][0])


def test_a_share_is_not_shown(paper: list[str]) -> None:
    read = shares.read(paper[0])
    assert read.number == 1
    assert not set(paper[0].split()[4:]) & set(repr(read).replace("'", " ").split())
