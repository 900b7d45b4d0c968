"""Which ids a unit's phone book and diary have: they follow from the unit.

So a row of the pages can name them before their keys are made. An id is no secret, opens nothing.
"""

from typing import Final
from uuid import UUID

from vaitiolo.keys import primitives
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.refused import Refused

OF_A_UNIT: Final = frozenset({CompartmentClass.PHONEBOOK, CompartmentClass.DIARY})


def unit_compartment(org: UUID, unit: UUID, klass: CompartmentClass) -> UUID:
    """Return the id of a unit's compartment of a class (docs/formats.md, section 18).

    Raises `Refused` for a class that no unit has one of.
    """
    if klass not in OF_A_UNIT:
        raise Refused("unit.class")
    label = b"vaitiolo/1/unit-compartment" + org.bytes + unit.bytes + bytes((klass,))
    return UUID(bytes=primitives.sha256(label)[:16], version=4)
