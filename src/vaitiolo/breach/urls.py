"""Addresses of contact cases. None of them holds a name or a patient."""

from django.urls import path

from vaitiolo.breach import views

app_name = "breach"
urlpatterns = [
    path("", views.cases, name="cases"),
    path("open/", views.open_case, name="open"),
    path("<uuid:case_id>/", views.case, name="case"),
    path("<uuid:case_id>/state/", views.state, name="state"),
    path("<uuid:case_id>/read/", views.read, name="read"),
    path("<uuid:case_id>/close/", views.close, name="close"),
]
