"""Addresses of the watch. None of them holds a name or a patient."""

from django.urls import path

from vaitiolo.watch import views

app_name = "watch"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("report/", views.report, name="report"),
    path("report/decision/", views.decide, name="decide"),
    path("report/letter/", views.letter, name="letter"),
    path("erasures/", views.erasures, name="erasures"),
    path("erasures/ask/", views.ask_erasure, name="ask_erasure"),
    path("erasures/finish/", views.finish_erasures, name="finish_erasures"),
    path("erasures/<int:number>/", views.erasure, name="erasure"),
    path("alerts/<int:index>/", views.acknowledge, name="acknowledge"),
]
