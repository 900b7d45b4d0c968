"""Copies, reminders and erasures beside their rows, and the key service's own count beside them.

What the ledger has and the rows lack is normal now and then; what the rows, the key service or a
step of a reminder have and the ledger lacks is an alarm. Random ids alone.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from vaitiolo.charts import deeds as charts
from vaitiolo.ledger.acts import Act
from vaitiolo.ops import access
from vaitiolo.ops.access import OtherDeed
from vaitiolo.ops.kms_log import Counted
from vaitiolo.schedule import deeds as schedule
from vaitiolo.warden.transport import Transport

# An operation of the key service comes after its entry; clocks may differ by so much.
CLOCKS_APART: Final = 60_000_000  # microseconds
STEPS: Final = frozenset({Act.OUTBOX_TAKEN, Act.OUTBOX_SENT})


@dataclass(slots=True)
class Others:
    """What was compared besides signatures, and what has no match."""

    entries: int = 0
    copies: int = 0
    reminders: int = 0
    erasures_that_lie: list[int] = field(default_factory=list)
    copies_without_entry: list[UUID] = field(default_factory=list)
    reminders_without_entry: list[UUID] = field(default_factory=list)
    steps_without_entry: list[OtherDeed] = field(default_factory=list)
    copies_gone: int = 0
    reminders_gone: int = 0
    kms: "KmsCompared | None" = None

    @property
    def missing(self) -> int:
        """How much was done without an entry, or is there although its erasure is recorded."""
        return (
            len(self.erasures_that_lie)
            + len(self.copies_without_entry)
            + len(self.reminders_without_entry)
            + len(self.steps_without_entry)
            + (self.kms.missing if self.kms else 0)
        )


@dataclass(frozen=True, slots=True)
class KmsCompared:
    """How often the key service sealed and opened reminders, and how many entries say so."""

    sealed: int
    put: int
    opened: int
    taken: int

    @property
    def missing(self) -> int:
        """How many operations have no entry."""
        return max(0, self.sealed - self.put) + max(0, self.opened - self.taken)


def compare(transport: Transport, counted: Counted | None = None) -> Others:
    """Compare both sides. Raises Refusal when it cannot be asked.

    Rows are read first: each of those had its entry before, so none can be missing by chance.
    """
    copies, reminders = dict(charts.list_copies()), set(schedule.list_outbox())
    found = Others(copies=len(copies), reminders=len(reminders))
    deeds = list(_deeds(transport, found))
    found.entries = len(deeds)
    _compare_copies(found, copies, deeds)
    _compare_reminders(found, reminders, deeds)
    if counted is not None:
        found.kms = _compare_kms(counted, deeds)
    return found


def _deeds(transport: Transport, found: Others) -> Iterator[OtherDeed]:
    since, size = 0, 1
    while since < size:
        page = access.list_others(transport, since)
        found.erasures_that_lie += page.lies
        yield from page.deeds
        since, size = page.next, page.size


def _compare_copies(found: Others, copies: dict[UUID, int], deeds: list[OtherDeed]) -> None:
    released = Counter(one.row for one in deeds if one.act == Act.RELEASE)
    found.copies_without_entry = sorted(
        copy for copy, notes in copies.items() if notes > released[copy] or not released[copy]
    )
    # Whoever made a copy may end it, and then its rows go.
    settled = {one.row for one in deeds if one.act == Act.RELEASE and one.is_settled}
    found.copies_gone = len(settled - copies.keys())


def _compare_reminders(found: Others, reminders: set[UUID], deeds: list[OtherDeed]) -> None:
    put: set[UUID] = set()
    sent: set[UUID] = set()
    settled: set[UUID] = set()
    for one in deeds:
        if one.act == Act.OUTBOX_PUT:
            put.add(one.row)
            if one.is_settled:
                settled.add(one.row)
        elif one.act in STEPS:
            sent.add(one.row)
            if one.row not in put:
                found.steps_without_entry.append(one)
    found.reminders_without_entry = sorted(reminders - put)
    # An appointment that was cancelled takes its reminder along.
    found.reminders_gone = len(settled - reminders - sent)


def _compare_kms(counted: Counted, deeds: list[OtherDeed]) -> KmsCompared:
    since = counted.since_us - CLOCKS_APART
    acts = Counter(one.act for one in deeds if one.time_us >= since)
    return KmsCompared(
        sealed=counted.sealed,
        put=acts[Act.OUTBOX_PUT],
        opened=counted.opened,
        taken=acts[Act.OUTBOX_TAKEN],
    )


def report(found: Others) -> list[str]:
    """Return the outcome for a person, line by line."""
    return [
        f"{found.entries:,} entries of copies and reminders",
        f"{found.copies:,} copies, {found.reminders:,} reminders that wait",
        f"{found.copies_gone:,} copies ended, {found.reminders_gone:,} reminders cancelled or lost",
        *(f"  A copy without its entry: {one}" for one in found.copies_without_entry),
        *(f"  A reminder without its entry: {one}" for one in found.reminders_without_entry),
        *(
            f"  {Act(one.act).name} of a reminder that was never put: {one.row},"
            f" entry {one.index:,}"
            for one in found.steps_without_entry
        ),
        *(
            f"  An erasure of which something is still there: entry {one:,}"
            for one in found.erasures_that_lie
        ),
        *_report_kms(found.kms),
        "Openings: not compared (nobody but the warden counts them).",
        "What is laid on desks: not compared (it opens nothing and is no entry).",
    ]


def _report_kms(kms: KmsCompared | None) -> list[str]:
    if kms is None:
        return [
            "The key service's own count: not compared (only OpenBao keeps one; --kms-log FILE)."
        ]
    return [
        f"The key service sealed {kms.sealed:,} reminders; {kms.put:,} entries say so",
        f"The key service opened {kms.opened:,} reminders; {kms.taken:,} entries say so",
        *(
            [f"  {kms.missing:,} OPERATIONS OF THE KEY SERVICE HAVE NO ENTRY."]
            if kms.missing
            else []
        ),
    ]
