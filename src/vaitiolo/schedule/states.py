"""What becomes of appointments and reminders, in numbers that stand in rows. Never renumbered."""

from enum import IntEnum


class State(IntEnum):
    """What became of an appointment. The first and the third take up the time they stand for."""

    BOOKED = 1
    CANCELLED = 2
    HELD = 3
    MISSED = 4


class Because(IntEnum):
    """By whom a session did not take place. Never why: that would say something of the patient."""

    PATIENT = 1
    PRACTICE = 2
    OTHER = 3


class Sending(IntEnum):
    """How far a reminder has come. One that was sent is not there any more."""

    WAITING = 1
    TAKEN = 2
    TAKEN_AGAIN = 3
    GIVEN_UP = 4
