"""Which rows of this room hold sealed documents. A column left out would be lost with its key."""

from typing import Final

from vaitiolo.people import places
from vaitiolo.people.models import Consent, Desk, IdentityVersion, PhonebookRow
from vaitiolo.people.resealing import SealedRows
from vaitiolo.warden.kinds import CompartmentClass

SEALED_ROWS: Final = (
    SealedRows(
        IdentityVersion,
        CompartmentClass.IDENTITY,
        "patient__identity",
        ("patient_id", "version"),
        places.of_identity,
    ),
    SealedRows(Consent, CompartmentClass.IDENTITY, "patient__identity", ("id",), places.of_consent),
    SealedRows(
        PhonebookRow,
        CompartmentClass.PHONEBOOK,
        "unit__phonebook",
        ("patient_id", "version"),
        places.of_phonebook,
    ),
    SealedRows(Desk, CompartmentClass.DESK, "id", ("id", "version"), places.of_desk),
)
