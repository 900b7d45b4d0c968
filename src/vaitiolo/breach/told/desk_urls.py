"""Addresses where officers read what was sent in. None of them holds a person."""

from django.urls import path

from vaitiolo.breach.told import views

app_name = "told-desk"
urlpatterns = [
    path("<uuid:incident>/replies/<uuid:telling>/", views.replies, name="replies"),
    path("<uuid:incident>/replies/<uuid:telling>/open/", views.open_box, name="open"),
    path("<uuid:incident>/replies/<uuid:telling>/<uuid:row>/keep/", views.keep, name="keep"),
]
