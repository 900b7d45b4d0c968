"""The shape of a plan to hand over: to whom, from when, and for each patient what was agreed.

Nothing here saves, and nothing that was typed is ever put into an error.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from vaitiolo.charts.actions.handing_over import Plan
from vaitiolo.charts.queries.handing_over import Standing
from vaitiolo.kit.ids import HolderId, PatientId
from vaitiolo.people.desk_handing import Handing
from vaitiolo.people.desks import Client

LONGEST: Final = 500
STAYS: Final = "stays"


def _day_field(**named: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, **named)


class HandOverForm(forms.Form):
    """One plan: a colleague, a day, words, and an answer for each patient of the caseload."""

    day = _day_field(label=_("From which day"))
    keep = _day_field(
        label=_("You can read on until"),
        required=False,
        help_text=_("Leave empty, and your own access ends with the hand-over."),
    )
    until = _day_field(
        label=_("Substitute until"),
        required=False,
        help_text=_(
            "For a holiday: your colleague's access ends by itself after this day, and yours "
            "stays. Leave empty to hand over for good."
        ),
    )
    words = forms.CharField(
        label=_("Words to your colleague"),
        required=False,
        max_length=LONGEST,
        help_text=_(
            "They stand on your colleague's desk, sealed. What is clinical belongs in notes."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        posted: Mapping[str, Any] | None = None,
        *,
        colleagues: Iterable[tuple[UUID, str]],
        caseload: Iterable[tuple[PatientId, Client]],
        today: date,
    ) -> None:
        super().__init__(posted, initial={"day": today})
        self.today = today
        self.patients = [patient_id for patient_id, _client in caseload]
        choices = [("", _("Choose")), *((str(key), name) for key, name in colleagues)]
        self.fields["to"] = forms.ChoiceField(label=_("Colleague"), choices=choices)
        for patient_id, client in caseload:
            self.fields[f"p-{patient_id}"] = forms.ChoiceField(
                label=client.name,
                required=False,
                choices=[
                    (STAYS, _("stays with you")),
                    (Handing.WAITS, _("hand over")),
                    (Handing.RESTS, _("asks for a rest, until")),
                    (Handing.REFUSED, _("refuses")),
                ],
            )
            # What is wrong is also told above the form, away from the patient's name.
            rest = format_lazy("{}, {}", client.name, _("rest until"))
            self.fields[f"r-{patient_id}"] = _day_field(label=rest, required=False)

    def rows(
        self, standing: Mapping[PatientId, Standing]
    ) -> Iterator[tuple[forms.BoundField, forms.BoundField, Standing]]:
        """Yield for each patient the answer, the day of a rest, and what stands on the desk."""
        for patient_id in self.patients:
            yield self[f"p-{patient_id}"], self[f"r-{patient_id}"], standing[patient_id]

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or a later day."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._check_ends(cleaned)
        if not any(self._answer(patient_id) for patient_id in self.patients):
            raise forms.ValidationError(_("Choose at least one patient."))
        for patient_id in self.patients:
            self._check_rest(patient_id)
        return cleaned

    def plan(self) -> Plan:
        """Return the plan of a valid form."""
        cleaned = self.cleaned_data
        answers = {one: self._answer(one) for one in self.patients}
        return Plan(
            to=HolderId(UUID(cleaned["to"])),
            day=cleaned["day"],
            keep=cleaned["keep"],
            until=cleaned["until"],
            words=cleaned["words"].strip(),
            answers={
                one: (state, cleaned[f"r-{one}"] if state is Handing.RESTS else None)
                for one, state in answers.items()
                if state is not None
            },
        )

    def _answer(self, patient_id: PatientId) -> Handing | None:
        said = self.cleaned_data.get(f"p-{patient_id}") or STAYS
        return None if said == STAYS else Handing(said)

    def _check_ends(self, cleaned: dict[str, Any]) -> None:
        day = cleaned.get("day")
        for name in ("keep", "until"):
            end = cleaned.get(name)
            if end is not None and day is not None and end < day:
                self.add_error(name, _("Choose a day after the hand-over, or leave it empty."))
        if cleaned.get("keep") and cleaned.get("until"):
            self.add_error("keep", _("Your own access stays when a substitute has it for a time."))

    def _check_rest(self, patient_id: PatientId) -> None:
        rest = self.cleaned_data.get(f"r-{patient_id}")
        if self._answer(patient_id) is Handing.RESTS and (rest is None or rest <= self.today):
            self.add_error(f"r-{patient_id}", _("Say until which later day the rest is."))
