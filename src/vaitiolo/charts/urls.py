"""Addresses of charts. They hold random ids and nothing else; words travel in the body alone."""

from django.urls import path

from vaitiolo.charts import views

app_name = "charts"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("<uuid:chart>/", views.chart, name="chart"),
    path("<uuid:chart>/write/", views.write, name="write"),
    path("<uuid:chart>/team/", views.team, name="team"),
    path("<uuid:chart>/found/", views.found, name="found"),
    path("<uuid:chart>/session/<uuid:appointment>/", views.session, name="session"),
    path("<uuid:chart>/notes/<uuid:note>/", views.note, name="note"),
    path("<uuid:chart>/notes/<uuid:note>/amend/", views.amend, name="amend"),
    path("<uuid:chart>/drafts/<uuid:draft>/", views.draft, name="draft"),
    path("<uuid:chart>/drafts/<uuid:draft>/discard/", views.discard, name="discard"),
    # Where the editor sends its words: a note by itself, the note of a session, an amendment.
    path("<uuid:chart>/drafts/<uuid:draft>/save/", views.save, name="save"),
    path("<uuid:chart>/drafts/<uuid:draft>/sign/", views.sign, name="sign"),
    path("<uuid:chart>/session/<uuid:appointment>/<uuid:draft>/save/", views.save, name="save"),
    path("<uuid:chart>/session/<uuid:appointment>/<uuid:draft>/sign/", views.sign, name="sign"),
    path("<uuid:chart>/notes/<uuid:note>/<uuid:draft>/save/", views.save, name="save"),
    path("<uuid:chart>/notes/<uuid:note>/<uuid:draft>/sign/", views.sign, name="sign"),
]
