"""How far a notice has come, in numbers that stand in rows. Never renumbered."""

from enum import IntEnum
from typing import Final


class NoticeState(IntEnum):
    """How far a notice has come. SPARE waits for the one before it to fail, HELD for a call.

    TASK is for people: a call, a letter to print, somebody to reach by hand.
    """

    WAITING = 1
    TAKEN = 2
    SENT = 3
    REFUSED = 4
    UNCERTAIN = 5
    BOUNCED = 6
    SPARE = 7
    HELD = 8
    TASK = 9
    DONE = 10
    RETURNED = 11
    UNWANTED = 12
    # A call that did not come through in time; nothing is mailed for it.
    NOT_REACHED = 13


# What did not come through, so that the next way is taken.
FAILED: Final = frozenset(
    {NoticeState.REFUSED, NoticeState.UNCERTAIN, NoticeState.BOUNCED, NoticeState.RETURNED}
)
