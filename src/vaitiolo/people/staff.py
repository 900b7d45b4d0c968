"""The words of the staff page: who works here, and why somebody's access ended."""

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum

from vaitiolo.kit.ids import HolderId


class EndReason(IntEnum):
    """Why a colleague's access ends. The numbers stand in signed revocations."""

    LEFT = 1
    LOST = 2
    STOLEN = 3
    REPLACED = 4
    MISTAKE = 5


@dataclass(frozen=True, slots=True)
class ColleagueRow:
    """A member of staff as the registrar sees one."""

    id: HolderId
    name: str = field(repr=False)
    role: str
    unit_name: str
    is_active: bool
    is_self: bool
    since: date = date.min
    card_until: date = date.max

    @property
    def can_be_ended(self) -> bool:
        return self.is_active and not self.is_self
