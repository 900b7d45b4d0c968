"""What an opening in an emergency lets a session find: one patient's record, to read, for a while.

Asked by every opening. The duty card stands beside what a person signs in with only here, and only
for a patient for whom `breaking` recorded it; the roster is looked at each time.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.cards import Role
from vaitiolo.keys.rows import Opening
from vaitiolo.warden.server import duty_cards, holding
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Glass, Held, HeldRole, Person, Seat
from vaitiolo.warden.server.refusing import No

GROUND: Final = "break-glass"


def find_all(install: Installation, seat: Seat, compartments: Sequence[UUID]) -> list[Held]:
    """Return what a session holds of compartments, by an emergency too. Raises as `holding`."""
    lived = living(install, seat)
    if not lived:
        return holding.find_all(install, seat.person, compartments)
    rows = store.openings(compartments)
    return [_find(install, seat, one, lived=lived, row=rows.get(one)) for one in compartments]


def is_one(held: Held) -> bool:
    """Return whether a compartment is held by a duty card, and by nothing else."""
    return held.role is not None and held.role.role == Role.DUTY


def end_of(seat: Seat, held: Held) -> int | None:
    """Return until when at the latest a handle on this is good; none where nothing ends it."""
    if not is_one(held):
        return None
    glass = seat.glasses.get(held.subject)
    return 0 if glass is None else glass.until


def living(install: Installation, seat: Seat) -> dict[UUID, Glass]:
    """Return what this session has open in an emergency now; what has ended is forgotten."""
    if not install.trust.break_glass.enabled:
        return {}
    now = install.clock()
    for patient, glass in list(seat.glasses.items()):
        if glass.until <= now:
            seat.glasses.pop(patient, None)
    return dict(seat.glasses)


def with_duty(person: Person, duty: HeldRole) -> Person:
    """Return a person as if the duty card were one of theirs, for one look at what it holds."""
    return replace(person, roles=(*person.roles, duty))


def _find(
    install: Installation,
    seat: Seat,
    compartment: UUID,
    *,
    lived: dict[UUID, Glass],
    row: Opening | None,
) -> Held:
    glass = None if row is None else lived.get(row.compartment.subject)
    if glass is None or row is None or row.compartment.klass not in duty_cards.REACHED:
        return holding.find(install, seat.person, compartment)
    held = holding.find(install, with_duty(seat.person, glass.duty), compartment)
    if is_one(held) and seat.person.id not in install.rosters.of(glass.duty.unit):
        raise No("not-granted", subject=held.subject, because="not on call any more")
    return held
