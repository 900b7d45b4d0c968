"""One page a day for the data-protection officer: how large the ledger is, and its fingerprint.

Paper outside the house is what nobody inside can take back. It names no person and no record.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from vaitiolo.kit.errors import Refusal
from vaitiolo.warden.transport import Transport
from vaitiolo.watch import access
from vaitiolo.watch.access import Standing

_FOLDED: Final = 32
# Read years later, perhaps by a court: the house's languages all stand there.
_WHAT: Final = """\
Keep this page outside the house. Whoever holds it can tell whether the record of who opened what \
has been changed or shortened since: the ledger of that size must still have this root.
Säilytä tämä sivu talon ulkopuolella. Sen avulla voi todeta, onko luetteloa siitä, kuka on avannut \
mitäkin, sen jälkeen muutettu tai lyhennetty: tämänkokoisella luettelolla on oltava tämä juuri.
Förvara detta blad utanför huset. Med det kan man se om förteckningen över vem som öppnat vad har \
ändrats eller kortats sedan dess: en förteckning av denna storlek måste fortfarande ha denna rot."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DailyPage:
    """Where pages are kept, and to whom they are mailed."""

    transport: Transport
    folder: Path
    to: Sequence[str]
    clock: Callable[[], datetime]

    def go(self) -> None:
        """Make today's page, once, and mail it, once; what fails is tried again."""
        now = self.clock()
        page = self.folder / f"ledger-{now.date().isoformat()}.pdf"
        try:
            if not page.exists():
                self._keep(page, drawn(access.ask_standing(self.transport), now))
        except Refusal as refused:
            log.error("no page of the ledger today yet: %s", type(refused).__name__)  # noqa: TRY400 - the type says it
            return
        sent = page.with_suffix(".sent")
        if self.to and settings.EMAIL_HOST and not sent.exists() and self._sent(page, now.date()):
            sent.touch()

    def _keep(self, page: Path, content: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = page.with_suffix(".new")
        draft.write_bytes(content)
        draft.replace(page)

    def _sent(self, page: Path, day: date) -> bool:
        subject = f"vaitiolo: ledger {day.isoformat()}"
        message = EmailMessage(subject, _WHAT, settings.DEFAULT_FROM_EMAIL, list(self.to))
        message.attach(page.name, page.read_bytes(), "application/pdf")
        try:
            message.send()
        except (OSError, SMTPException) as problem:
            log.error("the page of the ledger was not mailed: %s", type(problem).__name__)  # noqa: TRY400 - a server may repeat an address
            return False
        return True


def drawn(standing: Standing, at: datetime) -> bytes:
    """Return the page as PDF."""
    page = FPDF(format="A4")
    page.set_title("vaitiolo ledger")
    page.set_creation_date(at)
    page.add_page()
    _line(page, standing.origin, size=18, style="B")
    _line(page, f"{at:%Y-%m-%d %H:%M %Z}")
    page.ln(4)
    _row(page, "Size / koko / storlek", f"{standing.size:,}".replace(",", " "))
    root = [standing.root[at_ : at_ + _FOLDED] for at_ in range(0, len(standing.root), _FOLDED)]
    _row(page, "Root / juuri / rot", *root)
    _row(page, "Fingerprint / tunniste / kontrollmärke", standing.fingerprint)
    for one in standing.witnesses:
        seen = f"{one.size:,}, {one.seen_at:%Y-%m-%d %H:%M %Z}" if one.seen_at else "-"
        _row(page, f"Witness / todistaja / vittne: {one.name}", seen)
    if standing.anchored_at:
        _row(page, f"RFC 3161: {standing.authority}", f"{standing.anchored_at:%Y-%m-%d %H:%M %Z}")
    page.ln(4)
    page.set_font("helvetica", size=11)
    page.multi_cell(0, 6, _plain(_WHAT), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    return bytes(page.output())


def _row(page: FPDF, name: str, *lines: str) -> None:
    _line(page, name, size=10)
    page.set_font("courier", "B", 13)
    for line in lines:
        page.cell(0, 7, _plain(line), new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    page.ln(2)


def _line(page: FPDF, text: str, *, size: int = 12, style: str = "") -> None:
    page.set_font("helvetica", style, size)
    page.cell(0, size * 0.6, _plain(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _plain(text: str) -> str:
    # The core fonts know Latin-1.
    return text.encode("latin-1", "replace").decode("latin-1")
