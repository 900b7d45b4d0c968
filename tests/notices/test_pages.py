"""Pages are written in one form, and read in that form alone."""

import json
from dataclasses import asdict

import pytest

from tests.notices.example import CERTIFICATE, PAGE
from vaitiolo.notices.pages import PageWrong, read, write


@pytest.mark.parametrize("page", [PAGE, CERTIFICATE], ids=["page", "certificate"])
def test_what_is_written_is_read(page) -> None:
    assert read(write(page)) == page


def test_a_certificate_names_no_clinic_and_nothing_of_health() -> None:
    assert set(asdict(CERTIFICATE)) == {"name", "born", "issued", "fields", "reference"}


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"kind": "note"},
        {"language": "de"},
        {"fields": ["diagnosis"]},
        {"told_on": "soon"},
        {"more": 1},
        {"parts": None},
    ],
    ids=["version", "kind", "language", "field", "day", "more", "nothing"],
)
def test_what_is_no_page_of_ours_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(PageWrong):
        read(json.dumps({**json.loads(write(PAGE)), **change}).encode())
    with pytest.raises(PageWrong):
        read(b"\xff")
