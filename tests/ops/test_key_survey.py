"""Who holds which keys, as the operator sees it: true figures, no patient's name, and recorded."""

from io import StringIO
from uuid import uuid4

import pytest
from rich.console import Console

from tests.cast import KALLIO, Clinic
from tests.warden.hostile import make_chart
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.models import Entry
from vaitiolo.ops import key_survey
from vaitiolo.warden import client
from vaitiolo.warden.client import NewCompartment, NotAllowed
from vaitiolo.warden.kinds import CompartmentClass

WIDE = 240


def printed(clinic: Clinic) -> str:
    out = StringIO()
    key_survey.show_all(Console(file=out, width=WIDE), client.survey(clinic.console))
    return out.getvalue()


def test_each_holder_is_shown_with_what_a_stolen_session_would_reach(clinic: Clinic) -> None:
    for _ in range(3):
        patient, unit = uuid4(), clinic.unit(KALLIO)
        new = NewCompartment(CompartmentClass.IDENTITY, patient, (), (unit,))
        client.create_compartments(clinic.session("aino"), [new])
        make_chart(clinic, patient)
    found = client.survey(clinic.console)
    by_name = {one.name: one for one in found.holders}
    helmi, aino, otso = (by_name[name] for name in ("Helmi Halla", "Aino Aho", "Otso Oja"))
    assert found.patients == 3
    assert (helmi.patients, helmi.charts, helmi.hour, helmi.day) == (3, 3, 15, 40)
    assert (aino.patients, aino.charts, aino.hour, aino.day) == (3, 0, None, 130)
    assert (otso.patients, otso.charts) == (0, 0)
    assert aino.is_signed_in
    assert not otso.is_signed_in
    said = printed(clinic)
    assert "Reach of a stolen session, of 3 patients" in said
    assert clinic.install.trust.recovery.chart.hex() in said


def test_one_patients_readers_are_those_with_valid_grants(clinic: Clinic) -> None:
    patient = uuid4()
    chart = make_chart(clinic, patient)
    [one] = client.survey_one(clinic.console, patient)
    assert (one.compartment, one.klass, one.epoch) == (chart, CompartmentClass.CHART, 1)
    assert [reader.name for reader in one.readers] == ["Helmi Halla"]
    assert one.recoveries == ("chart",)
    out = StringIO()
    key_survey.show_one(Console(file=out, width=WIDE), [one])
    assert "Helmi Halla" in out.getvalue()
    assert client.survey_one(clinic.console, uuid4()) == ()


def test_the_question_is_recorded_and_not_for_pages(clinic: Clinic) -> None:
    before = Entry.objects.using("vault").filter(act=Act.OFFICER_ACT).count()
    client.survey(clinic.console)
    client.survey_one(clinic.console, uuid4())
    assert Entry.objects.using("vault").filter(act=Act.OFFICER_ACT).count() == before + 2
    with pytest.raises(NotAllowed):
        client.survey(clinic.agent)
