"""The shape of what is typed here. Forms check; they never ask the warden and never save."""

from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.ids import HolderId
from vaitiolo.people import hetu
from vaitiolo.people.hetu import NotAnIdentityCode
from vaitiolo.people.queries import Alike, Therapist
from vaitiolo.people.records import IdentityRecord
from vaitiolo.people.staff import EndReason

LANGUAGES: Final = (("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English")))
# Patients' details must not stay in the browser's own memory of what was typed.
FORGOTTEN: Final = {"autocomplete": "off", "spellcheck": "false"}
# A security key's answer: RSA keys have the longest ones.
LONGEST_ANSWER: Final = 8_192
WRONG_CODE: Final = {
    "shape": _("This does not have the form of a Finnish identity code, such as 010190-123A."),
    "day": _("The identity code begins with a day that does not exist."),
    "check": _("The last character does not belong to this identity code. Compare it once more."),
}
REASONS: Final = (
    (EndReason.LEFT, _("Has left, or changes duties")),
    (EndReason.LOST, _("Key or password is lost")),
    (EndReason.STOLEN, _("Key or password may be in another's hands")),
    (EndReason.REPLACED, _("Gets a new card")),
    (EndReason.MISTAKE, _("The card was made by mistake")),
)

check_phone = RegexValidator(
    r"^\+?[\d\s()/-]{5,25}$", _("A phone number has digits, spaces and perhaps a + in front.")
)
check_postal_code = RegexValidator(
    r"^[\w\s-]{3,12}$", _("A postal code has 3 to 12 digits or letters.")
)


def _text(label: Any, longest: int = 100, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, widget=forms.TextInput(attrs=FORGOTTEN), **more
    )


class SignInForm(forms.Form):
    """Who somebody says they are, and the password that opens their slot."""

    name = forms.CharField(
        label=_("Name for signing in"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1024,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    way = forms.CharField(required=False, max_length=20, empty_value="password")
    assertion = forms.CharField(required=False, max_length=LONGEST_ANSWER)
    prf = forms.CharField(required=False, max_length=100)

    def __init__(self, *args: Any, key_alone: bool = False) -> None:
        super().__init__(*args)
        self.fields["password"].required = not (key_alone and self.data.get("way") == "key")

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("way") == "key" and not cleaned.get("assertion"):
            self.add_error(
                None, _("No security key was asked: that needs JavaScript in this browser.")
            )
        return cleaned


class CodeSignInForm(forms.Form):
    """Who somebody says they are, and the code out of their drawer."""

    name = forms.CharField(
        label=_("Name for signing in"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Printed recovery code"),
        max_length=60,
        help_text=_("28 letters and digits. Dashes, and small or large letters, do not matter."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", **FORGOTTEN}),
    )


class IdentityForm(forms.Form):
    """Who a patient is and how to reach them."""

    given_name = _text(_("Given name"))
    family_name = _text(_("Family name"))
    hetu = _text(
        _("Identity code"),
        30,
        required=False,
        help_text=_("Checked, sealed, and compared with those who are registered."),
    )
    born_on = forms.DateField(
        label=_("Birth date"),
        required=False,
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **FORGOTTEN}),
        help_text=_("Needed when there is no identity code; otherwise it is read from the code."),
    )
    phone = _text(_("Phone"), 25, required=False, validators=[check_phone])
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs=FORGOTTEN),
    )
    street = _text(_("Street address"), 200, required=False)
    postal_code = _text(_("Postal code"), 12, required=False, validators=[check_postal_code])
    town = _text(_("Town"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    kin_name = _text(_("Next of kin"), required=False)
    kin_relation = _text(_("Relation of the next of kin"), required=False)
    kin_phone = _text(_("Phone of the next of kin"), 25, required=False, validators=[check_phone])
    safe_contact = _text(
        _("Safe contact"),
        300,
        required=False,
        help_text=_("How to reach this person safely: when, where, and how not."),
    )
    is_hidden = forms.BooleanField(
        label=_("Non-disclosure order: only the safe contact"),
        required=False,
        help_text=_("Nothing is ever sent to another address or number of this person."),
    )
    call_first = forms.BooleanField(
        label=_("Call before any notice"),
        required=False,
        help_text=_("The own therapist calls first; nothing is sent before that."),
    )

    def clean_hetu(self) -> str:
        typed: str = self.cleaned_data["hetu"]
        if not typed:
            return ""
        try:
            code = hetu.normalise(typed)
        except NotAnIdentityCode as wrong:
            raise forms.ValidationError(WRONG_CODE[str(wrong)]) from None
        if hetu.is_invented(code) and not getattr(settings, "DEMO", False):
            raise forms.ValidationError(
                _("Identity codes with 900 to 999 belong to nobody; only a demonstration has them.")
            )
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        code, typed = cleaned.get("hetu"), cleaned.get("born_on")
        if code:
            cleaned["born_on"] = hetu.born_on(code)
        if code and typed and typed != cleaned["born_on"]:
            self.add_error("born_on", _("The birth date is not the one in the identity code."))
        if code == "" and not typed and "born_on" not in self.errors:
            self.add_error("born_on", _("Give the identity code or the birth date."))
        return cleaned

    def record(self) -> IdentityRecord:
        """Return what was typed. The form must be valid."""
        kept = IdentityRecord.__slots__
        return IdentityRecord(**{name: self.cleaned_data[name] for name in kept})


class RegisterForm(IdentityForm):
    """A new patient. One who looks like a known one must be said to be another."""

    is_another = forms.BooleanField(
        label=_("This is another person"), required=False, widget=forms.HiddenInput
    )

    def accepts(self, alike: Alike) -> bool:
        """Tell whether somebody new may be registered; if not, the form says why."""
        if alike.here is None or (self.cleaned_data["is_another"] and not alike.is_same_code):
            return True
        if alike.is_same_code:
            self.add_error("hetu", _("A patient of this unit already has this identity code."))
        else:
            self.fields["is_another"].widget = forms.CheckboxInput()
            self.add_error(
                "is_another",
                _("A patient of this unit has the same name and birth date. Look, then say so."),
            )
        return False


class EditForm(IdentityForm):
    """A patient's details, changed from a version that was shown."""

    # The page writes it itself, always the newest: after a conflict the next try may win.
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def accepts(self, newest: int) -> bool:
        """Tell whether the version shown is still the newest; if not, keep what was typed."""
        if self.cleaned_data["version"] == newest:
            return True
        self.add_error(
            None,
            _(
                "Somebody changed these details meanwhile. What you typed is kept below: compare "
                "it with the newest version, then save again."
            ),
        )
        return False


class TherapistForm(forms.Form):
    """Which therapist of the unit begins to treat a patient."""

    therapist = forms.TypedChoiceField(label=_("Therapist"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, therapists: tuple[Therapist, ...]) -> None:
        super().__init__(*args)
        field = self.fields["therapist"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared just above
        field.choices = [(one.id.hex, one.name) for one in therapists]
        self._ids = {one.id.hex: one.id for one in therapists}

    def chosen(self) -> HolderId:
        """Return who was chosen. The form must be valid."""
        return self._ids[self.cleaned_data["therapist"]]


class EndAccessForm(forms.Form):
    """Why a colleague's access ends, and that it is meant."""

    reason = forms.TypedChoiceField(
        label=_("Reason"),
        choices=[(int(reason), words) for reason, words in REASONS],
        coerce=lambda value: EndReason(int(value)),
        widget=forms.RadioSelect,
    )
    is_sure = forms.BooleanField(
        label=_("End this access now. It cannot be given back."),
        error_messages={"required": _("Tick this too. The access has not ended.")},
    )


def fields_of(record: IdentityRecord) -> dict[str, Any]:
    """Return a record as the form begins with it."""
    return {name: getattr(record, name) for name in IdentityRecord.__slots__}


def language_name(language: str) -> str:
    """Return what a patient's language is called."""
    return str(dict(LANGUAGES).get(language, language))


def label_of(name: str) -> str:
    """Return what a field of a patient's details is called."""
    return str(IdentityForm.base_fields[name].label)
