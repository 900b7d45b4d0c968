"""Addresses of incidents. None of them holds a name, a patient or what happened."""

from django.urls import path

from vaitiolo.breach.incidents import views

app_name = "incidents"
urlpatterns = [
    path("", views.incidents, name="incidents"),
    path("report/", views.report, name="report"),
    path("alerts/<int:index>/", views.from_alert, name="from_alert"),
    path("<uuid:incident>/", views.incident, name="incident"),
    path("<uuid:incident>/receipt/", views.receipt, name="receipt"),
    path("<uuid:incident>/alerts/<int:index>/", views.link_alert, name="link_alert"),
    path("<uuid:incident>/resume/", views.resume, name="resume"),
    path("<uuid:incident>/let-in/", views.let_in, name="let_in"),
    path("<uuid:incident>/files/<uuid:row>/", views.take, name="take"),
    path("<uuid:incident>/add/<slug:step>/", views.add, name="add"),
]
