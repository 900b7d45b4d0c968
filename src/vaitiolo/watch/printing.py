"""Has a report drawn as PDF by a process that holds nothing else, over two pipes and no file."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.watch import words
from vaitiolo.watch.reports import Report, Row

DRAWER: Final = "vaitiolo.watch.paper"
PATIENCE: Final = 60  # seconds; two thousand lines take about five


class NotDrawn(Refusal):
    """The report was made and recorded, and could not be drawn."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    message = _(
        "The file could not be drawn. That it was asked for stands in the record; the report can "
        "be printed from its page."
    )


def as_pdf(report: Report) -> bytes:
    """Return a report as PDF, in its own language. Raises NotDrawn."""
    with translation.override(report.asked.language):
        return drawn(_said(report))


def drawn(said: Mapping[str, object]) -> bytes:
    """Return a page as PDF: language, title, texts, sections, rows under headings. Raises NotDrawn.

    Where there is a reference, each page bears it.

    The language of the words around it is the one that is active.
    """
    return drawn_by(DRAWER, {**said, "not_printed": str(words.NOT_PRINTED)})


def drawn_by(drawer: str, said: Mapping[str, object]) -> bytes:
    """Return what a drawing module of ours makes of words, in its own process. Raises NotDrawn."""
    words_in = json.dumps(said).encode()
    # Nothing of this process's surroundings goes along: no setting, no address of a database.
    surroundings = {"PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and words over a pipe
            [sys.executable, "-m", drawer],
            input=words_in,
            capture_output=True,
            env=surroundings,
            timeout=PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        raise NotDrawn from None
    return done.stdout


def _said(report: Report) -> dict[str, object]:
    when = f"{report.made_at:%d.%m.%Y %H.%M}"
    texts = [str(words.MADE_AT) % {"when": when, "name": report.made_by}, str(words.REPORT_TEXT)]
    if report.is_filtered:
        shown = {"shown": len(report.rows), "total": report.total}
        texts.append(str(words.REPORT_FILTERED) % shown)
    if report.withheld:
        texts.append(str(words.REPORT_WITHHELD) % {"count": report.withheld})
    if report.earlier:
        texts.append(str(words.REPORT_OLDER) % {"count": report.earlier})
    return {
        "language": report.asked.language,
        "title": str(words.REPORT_TITLE),
        "texts": [*texts, str(report.asked.patient)],
        "headings": [str(one) for one in words.HEADINGS],
        "rows": [_cells(row, report.reference.mark()) for row in report.rows],
        "reference": report.reference.line(),
    }


def _cells(row: Row, mark: str) -> list[str]:
    who = f"{row.who}\n{row.role}" if row.role else row.who
    what = f"{row.what} ({row.part})" if row.part else row.what
    return [f"{row.at:%d.%m.%Y %H.%M}\n{mark}", who, what, row.ground]
