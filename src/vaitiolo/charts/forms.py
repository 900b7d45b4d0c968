"""The shape of what comes in: words from the editor, a colleague for the team, words to look for.

Nothing here saves, and nothing that was typed is ever put into an error.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from vaitiolo.charts import headings
from vaitiolo.charts.actions.supervising import Supervision
from vaitiolo.charts.bodies import MOST_CARET, tidy
from vaitiolo.charts.queries.notes import ReadNote
from vaitiolo.charts.queries.searching import LONGEST, SHORTEST
from vaitiolo.charts.written import Written
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import HolderId, NoteId

JSON: Final = "application/json"
LONGEST_REASON: Final = 500
MOST_VERSION: Final = 2**31
A_YEAR: Final = timedelta(days=365)


class WritingBroken(Refusal):
    """What came is not what the editor sends."""

    status = HTTPStatus.BAD_REQUEST
    message = _("What was sent could not be understood. Nothing was stored or signed.")


def read_written(request: HttpRequest) -> Written:
    """Read what the editor sends, as JSON or as a form. Raises WritingBroken."""
    try:
        return _written(_sent(request))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise WritingBroken from None


def _sent(request: HttpRequest) -> Mapping[str, Any]:
    if request.content_type == JSON:
        sent: Mapping[str, Any] = json.loads(request.body)
        return sent
    return request.POST.dict()


def _written(sent: Mapping[str, Any]) -> Written:
    template = str(sent.get("template", headings.FREE))
    return Written(
        text=tidy(_text(sent["text"])),
        caret=min(max(int(sent.get("caret") or 0), 0), MOST_CARET),
        template=template if template in headings.KEYS else headings.FREE,
        version=min(max(int(sent.get("version") or 0), 0), MOST_VERSION),
        window=UUID(sent["window"]) if sent.get("window") else None,
        held_at=_held_at(str(sent.get("held_at", ""))),
        reason=tidy(_text(sent.get("reason", "")))[:LONGEST_REASON].strip(),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _held_at(text: str) -> date | None:
    """Read the hour that the page showed; what is no moment with its zone counts for nothing."""
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo is not None else None
    return None


class SearchForm(forms.Form):
    """Words to look for in the own notes."""

    words = forms.CharField(
        label=_("Words"),
        max_length=LONGEST,
        error_messages={"required": _("Write a word to look for.")},
    )

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if max(map(len, words.split()), default=0) < SHORTEST:
            raise forms.ValidationError(_("One of the words must have three letters or more."))
        return words


class FoundForm(forms.Form):
    """A hit that is opened, with the words that found it."""

    note = forms.UUIDField()
    words = forms.CharField(max_length=LONGEST)


class TeamForm(forms.Form):
    """A colleague who is to treat the patient too, and until when."""

    colleague = forms.ChoiceField(label=_("Colleague"))
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Access ends by itself after this day. Leave empty for no end."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self,
        posted: Mapping[str, Any] | None = None,
        *,
        colleagues: Iterable[tuple[UUID, str]],
        today: date,
    ) -> None:
        super().__init__(posted)
        self.today = today
        choices = [("", _("Choose")), *((str(key), name) for key, name in colleagues)]
        self.fields["colleague"] = forms.ChoiceField(label=_("Colleague"), choices=choices)

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until is not None and until < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or a later day."))
        return until


class SupervisionForm(forms.Form):
    """Which of one's own notes a colleague may read, and until when."""

    until = forms.DateField(
        label=_("Last day"),
        help_text=_("Reading ends by itself after this day, within a year."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self,
        posted: Mapping[str, Any] | None = None,
        *,
        colleagues: Iterable[tuple[UUID, str]],
        notes: Iterable[ReadNote],
        today: date,
    ) -> None:
        super().__init__(posted)
        self.today = today
        choices = [("", _("Choose")), *((str(key), name) for key, name in colleagues)]
        self.fields["reader"] = forms.ChoiceField(label=_("Who reads them"), choices=choices)
        self.fields["notes"] = forms.MultipleChoiceField(
            label=_("Notes"), choices=[(str(note.id), str(note.id)) for note in notes]
        )

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if not self.today <= until <= self.today + A_YEAR:
            raise forms.ValidationError(_("Choose today or a later day, within a year."))
        return until

    def supervision(self) -> Supervision:
        """Return what a valid form says."""
        cleaned = self.cleaned_data
        return Supervision(
            HolderId(UUID(cleaned["reader"])),
            [NoteId(UUID(note)) for note in cleaned["notes"]],
            cleaned["until"],
        )
