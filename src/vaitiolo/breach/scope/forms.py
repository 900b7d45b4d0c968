"""The shape of a question about a scope: what was lost, whose, from when until when."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from vaitiolo.breach.scope.access import OF_A_PERSON, OF_A_UNIT, Loss, ScopeQuery
from vaitiolo.breach.scope.words import LOSSES

LONGEST_REASON: Final = 500
LONGEST_NETWORK: Final = 100
LONGEST_NAME: Final = 100
MICROSECONDS: Final = 1_000_000
ID_LENGTHS: Final = frozenset({16, 32})
_MOMENTS: Final = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H.%M"]
_PLAIN: Final = {"autocomplete": "off", "spellcheck": "false"}


class MomentBox(forms.DateTimeInput):
    """A day and a time as browsers ask for them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ScopeForm(forms.Form):
    """What was lost, and what narrows it."""

    loss = forms.TypedChoiceField(
        label=_("What was lost, or is asked"),
        coerce=lambda value: Loss(int(value)),
        choices=[(int(loss), words) for loss, words in LOSSES.items()],
    )
    person = forms.UUIDField(label=_("Whose"), required=False, widget=forms.Select)
    unit = forms.UUIDField(label=_("Which unit's"), required=False, widget=forms.Select)
    since = forms.DateTimeField(
        label=_("From"),
        required=False,
        input_formats=_MOMENTS,
        widget=MomentBox,
        help_text=_("Empty: from the beginning of the ledger."),
    )
    until = forms.DateTimeField(
        label=_("To"),
        required=False,
        input_formats=_MOMENTS,
        widget=MomentBox,
        help_text=_("Of a copy: the moment at which it was made. Empty: now."),
    )
    network = forms.CharField(
        label=_("Network address of the sign-in"),
        required=False,
        max_length=LONGEST_NETWORK,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    session = forms.UUIDField(
        label=_("Number of the session"), required=False, widget=forms.TextInput(attrs=_PLAIN)
    )
    card = forms.CharField(
        label=_("Id of a key card or of a way in"),
        required=False,
        max_length=64,
        widget=forms.TextInput(attrs=_PLAIN),
    )
    is_thorough = forms.BooleanField(
        label=_("Read every grant's entry under seal, too"),
        required=False,
        help_text=_("Takes minutes in a large house. For the list that counts."),
    )
    reason = forms.CharField(
        label=_("Why it is asked"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text=_("Stands in the ledger for good. Write no name of a patient here."),
    )

    def offer(
        self, people: tuple[tuple[UUID, str], ...], units: tuple[tuple[UUID, str], ...]
    ) -> None:
        """Offer the members of staff and the units that there are."""
        for name, empty, listed in (
            ("person", _("Anybody's"), people),
            ("unit", _("Choose a unit"), units),
        ):
            widget = self.fields[name].widget
            widget.choices = [("", empty), *((str(one), words) for one, words in listed)]

    def clean_card(self) -> bytes:
        """Return the bytes of an id, which has the length of a card's or of a slot's."""
        try:
            found = bytes.fromhex(self.cleaned_data["card"].replace("-", ""))
        except ValueError:
            found = b"?"
        if found and len(found) not in ID_LENGTHS:
            raise forms.ValidationError(_("This is not an id of a key card or of a way in."))
        return found

    def clean(self) -> dict[str, Any]:
        """Demand whose it is where the loss is somebody's, and times in their order."""
        said = super().clean() or {}
        loss = said.get("loss")
        if loss in OF_A_PERSON and not said.get("person"):
            self.add_error("person", _("Say whose it is."))
        if loss in OF_A_UNIT and not said.get("unit"):
            self.add_error("unit", _("Say which unit's it is."))
        since, until = said.get("since"), said.get("until")
        if since and until and since > until:
            self.add_error("until", _("This is before the beginning."))
        return said

    def query(self, *, at: datetime) -> ScopeQuery:
        """Return what is asked, once it is valid; nothing after the present moment."""
        said = self.cleaned_data
        return ScopeQuery(
            loss=int(said["loss"]),
            since=_microseconds(said["since"]) if said["since"] else 0,
            until=_microseconds(min(said["until"] or at, at)),
            person=said["person"],
            unit=said["unit"],
            session=said["session"],
            network=said["network"],
            card=said["card"],
            is_thorough=said["is_thorough"],
        )


class KeepForm(forms.Form):
    """Under which name a list is kept."""

    name = forms.CharField(
        label=_("Name of the list"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("For instance what it was used for. Write no name of a patient here."),
    )


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * MICROSECONDS)
