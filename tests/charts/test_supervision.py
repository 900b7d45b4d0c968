"""Notes for supervision: chosen, copied, read until a day; the chart and the name stay closed."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.utils import timezone

from tests.charts.conftest import WORDS, Aada
from vaitiolo.charts.actions.rotating import turn_some
from vaitiolo.charts.models import CopiedNote, Note, SupervisionCopy
from vaitiolo.keys.rows import DueReason
from vaitiolo.kit.dates import day_of
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.server import rotating

DAY = 24 * 3_600_000_000
LIST = "/charts/supervision/"


def copied(aada: Aada, *notes: Note, days: int = 7, reader: str = "otso") -> HttpResponse:
    until = day_of(timezone.now()) + timedelta(days=days)
    return aada.practice.browser("helmi").post(
        f"{aada.url}supervision/",
        {
            "reader": str(aada.practice.id(reader)),
            "until": until.isoformat(),
            "notes": [str(note.id) for note in notes],
        },
    )


@pytest.fixture
def copy(aada: Aada) -> SupervisionCopy:
    """One of two notes of Aada's chart, with Otso."""
    aada.signed("Tämä jää karttaan.")
    assert copied(aada, aada.signed()).status_code == 302
    return SupervisionCopy.objects.get()


def test_the_reader_sees_the_chosen_note_and_no_name(aada: Aada, copy: SupervisionCopy) -> None:
    page = aada.page("otso", LIST)
    assert "From Helmi Halla" in page
    assert "1 note" in page
    read = aada.page("otso", f"{LIST}{copy.id}/")
    assert WORDS in read
    for kept in ("Tämä jää karttaan.", "Aada", "Mäkinen", str(aada.chart), str(aada.patient)):
        assert kept not in page + read
    assert aada.practice.browser("otso").get(aada.url).status_code == 404
    entries = aada.practice.entries()
    assert (entries.count(Act.RELEASE), entries.count(Act.OPEN_COPY)) == (1, 1)


def test_a_copy_is_no_chart_and_a_chart_no_copy(aada: Aada, copy: SupervisionCopy) -> None:
    otso, helmi = (aada.practice.browser(name) for name in ("otso", "helmi"))
    assert otso.get(f"/charts/{copy.id}/").status_code == 404
    assert otso.get(f"/charts/{copy.id}/team/").status_code == 404
    assert helmi.get(f"{LIST}{aada.chart}/").status_code == 404


def test_nobody_else_reads_it(aada: Aada, copy: SupervisionCopy) -> None:
    for name, status in (("aino", 403), ("pia", 403)):
        assert aada.practice.browser(name).get(f"{LIST}{copy.id}/").status_code == status
    assert str(copy.id) not in aada.page("helmi", LIST)


def test_reading_ends_with_its_day(aada: Aada, copy: SupervisionCopy, monkeypatch) -> None:
    later = timezone.now() + timedelta(days=9)
    monkeypatch.setattr(timezone, "now", lambda: later)
    aada.practice.clinic.clock.ahead += 9 * DAY
    for name in ("otso", "helmi"):
        aada.practice.clinic.seat(name)
    aada.practice.browsers.clear()
    assert aada.practice.browser("otso").get(f"{LIST}{copy.id}/").status_code == 404
    assert "From Helmi Halla" not in aada.page("otso", LIST)
    assert "ended on" in aada.page(url=f"{aada.url}supervision/")
    answer = aada.practice.browser("helmi").post(f"{LIST}{copy.id}/end/")
    assert answer.status_code == 302
    assert not CopiedNote.objects.exists()


def test_the_author_ends_it_before_and_its_key_is_exchanged(
    aada: Aada, copy: SupervisionCopy
) -> None:
    assert aada.practice.browser("otso").post(f"{LIST}{copy.id}/end/").status_code == 404
    answer = aada.practice.browser("helmi").post(f"{LIST}{copy.id}/end/")
    assert answer["Location"] == f"{aada.url}supervision/"
    assert aada.practice.browser("otso").get(f"{LIST}{copy.id}/").status_code == 404
    helmi = aada.practice.actor("helmi")
    assert turn_some(helmi).left == 1
    aada.practice.clinic.clock.ahead += 180_000_000
    turn_some(helmi)
    assert turn_some(helmi).left == 0


def test_a_copy_reads_as_before_when_its_key_was_exchanged(
    aada: Aada, copy: SupervisionCopy
) -> None:
    rotating.ask(aada.practice.clinic.install, [copy.id], why=DueReason.SUSPECTED)
    while (progress := turn_some(aada.practice.actor("helmi"))).left:
        if progress.wait:
            aada.practice.clinic.clock.ahead += 180_000_000
    assert WORDS in aada.page("otso", f"{LIST}{copy.id}/")


def test_what_cannot_be_is_said_in_the_form(aada: Aada) -> None:
    note = aada.signed()
    assert "This field is required" in copied(aada).content.decode()
    assert "within a year" in copied(aada, note, days=-1).content.decode()
    assert "within a year" in copied(aada, note, days=900).content.decode()
    assert copied(aada, note, reader="aino").status_code == 200
    aada.let_in("otso")
    assert "no note of yours" in aada.page("otso", f"{aada.url}supervision/")
    assert not SupervisionCopy.objects.exists()
