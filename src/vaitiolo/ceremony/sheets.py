"""Share sheets for paper: one page an officer, to be printed, sealed in an envelope, and deleted.

Says what the page is, what to do with it and what not. A file is never named after anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from itertools import starmap
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from vaitiolo.ceremony.files import write_whole

REHEARSAL: Final = "REHEARSAL"
DEMO: Final = "DEMO"

_COLUMNS: Final = 3
_WIDTH: Final = 60
_ROW: Final = 8

# A sheet is read years later, by whoever opens the envelope; the house's languages all stand there.
_MASTER: Final = """\
Any three of the five sheets open every chart of the organisation and sign its registrars, in a \
ceremony on a computer without network. One or two sheets open nothing.
Mitkä tahansa kolme viidestä arkista avaavat organisaation kaikki potilaskertomukset ja \
vahvistavat sen avainkorttien myöntäjät tilaisuudessa, jossa käytetään verkotonta tietokonetta. \
Yksi tai kaksi arkkia ei avaa mitään.
Vilka tre av de fem arken som helst öppnar organisationens alla journaler och bekräftar dess \
utfärdare av nyckelkort vid en ceremoni på en dator utan nätverk. Ett eller två ark öppnar \
ingenting."""
_CONTACT: Final = """\
Any two officers' sheets open the patients' contact details, so that they can be told after a \
breach. One sheet opens nothing.
Minkä tahansa kahden vastuuhenkilön arkit avaavat potilaiden yhteystiedot, jotta heille voidaan \
ilmoittaa tietomurrosta. Yksi arkki ei avaa mitään.
Två ansvarigas ark öppnar patienternas kontaktuppgifter, så att de kan underrättas efter ett \
intrång. Ett ark öppnar ingenting."""
_INCIDENT: Final = """\
Any two officers' sheets open an incident kit, with which the files of a leak are searched on a \
computer without network. Never type this sheet into any page. One sheet opens nothing.
Minkä tahansa kahden vastuuhenkilön arkit avaavat selvityspaketin, jolla vuodetut tiedostot \
tutkitaan verkottomalla tietokoneella. Älä kirjoita tätä arkkia millekään sivulle. Yksi arkki ei \
avaa mitään.
Två ansvarigas ark öppnar ett utredningspaket, med vilket läckta filer undersöks på en dator utan \
nätverk. Skriv aldrig in detta ark på någon sida. Ett ark öppnar ingenting."""
_CARE: Final = """\
Keep it in a sealed envelope, away from the other sheets. Do not copy, photograph or type it, \
except in a ceremony. If the envelope was opened or is lost, say so at once.
Säilytä suljetussa kuoressa erillään muista arkeista. Älä kopioi, kuvaa äläkä kirjoita sitä \
mihinkään muualle kuin tilaisuudessa. Jos kuori on avattu tai kadonnut, ilmoita heti.
Förvara i ett förseglat kuvert, skilt från de andra arken. Kopiera, fotografera eller skriv inte \
av det annat än vid ceremonin. Om kuvertet har öppnats eller försvunnit, säg till genast."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One officer's page. ``mark`` stands across it where it is not in earnest."""

    organisation: str
    title: str
    number: int
    count: int
    made: date
    texts: tuple[str, ...]
    words: tuple[str, ...] = field(repr=False)
    mark: str = ""
    officer: str = field(default="", repr=False)


def master_sheets(
    organisation: str,
    shares: Sequence[str],
    *,
    made: date,
    mark: str = "",
    holders: Sequence[str] = (),
) -> list[Sheet]:
    """Return a sheet for each share of the master seed, with its holder's name where one is given.

    The name only says whose envelope it is: any three shares are as good.
    """

    def sheet(number: int, share: str) -> Sheet:
        words = tuple(share.split())
        texts = (*_MASTER.splitlines(), *_CARE.splitlines())
        title = "Recovery share · Palautusosuus · Återställningsandel"
        holder = holders[number - 1] if holders else ""
        return Sheet(organisation, title, number, len(shares), made, texts, words, mark, holder)

    return list(starmap(sheet, enumerate(shares, start=1)))


def contact_sheets(
    organisation: str, shares: Sequence[tuple[str, str]], *, made: date, mark: str = ""
) -> list[Sheet]:
    """Return a sheet for each officer's name and share of the contact key, in groups of letters.

    The name stands there because a share is good for that officer alone.
    """
    title = "Contact share · Yhteysosuus · Kontaktandel"
    blank = Sheet(organisation, title, 0, len(shares), made, _texts(_CONTACT), (), mark)
    return _officers_sheets(blank, shares)


def incident_sheets(
    organisation: str, shares: Sequence[tuple[str, str]], *, made: date, mark: str = ""
) -> list[Sheet]:
    """Return a sheet for each officer's name and share of the incident key, as for contact."""
    title = "Incident share · Selvitysosuus · Utredningsandel"
    blank = Sheet(organisation, title, 0, len(shares), made, _texts(_INCIDENT), (), mark)
    return _officers_sheets(blank, shares)


def _officers_sheets(blank: Sheet, shares: Sequence[tuple[str, str]]) -> list[Sheet]:
    return [
        replace(blank, number=number, words=tuple(letters.split("-")), officer=officer)
        for number, (officer, letters) in enumerate(shares, start=1)
    ]


def _texts(about: str) -> tuple[str, ...]:
    return (*about.splitlines(), *_CARE.splitlines())


def write(folder: Path, name: str, sheets: Sequence[Sheet]) -> list[Path]:
    """Write a file for each sheet, for its owner alone. Raises FileThere.

    Each is a file of its own, so that the sheets can be printed one by one, for one person each.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = [folder / f"{name}-{sheet.number}-of-{sheet.count}.pdf" for sheet in sheets]
    for path, sheet in zip(paths, sheets, strict=True):
        write_whole(path, pdf(sheet))
    return paths


def pdf(sheet: Sheet) -> bytes:
    """Return a page of A4; the same sheet gives the same bytes."""
    page = FPDF(format="A4")
    page.set_creation_date(datetime.combine(sheet.made, time.min, UTC))
    page.set_title(_plain(f"{sheet.title} {sheet.number}/{sheet.count}"))
    page.add_page()
    if sheet.mark:
        _mark(page, sheet.mark)
    _head(page, sheet)
    _words(page, sheet.words)
    page.set_font("helvetica", size=10)
    for text in sheet.texts:
        page.multi_cell(0, 5, _plain(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        page.ln(2)
    return bytes(page.output())


def _head(page: FPDF, sheet: Sheet) -> None:
    page.set_font("helvetica", "B", 18)
    page.cell(0, 12, _plain(sheet.organisation), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.set_font("helvetica", size=12)
    line = f"{sheet.title}: {sheet.number} / {sheet.count}"
    page.cell(0, 8, _plain(line), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    if sheet.officer:
        page.cell(0, 8, _plain(sheet.officer), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.cell(0, 8, sheet.made.isoformat(), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(6)


def _words(page: FPDF, words: Sequence[str]) -> None:
    page.set_font("courier", "B", 13)
    rows = -(-len(words) // _COLUMNS)
    for row in range(rows):
        # Down the columns, as one reads a list aloud.
        for place in range(row, len(words), rows):
            page.cell(_WIDTH, _ROW, f"{place + 1:>2}. {words[place]}")
        page.ln(_ROW)
    page.ln(6)


def _mark(page: FPDF, mark: str) -> None:
    page.set_font("helvetica", "B", 72)
    page.set_text_color(225, 225, 225)
    with page.rotation(55, page.w / 2, page.h / 2):
        page.text(page.w / 2 - page.get_string_width(mark) / 2, page.h / 2, mark)
    page.set_text_color(0, 0, 0)
    page.set_font("helvetica", "B", 12)
    page.cell(0, 8, f"{mark} - {mark} - {mark}", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _plain(text: str) -> str:
    # The core fonts know Latin-1; a name in another script is better marked than misprinted.
    return text.encode("latin-1", "replace").decode("latin-1")
