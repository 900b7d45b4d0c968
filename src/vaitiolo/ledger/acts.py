"""The words for what is recorded, with their final numbers: free to every room, holds nothing else.

A number is never changed, reused or given a second meaning; a new act takes a free one.
"""

from enum import IntEnum

FIRST_SPECIAL = 0xE0


class Act(IntEnum):
    """What an entry says was done; one byte of the leaf (docs/formats-ledger.md, section 2).

    0x01-0x3F concern a patient, a unit, a holder or an incident; 0x40-0xDF the system and those who
    run it; 0xE0-0xFF are entries about the ledger itself, whose values are public.
    """

    # Opening is told apart by compartment, because budgets are counted from the ledger.
    OPEN_IDENTITY = 0x01
    OPEN_CHART = 0x02
    OPEN_WORKING = 0x03
    OPEN_SHARED = 0x04
    OPEN_PHONEBOOK = 0x05
    OPEN_DIARY = 0x06
    OPEN_DESK = 0x07
    OPEN_CASE = 0x08
    REOPEN_DRAFT = 0x09
    OPEN_COPY = 0x0A

    SEARCH = 0x10
    SEARCH_HIT = 0x11

    SIGN = 0x18
    AMEND = 0x19
    RELEASE = 0x1A
    PRINT = 0x1B
    EXPORT = 0x1C
    REPORTED = 0x1D
    REPORT_DECIDED = 0x1E

    CREATE = 0x20
    GRANT = 0x21
    REVOKE_GRANT = 0x22
    ROTATE_BEGIN = 0x23
    ROTATE_COMMIT = 0x24
    HAND_OVER = 0x25

    BREAK_GLASS = 0x28
    BREAK_GLASS_ENDED = 0x29
    BREAK_GLASS_TOLD = 0x2A
    BREAK_GLASS_BARRED = 0x2B
    BREAK_GLASS_ALLOWED = 0x2C
    DUTY_GRANT = 0x2D

    BRING_IN = 0x30

    # Asked for by one person and approved by a second; what is done then is an ERASE.
    ERASURE_ASKED = 0x38
    ERASURE_APPROVED = 0x39
    ERASURE_ENDED = 0x3A

    # Made for somebody, with what became of it; the words stand in no entry.
    NOTICE = 0x3B
    NOTICE_BECAME = 0x3C

    REFUSED = 0x3F

    SIGN_IN = 0x40
    SIGN_IN_REFUSED = 0x41
    SIGN_OUT = 0x42

    CARD = 0x48
    CARD_REVOKED = 0x49
    SLOT_ADDED = 0x4A
    SLOT_REMOVED = 0x4B
    ROLE_CHANGED = 0x4C
    INVITED = 0x4D
    CARD_ASKED = 0x4E
    CARD_DECLINED = 0x4F

    CONFIGURED = 0x50
    STARTED = 0x51
    STOPPED = 0x52
    OFFICER_ACT = 0x53
    KEY_USED = 0x54
    DOCTOR_RUN = 0x55
    ROSTER = 0x56

    ALERT = 0x60
    ACKNOWLEDGED = 0x61
    REVIEWED = 0x62
    NOTIFICATION_DECIDED = 0x63

    EXPORT_RUN = 0x68
    KIT_TAKEN = 0x69
    LEAK_RESULT = 0x6A
    DECOYS = 0x6B

    HETU_FOUND = 0x70
    HETU_PUT = 0x71

    OUTBOX_PUT = 0x78
    OUTBOX_TAKEN = 0x79
    OUTBOX_SENT = 0x7A

    CASE_OPENED = 0x80
    CASE_JOINED = 0x81
    CASE_CLOSED = 0x82

    CEREMONY_EXPORTED = 0x88
    CEREMONY_IMPORTED = 0x89

    INCIDENT = 0x90
    DROPPED = 0x91
    PAGE_REPLY = 0x92

    SCOPE_ASKED = 0xA0
    SCOPE_FOUND = 0xA1
    SCOPE_KEPT = 0xA2
    SCOPE_TAKEN = 0xA3

    TELLING_PLANNED = 0xA8
    TELLING_APPROVED = 0xA9
    TELLING_STOPPED = 0xAA
    TELLING_WENT_ON = 0xAB

    HEADS = 0xE0
    HEARTBEAT = 0xE1
    ANCHOR = 0xE2
    KEY = 0xE3
    ERASE = 0xE4

    @property
    def is_special(self) -> bool:
        """Whether this entry is about the ledger itself, so that its detail is public."""
        return self >= FIRST_SPECIAL
