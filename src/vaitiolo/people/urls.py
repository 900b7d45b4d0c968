"""Addresses of signing in, patients and staff. None of them holds a name."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from vaitiolo.people.views import (
    enrolling,
    own_keys,
    own_sessions,
    reception,
    signing_in,
    staff,
)


class CardId(StringConverter):
    """The id of a card, which is a hash over what everybody may see."""

    regex = "[0-9a-f]{64}"


register_converter(CardId, "card")

app_name = "people"
urlpatterns = [
    path("", signing_in.home, name="home"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/key/", signing_in.ask, name="ask"),
    path("sign-in/code/", signing_in.sign_in_with_code, name="sign_in_with_code"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("here/", own_sessions.here, name="here"),
    path("sessions/", own_sessions.sessions, name="sessions"),
    path("sessions/end/", own_sessions.end_all_sessions, name="end_all_sessions"),
    path("sessions/<uuid:session_id>/end/", own_sessions.end_session, name="end_session"),
    path("touch/", own_keys.touch, name="touch"),
    path("my-keys/", own_keys.own_keys, name="own_keys"),
    path("my-keys/confirm/<slug:deed>/", own_keys.confirm, name="confirm"),
    path("my-keys/key/", own_keys.add_key, name="add_key"),
    path("my-keys/key/begin/", own_keys.begin_key, name="begin_key"),
    path("my-keys/code/", own_keys.add_code, name="add_code"),
    path("my-keys/password/", own_keys.change_password, name="change_password"),
    path("my-keys/share/", own_keys.lock_share, name="lock_share"),
    path("my-keys/<uuid:slot_id>/remove/", own_keys.remove_way, name="remove_way"),
    path("patients/", reception.find, name="find"),
    path("patients/register/", reception.register, name="register"),
    path("patients/<uuid:patient_id>/", reception.patient, name="patient"),
    path("patients/<uuid:patient_id>/details/", reception.edit, name="edit"),
    path("patients/<uuid:patient_id>/history/", reception.history, name="history"),
    path("patients/<uuid:patient_id>/therapist/", reception.assign, name="assign"),
    path("join/", enrolling.join, name="join"),
    path("join/key/", enrolling.new_key, name="new_key"),
    path("join/enrol/", enrolling.enrol, name="enrol"),
    path("join/waiting/", enrolling.waiting, name="waiting"),
    path("staff/", staff.staff, name="staff"),
    path("staff/invite/", staff.invite, name="invite"),
    path(
        "staff/invitations/<uuid:invitation_id>/withdraw/",
        staff.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("staff/cards/<card:card_id>/", staff.card, name="card"),
    path("staff/<uuid:person_id>/role/", staff.change_role, name="change_role"),
    path("staff/<uuid:person_id>/let-in/", staff.let_in, name="let_in"),
    path("staff/<uuid:person_id>/end/", staff.end_access, name="end_access"),
]
