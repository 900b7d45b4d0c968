"""`vaitiolo ceremony` as officers start it, on a machine that was taken off its network."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.ceremony.conftest import Typing
from tests.keys.asking import House
from vaitiolo.ceremony import answering, command, network, rehearsing
from vaitiolo.ceremony.network import NetworkThere
from vaitiolo.keys import ceremonies

PROGRAM = ("-m", "vaitiolo.config.ceremony")
Alone = Callable[..., list[str]]


def hold(command: Sequence[str], lines: Sequence[str]) -> tuple[int, str]:
    typed = "".join(f"{line}\n" for line in lines)
    done = subprocess.run(
        command, input=typed, capture_output=True, text=True, timeout=120, check=False
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def laid(house: House, folder: Path) -> Path:
    path = folder / "request"
    path.write_bytes(house.request().encode())
    return path


def test_a_request_is_answered(
    house: House, paper: list[str], pinned_folder: Path, tmp_path: Path, alone: Alone
) -> None:
    request, answer = laid(house, tmp_path), tmp_path / "answer"
    asked = alone(*PROGRAM, "answer", str(request), str(answer), "--trust", str(pinned_folder))
    code, said = hold(asked, [*paper[1:4], "yes"])
    assert code == 0, said
    made = ceremonies.parse(answer.read_bytes())
    ceremonies.check_answer(made, house.checked(terms=ceremonies.parse(request.read_bytes()).terms))
    assert house.successor.keys.open_grant(made.grants[0]) == house.charts[0].dk
    again, said = hold(asked, [])
    assert (again, "there already" in said) == (1, True)


def test_a_wrong_set_writes_nothing(
    house: House, pinned_folder: Path, tmp_path: Path, alone: Alone
) -> None:
    others = command.shares.split(bytearray(32))
    request, answer = laid(house, tmp_path), tmp_path / "answer"
    asked = alone(*PROGRAM, "answer", str(request), str(answer), "--trust", str(pinned_folder))
    code, said = hold(asked, [*others[:3], "yes"])
    assert (code, "another key" in said, answer.exists()) == (1, True, False)


def test_five_new_sheets_are_made_of_three_old(
    paper: list[str], pinned_folder: Path, tmp_path: Path, alone: Alone
) -> None:
    asked = alone(*PROGRAM, "sheets", str(tmp_path / "new"), "--trust", str(pinned_folder))
    code, said = hold(asked, paper[:3])
    assert code == 0, said
    assert len(list((tmp_path / "new").glob("recovery-share-*-of-5.pdf"))) == 5


def test_a_rehearsal_goes_through_it_all(alone: Alone) -> None:
    with subprocess.Popen(
        alone(*PROGRAM, "rehearse"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as held:
        shown = [held.stdout.readline() for _ in range(7)]
        given = [line.split(": ", 1)[1] for line in shown if "share" in line and "of 5:" in line]
        rest, _ = held.communicate("".join([given[4], given[1], given[0], "yes\n"]), timeout=60)
    assert held.returncode == 0, rest
    assert "opened 3 of 3" in rest
    assert len(given) == 5


def test_a_rehearsal_is_marked_and_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    desk = Rehearsing([])
    assert rehearsing.rehearse(desk, day=20_000) == rehearsing.COMPARTMENTS
    assert not list(tmp_path.iterdir())
    assert sum(line.startswith("REHEARSAL") for line in desk.said) >= 8


class Rehearsing(Typing):
    """Officers who type the shares that they were shown."""

    def ask(self, text: str) -> str:
        if "yes" in text:
            return "yes"
        shown = [line.split(": ", 1)[1] for line in self.said if "of 5: " in line]
        return shown[self.cleared]


def test_ceremony_without_network(
    house: House, pinned_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def there() -> None:
        raise NetworkThere("This machine has a network.")

    monkeypatch.setattr(network, "demand_none", there)
    desk = Typing([])
    asked = ["answer", str(laid(house, tmp_path)), str(tmp_path / "a"), "--trust", "x"]
    assert [command.main(what, desk) for what in (asked, ["rehearse"])] == [1, 1]
    assert all("has a network" in line for line in desk.said)


def test_what_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "demand_none", lambda: None)
    monkeypatch.setattr(answering, "read_pins", lambda _: None)
    desk = Typing([])
    asked = ["answer", str(tmp_path / "none"), str(tmp_path / "a"), "--trust", str(tmp_path)]
    assert command.main(asked, desk) == 1
    assert "No such file" in desk.said[-1]


def test_the_tool_loads_nothing_that_serves_or_stores() -> None:
    program = "import sys, vaitiolo.config.ceremony; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", program], text=True).split()
    strangers = ("django", "vaitiolo.warden", "vaitiolo.ledger", "vaitiolo.keys.store")
    assert not [name for name in loaded if name.startswith(strangers)]
    assert "shamir_mnemonic" in loaded


@pytest.mark.parametrize("program", ["warden", "web", "worker"])
def test_no_server_loads_the_paper(program: str) -> None:
    load = f"import sys, vaitiolo.config.{program}.main; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", load], text=True).split()
    assert not {"shamir_mnemonic", "vaitiolo.ceremony"} & set(loaded)
    # Paper for others is made in two places: reports by the web, the day's page by the worker.
    assert program != "warden" or "fpdf" not in loaded
