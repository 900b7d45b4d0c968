"""Long work says how far it is, and hands everything through."""

import pytest

from vaitiolo.kit.progress import shown, track


def test_everything_is_handed_through_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(track("abc", "Counting", total=3)) == ["a", "b", "c"]
    assert capsys.readouterr().err.startswith("Counting: 3 in ")


def test_work_that_reports_for_itself_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with shown("Reading") as report:
        report(1200, 5000)
    assert capsys.readouterr().err.startswith("Reading: 1,200 in ")
