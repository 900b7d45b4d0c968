"""Addresses of charts. They hold random ids and nothing else; words travel in the body alone."""

from django.urls import path

from vaitiolo.charts.views import (
    caseload,
    emergencies,
    handing_over,
    notes,
    rosters,
    supervision,
    teams,
    turning,
)

app_name = "charts"
urlpatterns = [
    path("", caseload.caseload, name="caseload"),
    path("turning/", turning.turn, name="turn"),
    path("handing-over/", handing_over.hand_over, name="hand_over"),
    path("handing-over/go-on/", handing_over.go_on, name="go_on"),
    path("handing-over/to/<uuid:person>/", handing_over.confirm, name="confirm_hand_over"),
    path("handing-over/<uuid:patient>/undo/", handing_over.undo, name="undo_hand_over"),
    path("handing-over/<uuid:patient>/welcome/", handing_over.welcome, name="welcome"),
    path("supervision/", supervision.for_me, name="for_supervision"),
    path("supervision/<uuid:copy>/", supervision.read, name="supervision_copy"),
    path("supervision/<uuid:copy>/end/", supervision.end, name="end_supervision"),
    path("emergency/", emergencies.begin, name="emergency"),
    path("emergency/openings/", emergencies.openings, name="openings"),
    path("emergency/openings/<int:opening>/", emergencies.answer, name="answer"),
    path("emergency/rosters/", rosters.rosters, name="rosters"),
    path("emergency/rosters/<uuid:unit>/", rosters.roster, name="roster"),
    path("emergency/rosters/<uuid:unit>/confirm/", rosters.confirm, name="confirm_roster"),
    path("emergency/<uuid:patient>/", emergencies.record, name="record"),
    path("emergency/<uuid:patient>/end/", emergencies.end, name="end_emergency"),
    path("search/", notes.search, name="search"),
    path("<uuid:chart>/", notes.chart, name="chart"),
    path("<uuid:chart>/write/", notes.write, name="write"),
    path("<uuid:chart>/team/", teams.team, name="team"),
    path("<uuid:chart>/team/<uuid:person>/withdraw/", teams.withdraw, name="withdraw"),
    path("<uuid:chart>/emergencies/", emergencies.bar, name="bar"),
    path("<uuid:chart>/take-off/", teams.take_off, name="take_off"),
    path("<uuid:chart>/supervision/", supervision.copy, name="supervision"),
    path("<uuid:chart>/found/", notes.found, name="found"),
    path("<uuid:chart>/session/<uuid:appointment>/", notes.session, name="session"),
    path("<uuid:chart>/notes/<uuid:note>/", notes.note, name="note"),
    path("<uuid:chart>/notes/<uuid:note>/amend/", notes.amend, name="amend"),
    path("<uuid:chart>/drafts/<uuid:draft>/", notes.draft, name="draft"),
    path("<uuid:chart>/drafts/<uuid:draft>/discard/", notes.discard, name="discard"),
    # Where the editor sends its words: a note by itself, the note of a session, an amendment.
    path("<uuid:chart>/drafts/<uuid:draft>/save/", notes.save, name="save"),
    path("<uuid:chart>/drafts/<uuid:draft>/sign/", notes.sign, name="sign"),
    path("<uuid:chart>/session/<uuid:appointment>/<uuid:draft>/save/", notes.save, name="save"),
    path("<uuid:chart>/session/<uuid:appointment>/<uuid:draft>/sign/", notes.sign, name="sign"),
    path("<uuid:chart>/notes/<uuid:note>/<uuid:draft>/save/", notes.save, name="save"),
    path("<uuid:chart>/notes/<uuid:note>/<uuid:draft>/sign/", notes.sign, name="sign"),
]
