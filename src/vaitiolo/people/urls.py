"""Addresses of signing in, patients and staff. None of them holds a name."""

from django.urls import path

from vaitiolo.people import views

app_name = "people"
urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("patients/", views.find, name="find"),
    path("patients/register/", views.register, name="register"),
    path("patients/<uuid:patient_id>/", views.patient, name="patient"),
    path("patients/<uuid:patient_id>/details/", views.edit, name="edit"),
    path("patients/<uuid:patient_id>/history/", views.history, name="history"),
    path("patients/<uuid:patient_id>/therapist/", views.assign, name="assign"),
    path("staff/", views.staff, name="staff"),
    path("staff/<uuid:person_id>/end/", views.end_access, name="end_access"),
]
