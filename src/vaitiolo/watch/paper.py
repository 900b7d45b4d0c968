"""Draws a report or a letter as PDF, in a process of its own: words come in, a page goes out.

The library that draws brings cryptography with it, which no page's process may hold. This one
knows no setting, no database and no key, and writes nothing to disk.
"""

import json
import sys
import unicodedata
from typing import Any, Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

# What the fonts of every PDF reader know: West European letters, and also š and ž.
ENCODING: Final = "windows-1252"
# What no decomposition takes apart: strokes, and Cyrillic as passports of the neighbours spell it.
_STROKES: Final = {
    "đ": "d",
    "ħ": "h",
    "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    "ł": "l",
    "ŋ": "n",
    "ŧ": "t",
    "ĸ": "k",
}
_LETTERS: Final = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ"
_LATIN: Final = (
    "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y _ e iu ia i i ie g"
)
_SPELT: Final = _STROKES | {
    letter: spelt.replace("_", "") for letter, spelt in zip(_LETTERS, _LATIN.split(), strict=True)
}
_WIDTHS: Final = (18, 24, 36, 22)


class _Page(FPDF):
    """A page that bears the reference of its export at its foot."""

    reference = ""

    def footer(self) -> None:
        """Write the reference on every page."""
        if self.reference:
            self.set_y(-12)
            self.set_font("helvetica", size=8)
            self.cell(0, 5, plain(self.reference), align="C")


def drawn(report: dict[str, Any]) -> bytes:
    """Return the report as PDF."""
    page = _Page(format="A4")
    page.reference = report.get("reference", "")
    page.core_fonts_encoding = ENCODING
    page.set_lang(report["language"])
    page.set_title(plain(report["title"]))
    page.add_page()
    page.set_font("helvetica", "B", 16)
    page.multi_cell(0, 9, plain(report["title"]), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_font("helvetica", size=10)
    note = [report["not_printed"]] if _is_changed(report) else []
    for text in (*report["texts"], *note):
        page.multi_cell(0, 5, plain(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        page.ln(2)
    for heading, lines in report.get("sections", ()):
        _section(page, heading, lines)
    if report.get("headings"):
        _table(page, report["headings"], report["rows"])
    return bytes(page.output())


def _section(page: FPDF, heading: str, lines: list[str]) -> None:
    page.ln(2)
    page.set_font("helvetica", "B", 11)
    page.multi_cell(0, 6, plain(heading), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_font("helvetica", size=10)
    for line in lines:
        page.multi_cell(0, 5, plain(line), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _table(page: FPDF, headings: list[str], rows: list[list[str]]) -> None:
    page.set_font("helvetica", size=9)
    bold = FontFace(emphasis="BOLD")
    with page.table(
        col_widths=_WIDTHS,
        text_align="LEFT",
        borders_layout="HORIZONTAL_LINES",
        headings_style=bold,
    ) as table:
        for cells in (headings, *rows):
            row = table.row()
            for cell in cells:
                row.cell(plain(cell))


def _is_changed(report: dict[str, Any]) -> bool:
    cells = (cell for row in report.get("rows", ()) for cell in row)
    lines = (line for _, lines in report.get("sections", ()) for line in lines)
    said = (report["title"], *report["texts"], *cells, *lines)
    return any(plain(text) != text for text in said)


def plain(text: str) -> str:
    """Write letters that the fonts do not know without their marks, rather than not at all."""
    whole = unicodedata.normalize("NFC", text)
    return "".join(one if _is_known(one) else _bare(one) for one in whole)


def _is_known(letter: str) -> bool:
    try:
        letter.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def _bare(letter: str) -> str:
    if letter.lower() in _SPELT:
        spelt = _SPELT[letter.lower()]
        return spelt if letter.islower() else spelt.capitalize()
    bare = "".join(one for one in unicodedata.normalize("NFKD", letter) if _is_known(one))
    return bare or "?"


if __name__ == "__main__":
    sys.stdout.buffer.write(drawn(json.load(sys.stdin)))
