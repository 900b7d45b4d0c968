"""A colleague is let in by somebody who is in, until a day; the grant is signed and recorded."""

from datetime import timedelta

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
