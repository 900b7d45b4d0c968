"""The numbers of documents and compartments, and which recovery key each compartment is granted to.

A number is for ever: it stands inside seals. An unknown one is refused, never guessed.
"""

from enum import IntEnum

from vaitiolo.keys.refused import Refused


class Kind(IntEnum):
    """What a sealed document is; one byte of its context."""

    NOTE = 1
    DRAFT = 2
    PLAN = 3
    MEASURE = 4
    LETTER = 5
    MANIFEST = 6
    CHUNK = 7
    MESSAGE = 8
    IDENTITY = 16
    CONSENT = 17
    INVOICE = 18
    PHONEBOOK = 32
    DIARY = 33
    DESK = 34
    ROLE_SEED = 48
    EVIDENCE = 64


class CompartmentClass(IntEnum):
    """What a compartment is for; one byte of its creation."""

    IDENTITY = 1
    CHART = 2
    WORKING = 3
    SHARED = 4
    PHONEBOOK = 16
    DIARY = 17
    DESK = 32
    CASE = 48
    ROLE = 64
    COPY = 65


class RecoveryRole(IntEnum):
    """The organisation's recovery keys; the role of a card of class 5."""

    CONTACT = 1
    CHART = 2
    INCIDENT = 3


# What a person testifies to carries that person's signature inside the seal. An autosave does not:
# a signature would testify to words that nobody signed.
signed_kinds = frozenset(
    {
        Kind.NOTE,
        Kind.PLAN,
        Kind.MEASURE,
        Kind.LETTER,
        Kind.MANIFEST,
        Kind.MESSAGE,
        Kind.IDENTITY,
        Kind.CONSENT,
        Kind.INVOICE,
    }
)

_RECOVERY = {
    CompartmentClass.IDENTITY: RecoveryRole.CONTACT,
    CompartmentClass.CHART: RecoveryRole.CHART,
    CompartmentClass.WORKING: RecoveryRole.CHART,
    CompartmentClass.SHARED: RecoveryRole.CHART,
}


def kind_of(number: int) -> Kind:
    """Return the kind of a document; raise `Refused` for an unknown number."""
    try:
        return Kind(number)
    except ValueError:
        raise Refused("kind.unknown") from None


def compartment_class_of(number: int) -> CompartmentClass:
    """Return the class of a compartment; raise `Refused` for an unknown number."""
    try:
        return CompartmentClass(number)
    except ValueError:
        raise Refused("class.unknown") from None


def recovery_of(klass: CompartmentClass) -> RecoveryRole | None:
    """Return the recovery key that a new compartment of this class must be granted to, if any."""
    return _RECOVERY.get(klass)
