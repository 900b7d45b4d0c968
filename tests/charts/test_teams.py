"""A colleague is let in by somebody who is in, until a day; the grant is signed and recorded."""

from datetime import timedelta

from django.http import HttpResponse

from tests.charts.conftest import WORDS, Aada
from vaitiolo.kit.dates import day_of
from vaitiolo.ledger.acts import Act
from vaitiolo.people import queries as people
from vaitiolo.people.access import open_desk


def test_a_colleague_who_was_let_in_reads_and_finds_the_patient_on_the_desk(aada: Aada) -> None:
    aada.signed()
    assert aada.let_in("otso")["Location"].endswith("/team/")
    assert WORDS in aada.page("otso")
    [client] = people.read_desk(open_desk(aada.practice.actor("otso"))).caseload.values()
    assert (client.name, client.chart_id) == ("Aada Mäkinen", aada.chart)
    assert aada.practice.entries().count(Act.GRANT) >= 3


def test_access_ends_by_itself_after_the_last_day(aada: Aada) -> None:
    aada.let_in("otso", day_of(aada.starts_at) + timedelta(days=3))
    aada.practice.clinic.clock.ahead += 5 * 24 * 3_600_000_000
    aada.practice.clinic.seat("otso")
    aada.practice.browsers.clear()
    assert aada.practice.browser("otso").get(aada.url).status_code == 404


def test_a_day_that_is_over_is_refused_in_the_form(aada: Aada) -> None:
    answer = aada.let_in("otso", day_of(aada.starts_at) - timedelta(days=1))
    assert "This day is over" in answer.content.decode()
    assert aada.practice.browser("otso").get(aada.url).status_code == 404


def test_only_therapists_are_offered(aada: Aada) -> None:
    page = aada.page(url=f"{aada.url}team/")
    assert "Otso Oja" in page
    assert "Aino Aho" not in page
    assert "Not saved yet" in aada.let_in("aino").content.decode()


def test_nobody_lets_in_who_is_not_in(aada: Aada) -> None:
    sent = {"colleague": str(aada.practice.id("otso")), "until": ""}
    assert aada.practice.browser("otso").post(f"{aada.url}team/", sent).status_code == 404


def test_nobody_gives_longer_access_than_they_have(aada: Aada) -> None:
    aada.let_in("otso", day_of(aada.starts_at) + timedelta(days=3))
    sent = {"colleague": str(aada.practice.id("helmi")), "until": ""}
    answer = aada.practice.browser("otso").post(f"{aada.url}team/", sent)
    assert answer.status_code in {200, 409}


def end(aada: Aada, name: str, by: str = "helmi") -> HttpResponse:
    return aada.practice.browser(by).post(f"{aada.url}team/{aada.practice.id(name)}/withdraw/")


def test_whose_access_is_ended_opens_nothing_and_is_told_on_the_desk(aada: Aada) -> None:
    aada.signed()
    aada.let_in("otso")
    assert "End the access of Otso Oja" in aada.page(url=f"{aada.url}team/")
    assert end(aada, "otso")["Location"].endswith("/team/")
    assert "Otso Oja" not in aada.page(url=f"{aada.url}team/").split("Let a colleague in")[0]
    otso = aada.practice.browser("otso")
    assert otso.get(aada.url).status_code == 404
    assert otso.get(f"/patients/{aada.patient}/").status_code == 404
    day = aada.page("otso", "/diary/day/")
    assert "not open to you since" in day
    assert otso.post(f"{aada.url}take-off/")["Location"]
    assert "not open to you since" not in aada.page("otso", "/diary/day/")


def test_who_is_let_in_again_stands_on_the_desk_again(aada: Aada) -> None:
    aada.let_in("otso")
    end(aada, "otso")
    aada.practice.clinic.clock.ahead += 61_000_000
    aada.let_in("otso")
    assert "not open to you since" not in aada.page("otso", "/diary/day/")
    assert aada.page("otso")


def test_one_can_leave_a_team_in_which_somebody_remains(aada: Aada) -> None:
    assert end(aada, "helmi").status_code == 409
    aada.let_in("otso")
    assert end(aada, "helmi").status_code == 302
    assert aada.practice.browser("helmi").get(aada.url).status_code == 404
    assert aada.page("otso")


def test_nobody_ends_an_access_from_outside_or_as_a_substitute(aada: Aada) -> None:
    assert end(aada, "helmi", by="otso").status_code == 404
    aada.let_in("otso", day_of(aada.starts_at) + timedelta(days=3))
    assert end(aada, "helmi", by="otso").status_code == 409
    assert aada.page()
