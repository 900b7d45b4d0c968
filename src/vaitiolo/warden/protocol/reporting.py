"""Messages about a patient's report: who did what with the record, and who was refused."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import BundleFile, ReportDecision, ReportLine
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class AskReport(Question):
    """A privacy officer asks for a page of a patient's report, from behind a number on.

    Without a ground for older ones, entries of the last two years are given. ``is_file`` says that
    the report leaves as a file.
    """

    cookie: bytes = field(repr=False)
    patient: UUID
    reason: str = field(repr=False)
    older: str = field(repr=False)
    after: int
    is_file: bool


@dataclass(frozen=True, slots=True)
class Reported(Message):
    """Some of a patient's entries in their order; ``earlier`` is how many older were left out.

    The next page is that behind ``after``. ``decisions`` are all that were made on requests for it,
    the oldest first. ``withheld`` are the numbers that the one in force leaves out: of a file they
    are left out here already. ``house`` is the organisation's name, for what is written about it;
    ``made`` is the entry that recorded this page.
    """

    lines: tuple[ReportLine, ...]
    earlier: int
    after: int
    is_more: bool
    decisions: tuple[ReportDecision, ...]
    withheld: tuple[int, ...]
    house: str
    made: int


@dataclass(frozen=True, slots=True)
class DecideReport(Question):
    """A privacy officer decides on a request for a report; what was decided before stands too."""

    cookie: bytes = field(repr=False)
    patient: UUID
    outcome: str
    ground: str
    request: str = field(repr=False)
    reason: str = field(repr=False)
    older: bool
    withheld: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReportDecided(Message):
    """The decision as it was recorded."""

    decision: ReportDecision


@dataclass(frozen=True, slots=True)
class AskBundle(Question):
    """A privacy officer takes a report away as a bundle that proves itself."""

    cookie: bytes = field(repr=False)
    patient: UUID
    reason: str = field(repr=False)
    older: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BundleBegun(Message):
    """What a bundle has once. ``made`` is the entry that recorded it; ``size`` the witnessed state.

    Of the chain it holds the numbers from ``first`` to ``last``, without what is ``withheld``.
    """

    made: int
    size: int
    first: int
    last: int
    withheld: tuple[int, ...]
    files: tuple[BundleFile, ...]


@dataclass(frozen=True, slots=True)
class AskBundlePart(Question):
    """The same officer asks for a bundle's entries behind a number, soon after it was begun."""

    cookie: bytes = field(repr=False)
    patient: UUID
    made: int
    size: int
    after: int


@dataclass(frozen=True, slots=True)
class BundlePart(Message):
    """Some entries of a bundle: their files, and the lines of those that are not withheld."""

    files: tuple[BundleFile, ...]
    lines: tuple[ReportLine, ...]
    after: int
    is_more: bool
