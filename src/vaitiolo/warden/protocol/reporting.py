"""Messages about a patient's report: who did what with the record, and who was refused."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import ReportLine
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
    """Some of a patient's entries in their order; ``earlier`` is how many older were left out."""

    lines: tuple[ReportLine, ...]
    earlier: int
    is_more: bool
