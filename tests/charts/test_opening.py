"""Who opens a chart, what the page says of it, and what the ledger says."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.charts.conftest import WORDS, Aada
from vaitiolo.kit.dates import day_of
from vaitiolo.ledger import queries as ledger
from vaitiolo.ledger.acts import Act
from vaitiolo.people.models import Patient
from vaitiolo.warden import client as warden
from vaitiolo.warden.server.evidence import detail_of


def test_a_colleague_without_a_grant_and_reception_find_nothing(aada: Aada) -> None:
    aada.signed()
    before = len(aada.practice.entries())
    for name in ("otso", "aino", "ritva"):
        answer = aada.practice.browser(name).get(aada.url)
        assert answer.status_code == 404
        assert WORDS not in answer.content.decode()
        assert "The attempt was recorded" in answer.content.decode()
    assert aada.practice.entries()[before:].count(Act.REFUSED) == 3


def test_nobody_without_a_grant_saves_or_signs(aada: Aada) -> None:
    for name in ("otso", "aino"):
        assert aada.save(aada.draft_url(), by=name).status_code == 404
        assert aada.sign(aada.draft_url(), by=name).status_code == 404


def test_the_id_of_another_compartment_is_no_chart(aada: Aada) -> None:
    patient = Patient.objects.get(id=aada.patient)
    for name, other in (("helmi", patient.shared), ("helmi", patient.identity)):
        assert aada.practice.browser(name).get(f"/charts/{other}/").status_code == 404
    assert aada.practice.browser("aino").get(f"/charts/{patient.identity}/").status_code == 404


def test_one_opening_is_one_entry(aada: Aada) -> None:
    aada.signed()
    before = len(aada.practice.entries())
    aada.page()
    assert sorted(aada.practice.entries()[before:]) == [Act.OPEN_CHART, Act.OPEN_DESK]


def test_opening_a_session_says_on_what_ground(aada: Aada) -> None:
    aada.page(url=aada.session_url)
    recording = aada.practice.clinic.install.recording
    opened = [
        one.index
        for one in ledger.entries_of(recording.tag(aada.patient))
        if one.leaf.act == Act.OPEN_CHART
    ]
    _day, detail = detail_of(recording, opened[-1], subject=aada.patient, acts={Act.OPEN_CHART})
    assert detail["ground"] == f"session {aada.appointment}"


def test_the_line_names_who_else_can_open_the_note(aada: Aada) -> None:
    aada.signed()
    assert "Only you can open this note." in aada.page()
    until = day_of(aada.starts_at) + timedelta(days=30)
    aada.let_in("otso", until)
    page = aada.page()
    assert "Only you and Otso Oja can open this note." in page
    assert "three of the five officers" in page
    assert f"until {until.day}.{until.month}.{until.year}" in page
    assert "Only you and Helmi Halla can open this note." in aada.page("otso")


def test_a_colleague_whose_desk_knows_nothing_still_sees_whose_chart_it_is(aada: Aada) -> None:
    helmi = aada.practice.clinic.session("helmi")
    for compartment in (aada.chart, Patient.objects.get(id=aada.patient).identity):
        warden.grant(helmi, compartment, aada.practice.id("otso"))
    assert "Aada Mäkinen" in aada.page("otso")


def test_a_chart_costs_as_many_queries_with_twenty_notes_as_with_one(aada: Aada) -> None:
    counts = []
    for notes in (1, 3):
        for _ in range(notes):
            aada.signed()
        with CaptureQueriesContext(connection) as queries:
            aada.page()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_no_address_and_no_title_holds_a_name(aada: Aada) -> None:
    page = aada.page()
    title = page[page.index("<title>") : page.index("</title>")]
    assert "Aada" not in title


def test_words_of_a_note_are_words_and_never_code(aada: Aada) -> None:
    aada.signed("<script>alert(1)</script>\n\n& <b>lihava</b>")
    page = aada.page()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</p><p>&amp; &lt;b&gt;lihava" in page
