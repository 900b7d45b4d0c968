"""Messages about looking for words in the own caseload."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import Hit, Sealed
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class BeginSearch(Question):
    """Begin a search for words in the notes of the own caseload."""

    cookie: bytes = field(repr=False)
    words: str = field(repr=False)
    charts: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class SearchBegun(Message):
    """The search's id, good for this session alone."""

    search: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScanChart(Question):
    """Look through documents of one chart of a search."""

    cookie: bytes = field(repr=False)
    search: bytes = field(repr=False)
    chart: UUID
    documents: tuple[Sealed, ...]


@dataclass(frozen=True, slots=True)
class EndSearch(Question):
    """Ask for the hits; the patients whose hits are shown are recorded first."""

    cookie: bytes = field(repr=False)
    search: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hits(Message):
    """The newest hits, at most a page of them, and how many there are."""

    hits: tuple[Hit, ...]
    total: int
