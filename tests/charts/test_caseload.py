"""The list of one's own patients: from the desk alone, and nobody else's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from tests.charts.conftest import AADA, Aada
from vaitiolo.ledger.acts import Act
from vaitiolo.people import desks

PAGE = "/charts/"


def test_own_patients_are_listed_and_no_chart_is_opened(admit: Callable[..., Aada]) -> None:
    aada = admit()
    admit(replace(AADA, given_name="Eero", family_name="Esimerkki"), "otso")
    begin = timezone.now() + timedelta(days=7)
    coming = desks.DeskSession(aada.patient, begin, begin + timedelta(minutes=45), "2")
    aada.practice.tell("helmi", desks.session_booked(uuid4(), coming, at=timezone.now()))
    before = aada.practice.entries().count(Act.OPEN_CHART)
    page = aada.page("helmi", PAGE)
    assert aada.url in page
    assert f"next {begin:%a}" in page
    assert "Eero" not in page
    assert aada.practice.entries().count(Act.OPEN_CHART) == before


def test_whose_access_has_ended_is_not_listed(aada: Aada) -> None:
    aada.let_in("otso")
    assert aada.url in aada.page("otso", PAGE)
    aada.practice.browser("helmi").post(f"{aada.url}team/{aada.practice.id('otso')}/withdraw/")
    assert "No patients yet" in aada.page("otso", PAGE)


def test_other_roles_have_no_caseload(aada: Aada) -> None:
    assert aada.practice.browser("aino").get(PAGE).status_code in {403, 404}
