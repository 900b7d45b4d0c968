"""The shapes of what is typed about emergencies. Nothing that was typed is put into an error."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.ids import HolderId

LEAST_LETTERS: Final = 10
LONGEST_REASON: Final = 500
LONGEST_WORDS: Final = 1_000


def _words_field(most: int, **named: Any) -> forms.CharField:
    return forms.CharField(max_length=most, widget=forms.Textarea(attrs={"rows": 3}), **named)


def _has_letters(words: str) -> bool:
    return sum(one.isalpha() for one in words) >= LEAST_LETTERS


class EmergencyForm(forms.Form):
    """Whose record, and why."""

    patient = forms.CharField(
        label=_("Identity code"),
        max_length=40,
        help_text=_("Or the number that stands in the patient's details."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = _words_field(
        LONGEST_REASON,
        label=_("Reason"),
        help_text=_("The patient's therapist, the privacy officer and the patient can read it."),
    )

    def clean_reason(self) -> str:
        """Return the reason with single spaces: the touch is over these very words."""
        reason = " ".join(str(self.cleaned_data["reason"]).split())
        if not _has_letters(reason):
            raise forms.ValidationError(_("Write the reason in a few words, at least ten letters."))
        return reason


class ReasonForm(EmergencyForm):
    """The same reason once more, with the touch."""

    patient = None  # type: ignore[assignment]  # the address says whose record it is


class AnswerForm(forms.Form):
    """Whether an opening was all right, and if not, why not."""

    is_right = forms.ChoiceField(choices=[("yes", _("All right")), ("no", _("Not all right"))])
    words = _words_field(LONGEST_WORDS, label=_("What was not right"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        words = str(cleaned.get("words", ""))
        if cleaned.get("is_right") == "no" and not _has_letters(words):
            self.add_error(
                "words", _("Say in a sentence what was not right. Nothing was answered yet.")
            )
        return cleaned


class RosterForm(forms.Form):
    """Who is on call for a unit."""

    persons = forms.MultipleChoiceField(
        label=_("On call"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, therapists: Iterable[tuple[UUID, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["persons"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = [(str(person), name) for person, name in therapists]

    def chosen(self) -> list[HolderId]:
        """Return who was chosen in a valid form."""
        return [HolderId(UUID(one)) for one in self.cleaned_data["persons"]]
