"""The words of a scope that pages and the warden share: what was lost, how far it reached, and why.

Words and numbers only; what they mean to a reader is said by the breach desk, in three languages.
"""

from enum import IntEnum, IntFlag, StrEnum


class Loss(IntEnum):
    """What was lost or stolen. OPENED asks for no loss: only for what the ledger says was done."""

    OPENED = 1
    COPY_OF_DEFAULT = 2
    COPY_OF_VAULT = 3
    COPY_OF_BOTH = 4
    SESSION = 5
    PASSWORD = 6
    SECURITY_KEY = 7
    PASSWORD_AND_KEY = 8
    HOLDER_KEYS = 9
    KMS = 10
    KMS_AND_COPY = 11
    ROLE_CARD = 12
    DUTY_CARD = 13
    OUTBOX_KEY = 14


COPIES = frozenset({Loss.COPY_OF_DEFAULT, Loss.COPY_OF_VAULT, Loss.COPY_OF_BOTH, Loss.KMS_AND_COPY})
OF_A_PERSON = frozenset(
    {Loss.SESSION, Loss.PASSWORD, Loss.SECURITY_KEY, Loss.PASSWORD_AND_KEY, Loss.HOLDER_KEYS}
)
OF_A_UNIT = frozenset({Loss.ROLE_CARD, Loss.DUTY_CARD})


class Tier(IntEnum):
    """How far it came with one part of one patient's record; the lower number weighs more."""

    READ = 1
    COULD = 2
    SEALED = 3
    UNTOUCHED = 4


class Done(IntFlag):
    """What was done with a part of a record."""

    OPENED = 1
    FOUND = 2
    RELEASED = 4
    PRINTED = 8
    EXPORTED = 16


class Says(StrEnum):
    """What a scope says beside its figures, each in one word of ours."""

    # What the loss means, in the order of the table of adversaries.
    CIPHERTEXT = "ciphertext-only"
    READABLE_DEFAULT = "readable-default"
    READABLE_VAULT = "readable-vault"
    AT_ITS_PACE = "at-its-pace"
    KEY_NEEDED = "key-needed"
    NOT_ALONE = "not-alone"
    NO_SLOT = "no-such-slot"
    WITHOUT_BUDGET = "without-budget"
    KMS_ALONE = "kms-alone"
    KMS_GUESSES = "kms-guesses"
    KMS_LOCKED = "kms-locked-slots"
    ROLE_NEEDS_COPY = "role-needs-copy"
    NO_CARD = "no-such-card"
    REMINDERS = "reminders"
    DEMO = "demo"
    # What is not said, and why.
    SUPERSET = "more-than-happened"
    PHONE_BOOK = "phone-book"
    STATUS = "status-sealed"
    TWICE = "perhaps-twice"
    ERASED = "erased"
    UNKNOWN = "recipients-unknown"
    FROM_ROWS = "grants-from-rows"
    ROOT = "root-on-the-host"
    NOBODY_LEFT_OUT = "nobody-left-out"
