"""The one kind of error that a person reads: an expected no."""

from http import HTTPStatus
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """An expected no. Its message is written for the person and holds no record data.

    A room declares its own beside the function that raises it, with a status and a message;
    the message is a lazy translation, so that it is spoken in the reader's language.
    """

    status: ClassVar[HTTPStatus] = HTTPStatus.FORBIDDEN
    message: ClassVar[str | Promise] = _("This cannot be done.")

    def __str__(self) -> str:
        return str(self.message)
