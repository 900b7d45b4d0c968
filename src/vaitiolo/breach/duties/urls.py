"""Addresses of an incident's duties. None of them holds a name, a patient or what happened."""

from django.urls import path

from vaitiolo.breach.duties import views

app_name = "duties"
urlpatterns = [
    path("<uuid:incident>/facts/", views.facts, name="facts"),
    path("<uuid:incident>/assess/", views.assess, name="assess"),
    path("<uuid:incident>/authorities/", views.authorities, name="authorities"),
    path("<uuid:incident>/authorities/<slug:recipient>/<slug:language>/", views.text, name="text"),
    path(
        "<uuid:incident>/authorities/clients/<int:client>/<slug:language>/",
        views.text,
        {"recipient": "client"},
        name="client_text",
    ),
    path(
        "<uuid:incident>/authorities/<slug:recipient>/<slug:language>/final/",
        views.text,
        {"is_final": True},
        name="final_text",
    ),
    path("<uuid:incident>/sent/<uuid:row>/", views.sent, name="sent"),
    path("<uuid:incident>/waiting/<slug:deed>/", views.waiting, name="waiting"),
]
