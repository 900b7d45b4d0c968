"""The shape of what officers fill in to tell people. Nothing of it names a patient."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final

from django import forms
from django.core.validators import EmailValidator, RegexValidator
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vaitiolo.breach.telling.reading import PlanSaid
from vaitiolo.kit.dates import at as moment_at
from vaitiolo.notices import returning
from vaitiolo.notices.returning import NumberWrong

MOST_HELPERS: Final = 20
MOST_SCANNED: Final = 500
_OFF: Final = {"autocomplete": "off"}
_FORMATS: Final = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
Choices = Sequence[tuple[str, str | Promise]]

# What the page says besides what it finds out by itself from what got out.
AUDIENCES: Final[Choices] = (
    ("extorted", _("People were threatened, or asked for money")),
    ("under_threat", _("Some may be in danger from somebody close")),
    ("case_party", _("There will be a trial in which they are parties")),
)

# What stands in a notice is typed by people: a scheme would make it a link in their programs.
no_link = RegexValidator(
    r"^(?!.*//)(?!.*@)[\w.-]+\.[a-z]{2,}(/[\w/-]*)?$",
    _("An address to type, such as example.fi/tieto: no https:// and no @."),
)
# The words go onto envelopes' contents and screens: an address of the web in them would be a link.
no_web = RegexValidator(
    r"(?i)(https?:|www\.)",
    _("No link here: people were taught not to follow one."),
    inverse_match=True,
)


class DayBox(forms.DateInput):
    """A day as browsers ask for one."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs=_OFF)


class MomentBox(forms.DateTimeInput):
    """A day and a time as browsers ask for them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=_FORMATS[0], attrs=_OFF)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, input_formats=["%Y-%m-%d"], widget=DayBox(), **more)


def _line(label: Any, longest: int = 200, **more: Any) -> forms.CharField:
    box = forms.TextInput(attrs=_OFF)
    return forms.CharField(label=label, max_length=longest, widget=box, **more)


def _words(label: Any, rows: int = 2, **more: Any) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows, **_OFF})
    return forms.CharField(label=label, widget=box, **more)


class PlanForm(forms.Form):
    """How the people of a list are told: of when, who answers, how fast, and who is told before."""

    happened_from = _day(_("It happened from"))
    happened_to = _day(_("until"))
    known_since = _day(_("We have known it since"))
    phone = _line(_("Phone for questions"), 60, validators=[no_web])
    hours = _line(
        _("When somebody answers"),
        validators=[no_web],
        help_text=_("For example: each day from 8 to 20."),
    )
    post = _line(
        _("Where to write to"),
        validators=[no_web],
        help_text=_("A postal address without a word of what the practice does."),
    )
    address = _line(
        _("Address to type"),
        120,
        validators=[no_link],
        help_text=_(
            "Where people open their own page with their code. Notices carry no link: it is typed."
        ),
    )
    audiences = forms.MultipleChoiceField(
        label=_("What else concerns them"),
        choices=AUDIENCES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    calls_an_hour = forms.IntegerField(
        label=_("Calls that can be answered in an hour"),
        min_value=1,
        max_value=100_000,
        help_text=_("All lines together, from 8 to 20. The waves are made to fit it."),
    )
    first_at = forms.DateTimeField(
        label=_("First notice at"),
        input_formats=_FORMATS,
        widget=MomentBox(),
        help_text=_("Those who help are told two hours before, so two hours from now at least."),
    )
    helpers = _words(
        _("Who is told two hours before"),
        3,
        required=False,
        max_length=4_000,
        help_text=_(
            "Crisis lines, victim support, the police: one on each line, name; e-mail. Their mail "
            "names nobody."
        ),
    )
    texts = forms.ChoiceField(label=_("Texts of"))

    def __init__(self, *args: Any, texts: Sequence[str], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["texts"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(one, one) for one in texts]

    def clean_helpers(self) -> list[tuple[str, str]]:
        """Return name and mail address for each line."""
        lines = [one for one in self.cleaned_data["helpers"].splitlines() if one.strip()]
        if len(lines) > MOST_HELPERS:
            raise forms.ValidationError(_("At most 20 helpers. Nothing was taken."))
        return [_helper(line) for line in lines]

    def clean(self) -> dict[str, Any]:
        """Refuse days that cannot be."""
        given = self.cleaned_data
        begin, end = given.get("happened_from"), given.get("happened_to")
        if begin and end and end < begin:
            self.add_error("happened_to", _("It cannot end before it began."))
        known = given.get("known_since")
        if known and begin and known < begin:
            self.add_error("known_since", _("It cannot be known before it began."))
        for name in ("happened_to", "known_since"):
            if name in given and given[name] > timezone.localdate():
                self.add_error(name, _("This day is still to come."))
        return given

    def said(self) -> PlanSaid:
        """Return what was filled in, as a plan takes it. The form must be valid."""
        data = self.cleaned_data
        same = ("phone", "hours", "post", "address", "texts", "calls_an_hour")
        plain: dict[str, Any] = {name: data[name] for name in same}
        times = ("happened_from", "happened_to", "known_since", "first_at")
        plain |= {name: self.seconds(name) for name in times}
        plain |= {name: tuple(data[name]) for name in ("audiences", "helpers")}
        return PlanSaid(**plain)

    def seconds(self, name: str) -> int:
        """Return a day or a moment of the form as the plan has it."""
        value = self.cleaned_data[name]
        if isinstance(value, datetime):
            return int(value.timestamp())
        return int(moment_at(value, time.min).timestamp())


class ReasonForm(forms.Form):
    """Why: it stands in the ledger, and nobody is named in it."""

    reason = _words(_("Why"), max_length=600)


class SomeForm(forms.Form):
    """From where on the list the next step goes."""

    start = forms.IntegerField(min_value=0)


class LettersForm(forms.Form):
    """Which batch of letters is printed, and why once more."""

    batch = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = _words(
        _("Why they are printed again"),
        required=False,
        max_length=600,
        help_text=_("Only if this batch was printed before."),
    )


class ReturnedForm(forms.Form):
    """Letters that the post brought back, by the numbers on them."""

    numbers = _words(
        _("Numbers of returned letters"),
        4,
        max_length=20_000,
        help_text=_("Scan them one after the other, or type them: one on each line."),
    )

    def clean_numbers(self) -> list[str]:
        """Return the numbers as they were given. Refuses what cannot be one, and says which."""
        lines = [one.strip() for one in self.cleaned_data["numbers"].splitlines() if one.strip()]
        if len(lines) > MOST_SCANNED:
            raise forms.ValidationError(_("At most 500 at once. Nothing was taken."))
        wrong = [at for at, line in enumerate(lines, 1) if not _is_number(line)]
        if wrong:
            named = ", ".join(map(str, wrong[:10]))
            raise forms.ValidationError(
                _("These lines are no number of a letter: %(lines)s. Nothing was taken."),
                params={"lines": named},
            )
        return list(dict.fromkeys(lines))


def _is_number(line: str) -> bool:
    try:
        returning.span_of(line)
    except NumberWrong:
        return False
    return True


def _helper(line: str) -> tuple[str, str]:
    name, between, email = (part.strip() for part in line.partition(";"))
    if not name or not between:
        raise forms.ValidationError(
            _("Each line is a name and a mail address with a semicolon between. Nothing was taken.")
        )
    EmailValidator(_("A mail address of a helper is not one. Nothing was taken."))(email)
    return name[:120], email
