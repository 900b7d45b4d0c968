"""The words for compartments, documents and callers that rooms and the warden share.

Words and numbers only. They are those of ``keys.kinds``, which pages may not import;
a test holds the two lists together.
"""

from enum import IntEnum, StrEnum
from typing import Final


class CompartmentClass(IntEnum):
    """What belongs together for one audience (decisions 3.1)."""

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


class Kind(IntEnum):
    """What a document is. The kind is sealed into it and cannot be changed afterwards."""

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


class Role(IntEnum):
    """What a member of staff does. Authority is holding a grant, never a role alone."""

    THERAPIST = 1
    RECEPTION = 2
    BILLING = 3
    PRIVACY_OFFICER = 4
    OPERATOR = 5
    MANAGER = 6
    REGISTRAR = 16
    # Of a unit's card, never of a person: by it a record is opened in an emergency.
    DUTY = 32


class Basis(StrEnum):
    """Why details of the ledger are erased. Public: it stands in the entry of the erasure."""

    NEVER_A_PATIENT = "never-a-patient"
    WRONG_PERSON = "wrong-person"
    RETENTION_OVER = "retention-over"
    ORDERED = "ordered"
    LOG_RETENTION_OVER = "log-retention-over"


# What holds for somebody who was treated, and what for somebody who worked here.
OF_PATIENTS: Final = frozenset(
    {Basis.NEVER_A_PATIENT, Basis.WRONG_PERSON, Basis.RETENTION_OVER, Basis.ORDERED}
)
OF_STAFF: Final = frozenset({Basis.LOG_RETENTION_OVER, Basis.ORDERED})


class Purpose(StrEnum):
    """Why something is opened. It is written into the entry of the ledger."""

    CARE = "care"
    RECEPTION = "reception"
    BILLING = "billing"
    SUPERVISION = "supervision"
    OWN_DESK = "own-desk"
    BRINGING_IN = "bringing-in"


class Mode(StrEnum):
    """What a handle may be used for.

    A handle for writing seals drafts and signs; it shows nothing, so asking for one is
    no entry. One for reading is recorded before it exists.
    """

    READ = "read"
    WRITE = "write"


class Caller(StrEnum):
    """Which program asks; each has a socket of its own."""

    WEB = "web"
    WORKER = "worker"
    CONSOLE = "console"


class Mark(IntEnum):
    """Whether a record of a version's fingerprints is there, as its entry has it."""

    NONE = 0  # none was made: another kind of document, or the house kept none yet
    THERE = 1
    LOST = 2
