"""The shape of a question for a patient's report. A patient is a random id, never a name."""

from typing import Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vaitiolo.watch.erasures import BASES
from vaitiolo.watch.reports import Asked

LONGEST_REASON: Final = 500
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
