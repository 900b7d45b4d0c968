"""Addresses of the diary and of the day list. They hold random ids and days, and no name."""

from datetime import date

from django.urls import path, register_converter

from vaitiolo.schedule import views


class Day:
    """A day in an address, such as 2026-11-24."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(Day, "diary_day")

app_name = "schedule"
urlpatterns = [
    # Reception: the diary of the unit.
    path("", views.diary, name="diary"),
    path("<diary_day:day>/", views.diary, name="diary_day"),
    path("week/<uuid:therapist>/", views.week, name="week"),
    path("week/<uuid:therapist>/<diary_day:day>/", views.week, name="week_of"),
    path("week/<uuid:therapist>/give/", views.give, name="give"),
    path("book/", views.choose, name="choose"),
    path("book/<uuid:patient_id>/", views.book, name="book"),
    path("appointment/<uuid:appointment_id>/", views.appointment, name="appointment"),
    path("appointment/<uuid:appointment_id>/move/", views.move, name="move"),
    path("appointment/<uuid:appointment_id>/cancel/", views.cancel, name="cancel"),
    path("appointment/<uuid:appointment_id>/again/", views.book_again, name="book_again"),
    # Beside a patient's page: next and last appointment.
    path("patient/<uuid:patient_id>/", views.of_patient, name="of_patient"),
    # Therapists: the day list.
    path("day/", views.today, name="day"),
    path("day/<diary_day:day>/", views.day, name="day_of"),
    path("day/<uuid:appointment_id>/missed/", views.missed, name="missed"),
    path("day/<uuid:appointment_id>/put-back/", views.put_back, name="put_back"),
]
