"""Advice that nobody confirmed is told as such, and a pack that was changed is none."""

from datetime import date, timedelta

import pytest

from vaitiolo.notices import advice
from vaitiolo.notices.advice import AdviceWrong, audiences_of, find_pack, fits, invent, read_pack

TODAY = date(2026, 11, 24)
PACK = find_pack()
RAW = (advice._FOLDER / f"{advice.NEWEST}.toml").read_bytes()


def item(name: str, pack: advice.Pack = PACK) -> advice.Item:
    return next(one for one in pack.items if one.id == name)


def house(*rows: str, version: str = PACK.version) -> bytes:
    return "\n".join([f'pack = "{version}"', *(f"[[confirmed]]\n{row}" for row in rows)]).encode()


def test_every_pack_is_the_one_that_is_known() -> None:
    for version in advice.HASHES:
        assert find_pack(version).version == version


def test_a_pack_with_one_changed_number_is_refused() -> None:
    forged = RAW.replace(b"09 2525 0111", b"09 2525 0119")
    assert forged != RAW
    with pytest.raises(AdviceWrong, match="changed"):
        read_pack(forged, expected=advice.HASHES[advice.NEWEST])


def test_as_delivered_nothing_was_confirmed_so_all_but_the_newly_dated_are_due() -> None:
    assert {one.id for one in PACK.due(TODAY)} == {one.id for one in PACK.items}


def test_an_item_is_due_without_a_day_when_too_old_when_uncertain_or_in_the_future() -> None:
    last = TODAY - advice.LIMIT
    rows = [f'id = "emergency"\non = {last}\nby = "Pia"']
    asked = item("emergency", find_pack(house=house(*rows)))
    assert not asked.is_due(TODAY)
    assert asked.is_due(TODAY + timedelta(days=1))
    assert asked.is_due(last - timedelta(days=1))
    assert item("diary").is_due(TODAY)
    assert item("credit-ban-free").checked == date(2024, 4, 10)


def test_what_the_house_left_out_is_not_shown_and_not_due() -> None:
    row = f'id = "church-helpline"\non = {TODAY}\nby = "Pia"\nleft_out = "no answer there"'
    pack = find_pack(house=house(row))
    assert "church-helpline" not in {one.id for one in pack.items}
    assert len(pack.items) == len(PACK.items) - 1


@pytest.mark.parametrize(
    "said",
    [
        house('id = "nobody"\non = 2026-11-24\nby = "Pia"'),
        house('id = "diary"\non = 2026-11-24\nby = " "'),
        house('id = "diary"\non = "today"\nby = "Pia"'),
        house('id = "diary"\non = 2026-11-24\nby = "Pia"', version="2020-10-21"),
        b"\xff",
    ],
    ids=["item", "name", "day", "pack", "bytes"],
)
def test_a_confirmation_that_cannot_be_is_refused(said: bytes) -> None:
    with pytest.raises(AdviceWrong):
        find_pack(house=said)


def test_a_rehearsal_confirms_everything_and_says_so() -> None:
    pack = find_pack(house=invent(PACK, TODAY))
    assert pack.is_invented
    assert not pack.due(TODAY)


def test_nobody_reads_of_identity_codes_whose_own_did_not_get_out() -> None:
    told = (*PACK.audiences,)
    for fields in ((), ("name", "address", "phone", "email", "kin")):
        shown = [one for one in PACK.items if fits(one, audiences_of(told, fields), fields)]
        assert not {"new-identity-code", "credit-ban-free", "credit-ban-paid"} & {
            one.id for one in shown
        }
    fields = ("identity-code",)
    shown = [one.id for one in PACK.items if fits(one, audiences_of((), fields), fields)]
    assert "new-identity-code" in shown


def test_every_item_has_a_source_three_languages_and_no_link() -> None:
    for one in PACK.items:
        assert one.sources
        assert all(one.words.values())
        assert "://" not in one.address + "".join(one.words.values())
