"""Looking for words in the own caseload."""

from collections.abc import Sequence
from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.parts import Sealed
from vaitiolo.warden.session import Session


def begin_search(session: Session, words: str, charts: Sequence[UUID]) -> bytes:
    """Record a search of the own caseload and begin it."""
    question = protocol.BeginSearch(session.cookie, words, tuple(charts))
    return ask(session.transport, question, protocol.SearchBegun).search


def scan_chart(
    session: Session, search: bytes, chart: UUID, *, documents: Sequence[Sealed]
) -> None:
    """Have one chart looked through; hits are kept by the warden until the end."""
    question = protocol.ScanChart(session.cookie, search, chart, tuple(documents))
    ask(session.transport, question, protocol.Done)


def end_search(session: Session, search: bytes) -> protocol.Hits:
    """Return the newest hits; their patients are recorded before they are returned."""
    return ask(session.transport, protocol.EndSearch(session.cookie, search), protocol.Hits)
