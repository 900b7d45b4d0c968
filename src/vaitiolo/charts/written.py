"""What the editor sends, what it is about, and what became of it. Values only."""

from dataclasses import dataclass, field
from datetime import date, datetime
from http import HTTPStatus
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from vaitiolo.charts import bodies, headings
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import AppointmentId, NoteId


class NoteTooLong(Refusal):
    """More words than one note may hold."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    message = _("A note can hold 200 kilobytes, and this one is longer. Nothing of it was stored.")


class NoteEmpty(Refusal):
    """Nothing was written, or the headings of a template alone."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _("There is nothing written yet, so there is nothing to sign.")


@dataclass(frozen=True, slots=True)
class About:
    """What words are to become: the note of a session, an amendment, or a note by itself."""

    appointment: AppointmentId | None = None
    note: NoteId | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Words as the editor sends them. ``version`` is the last that the page knows to be saved."""

    text: str = field(repr=False)
    caret: int
    template: str
    version: int
    window: UUID | None
    # When it was held, as the page showed it, and why it is amended; both come with signing.
    held_at: date | None = None
    reason: str = field(default="", repr=False)

    def demand_short(self) -> None:
        """Raise NoteTooLong for what no note may hold."""
        if bodies.is_too_long(self.text):
            raise NoteTooLong

    def demand_words(self) -> None:
        """Raise NoteTooLong or NoteEmpty for what cannot be signed."""
        wrong = self.why_not_signed()
        if wrong is not None:
            raise wrong

    def why_not_signed(self) -> type[NoteTooLong | NoteEmpty] | None:
        """Return what keeps the words from being signed as they are."""
        if bodies.is_too_long(self.text):
            return NoteTooLong
        return NoteEmpty if headings.is_empty(self.text) else None


@dataclass(frozen=True, slots=True)
class Saved:
    """The words are under seal."""

    draft_id: UUID
    version: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class KeptApart:
    """Another page had saved or signed meanwhile: these words are a draft of their own now."""

    draft_id: UUID
    version: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Signed:
    """The words stand signed in this note, by this page or by one before it."""

    note_id: NoteId
    is_amendment: bool = False
