"""Addresses of scopes. None of them holds a patient, or a person."""

from django.urls import path

from vaitiolo.breach.scope import views

app_name = "scope"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("<int:number>/", views.scope, name="scope"),
    path("<int:number>/keep/", views.keep, name="keep"),
    path("<int:number>/again/", views.again, name="again"),
    path("<int:number>/file/", views.file, name="file"),
    path("<int:number>/case/", views.case, name="case"),
]
