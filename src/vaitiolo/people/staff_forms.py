"""The shape of what is typed about the staff: invitations, changes of role, an enrolment."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vaitiolo.kit.ids import UnitId
from vaitiolo.people.forms import FORGOTTEN, LONGEST_ANSWER
from vaitiolo.people.own_key_forms import SHORTEST_PASSWORD, password_field
from vaitiolo.warden.kinds import Role

LONGEST_CODE: Final = 60
ROLES: Final = (
    (Role.THERAPIST, pgettext_lazy("role", "Therapist")),
    (Role.RECEPTION, pgettext_lazy("role", "Reception")),
    (Role.BILLING, pgettext_lazy("role", "Billing")),
    (Role.PRIVACY_OFFICER, pgettext_lazy("role", "Privacy officer")),
    (Role.OPERATOR, pgettext_lazy("role", "Operator")),
    (Role.MANAGER, pgettext_lazy("role", "Head of unit")),
)
OF_A_UNIT: Final = frozenset({Role.THERAPIST, Role.RECEPTION, Role.BILLING})


class RoleForm(forms.Form):
    """What somebody is to the house, and where."""

    role = forms.TypedChoiceField(
        label=_("Role"),
        choices=[(int(role), words) for role, words in ROLES],
        coerce=lambda value: Role(int(value)),
        widget=forms.RadioSelect,
    )
    unit = forms.TypedChoiceField(
        label=_("Unit"),
        required=False,
        empty_value=None,
        help_text=_("For therapists, reception and billing. The others belong to the whole house."),
    )

    def __init__(self, *args: Any, units: tuple[tuple[UnitId, str], ...], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["unit"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared just above
        field.choices = [("", _("None")), *((unit.hex, name) for unit, name in units)]
        field.coerce = {unit.hex: unit for unit, _name in units}.get

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        role, unit = cleaned.get("role"), cleaned.get("unit")
        if role in OF_A_UNIT and unit is None:
            self.add_error("unit", _("Choose the unit where this colleague works."))
        if role is not None and role not in OF_A_UNIT:
            cleaned["unit"] = None
        return cleaned


class InviteForm(RoleForm):
    """Who is asked to join, and by which name they will sign in."""

    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs=FORGOTTEN))
    sign_in = forms.CharField(
        label=_("Name for signing in"),
        max_length=100,
        widget=forms.TextInput(attrs={**FORGOTTEN, "autocapitalize": "off"}),
        help_text=_("Short, and as it will be typed every morning. It can be said aloud."),
    )
    field_order = ("name", "sign_in", "role", "unit")


class CodeForm(forms.Form):
    """The code of an invitation."""

    code = forms.CharField(
        label=_("Code of the invitation"),
        max_length=LONGEST_CODE,
        widget=forms.TextInput(attrs={**FORGOTTEN, "autocapitalize": "characters"}),
        help_text=_("28 letters and digits. Dashes and small letters do not matter."),
    )


class EnrolForm(forms.Form):
    """A newcomer's own password, typed twice, and what a security key answered."""

    code = forms.CharField(max_length=LONGEST_CODE, widget=forms.HiddenInput)
    password = password_field(
        _("Choose a password"),
        is_new=True,
        help_text=_("At least 12 letters. A sentence is easy to remember."),
    )
    again = password_field(_("The same password again"), is_new=True)
    assertion = forms.CharField(required=False, max_length=LONGEST_ANSWER, widget=forms.HiddenInput)
    prf = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        first, again = cleaned.get("password", ""), cleaned.get("again", "")
        if "password" not in self.errors and len(first) < SHORTEST_PASSWORD:
            self.add_error("password", _("At least 12 letters. A sentence is easy to remember."))
        elif first != again and not self.errors:
            self.add_error("again", _("The two passwords are not the same."))
        return cleaned
