"""Addresses of what belongs to no room: language, and how one likes to see the pages."""

from django.urls import path

from vaitiolo.web import views

app_name = "web"
urlpatterns = [
    path("language/", views.choose_language, name="language"),
    path("look/", views.choose_look, name="look"),
]
