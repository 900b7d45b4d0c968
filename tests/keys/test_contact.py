"""The key `contact`: any two officers open it, one learns nothing, a slip is seen."""

import itertools
import json
from pathlib import Path
from uuid import UUID

import pytest

from tests.keys.clinic import id_of, named
from tests.keys.mutations import refuses_all_but
from vaitiolo.keys import contact
from vaitiolo.keys.refused import Refused

VECTORS = Path(__file__).parents[1] / "vectors"
ORG = id_of("clinic")
NAMES = ("Pia", "Mauri", "Ritva", "Aino", "Otso")
SEED = named("seed of contact")
SHARES = {id_of(name): named(f"share of {name}") for name in NAMES}


def sealed() -> dict[tuple[UUID, UUID], bytes]:
    return contact.seal_pairs(SEED, SHARES, org=ORG)


def test_every_two_of_five_officers_open_it() -> None:
    pairs = sealed()
    assert len(pairs) == 10
    for one, other in itertools.combinations(SHARES, 2):
        pair = contact.pair_of(other, one)
        two = {one: SHARES[one], other: SHARES[other]}
        assert contact.open_pair(pairs[pair], two, pair=pair, org=ORG) == SEED


def test_one_share_opens_nothing() -> None:
    pairs, pia = sealed(), id_of("Pia")
    for pair, blob in pairs.items():
        for own in ({pia: SHARES[pia]}, dict.fromkeys(pair, SHARES[pia])):
            with pytest.raises(Refused):
                contact.open_pair(blob, own, pair=pair, org=ORG)


def test_one_officer_does_not_count_twice() -> None:
    with pytest.raises(Refused):
        contact.pair_of(id_of("Pia"), id_of("Pia"))


def test_a_pair_stands_for_itself_in_its_own_house_alone() -> None:
    pairs = sealed()
    [first, second, *_] = pairs
    with pytest.raises(Refused):
        contact.open_pair(pairs[first], SHARES, pair=second, org=ORG)
    with pytest.raises(Refused):
        contact.open_pair(pairs[first], SHARES, pair=first, org=id_of("elsewhere"))
    # Two officers in the other order are another pair.
    with pytest.raises(Refused):
        contact.open_pair(pairs[first], SHARES, pair=first[::-1], org=ORG)


def test_no_altered_byte_opens() -> None:
    pair, blob = next(iter(sealed().items()))
    opens = lambda raw: contact.open_pair(raw, SHARES, pair=pair, org=ORG)  # noqa: E731 - one line
    assert refuses_all_but(blob, opens) > 300


@pytest.mark.parametrize("count", [0, 1, 6])
def test_two_to_five_officers(count: int) -> None:
    shares = {id_of(f"{n}"): named(f"{n}") for n in range(count)}
    with pytest.raises(Refused):
        contact.seal_pairs(SEED, shares, org=ORG)


def test_a_printed_share_reads_back_however_it_is_typed() -> None:
    pia = id_of("Pia")
    text = contact.printed(SHARES[pia], org=ORG, officer=pia)
    assert len(text.split("-")) == 14
    for typed in (text, text.lower(), text.replace("-", " "), text.replace("0", "O")):
        assert contact.read(typed, org=ORG, officer=pia) == SHARES[pia]


def test_a_slip_of_one_letter_is_seen() -> None:
    pia = id_of("Pia")
    text = contact.printed(SHARES[pia], org=ORG, officer=pia).replace("-", "")
    for at in range(len(text)):
        wrong = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises(Refused):
            contact.read(wrong, org=ORG, officer=pia)


@pytest.mark.parametrize("text", [None, "", "ABCD", "U" * 56, "Ä" * 56])
def test_what_is_no_share_is_refused(text: str | None) -> None:
    with pytest.raises(Refused):
        contact.read(text, org=ORG, officer=id_of("Pia"))


def test_another_officers_share_is_refused() -> None:
    text = contact.printed(SHARES[id_of("Pia")], org=ORG, officer=id_of("Pia"))
    for org, officer in ((ORG, id_of("Otso")), (id_of("elsewhere"), id_of("Pia"))):
        with pytest.raises(Refused):
            contact.read(text, org=org, officer=officer)


def test_the_vectors_open() -> None:
    [vector] = json.loads((VECTORS / "contact.json").read_text())["vectors"]
    org, pair = UUID(vector["org"]), tuple(map(UUID, vector["officers"]))
    shares = {
        officer: contact.read(text, org=org, officer=officer)
        for officer, text in zip(pair, vector["printed"], strict=True)
    }
    assert [share.hex() for share in shares.values()] == vector["shares"]
    seed = contact.open_pair(bytes.fromhex(vector["pair"]), shares, pair=pair, org=org)
    assert seed.hex() == vector["seed"]
