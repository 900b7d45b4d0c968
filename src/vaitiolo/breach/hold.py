"""A lawful hold: the police ask that people are not told yet. Who, why, until when.

While it lasts the notices to people wait; when it is over they all may go at once. It never moves a
clock to an authority, and it never lasts without somebody saying again that it does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Self
from uuid import UUID

# One officer's word holds so long; each further such span takes two.
LONGEST: Final = timedelta(days=7)


class HoldRefused(ValueError):
    """A hold that cannot stand; nothing was changed by it."""


@dataclass(frozen=True, slots=True)
class HoldDeed:
    """An entry about a hold: place, renew, confirm or lift; by whom, at the machine's time."""

    deed: str
    by: UUID
    at: datetime
    until: datetime | None = None
    asked_by: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)

    def said(self) -> dict[str, str]:
        """Return what its entry says; author and time are the entry's own."""
        return {
            "hold": self.deed,
            "until": "" if self.until is None else self.until.isoformat(),
            "asked_by": self.asked_by,
            "reason": self.reason,
        }

    @classmethod
    def read(cls, said: Mapping[str, object], *, by: UUID, at: datetime) -> Self | None:
        """Return the deed of an entry; none where the entry is about something else."""
        try:
            named = said["until"]
            until = datetime.fromisoformat(str(named)) if named else None
            asked_by, reason = str(said["asked_by"]), str(said["reason"])
            return cls(str(said["hold"]), by, at, until, asked_by, reason)
        except (KeyError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold as its entries make it: until when, on whose word, and what waits for a second one."""

    asked_by: str = field(repr=False)
    reason: str = field(repr=False)
    placed_at: datetime
    placed_by: UUID
    until: datetime
    renewal: HoldDeed | None = None
    renewals: int = 0
    lifted_at: datetime | None = None

    def ends_at(self) -> datetime:
        """Return when it ends or ended: on its day, or earlier when it was lifted."""
        return self.until if self.lifted_at is None else min(self.until, self.lifted_at)

    def lasts(self, at: datetime) -> bool:
        return at < self.ends_at()


def fold(deeds: Iterable[HoldDeed]) -> Hold | None:
    """Return the last hold of an incident, out of its entries in the order of the ledger.

    A deed that may not be is passed over: what makes a hold is who did what, never a mark on a row.
    """
    found: Hold | None = None
    for deed in deeds:
        try:
            found = after(found, deed)
        except HoldRefused:
            continue
    return found


def may_tell(hold: Hold | None, at: datetime) -> bool:
    """Tell whether notices to people may go now. At the end of a hold all of them may, at once."""
    return hold is None or not hold.lasts(at)


def after(hold: Hold | None, deed: HoldDeed) -> Hold:
    """Return what a deed makes of a hold. Raises HoldRefused."""
    if deed.deed == "place":
        return _placed(hold, deed)
    if hold is None or not hold.lasts(deed.at):
        raise HoldRefused("no hold lasts")
    steps = {"renew": _asked, "confirm": _renewed, "lift": _lifted}
    if deed.deed not in steps:
        raise HoldRefused("no such deed")
    return steps[deed.deed](hold, deed)


def _placed(hold: Hold | None, deed: HoldDeed) -> Hold:
    if hold is not None:
        # Ended or not: going on with one takes two officers, and a new one would be a way round.
        if hold.lasts(deed.at):
            raise HoldRefused("a hold lasts already")
        if deed.asked_by == hold.asked_by:
            raise HoldRefused("this request had its hold")
    if not deed.asked_by.strip() or not deed.reason.strip():
        raise HoldRefused("who asked, and why")
    return Hold(deed.asked_by, deed.reason, deed.at, deed.by, _until(deed, since=deed.at))


def _asked(hold: Hold, deed: HoldDeed) -> Hold:
    until = _until(deed, since=hold.until)
    if until <= hold.until or not deed.reason.strip():
        raise HoldRefused("a renewal is longer, and has a reason")
    return replace(hold, renewal=deed)


def _renewed(hold: Hold, deed: HoldDeed) -> Hold:
    if hold.renewal is None or hold.renewal.until is None or hold.renewal.by == deed.by:
        raise HoldRefused("a second officer confirms a renewal")
    return replace(hold, until=hold.renewal.until, renewal=None, renewals=hold.renewals + 1)


def _lifted(hold: Hold, deed: HoldDeed) -> Hold:
    return replace(hold, lifted_at=deed.at)


def _until(deed: HoldDeed, *, since: datetime) -> datetime:
    """Return the end a deed names. Raises HoldRefused for none, one gone by, or one too far."""
    if deed.until is None or not deed.at < deed.until <= since + LONGEST:
        raise HoldRefused("a hold ends on a day within a week")
    return deed.until
