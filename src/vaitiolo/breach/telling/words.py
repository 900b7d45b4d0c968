"""The words for how somebody is reached and how far a notice has come. Words only."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    NoticeState.WAITING: pgettext_lazy("a notice", "waits for its time"),
    NoticeState.TAKEN: pgettext_lazy("a notice", "is being sent"),
    NoticeState.SENT: pgettext_lazy("a notice", "sent"),
    NoticeState.REFUSED: pgettext_lazy("a notice", "refused by the mail server"),
    NoticeState.UNCERTAIN: pgettext_lazy("a notice", "uncertain: not sent again this way"),
    NoticeState.BOUNCED: pgettext_lazy("a notice", "came back"),
    NoticeState.SPARE: pgettext_lazy("a notice", "ready if the way before fails"),
    NoticeState.HELD: pgettext_lazy("a notice", "waits for the call"),
    NoticeState.TASK: pgettext_lazy("a notice", "to be done"),
    NoticeState.DONE: pgettext_lazy("a notice", "done"),
    NoticeState.RETURNED: pgettext_lazy("a notice", "returned by the post"),
    NoticeState.UNWANTED: pgettext_lazy("a notice", "not wanted"),
    NoticeState.NOT_REACHED: pgettext_lazy("a notice", "not reached in time"),
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
