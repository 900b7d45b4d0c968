"""Draws letters for window envelopes as PDF, in a process of its own: words in, pages out.

As the reports' drawer it knows no setting, no database and no key, and writes nothing to disk.
Only address, sender and the number of the letter lie in the window (DIN 5008, form B: the window
of DIN 680 in DL and C5 envelopes). Nothing that tells of the practice is above the first fold.
"""

import json
import sys
from typing import Any, Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from vaitiolo.watch.paper import ENCODING, plain

# Millimetres from the upper left corner of the sheet, as DIN 5008 form B has them.
LEFT: Final = 25.0
RIGHT: Final = 20.0
SENDER_AT: Final = 46.5
BARS_AT: Final = 50.5
BARS_HIGH: Final = 7.5
BAR: Final = 0.3
ADDRESS_AT: Final = 63.5
ADDRESS_LINE: Final = 4.6
ADDRESS_WIDE: Final = 78.0
BODY_AT: Final = 98.46
FOLDS: Final = (105.0, 210.0)
MOST_LINES: Final = 6
# Code 39 (ISO/IEC 16388): nine bars and spaces in turn for each sign; W is two and a half wide.
WIDE: Final = 2.5
SIGNS: Final = dict(
    part.split(":")
    for part in (  # noqa: SIM905 - a table of 37 lines would be longer to read
        "0:nnnwwnwnn 1:wnnwnnnnw 2:nnwwnnnnw 3:wnwwnnnnn 4:nnnwwnnnw 5:wnnwwnnnn 6:nnwwwnnnn "
        "7:nnnwnnwnw 8:wnnwnnwnn 9:nnwwnnwnn A:wnnnnwnnw B:nnwnnwnnw C:wnwnnwnnn D:nnnnwwnnw "
        "E:wnnnwwnnn F:nnwnwwnnn G:nnnnnwwnw H:wnnnnwwnn I:nnwnnwwnn J:nnnnwwwnn K:wnnnnnnww "
        "L:nnwnnnnww M:wnwnnnnwn N:nnnnwnnww O:wnnnwnnwn P:nnwnwnnwn Q:nnnnnnwww R:wnnnnnwwn "
        "S:nnwnnnwwn T:nnnnwnwwn U:wwnnnnnnw V:nwwnnnnnw W:wwwnnnnnn X:nwnnwnnnw Y:wwnnwnnnn "
        "Z:nwwnwnnnn *:nwnnwnwnn"
    ).split()
)
# Between two languages of one letter; the second begins on a page of its own.
BETWEEN: Final = "* * *"


class Letters(FPDF):
    """Pages with marks to fold at; on later pages the body begins higher."""

    number = ""

    def header(self) -> None:
        """Draw the marks, which an envelope hides."""
        self.set_draw_color(150)
        for at in FOLDS:
            self.line(4, at, 8, at)
        self.set_draw_color(0)

    def footer(self) -> None:
        """Write the number, so that a sheet which fell out is found again."""
        self.set_y(-14)
        self.set_font("helvetica", size=8)
        self.cell(0, 4, self.number, align="R")


def drawn(letters: dict[str, Any]) -> bytes:
    """Return all letters as one PDF, each beginning on a sheet of its own."""
    page = Letters(format="A4")
    page.core_fonts_encoding = ENCODING
    page.set_title("-")
    page.set_margins(LEFT, 20, RIGHT)
    page.set_auto_page_break(auto=True, margin=20)
    for one in letters["letters"]:
        _letter(page, one, sender=letters["sender"])
    return bytes(page.output())


def _letter(page: Letters, letter: dict[str, Any], *, sender: str) -> None:
    # A printer of both sides would put this letter on the back of another's: that page stays empty.
    if page.page_no() % 2:
        page.add_page()
    # The footer of the page before is drawn when the next begins: the number is set after that.
    page.add_page()
    page.number = letter["number"]
    _window(page, letter, sender=sender)
    page.set_xy(LEFT, BODY_AT)
    page.set_font("helvetica", "B", 11)
    page.multi_cell(0, 5.5, plain(letter["subject"]), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(3)
    page.set_font("helvetica", size=10.5)
    for paragraph in letter["body"].split("\n"):
        page.multi_cell(
            0, 5, plain(paragraph) or " ", align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        if paragraph == BETWEEN:
            page.add_page()
    if _is_changed(letter):
        page.ln(2)
        page.set_font("helvetica", "I", 8)
        page.multi_cell(0, 4, plain(letter["note"]), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _window(page: Letters, letter: dict[str, Any], *, sender: str) -> None:
    page.set_font("helvetica", size=7)
    page.set_xy(LEFT, SENDER_AT)
    page.cell(ADDRESS_WIDE, 3, plain(sender))
    bars = letter["number"].replace("-", "")
    _bars(page, f"*{bars}*")
    page.set_font("helvetica", size=7)
    page.set_xy(LEFT, BARS_AT + BARS_HIGH + 0.3)
    page.cell(ADDRESS_WIDE, 3, letter["number"])
    page.set_font("helvetica", size=10.5)
    for place, line in enumerate(letter["address"][:MOST_LINES]):
        page.set_xy(LEFT, ADDRESS_AT + place * ADDRESS_LINE)
        page.cell(ADDRESS_WIDE, ADDRESS_LINE, plain(line))


def _bars(page: Letters, signs: str) -> None:
    at = LEFT
    for sign in signs:
        for place, width in enumerate(SIGNS[sign]):
            wide = BAR * (WIDE if width == "w" else 1)
            if place % 2 == 0:
                page.rect(at, BARS_AT, wide, BARS_HIGH, style="F")
            at += wide
        at += BAR


def _is_changed(letter: dict[str, Any]) -> bool:
    return any(plain(line) != line for line in letter["address"])


if __name__ == "__main__":
    sys.stdout.buffer.write(drawn(json.load(sys.stdin)))
