"""Addresses of the watch. None of them holds a name or a patient."""

from django.urls import path

from vaitiolo.watch import views

app_name = "watch"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("report/", views.report, name="report"),
    path("report/decision/", views.decide, name="decide"),
    path("report/letter/", views.letter, name="letter"),
    path("alerts/<int:index>/", views.acknowledge, name="acknowledge"),
]
