"""Who is acting. An actor arrives as an argument; only sign-in makes one, out of a cookie."""

from dataclasses import dataclass, field
from typing import Final

from vaitiolo.kit.ids import CompartmentId, HolderId, UnitId
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.session import Session

# The words that templates and the navigation use for roles.
ROLE_WORDS: Final = {
    Role.THERAPIST: "therapist",
    Role.RECEPTION: "reception",
    Role.BILLING: "billing",
    Role.PRIVACY_OFFICER: "officer",
    Role.OPERATOR: "operator",
    Role.MANAGER: "manager",
    Role.REGISTRAR: "registrar",
    Role.DUTY: "duty",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff who is signed in."""

    session: Session = field(repr=False)
    id: HolderId
    name: str = field(repr=False)
    role: Role
    unit: UnitId | None
    desk: CompartmentId | None
    is_weak: bool

    @property
    def is_therapist(self) -> bool:
        return self.role is Role.THERAPIST

    @property
    def is_reception(self) -> bool:
        return self.role is Role.RECEPTION

    @property
    def is_registrar(self) -> bool:
        return self.role is Role.REGISTRAR
