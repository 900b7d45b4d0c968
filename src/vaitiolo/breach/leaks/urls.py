"""Addresses of leaks. None of them holds a name, a patient or what happened."""

from django.urls import path

from vaitiolo.breach.leaks import views

app_name = "leaks"
urlpatterns = [
    path("invented/", views.decoys, name="decoys"),
    path("invented/find/", views.find, name="find"),
    path("<uuid:incident>/leaks/", views.leaks, name="leaks"),
    path("<uuid:incident>/leaks/accounts/", views.accounts, name="accounts"),
    path("<uuid:incident>/leaks/case/", views.case, name="case"),
    path("<uuid:incident>/leaks/<uuid:row>/", views.file, name="file"),
]
