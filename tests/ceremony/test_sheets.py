"""Share sheets: everything that an officer needs years later, on one page."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.keys.clinic import id_of, named
from vaitiolo.ceremony import sheets
from vaitiolo.ceremony.files import FileThere
from vaitiolo.keys import contact

DAY = date(2026, 11, 24)


def text_of(pdf: bytes) -> str:
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) == 1
    return pages[0].extract_text()


def test_a_sheet_says_whose_which_when_and_what_to_do(paper: list[str]) -> None:
    made = sheets.master_sheets("Terapiatalo Äänetön", paper, made=DAY)
    assert len(made) == 5
    for number, (sheet, share) in enumerate(zip(made, paper, strict=True), start=1):
        text = text_of(sheets.pdf(sheet))
        assert "Terapiatalo Äänetön" in text
        assert f"{number} / 5" in text
        assert "2026-11-24" in text
        for place, word in enumerate(share.split(), start=1):
            assert f"{place}. {word}" in text
        assert "sealed envelope" in text
        assert "suljetussa kuoressa" in text
        assert "förseglat kuvert" in text
        assert sheets.REHEARSAL not in text


@pytest.mark.parametrize("mark", [sheets.REHEARSAL, sheets.DEMO])
def test_what_is_not_in_earnest_is_marked(paper: list[str], mark: str) -> None:
    made = sheets.master_sheets("Esimerkki", paper, made=DAY, mark=mark)
    assert all(text_of(sheets.pdf(sheet)).count(mark) >= 4 for sheet in made)


def test_the_same_sheet_gives_the_same_bytes(paper: list[str]) -> None:
    [sheet, *_] = sheets.master_sheets("Esimerkki", paper, made=DAY)
    assert sheets.pdf(sheet) == sheets.pdf(sheet)


def test_a_contact_sheet_reads_back(tmp_path: Path) -> None:
    org, officers = id_of("clinic"), [id_of(name) for name in ("Pia", "Mauri")]
    printed = [
        ("Pia Puro", contact.printed(named(str(one)), org=org, officer=one)) for one in officers
    ]
    made = sheets.contact_sheets("Esimerkki", printed, made=DAY)
    for sheet, officer in zip(made, officers, strict=True):
        assert "Pia Puro" in text_of(sheets.pdf(sheet))
        found = dict(re.findall(r"(\d+)\. ([0-9A-Z]{4})\b", text_of(sheets.pdf(sheet))))
        typed = "".join(found[str(place)] for place in range(1, 15))
        assert contact.read(typed, org=org, officer=officer) == named(str(officer))


def test_a_name_in_another_script_does_not_stop_a_sheet(paper: list[str]) -> None:
    [sheet, *_] = sheets.master_sheets("Психотерапия", paper, made=DAY)
    assert "???" in text_of(sheets.pdf(sheet))


def test_sheets_are_their_owners_alone_and_never_written_over(
    paper: list[str], tmp_path: Path
) -> None:
    made = sheets.master_sheets("Esimerkki", paper, made=DAY)
    paths = sheets.write(tmp_path / "sheets", "recovery-share", made)
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o600] * 5
    with pytest.raises(FileThere):
        sheets.write(tmp_path / "sheets", "recovery-share", made)
