"""The shape of a question for a patient's report, and of a decision on a request for one.

A patient is a random id, never a name.
"""

import re
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vaitiolo.watch.access import ReportDecision
from vaitiolo.watch.erasures import BASES
from vaitiolo.watch.reports import Asked

LONGEST_REASON: Final = 500
LONGEST_DECISION: Final = 2_000
MOST_WITHHELD: Final = 2_000
_DASH: Final = re.compile(r"\s*[-\u2013]\s*")
_STRETCH: Final = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?", re.ASCII)
_FORMATS: Final = ["%Y-%m-%d", "%d.%m.%Y"]


class DayBox(forms.DateInput):
    """A date as browsers ask for one."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReportForm(forms.Form):
    """Whose report, why, in which language; and which lines of it are shown."""

    patient = forms.UUIDField(
        label=_("Number of the patient"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The long number that reception and the therapist see on the patient's page."),
    )
    reason = forms.CharField(
        label=_("Why the report is made"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text=_("Stands in the report itself, where the patient reads it."),
    )
    language = forms.ChoiceField(label=_("Language of the report"), choices=settings.LANGUAGES)
    older = forms.CharField(
        label=_("Ground for entries older than two years"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Leave empty for the last two years. The ground is recorded."),
    )
    person = forms.UUIDField(label=_("Member of staff"), required=False, widget=forms.Select)
    since = forms.DateField(
        label=_("From this day"), required=False, input_formats=_FORMATS, widget=DayBox
    )
    until = forms.DateField(
        label=_("To this day"), required=False, input_formats=_FORMATS, widget=DayBox
    )
    kind = forms.ChoiceField(
        label=_("Which lines"),
        required=False,
        choices=[
            ("", _("All")),
            ("opened", _("Openings")),
            ("changed", _("Changes")),
            ("refused", _("Refused tries")),
        ],
    )

    def asked(self) -> Asked:
        """Return what is asked, once it is valid."""
        return Asked(**self.cleaned_data)

    def name_members(self, members: tuple[tuple[object, str], ...]) -> None:
        """Offer the members of staff who stand in the report."""
        widget = self.fields["person"].widget
        widget.choices = [("", _("Everybody")), *((str(one), name) for one, name in members)]


class DecisionForm(forms.Form):
    """What is decided on a request for a report, and why: this becomes a letter."""

    patient = forms.UUIDField(widget=forms.HiddenInput)
    request = forms.CharField(
        label=_("What was asked for"),
        max_length=LONGEST_DECISION,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text=_("When, and how; stands in the letter."),
    )
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("granted", _("Granted")),
            ("partly", _("Granted in part")),
            ("refused", _("Refused")),
        ],
    )
    ground = forms.ChoiceField(
        label=_("What the law says"),
        required=False,
        choices=[
            ("", _("Nothing stands against it")),
            ("age", _("Older than two years, without a special ground")),
            ("health", _("Serious danger to somebody's health or care")),
            ("others", _("The rights of somebody else")),
        ],
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_DECISION,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_(
            "In plain words; the patient reads it in the letter and in every later report."
        ),
    )
    older = forms.BooleanField(
        label=_("Entries older than two years are given, on a special ground"), required=False
    )
    withheld = forms.CharField(
        label=_("Lines that are withheld"),
        required=False,
        max_length=LONGEST_DECISION,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=_("Their numbers, as in: 3, 7-9. Only where it is granted in part."),
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES)

    def __init__(self, *values: Any, **more: Any) -> None:
        """Stand on one page with the form of the report without taking its labels."""
        super().__init__(*values, **{"auto_id": "decide_%s", **more})

    def clean_withheld(self) -> tuple[int, ...]:
        """Read numbers and stretches of them."""
        numbers: set[int] = set()
        for one in re.split(r"[,;\s]+", _DASH.sub("-", self.cleaned_data["withheld"]).strip()):
            found = _STRETCH.fullmatch(one or "0")
            first = int(found[1]) if found else -1
            last = int(found[2] or first) if found else -1
            if one and not 0 < first <= last < first + MOST_WITHHELD:
                raise forms.ValidationError(_("Write numbers of lines, as in: 3, 7-9."))
            numbers.update(range(first, last + 1))
        return tuple(sorted(numbers - {0}))

    def clean(self) -> dict[str, Any]:
        """Check that decision, ground and lines fit each other."""
        said = super().clean() or {}
        outcome = said.get("outcome")
        if outcome != "granted" and not said.get("ground"):
            self.add_error("ground", _("What is not given needs a ground in the law."))
        if said.get("withheld") and outcome != "partly":
            self.add_error("withheld", _("Lines are withheld only where it is granted in part."))
        if said.get("older") and outcome == "refused":
            self.add_error("older", _("Where it is refused, nothing is given."))
        return said

    def decision(self) -> ReportDecision:
        """Return what is decided, once it is valid; number, time and name come with the record."""
        said = self.cleaned_data
        return ReportDecision(
            0,
            0,
            "",
            said["outcome"],
            said["ground"],
            request=said["request"],
            reason=said["reason"],
            older=said["older"],
            withheld=said["withheld"],
        )


class LetterForm(forms.Form):
    """Which decision is wanted as a letter, and in which language."""

    patient = forms.UUIDField()
    sequence = forms.IntegerField(min_value=1)
    language = forms.ChoiceField(choices=settings.LANGUAGES)


class ErasureForm(forms.Form):
    """Who is to be erased, on which ground, and why."""

    subject = forms.UUIDField(
        label=_("Number of the patient"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "The long number that reception and the therapist see on the patient's page. Somebody "
            "who has left the house has such a number too."
        ),
    )
    basis = forms.ChoiceField(label=_("Ground"), choices=list(BASES.items()))
    reason = forms.CharField(
        label=_("Why"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("The second person reads it. It is erased with the rest; the ground stays."),
    )


class EndErasureForm(forms.Form):
    """Why an erasure is taken back or declined."""

    reason = forms.CharField(
        label=_("Why not"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
