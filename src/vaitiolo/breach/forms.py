"""The shape of what is typed into a case. A list of patients is random ids, never names."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from vaitiolo.people import listed

# A case can have 50,000; a form is read whole into memory, and this many still fit.
MOST_PATIENTS: Final = 45_000
LONGEST_REASON: Final = 500
LONGEST_LIST: Final = 1_800_000
LONGEST_PASSWORD: Final = 1_024
LONGEST_ANSWER: Final = 8_192
# More lines than this are counted and not listed.
MOST_LINES_SHOWN: Final = 20
_AREA: Final = {"autocomplete": "off", "spellcheck": "false"}


class OpenForm(forms.Form):
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
        """Return each patient once; tell which lines are none. Nothing of a line is repeated."""
        ids = dict(_ids(self.cleaned_data["patients"]))
        if len(ids) > MOST_PATIENTS:
            raise forms.ValidationError(
                _("A case takes 45,000 patients at most here. Open a second one for the rest.")
            )
        broken = [number for number, one in ids.items() if one is None]
        if broken:
            raise forms.ValidationError(_lines(broken, unknown=False))
        wanted = list(dict.fromkeys(one for one in ids.values() if one is not None))
        known = listed.known_patients(wanted)
        unknown = [number for number, one in ids.items() if one not in known]
        if unknown:
            raise forms.ValidationError(_lines(unknown, unknown=True))
        return tuple(wanted)


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


def _ids(text: str) -> Iterator[tuple[int, UUID | None]]:
    """Yield each written line's number and id; none for what is no id."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, _id(line.strip())


def _id(line: str) -> UUID | None:
    try:
        return UUID(line)
    except ValueError:
        return None


def _lines(numbers: list[int], *, unknown: bool) -> Any:
    shown = ", ".join(map(str, numbers[:MOST_LINES_SHOWN]))
    shown += " …" if len(numbers) > MOST_LINES_SHOWN else ""
    count = len(numbers)
    words = (
        ngettext(
            "%(count)d line is not the id of a patient here: line %(lines)s. No case was opened.",
            "%(count)d lines are not ids of patients here: lines %(lines)s. No case was opened.",
            count,
        )
        if unknown
        else ngettext(
            "%(count)d line is not an id at all: line %(lines)s. No case was opened.",
            "%(count)d lines are not ids at all: lines %(lines)s. No case was opened.",
            count,
        )
    )
    return words % {"count": count, "lines": shown}
