"""The shape of what officers fill in about an incident's duties. Nothing of it names a patient."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vaitiolo.breach.drafts import guard
from vaitiolo.breach.drafts.guard import NotFit
from vaitiolo.breach.drafts.words import vocabulary
from vaitiolo.breach.drafts.writing import Change
from vaitiolo.breach.rulebook import Factor, Rulebook
from vaitiolo.breach.severity import Given

SHORT: Final = 200
LONG: Final = 600
MOST_CLIENTS: Final = 40
_OFF: Final = {"autocomplete": "off"}
_FORMATS: Final = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
_PARTS_OF_CLIENT: Final = 3

Choices = Sequence[tuple[str, str | Promise]]
TRI: Final[Choices] = (("", _("Not known yet")), ("yes", _("Yes")), ("no", _("No")))
RECIPIENTS: Final[Choices] = (
    ("", _("Not known yet")),
    ("none", _("Nobody, as far as is known")),
    ("known", _("Known recipients")),
    ("unknown", _("Unknown people")),
)
WAYS: Final[Choices] = (
    ("form", _("The authority's form")),
    ("mail", _("Secure mail")),
    ("post", _("Letter")),
    ("phone", _("By phone")),
    ("visit", _("In person")),
)
PARTS: Final[Mapping[str, str | Promise]] = {
    "dpc": _("What was in it"),
    "ei": _("How easily it leads to a person"),
    "cb": _("What happened to it"),
    "fact": _("What the sum does not ask"),
}
# Measures that the house always has; officers choose among the others.
STANDING: Final = frozenset({"sealed", "keys", "ledger", "limits", "witness"})


class MomentBox(forms.DateTimeInput):
    """A day and a time as browsers ask for them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=_FORMATS[0])


class GuardedField(forms.CharField):
    """Words that may end up in a text to an authority."""

    def clean(self, value: Any) -> str:
        """Refuse what looks like a name, a code, a way to reach somebody or a word of health."""
        try:
            return guard.check(super().clean(value))
        except NotFit as unfit:
            raise forms.ValidationError(str(unfit)) from None


def _moment(label: Any, **more: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, input_formats=_FORMATS, widget=MomentBox(), **more)


def _choice(label: Any, choices: Choices, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, **more)


def _count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=10_000_000)


def _line(label: Any, **more: Any) -> forms.CharField:
    box = forms.TextInput(attrs=_OFF)
    return forms.CharField(label=label, max_length=SHORT, widget=box, required=False, **more)


class FactsForm(forms.Form):
    """What is known now. Every field may stay empty: it then says that it is not known yet."""

    house = _line(_("Who is responsible (the practice, its business id)"))
    contact = _line(
        _("Data protection officer or contact"),
        help_text=_("Name and number of somebody on the staff, for the authority."),
    )
    began_at = _moment(_("It began"), required=False)
    ended_at = _moment(_("It ended"), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of data"), required=False, widget=forms.CheckboxSelectMultiple
    )
    patients = _count(_("Number of patients"))
    staff = _count(_("Number of staff"))
    records = _count(_("Number of records"))
    exact = forms.BooleanField(label=_("The numbers are exact"), required=False)
    recipients = _choice(_("Who has the data"), RECIPIENTS)
    theft = _choice(_("Was it done on purpose"), TRI)
    sealed = forms.BooleanField(
        label=_("All that is about patients was sealed, and the keys are shown to be untouched"),
        required=False,
        help_text=_("Put the evidence into the incident first."),
    )
    after = forms.MultipleChoiceField(
        label=_("Measures taken"), required=False, widget=forms.CheckboxSelectMultiple
    )
    crime = _choice(_("Is a crime suspected"), TRI)
    kanta = _choice(_("Are the Kanta Services concerned"), TRI)
    abroad = _choice(_("Are people in other countries of the Union concerned"), TRI)
    clients = forms.CharField(
        label=_("Controllers whose patients we treat"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 3, **_OFF}),
        help_text=_(
            "One on each line: name; number of patients; number of records. Each gets its own "
            "text with its own numbers."
        ),
    )
    how = GuardedField(
        label=_("In our own words: how it happened"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3, **_OFF}),
        help_text=_("Goes into the texts. No names, nothing about anybody's health."),
    )

    def __init__(self, *args: Any, language: str, **more: Any) -> None:
        super().__init__(*args, **more)
        words = vocabulary(language).groups
        offered = {"kinds": "kind", "after": "measure"}
        for name, group in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
            field.choices = [
                (code, said[language])
                for code, said in words[group].items()
                if code not in STANDING | {"readable"}
            ]

    def clean_clients(self) -> list[list[Any]]:
        """Return name and two numbers for each line."""
        lines = [one for one in self.cleaned_data["clients"].splitlines() if one.strip()]
        if len(lines) > MOST_CLIENTS:
            raise forms.ValidationError(_("At most 40 controllers. Nothing was taken."))
        return [_client(line) for line in lines]

    def said(self) -> dict[str, Any]:
        """Return what stands inside the seal."""
        return {name: _plain(value) for name, value in self.cleaned_data.items()}


def initial_of(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was known before, as the form shows it."""
    initial = dict(said)
    for name in ("began_at", "ended_at"):
        value = said.get(name)
        initial[name] = datetime.fromisoformat(value) if value else None
    lines = [
        "; ".join("" if part is None else str(part) for part in one)
        for one in said.get("clients", ())
    ]
    return initial | {"clients": "\n".join(lines)}


@dataclass(frozen=True, slots=True)
class Asked:
    """A factor of the form: its choice, its reason, and where the words come from."""

    choice: BoundField
    reason: BoundField
    source: str


class SeverityForm(forms.Form):
    """Every factor of the day's rules, with its choice and the reason for it."""

    def __init__(
        self,
        *args: Any,
        rules: Rulebook,
        suggested: Mapping[str, Given],
        language: str,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.rules = rules
        for factor in rules.factors:
            given = suggested[factor.id]
            self.fields[factor.id] = _factor(factor, given, language)
            self.fields[f"{factor.id}_reason"] = _reason(given)

    def groups(self) -> Iterator[tuple[str | Promise, list[Asked]]]:
        """Yield the parts of the formula, and the factors of each."""
        for part, heading in PARTS.items():
            factors = [one for one in self.rules.factors if one.part == part]
            asked = [Asked(self[one.id], self[f"{one.id}_reason"], one.source) for one in factors]
            yield heading, asked

    def given(self) -> tuple[Given, ...]:
        """Return what was chosen, in the order of the rules."""
        data = self.cleaned_data
        names = [one.id for one in self.rules.factors]
        return tuple(Given(name, data[name], data[f"{name}_reason"]) for name in names)


class SentForm(forms.Form):
    """That a text was sent: which way, and why it says otherwise than the one before."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    way = forms.ChoiceField(label=_("Which way it was sent"), choices=WAYS)

    def __init__(self, *args: Any, corrections: Sequence[Change], **more: Any) -> None:
        super().__init__(*args, **more)
        self.corrections = corrections
        for one in corrections:
            self.fields[f"why_{one.name}"] = GuardedField(
                label=_("Why this is told otherwise now: %(field)s") % {"field": one.heading},
                max_length=LONG,
                widget=forms.TextInput(attrs=_OFF),
            )

    def to_explain(self) -> list[BoundField]:
        """Return the fields for reasons."""
        return [self[f"why_{one.name}"] for one in self.corrections]

    def reasons(self) -> dict[str, str]:
        """Return the reasons by field of the text."""
        return {one.name: self.cleaned_data[f"why_{one.name}"] for one in self.corrections}


class HoldForm(forms.Form):
    """Who asks that people are not told yet, why, and until when."""

    asked_by = _line(
        _("Who asked for it"), help_text=_("Authority, unit, and the reference of its request.")
    )
    reason = forms.CharField(
        label=_("Why"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 2, **_OFF})
    )
    until = _moment(
        _("End of the hold"), help_text=_("A week at most; it goes on only if two say so.")
    )

    def __init__(self, *args: Any, is_renewal: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        if is_renewal:
            del self.fields["asked_by"]
        else:
            self.fields["asked_by"].required = True


def _reason(given: Given) -> forms.CharField:
    return forms.CharField(
        label=_("Why"),
        max_length=SHORT,
        initial=given.reason,
        widget=forms.TextInput(attrs=_OFF),
        error_messages={"required": _("Say why. Nothing was recorded yet.")},
    )


def _factor(factor: Factor, given: Given, language: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=factor.words.in_(language),
        help_text=factor.help.in_(language) if factor.help else "",
        choices=[(one.id, one.words.in_(language)) for one in factor.choices],
        initial=given.choice,
        widget=forms.RadioSelect,
    )


def _client(line: str) -> list[Any]:
    parts = [one.strip() for one in line.split(";")]
    if not parts[0] or len(parts) > _PARTS_OF_CLIENT or not all(map(_is_count, parts[1:])):
        raise forms.ValidationError(
            _("Each line is a name and two numbers with semicolons between. Nothing was taken.")
        )
    counts = [int(one) if one else None for one in parts[1:]]
    return [parts[0][:SHORT], *counts, *[None] * (_PARTS_OF_CLIENT - len(parts))]


def _is_count(text: str) -> bool:
    return text == "" or (text.isascii() and text.isdigit())


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
