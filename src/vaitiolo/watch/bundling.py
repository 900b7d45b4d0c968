"""Puts a report and what proves it into one file, in memory: nothing of it touches the disk."""

from collections.abc import Iterator
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation

from vaitiolo.ledger.verify import archives
from vaitiolo.people.actor import Actor
from vaitiolo.watch import printing, reports
from vaitiolo.watch.access import TakenAway
from vaitiolo.watch.reports import Asked, Report

README = "README.html"
PAPER = "report.pdf"


def as_zip(actor: Actor, asked: Asked, *, at: datetime) -> bytes:
    """Return a proof bundle. Raises NotAllowed, PatientUnknown, ReportRefused, NoWitness."""
    report, taken = reports.take(actor, asked, at=at)
    return archives.pack(_files(report, taken))


def _files(report: Report, taken: TakenAway) -> Iterator[tuple[str, bytes]]:
    yield README, _readme(report, taken).encode()
    yield PAPER, printing.as_pdf(report)
    for one in taken.files:
        yield one.name, one.content


def _readme(report: Report, taken: TakenAway) -> str:
    with translation.override(report.asked.language):
        shown = {"report": report, "taken": taken, "language": report.asked.language}
        return render_to_string("watch/bundle.html", shown)
