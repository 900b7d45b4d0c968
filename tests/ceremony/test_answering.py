"""The ceremony itself: three shares, one answer, nothing beyond and nothing in part."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ceremony.conftest import Typing
from tests.keys.asking import House
from tests.keys.clinic import named
from vaitiolo.ceremony import answering, shares
from vaitiolo.ceremony.answering import CannotAnswer, Pinned
from vaitiolo.ceremony.files import FileThere, write_whole
from vaitiolo.keys import ceremonies, words
from vaitiolo.keys.ceremonies import Ceremony, CeremonyPurpose

KILLED = """
import os, signal, sys
from pathlib import Path
from vaitiolo.ceremony.files import write_whole
real = os.{at}
def kill(*arguments):
    {after}
    os.kill(os.getpid(), signal.SIGKILL)
os.{at} = kill
write_whole(Path(sys.argv[1]), b"all or nothing" * 1000)
"""
NAIVE = """
import os, signal, sys
file = open(sys.argv[1], "wb", buffering=0)
file.write(b"all or nothing" * 500)
os.kill(os.getpid(), signal.SIGKILL)
file.write(b"all or nothing" * 500)
"""
WHOLE = b"all or nothing" * 1000


def pinned(house: House) -> Pinned:
    return Pinned("Esimerkki", house.pins)


def answer(house: House, lines: list[str]) -> tuple[Ceremony, Typing]:
    desk = Typing(list(lines))
    checked = answering.read_request(house.request().encode(), pinned(house))
    return answering.answer(checked, pinned(house), desk, made=house.clinic.today), desk


def test_three_officers_open_the_charts_for_the_successor(house: House, paper: list[str]) -> None:
    made, desk = answer(house, [paper[4], paper[0], paper[2], "yes"])
    ceremonies.check_answer(made, house.checked())
    for chart, grant in zip(house.charts, made.grants, strict=True):
        assert house.successor.keys.open_grant(grant) == chart.dk
    assert desk.cleared == 3


def test_what_is_asked_is_shown_before_anybody_says_yes(house: House, paper: list[str]) -> None:
    _, desk = answer(house, [*paper[:3], "yes"])
    shown = "\n".join(desk.said)
    assert " ".join(words.of_card(house.successor.card.id)) in shown
    assert "Compartments to be opened: 3" in shown
    assert not [share for share in paper if share in shown]


@pytest.mark.parametrize("said", ["", "no", "y", "YES PLEASE"])
def test_without_a_yes_nothing_is_sealed(house: House, paper: list[str], said: str) -> None:
    with pytest.raises(CannotAnswer, match="Nobody said yes"):
        answer(house, [*paper[:3], said])


def test_wrong_share_good_shares_of_another_set_open_nothing(house: House) -> None:
    others = shares.split(bytearray(named("another master")))
    # The naive tool joins them without an error and seals with whatever comes out.
    assert len(shares.join([shares.read(one) for one in others[:3]])) == 32
    with pytest.raises(CannotAnswer, match="another key"):
        answer(house, [*others[:3], "yes"])


def test_a_slip_is_typed_again(house: House, paper: list[str]) -> None:
    slips = [paper[0], paper[0], paper[1][:-3], "", paper[1], paper[2], "yes"]
    made, desk = answer(house, slips)
    assert len(made.grants) == 3
    assert sum("Type it again" in line for line in desk.said) == 3


def test_officers_who_leave_leave_nothing(house: House, paper: list[str]) -> None:
    with pytest.raises(CannotAnswer, match="not all typed"):
        answer(house, paper[:2])


def test_a_request_that_is_not_to_be_believed_is_refused_before_typing(house: House) -> None:
    raw = bytearray(house.request().encode())
    raw[-1] ^= 1
    for wrong in (bytes(raw), b"", b"VT"):
        with pytest.raises(CannotAnswer, match="not to be believed"):
            answering.read_request(wrong, pinned(house))


def test_contact_details_are_not_opened_by_paper(house: House) -> None:
    terms = house.terms(purpose=CeremonyPurpose.CONTACT_OFFLINE, recovery=house.contact.card.id)
    given = [chart.grant(house.contact, by=house.gone) for chart in house.charts]
    shown = [one.card for one in (house.contact, house.successor, house.gone, house.pia)]
    request = house.request(terms=terms, given=given, shown=[*shown, house.clinic.registrar.card])
    with pytest.raises(CannotAnswer, match="two officers"):
        answering.read_request(request.encode(), pinned(house))


def test_a_policy_that_the_root_did_not_sign_pins_nothing(pinned_folder: Path) -> None:
    assert answering.read_pins(pinned_folder).organisation == "Terapiatalo Hiljaisuus"
    policy = pinned_folder / "trust.toml"
    policy.write_text(policy.read_text().replace("hour = 15", "hour = 16"))
    with pytest.raises(CannotAnswer):
        answering.read_pins(pinned_folder)


# --- killed in the middle ---


def kill(program: str, path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", program, path], timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("at", ["fsync", "link"])
def test_killed_before_its_end_an_answer_is_not_there(tmp_path: Path, at: str) -> None:
    path = tmp_path / "answer"
    kill(KILLED.format(at=at, after="pass"), path)
    assert not path.exists()
    write_whole(path, WHOLE)
    assert path.read_bytes() == WHOLE
    assert [one.name for one in tmp_path.iterdir()] == ["answer"]


def test_killed_after_it_an_answer_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "answer"
    kill(KILLED.format(at="link", after="real(*arguments)"), path)
    assert path.read_bytes() == WHOLE
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_plain_write_leaves_half(tmp_path: Path) -> None:
    path = tmp_path / "answer"
    kill(NAIVE, path)
    assert 0 < path.stat().st_size < len(WHOLE)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "answer"
    write_whole(path, b"first")
    with pytest.raises(FileThere):
        write_whole(path, b"second")
    assert path.read_bytes() == b"first"
