"""The diary of reception and the day list of therapists. A view reads the request and the clock."""

from datetime import date, timedelta
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
from vaitiolo.people.records import IdentityRecord
from vaitiolo.people.requests import ActorRequest, only
from vaitiolo.schedule import queries
from vaitiolo.schedule.access import open_diary, open_diary_of
from vaitiolo.schedule.actions import booking, changing, outcomes
from vaitiolo.schedule.clashes import read_skipped, write_skipped
from vaitiolo.schedule.entries import entry_of
from vaitiolo.schedule.forms import (
    BookingForm,
    CancelForm,
    Choices,
    MissForm,
    MoveForm,
    VersionForm,
    begin_move,
)
from vaitiolo.schedule.layout import lay_out_day, lay_out_week
from vaitiolo.warden.kinds import Mode, Purpose, Role
from vaitiolo.web.answers import moved, wants_fragment

form_view = require_http_methods(["GET", "POST"])
# What the diary says of a wished time when one goes from it to booking.
WISHES = ("therapist", "day", "clock")
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
def choose(request: ActorRequest) -> HttpResponse:
    """Choose for whom to book. What is typed travels in the body of a form only."""
    words = request.POST.get("words", "").strip()
    findings = people.find_patients(request.actor, words) if words else None
    ids = [one.id for one in findings.found] if findings else []
    times = queries.next_and_last(ids, at=timezone.now())
    found = [(one, times.get(one.id)) for one in findings.found] if findings else []
    context = {"words": words, "findings": findings, "found": found, "wish": _wish(request)}
    template = "schedule/part/found.html" if wants_fragment(request) else "schedule/choose.html"
    return render(request, template, context)


@form_view
@only(Role.RECEPTION)
def book(request: ActorRequest, patient_id: UUID) -> HttpResponse:
    """Book one time or a weekly series. Who the patient is was opened for it, and recorded."""
    now, actor = timezone.now(), request.actor
    identity = open_identity(actor, PatientId(patient_id), purpose=Purpose.RECEPTION)
    record = people.read_identity(identity).record
    choices, begin = _choices(actor, identity, record), _begin(request, record)
    form = BookingForm(
        request.POST or None, choices=choices, today=day_of(now), initial=begin | choices.initial()
    )
    if request.method == "POST" and form.is_valid():
        visitor = booking.Visitor(PatientId(patient_id), entry_of(record, form.wants_reminder))
        opened = open_diary(actor, mode=Mode.WRITE)
        made = form.attempt(lambda: booking.book(opened, visitor, form.slots(), at=now))
        if made is not None:
            return _booked(request, made)
    return render(request, "schedule/book.html", {"form": form, "patient": record})
