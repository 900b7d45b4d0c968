"""The shape of what is typed about one's own ways in. They check; nothing of it is kept."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from vaitiolo.people.forms import FORGOTTEN, LONGEST_ANSWER

# The least length of a password that might stand alone; here for every new one, so that a
# password need not be learnt anew when the key beside it goes.
SHORTEST_PASSWORD: Final = 12
LONGEST_PASSWORD: Final = 1024
LONGEST_LABEL: Final = 40
LAST_GROUP: Final = 4
LONGEST_SHARE: Final = 120


def password_field(label: Any, *, is_new: bool = False, **more: Any) -> forms.CharField:
    """Return a field for a password, as it was typed; a new one says how long it has to be."""
    attrs = {"autocomplete": "new-password" if is_new else "current-password"}
    if is_new:
        attrs["data-shortest"] = str(SHORTEST_PASSWORD)
    return forms.CharField(
        label=label,
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs=attrs),
        **more,
    )


def _hidden(longest: int = 100) -> forms.CharField:
    return forms.CharField(required=False, max_length=longest, widget=forms.HiddenInput)


class ConfirmForm(forms.Form):
    """A new proof of being there, where it is not the touch of a key."""

    password = password_field(
        _("Password, or printed recovery code"),
        required=False,
        help_text=_("The password alone is taken only where you can sign in with it alone."),
    )
    assertion = _hidden(LONGEST_ANSWER)

    def __init__(self, *args: Any, has_key: bool) -> None:
        super().__init__(*args)
        typed = self.fields["password"]
        typed.required = not has_key
        if has_key:
            typed.label = _("Printed recovery code")
            typed.help_text = _("Only where no key of yours is at hand.")


class _Twice(forms.Form):
    """A new password, typed twice."""

    is_password_needed = True

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        first, again = cleaned.get("password", ""), cleaned.get("again", "")
        if first != again and not self.errors:
            self.add_error("again", _("The two passwords are not the same."))
        elif len(first) < SHORTEST_PASSWORD and (first or self.is_password_needed):
            self.add_error("password", _("At least 12 letters. A sentence is easy to remember."))
        return cleaned


class KeyForm(_Twice):
    """A new security key."""

    label = forms.CharField(
        label=_("What you call this key"),
        max_length=LONGEST_LABEL,
        help_text=_("For example: blue, on the key ring. You will know by it which one is lost."),
        widget=forms.TextInput(attrs=FORGOTTEN),
    )
    password = password_field(
        _("Password to go with the key"),
        is_new=True,
        required=False,
        help_text=_("The same as for your other keys, or at least 12 letters of your own."),
    )
    again = password_field(_("The password once more"), is_new=True, required=False)
    assertion = _hidden(LONGEST_ANSWER)
    prf = _hidden()
    salt = _hidden()

    def __init__(self, *args: Any, may_be_without_password: bool) -> None:
        super().__init__(*args)
        self.is_password_needed = not may_be_without_password
        for name in ("password", "again"):
            self.fields[name].required = self.is_password_needed


class ShareForm(forms.Form):
    """An officer's share of the contact key, typed from paper, and what locks it."""

    share = forms.CharField(
        label=_("The 56 letters on your sheet"),
        max_length=LONGEST_SHARE,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", **FORGOTTEN}),
        help_text=_("Dashes, spaces and small letters do not matter."),
    )
    password = password_field(
        _("Password"),
        help_text=_("Best the one you sign in with. A case asks for it together with the key."),
    )
    assertion = _hidden(LONGEST_ANSWER)
    prf = _hidden()


class CodeForm(forms.Form):
    """That a printed code is on paper: its last letters, read from there."""

    code = forms.CharField(max_length=60, widget=forms.HiddenInput)
    letters = forms.CharField(
        label=_("The last four letters of the code, read from your paper"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", **FORGOTTEN}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        typed = cleaned.get("letters", "").strip().upper()
        if typed and typed != cleaned.get("code", "")[-LAST_GROUP:]:
            self.add_error("letters", _("These are not the last four letters of the code below."))
        return cleaned


class PasswordForm(_Twice):
    """A new password in the place of the old one."""

    old = password_field(_("Password until now"))
    password = password_field(_("New password"), is_new=True)
    again = password_field(_("The new password once more"), is_new=True)
    assertion = _hidden(LONGEST_ANSWER)
    prf = _hidden()
