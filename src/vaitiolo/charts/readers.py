"""Who can open a chart, in words: computed from grants, never from roles. Asks nobody anything."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Protocol
from uuid import UUID

from django.utils.translation import gettext, ngettext

from vaitiolo.kit.ids import HolderId
from vaitiolo.warden.kinds import Role

SINCE: Final = date(1970, 1, 1)
# More names than this in one line are counted; the list behind the line has them all.
NAMED: Final = 2


class Grantee(Protocol):
    """What the warden says of somebody who holds a chart."""

    @property
    def person(self) -> UUID | None: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> int: ...
    @property
    def until(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """One person of the list behind the line. ``until`` is the last day, none without an end."""

    person: HolderId | None
    name: str = field(repr=False)
    until: date | None
    is_self: bool


@dataclass(frozen=True, slots=True)
class WhoCanOpen:
    """The line under each note, and what stands behind it."""

    sentence: str = field(repr=False)
    readers: tuple[ReaderLine, ...] = field(repr=False)
    by_officers: bool
    by_duty: bool = False

    @property
    def others(self) -> tuple[ReaderLine, ...]:
        return tuple(reader for reader in self.readers if not reader.is_self)


def who_can_open(
    grantees: Sequence[Grantee], recoveries: Sequence[str], *, asker: HolderId
) -> WhoCanOpen:
    """Say who can open a chart, to one of those who can."""
    people = [one for one in grantees if one.role != Role.DUTY]
    readers = sorted((_line(one, asker) for one in people), key=_order)
    others = [reader.name for reader in readers if not reader.is_self]
    return WhoCanOpen(
        _sentence(others),
        tuple(readers),
        by_officers="chart" in recoveries,
        by_duty=len(people) < len(grantees),
    )


def _line(grantee: Grantee, asker: HolderId) -> ReaderLine:
    until = None if grantee.until is None else SINCE + timedelta(days=grantee.until)
    person = None if grantee.person is None else HolderId(grantee.person)
    # Somebody without a name is counted all the same: the line must be true before it is neat.
    name = grantee.name or gettext("somebody whose name is not known here")
    return ReaderLine(person, name, until, is_self=person == asker)


def _order(reader: ReaderLine) -> tuple[bool, str]:
    return not reader.is_self, reader.name


def _sentence(others: list[str]) -> str:
    if not others:
        return gettext("Only you can open this note.")
    if len(others) == 1:
        return gettext("Only you and %(name)s can open this note.") % {"name": others[0]}
    if len(others) == NAMED:
        names = {"name": others[0], "other": others[1]}
        return gettext("Only you, %(name)s and %(other)s can open this note.") % names
    return ngettext(
        "Only you and %(count)d other person can open this note.",
        "Only you and %(count)d others can open this note.",
        len(others),
    ) % {"count": len(others)}
