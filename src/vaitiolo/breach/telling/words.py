"""The words for how somebody is reached and how far a notice has come. Words only."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vaitiolo.breach.states import NoticeState
from vaitiolo.breach.telling.access import Channel

Words = str | Promise

CHANNELS: Final[Mapping[str, Words]] = {
    Channel.EMAIL: _("E-mail"),
    Channel.SMS: _("Text message"),
    Channel.LETTER: _("Letter"),
    Channel.BY_CALL: _("Call by the own therapist"),
    Channel.BY_HAND: _("By hand"),
    Channel.HELPERS: _("Helpers"),
}

STATES: Final[Mapping[NoticeState, Words]] = {
    NoticeState.WAITING: _("waits for its time"),
    NoticeState.TAKEN: _("is being sent"),
    NoticeState.SENT: _("sent"),
    NoticeState.REFUSED: _("refused by the mail server"),
    NoticeState.UNCERTAIN: _("uncertain: not sent again this way"),
    NoticeState.BOUNCED: _("came back"),
    NoticeState.SPARE: _("ready if the way before fails"),
    NoticeState.HELD: _("waits for the call"),
    NoticeState.TASK: _("to be done"),
    NoticeState.DONE: _("done"),
    NoticeState.RETURNED: _("returned by the post"),
    NoticeState.UNWANTED: _("not wanted"),
    NoticeState.NOT_REACHED: _("not reached in time"),
}

# The names of parts as a page has them; what no part of a list was reached is "untouched".
PARTS: Final = ("identity", "chart", "working", "shared")
AGAIN: Final[Mapping[int, Words]] = {
    0: _("First notice"),
    1: _("After a week"),
    2: _("After a month"),
    3: _("After six months"),
    4: _("After two years"),
}
