"""The shape of what reception and therapists type here. What is busy comes back into the form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.dates import HELSINKI
from vaitiolo.kit.ids import HolderId, PatientId
from vaitiolo.people.queries import Therapist
from vaitiolo.schedule.clashes import Busy, PatientBusy, RoomBusy, TherapistBusy
from vaitiolo.schedule.entries import Reason
from vaitiolo.schedule.queries import Booked, RoomRow, Visit
from vaitiolo.schedule.states import Because
from vaitiolo.schedule.times import Slot, weekly

Deed = TypeVar("Deed")

VIDEO: Final = "video"
MINUTES: Final = 45
LONGEST: Final = 480
MOST_TIMES: Final = 40
FIELD_OF: Final = {TherapistBusy: "therapist", RoomBusy: "where", PatientBusy: "clock"}
REASONS: Final = (
    (Reason.PATIENT, _("The patient cancelled")),
    (Reason.PRACTICE, _("The practice cancelled")),
    (Reason.ILLNESS, _("Somebody is ill")),
    (Reason.OTHER, pgettext_lazy("reason", "Something else")),
)
CAUSES: Final = (
    (Because.PATIENT, _("The patient did not come")),
    (Because.PRACTICE, _("The practice could not hold it")),
    (Because.OTHER, pgettext_lazy("reason", "Something else")),
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen: who works in the unit, whose patient it is, where there is room."""

    therapists: tuple[Therapist, ...]
    rooms: tuple[RoomRow, ...]
    own: tuple[HolderId, ...] = ()
    has_email: bool = False

    def initial(self) -> dict[str, Any]:
        """Return what is chosen to begin with: the patient's own therapist, the first room."""
        own = (one.id.hex for one in self.therapists if one.id in self.own)
        room = (one.id.hex for one in self.rooms)
        return {"therapist": next(own, ""), "where": next(room, VIDEO)}


class DateBox(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeBox(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M", attrs={"step": "300"})


class SlotForm(forms.Form):
    """With whom, where and when."""

    therapist = forms.ChoiceField(label=_("Therapist"))
    where = forms.ChoiceField(label=_("Where"))
    day = forms.DateField(label=_("Date"), input_formats=["%Y-%m-%d", "%d.%m.%Y"], widget=DateBox)
    clock = forms.TimeField(label=_("Time"), input_formats=["%H:%M", "%H.%M"], widget=TimeBox)
    minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=5, max_value=LONGEST, initial=MINUTES
    )

    def __init__(self, *args: Any, choices: Choices, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today = today
        self._therapists = {one.id.hex: one.id for one in choices.therapists}
        self._rooms = {room.id.hex: room.id for room in choices.rooms}
        own = gettext("own therapist")
        _choose(
            self.fields["therapist"],
            [
                (one.id.hex, f"{one.name} · {own}" if one.id in choices.own else one.name)
                for one in choices.therapists
            ],
        )
        rooms = [(room.id.hex, room.name) for room in choices.rooms]
        _choose(self.fields["where"], [*rooms, (VIDEO, gettext("Video"))])

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day < self.today:
            raise forms.ValidationError(_("This day is over."))
        return day

    def slots(self) -> list[Slot]:
        """Return what was typed, once or week after week. The form must be valid."""
        typed = self.cleaned_data
        therapist, room = self._therapists[typed["therapist"]], self._rooms.get(typed["where"])
        lasts = timedelta(minutes=typed["minutes"])
        starts = weekly(typed["day"], typed["clock"], typed.get("times") or 1)
        return [Slot(therapist, room, begin, begin + lasts) for begin in starts]

    def attempt(self, deed: Callable[[], Deed]) -> Deed | None:
        """Do what was asked for; what is busy is said beside its field, and nothing is lost."""
        try:
            return deed()
        except Busy as busy:
            self.add_error(FIELD_OF[type(busy)], busy.said())
            return None


class BookingForm(SlotForm):
    """A new appointment, or a weekly series of them."""

    times = forms.IntegerField(
        label=_("How many weeks in a row"), min_value=1, max_value=MOST_TIMES, initial=1
    )
    is_reminded = forms.BooleanField(
        label=_("Remind by e-mail on the day before"),
        required=False,
        help_text=_("The message says the day and the time, and nothing of the practice."),
    )

    def __init__(self, *args: Any, choices: Choices, **more: Any) -> None:
        super().__init__(*args, choices=choices, **more)
        if not choices.has_email:
            del self.fields["is_reminded"]

    @property
    def wants_reminder(self) -> bool:
        return bool(self.cleaned_data.get("is_reminded"))


class MoveForm(SlotForm):
    """Another time, room or therapist, for the version that was shown."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class VersionForm(forms.Form):
    """Which version of an appointment was shown."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class CancelForm(VersionForm):
    """Why an appointment is cancelled, from a short list."""

    reason = forms.TypedChoiceField(
        label=_("Reason"), choices=REASONS, coerce=Reason, widget=forms.RadioSelect
    )


class GiveForm(forms.Form):
    """To whom sessions go, and whose."""

    to = forms.ChoiceField(label=_("Colleague"))
    patients = forms.MultipleChoiceField(
        label=_("Whose sessions"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, therapists: Sequence[Therapist], booked: Sequence[Booked], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        names = [(one.id.hex, one.name) for one in therapists]
        _choose(self.fields["to"], [("", gettext("Choose")), *names])
        _choose(self.fields["patients"], [(one.patient_id.hex, _said(one)) for one in booked])

    @property
    def receiver(self) -> HolderId:
        return HolderId(UUID(hex=self.cleaned_data["to"]))

    @property
    def chosen(self) -> list[PatientId]:
        return [PatientId(UUID(hex=one)) for one in self.cleaned_data["patients"]]


class MissForm(forms.Form):
    """By whom a session did not take place."""

    because = forms.TypedChoiceField(
        label=_("Reason"),
        choices=[(int(because), words) for because, words in CAUSES],
        coerce=lambda value: Because(int(value)),
        widget=forms.RadioSelect,
    )


def begin_move(visit: Visit) -> dict[str, Any]:
    """Return an appointment as the form for moving begins with it."""
    local = visit.starts_at.astimezone(HELSINKI)
    return {
        "therapist": visit.therapist.hex,
        "where": VIDEO if visit.room is None else visit.room.id.hex,
        "day": local.date(),
        "clock": local.time(),
        "minutes": int((visit.ends_at - visit.starts_at).total_seconds() // 60),
        "version": visit.version,
    }


def _said(booked: Booked) -> str:
    """Say whose sessions they are, how many, and from which day."""
    name = booked.first.name or gettext("Cannot be verified")
    first = date_format(booked.first.starts_at.astimezone(HELSINKI), "D j.n.")
    words = ngettext(
        "%(name)s, one session, %(first)s", "%(name)s, %(n)s sessions from %(first)s", booked.number
    )
    return words % {"name": name, "n": booked.number, "first": first}


def _choose(field: forms.Field, choices: Sequence[tuple[str, str]]) -> None:
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so above
    field.choices = list(choices)
