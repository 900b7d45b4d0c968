"""Who and what an invented clinic consists of. Values only; clinic.py makes them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from vaitiolo.ops.synthetic.identities import Name
from vaitiolo.ops.synthetic.notes import Pen, SyntheticNote, write_draft, write_notes
from vaitiolo.ops.synthetic.stock_room import Language
from vaitiolo.ops.synthetic.weeks import State

Role = Literal["therapist", "reception", "billing", "registrar", "manager", "privacy_officer"]
Where = Literal["room", "video"]


@dataclass(frozen=True, slots=True)
class SyntheticUnit:
    """A centre of the clinic."""

    number: int
    name: str
    town: str
    street: str
    postal_code: str
    phone: str


@dataclass(frozen=True, slots=True)
class SyntheticMember:
    """Somebody who works here. `turn` counts within the role, over all units."""

    number: int
    role: Role
    turn: int
    unit: SyntheticUnit
    name: Name
    sign_in_name: str
    language: Language


@dataclass(frozen=True, slots=True)
class SyntheticKin:
    """The person to call when something happens to a patient."""

    name: Name
    relation: str
    phone: str


@dataclass(frozen=True, slots=True)
class SyntheticPatient:
    """A patient: who that is, who treats them, and what has been written."""

    number: int
    therapist: SyntheticMember
    name: Name
    born_on: date
    hetu: str
    phone: str
    email: str
    street: str
    postal_code: str
    town: str
    language: Language
    kin: SyntheticKin
    # Days with a note, oldest first, and the day whose note is still a draft.
    sessions: tuple[date, ...]
    drafted_on: date | None
    pen: Pen = field(repr=False)

    @property
    def unit(self) -> SyntheticUnit:
        return self.therapist.unit

    def notes(self) -> Iterator[SyntheticNote]:
        """Write this patient's notes, oldest first, one at a time."""
        return write_notes(self.pen, self.sessions)

    def draft(self) -> SyntheticNote | None:
        """Write the draft that lies open, if there is one."""
        return write_draft(self.pen, self.drafted_on) if self.drafted_on else None


@dataclass(frozen=True, slots=True)
class SyntheticAppointment:
    """A session in the diary, in local time. A held one without a note is still to be charted."""

    patient: SyntheticPatient
    on: date
    at: time
    minutes: int
    state: State
    is_charted: bool
    where: Where

    @property
    def therapist(self) -> SyntheticMember:
        return self.patient.therapist

    def draft(self) -> SyntheticNote | None:
        """Write the draft of this very session, if one lies open."""
        return self.patient.draft() if self.patient.drafted_on == self.on else None
