"""Addresses of telling people. None of them holds a name, a patient or a word of what happened."""

from django.urls import path

from vaitiolo.breach.telling.views import people, tellings

app_name = "telling"
urlpatterns = [
    path("calls/<uuid:row>/", people.call, name="call"),
    path("<uuid:incident>/telling/", tellings.tellings, name="tellings"),
    path("<uuid:incident>/telling/plan/<int:scope>/", tellings.plan, name="plan"),
    path("<uuid:incident>/telling/<uuid:telling>/", tellings.telling, name="telling"),
    path(
        "<uuid:incident>/telling/<uuid:telling>/plan/<int:scope>/", tellings.plan, name="plan_next"
    ),
    path("<uuid:incident>/telling/<uuid:telling>/again/", tellings.again, name="again"),
    path("<uuid:incident>/telling/<uuid:telling>/approve/", tellings.approve, name="approve"),
    path("<uuid:incident>/telling/<uuid:telling>/write/", tellings.write, name="write"),
    path("<uuid:incident>/telling/<uuid:telling>/retry/", tellings.retry, name="retry"),
    path("<uuid:incident>/telling/<uuid:telling>/stop/", tellings.stop, name="stop"),
    path("<uuid:incident>/telling/<uuid:telling>/go-on/", tellings.go_on, name="go_on"),
    path("<uuid:incident>/telling/<uuid:telling>/letters/", people.letters, name="letters"),
    path("<uuid:incident>/telling/<uuid:telling>/returned/", people.returned, name="returned"),
    path("<uuid:incident>/telling/<uuid:telling>/by-hand/", people.by_hand, name="by_hand"),
    path(
        "<uuid:incident>/telling/<uuid:telling>/by-hand/<uuid:row>/",
        people.task,
        name="task",
    ),
]
