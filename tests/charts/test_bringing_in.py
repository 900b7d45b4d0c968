"""A register that was brought in reads like any other chart, and says where it came from."""

from datetime import date
from uuid import uuid4

from django.utils import timezone

from tests.charts.conftest import AADA, Practice
from vaitiolo.charts.actions.bringing_in import (
    ArrivedChart,
    ArrivingDraft,
    ArrivingNote,
    plain_draft,
    plain_note,
    store_arrived,
)
from vaitiolo.charts.bodies import DraftBody, NoteBody
from vaitiolo.kit.ids import ChartId, NoteId, PatientId
from vaitiolo.people import desks, records
from vaitiolo.people.access import Place, Plain
from vaitiolo.people.models import Patient
from vaitiolo.warden import client as warden
from vaitiolo.warden.kinds import Kind

DAY = date(2019, 3, 14)


def arrive(practice: Practice) -> tuple[PatientId, ChartId]:
    """Bring one patient in with a note and a draft, as the console does."""
    patient, clinic = PatientId(uuid4()), practice.clinic
    helmi, unit = practice.id("helmi"), clinic.unit("Kallio")
    note = ArrivingNote(NoteId(uuid4()), helmi, DAY, DAY)
    draft = ArrivingDraft(uuid4(), helmi, DAY)
    body = NoteBody(DAY, "free", "Vanha merkintä.", helmi, source="Entinen järjestelmä")
    words = DraftBody("free", "Vanha luonnos.", 5, timezone.now())
    identity = Plain(
        Place(Kind.IDENTITY, patient, 1), records.write_identity(AADA, at=timezone.now())
    )
    line = Plain(Place(Kind.PHONEBOOK, patient, 1), records.write_phonebook(AADA))
    arrival = warden.Arrival(
        patient,
        unit,
        helmi,
        "",
        identity,
        line,
        (plain_note(note, body), plain_draft(draft, words)),
    )
    first, second = clinic.session("mauri"), clinic.session("pia")
    batch = warden.begin_bringing_in(
        type(first)(first.cookie, clinic.console),
        type(second)(second.cookie, clinic.console),
        source="test",
        patients=1,
    )
    [arrived] = warden.bring_in(clinic.console, batch, [arrival])
    assert arrived.chart is not None
    assert arrived.shared is not None
    Patient.objects.create(
        id=patient,
        unit_id=unit,
        identity=arrived.identity,
        chart=arrived.chart,
        shared=arrived.shared,
        registered_on=DAY,
    )
    chart = ChartId(arrived.chart)
    sealed = arrived.sealed_notes
    store_arrived([ArrivedChart(chart, patient, DAY, [(note, sealed[0])], [(draft, sealed[1])])])
    client = desks.Client(AADA.name, AADA.born_on, "fi", chart, arrived.identity, arrived.shared)
    practice.tell("helmi", desks.client_added(patient, client, at=timezone.now()))
    return patient, chart


def test_a_note_that_was_brought_in_says_so_and_names_who_sealed_it(practice: Practice) -> None:
    _patient, chart = arrive(practice)
    page = practice.browser("helmi").get(f"/charts/{chart}/").content.decode()
    assert "Vanha merkintä." in page
    assert "Brought in from Entinen järjestelmä on 14.3.2019" in page
    assert "The seal is that of Mauri Mäki" in page
    assert "Helmi Halla · signed 14.3.2019" in page


def test_its_author_amends_it_and_its_draft_goes_on(practice: Practice) -> None:
    _patient, chart = arrive(practice)
    helmi = practice.browser("helmi")
    page = helmi.get(f"/charts/{chart}/write/").content.decode()
    assert "Vanha luonnos.</textarea>" in page
    assert 'data-caret="5"' in page
    assert "Amend" in helmi.get(f"/charts/{chart}/").content.decode()
