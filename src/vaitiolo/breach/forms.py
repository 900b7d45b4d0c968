"""The shape of what is typed into a case. A list of patients is random ids, never names."""

from typing import Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from vaitiolo.breach.pasted import ListWrong, read_list

LONGEST_REASON: Final = 500
LONGEST_LIST: Final = 1_800_000
LONGEST_PASSWORD: Final = 1_024
LONGEST_ANSWER: Final = 8_192
_AREA: Final = {"autocomplete": "off", "spellcheck": "false"}


class NewCaseForm(forms.Form):
    """Why a case is opened, and for whom."""

    reason = forms.CharField(
        label=_("What has happened"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("Stands in the ledger for good. Write no name of a patient here."),
    )
    patients = forms.CharField(
        label=_("Patients"),
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 10, **_AREA}),
        help_text=_("The random ids of the patients, one on each line, and nothing else."),
    )

    def clean_patients(self) -> tuple[UUID, ...]:
        """Return each patient of the list once."""
        try:
            return read_list(self.cleaned_data["patients"])
        except ListWrong as wrong:
            raise forms.ValidationError(str(wrong)) from None


class JoinForm(forms.Form):
    """What opens the own share: its password, beside the touch over the case and its list."""

    password = forms.CharField(
        label=_("Password of your share"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    assertion = forms.CharField(required=False, max_length=LONGEST_ANSWER, widget=forms.HiddenInput)
    prf = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)


class ReadForm(forms.Form):
    """From which patient of the list on, counted from one as people count."""

    start = forms.IntegerField(label=_("Begin with number"), min_value=1, max_value=50_000)
