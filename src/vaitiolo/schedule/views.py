"""The diary of reception and the day list of therapists. A view reads the request and the clock."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vaitiolo.kit.dates import day_of, week_of
from vaitiolo.kit.ids import AppointmentId, HolderId, PatientId
from vaitiolo.people import actions as people_actions
from vaitiolo.people import queries as people
from vaitiolo.people.access import OpenIdentity, open_desk, open_identity
from vaitiolo.people.actor import Actor
from vaitiolo.people.day_groups import groups
from vaitiolo.people.emergencies import for_the_day
from vaitiolo.people.queries import Therapist
from vaitiolo.people.records import IdentityRecord
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.schedule import queries
from vaitiolo.schedule.access import OpenDiary, open_diary, open_diary_of, unit_of
from vaitiolo.schedule.actions import booking, changing, giving, outcomes
from vaitiolo.schedule.clashes import Busy, read_skipped, write_skipped
from vaitiolo.schedule.day_list import call_rows, come_rows, day_rows, ended_rows
from vaitiolo.schedule.entries import entry_of
from vaitiolo.schedule.forms import (
    REASONS,
    BookingForm,
    CancelForm,
    Choices,
    GiveForm,
    MissForm,
    MoveForm,
    VersionForm,
    begin_move,
)
from vaitiolo.schedule.layout import lay_out_day, lay_out_week
from vaitiolo.schedule.queries import Visit
from vaitiolo.warden.kinds import Mode, Purpose, Role
from vaitiolo.web.answers import moved, wants_fragment

form_view = require_http_methods(["GET", "POST"])
# What the diary says of a wished time when one goes from it to booking.
WISHES = ("therapist", "day", "clock")
# An address must stay short; what was left stands on the page all the same.
MOST_TOLD = 40
A_DAY = timedelta(days=1)
A_WEEK = timedelta(weeks=1)


# --- the diary of a unit ----------------------------------------------------------


@require_safe
@only(Role.RECEPTION)
def diary(request: ActorRequest, day: date | None = None) -> HttpResponse:
    """Show a day of the whole unit, the therapists side by side."""
    now = day_of(timezone.now())
    shown = day or now
    opened, therapists = open_diary(request.actor), people.list_therapists(request.actor)
    visits = queries.list_day(opened, shown)
    sheet = lay_out_day(visits, therapists, day=shown, gone=gettext("Former colleague"))
    context = {"sheet": sheet, "day": shown, "today": now, **_beside(shown, A_DAY)}
    return render(request, "schedule/diary.html", context)


@require_safe
@only(Role.RECEPTION)
def week(request: ActorRequest, therapist: UUID, day: date | None = None) -> HttpResponse:
    """Show a week of one therapist."""
    now = day_of(timezone.now())
    days = week_of(day or now)
    opened, whose = open_diary(request.actor), HolderId(therapist)
    therapists = people.list_therapists(request.actor)
    sheet = lay_out_week(queries.list_week(opened, whose, days), days)
    context = {"therapist": whose, "therapists": therapists, "name": _name(therapists, whose)}
    around = {"sheet": sheet, "days": days, "today": now, **_beside(days[0], A_WEEK)}
    return render(request, "schedule/week.html", {**context, **around})


@form_view
@only(Role.RECEPTION)
def give(request: ActorRequest, therapist: UUID) -> HttpResponse:
    """Give what patients have booked with a therapist to a colleague, who got their charts."""
    at, whose, opened = timezone.now(), HolderId(therapist), open_diary(request.actor)
    therapists = people.list_therapists(request.actor)
    booked = queries.list_booked_with(opened, whose, at=at)
    others = [one for one in therapists if one.id != whose]
    form = GiveForm(request.POST or None, therapists=others, booked=booked)
    if request.method == "POST" and form.is_valid():
        busy = giving.give_on(opened, form.chosen, giver=whose, to=form.receiver, at=at)
        return _given(request, whose, busy)
    context = {"form": form, "therapist": whose, "booked": booked, "others": others}
    context["name"] = _name(therapists, whose)
    context["skipped"] = read_skipped(request.GET.get("skipped", ""))
    return render(request, "schedule/give.html", context)


@form_view
@only(Role.RECEPTION)
def choose(request: ActorRequest) -> HttpResponse:
    """Choose for whom to book. What is typed travels in the body of a form only."""
    words = request.POST.get("words", "").strip()
    findings = people.find_patients(request.actor, words) if words else None
    ids = [one.id for one in findings.found] if findings else []
    times = queries.next_and_last(ids, at=timezone.now())
    found = [(one, times.get(one.id)) for one in findings.found] if findings else []
    context = {
        "words": words,
        "findings": findings,
        "found": found,
        "wish": urlencode(_wish(request)),
    }
    template = "schedule/part/found.html" if wants_fragment(request) else "schedule/choose.html"
    return render(request, template, context)


@form_view
@only(Role.RECEPTION)
def book(request: ActorRequest, patient_id: UUID) -> HttpResponse:
    """Book one time or a weekly series. Who the patient is was opened for it, and recorded."""
    at, identity = timezone.now(), _open(request, patient_id)
    record = people.read_identity(identity).record
    form = _booking_form(request, identity, record, at=at)
    if request.method == "POST" and form.is_valid():
        entry = entry_of(record, is_reminded=form.wants_reminder)
        visitor = booking.Visitor(identity.patient_id, entry)
        opened = open_diary(request.actor, mode=Mode.WRITE)
        made = form.attempt(lambda: booking.book(opened, visitor, form.slots(), at=at))
        if made is not None:
            return _booked(request, made)
    context = {"form": form, "patient": record, "patient_id": patient_id}
    return render(request, "schedule/book.html", context)


# --- one appointment ---------------------------------------------------------------


@require_safe
@only(Role.RECEPTION)
def appointment(request: ActorRequest, appointment_id: UUID) -> HttpResponse:
    """Show an appointment, what can be done with it, and what else the patient has booked."""
    opened, visit = _visit(request, appointment_id)
    therapists = people.list_therapists(request.actor)
    at = timezone.now()
    coming = queries.list_coming(visit.patient_id, opened.unit_id, at=at)
    context = {
        "therapist": _name(therapists, visit.therapist),
        "coming": [(_name(therapists, one.therapist), one) for one in coming],
        "reminded_at": queries.reminder_goes_out_at(visit.id),
        "is_given_up": queries.is_reminder_given_up(visit.id),
        "skipped": read_skipped(request.GET.get("skipped", "")),
    }
    return render(request, "schedule/appointment.html", {**_about(visit), **context})


@form_view
@only(Role.RECEPTION)
def move(request: ActorRequest, appointment_id: UUID) -> HttpResponse:
    at = timezone.now()
    opened, visit = _visit(request, appointment_id)
    form = MoveForm(
        request.POST or None,
        choices=_choices(request.actor),
        today=day_of(at),
        initial=begin_move(visit),
    )
    if request.method == "POST" and form.is_valid():
        [slot], since = form.slots(), form.cleaned_data["version"]
        deed = partial(changing.move, opened, visit.id, slot, since=since, at=at)
        if form.attempt(deed) is not None:
            return _back(request, visit.id, "moved")
    return render(request, "schedule/move.html", {**_about(visit), "form": form})


@form_view
@only(Role.RECEPTION)
def cancel(request: ActorRequest, appointment_id: UUID) -> HttpResponse:
    """Cancel an appointment, with a kind of reason. The page after it leads back."""
    opened, visit = _visit(request, appointment_id)
    form = CancelForm(request.POST or None, initial={"version": visit.version})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        reason, since = typed["reason"], typed["version"]
        changing.cancel(opened, visit.id, reason, since=since, at=timezone.now())
        return _back(request, visit.id, "cancelled")
    return render(request, "schedule/cancel.html", {**_about(visit), "form": form})


@require_POST
@only(Role.RECEPTION)
def book_again(request: ActorRequest, appointment_id: UUID) -> HttpResponse:
    """Undo a cancellation. What is busy by now is told; nothing is changed then."""
    opened, visit = _visit(request, appointment_id)
    form = VersionForm(request.POST)
    since = form.cleaned_data["version"] if form.is_valid() else 0
    changing.book_again(opened, visit.id, since=since, at=timezone.now())
    return _back(request, visit.id, "booked-again")


@require_safe
@only(Role.RECEPTION, Role.THERAPIST)
def of_patient(request: ActorRequest, patient_id: UUID) -> HttpResponse:
    """Show when a patient comes next and was here last; times alone, nothing is opened."""
    at, unit_id, whose = timezone.now(), unit_of(request.actor), PatientId(patient_id)
    therapists = people.list_therapists(request.actor)
    coming = queries.list_coming(whose, unit_id, at=at)
    last = queries.find_last(whose, unit_id, at=at)
    context = {
        "coming": [(_name(therapists, one.therapist), one) for one in coming],
        "last": last,
        "last_therapist": _name(therapists, last.therapist) if last else "",
        "patient_id": patient_id,
        "is_reception": request.actor.is_reception,
    }
    part = "part/" if wants_fragment(request) else ""
    return render(request, f"schedule/{part}of_patient.html", context)


# --- the day list of a therapist -----------------------------------------------------


@require_safe
@only(Role.THERAPIST)
def today(request: ActorRequest) -> HttpResponse:
    """Show today, what is not charted and what was begun: from the desk, and no chart is opened."""
    at = timezone.now()
    desk = people_actions.fold_desk(open_desk(request.actor), at=at)
    now = day_of(at)
    now_groups, turned = groups(desk, at), queries.not_held_on(desk, now)
    lists = {"today": now_groups.today, "uncharted": now_groups.uncharted, "turned": turned}
    drawn = {name: day_rows(rows) for name, rows in lists.items() if rows}
    context = {"groups": now_groups, "unread": desk.unread, "day": now, **_beside(now, A_DAY)}
    context |= {"ended": ended_rows(desk, now), "come": come_rows(desk)}
    context |= {"calls": call_rows(desk, at)}
    context |= for_the_day(request.actor, desk.caseload, at=at)
    return render(request, "schedule/day.html", {**drawn, **context})


@require_safe
@only(Role.THERAPIST)
def day(request: ActorRequest, day: date) -> HttpResponse:
    """Show another day from the same desk."""
    now = day_of(timezone.now())
    if day == now:
        return redirect("schedule:day")
    desk = people.read_desk(open_desk(request.actor))
    context = {
        "rows": day_rows(queries.sessions_on(desk, day)),
        "unread": desk.unread,
        "is_over": day < now,
    }
    return render(
        request, "schedule/other_day.html", {**context, "day": day, **_beside(day, A_DAY)}
    )


@form_view
@only(Role.THERAPIST)
def missed(request: ActorRequest, appointment_id: UUID) -> HttpResponse:
    """Say that a session did not take place, or take that back."""
    whose = AppointmentId(appointment_id)
    form = MissForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        outcomes.miss(request.actor, whose, because, at=timezone.now())
        return moved(request, reverse("schedule:day"), notice="schedule/missed")
    desk = people.read_desk(open_desk(request.actor))
    row = queries.get_session(desk, whose)
    return render(request, "schedule/missed.html", {"row": row, "form": form})


@require_POST
@only(Role.THERAPIST)
def put_back(request: ActorRequest, appointment_id: UUID) -> HttpResponse:
    outcomes.put_back(request.actor, AppointmentId(appointment_id), at=timezone.now())
    return moved(request, reverse("schedule:day"), notice="schedule/put-back")


# --- what views have in common -------------------------------------------------------


def _visit(request: ActorRequest, appointment_id: UUID) -> tuple[OpenDiary, Visit]:
    """Open the diary that an appointment stands in, and read the appointment."""
    whose = AppointmentId(appointment_id)
    opened = open_diary_of(request.actor, whose)
    return opened, queries.get_visit(opened, whose)


def _about(visit: Visit) -> dict[str, Any]:
    cancelled = visit.entry.reason if visit.entry else None
    reason = "" if cancelled is None else dict(REASONS)[cancelled]
    return {"visit": visit, "day": day_of(visit.starts_at), "reason": reason}


def _back(request: ActorRequest, appointment_id: AppointmentId, notice: str) -> HttpResponse:
    url = reverse("schedule:appointment", args=[appointment_id])
    return moved(request, url, notice=f"schedule/{notice}")


def _booked(request: ActorRequest, made: booking.Booking) -> HttpResponse:
    url = reverse("schedule:appointment", args=[made.booked[0]])
    if made.skipped:
        url += "?" + urlencode({"skipped": write_skipped(made.skipped)})
    return moved(request, url, notice=f"schedule/booked{'-some' if made.skipped else ''}")


def _given(request: ActorRequest, whose: HolderId, busy: Sequence[Busy]) -> HttpResponse:
    url = reverse("schedule:give", args=[whose])
    if busy:
        url += "?" + urlencode({"skipped": write_skipped(busy[:MOST_TOLD])})
    return moved(request, url, notice=f"schedule/given{'-some' if busy else ''}")


def _open(request: ActorRequest, patient_id: UUID) -> OpenIdentity:
    return open_identity(request.actor, PatientId(patient_id), purpose=Purpose.RECEPTION)


def _booking_form(
    request: ActorRequest, identity: OpenIdentity, record: IdentityRecord, *, at: datetime
) -> BookingForm:
    choices = _choices(request.actor, identity, has_email=bool(record.email))
    wished = {"day": day_of(at), **_wish(request)}
    # Whether a patient agreed to be reminded stands with the identity, where it is kept there.
    is_reminded = bool(record.email) and getattr(record, "reminders", False)
    begin = {**choices.initial(), "is_reminded": is_reminded, **wished}
    typed = request.POST or None
    return BookingForm(typed, choices=choices, today=day_of(at), initial=begin)


def _choices(
    actor: Actor, identity: OpenIdentity | None = None, *, has_email: bool = False
) -> Choices:
    team = () if identity is None else people.list_care_team(identity)
    own = tuple(one.id for one in team)
    therapists, rooms = people.list_therapists(actor), queries.list_rooms(actor.unit)
    return Choices(therapists, rooms, own, has_email=has_email)


def _wish(request: ActorRequest) -> dict[str, str]:
    """Return with whom and when somebody wished to book, as the diary's links say it."""
    return {name: request.GET[name] for name in WISHES if name in request.GET}


def _beside(day: date, step: timedelta) -> dict[str, date]:
    return {"before": day - step, "after": day + step}


def _name(therapists: Sequence[Therapist], whose: HolderId) -> str:
    known = {one.id: one.name for one in therapists}
    return known.get(whose) or gettext("Former colleague")
