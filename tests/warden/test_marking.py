"""Records of fingerprints: made when something is signed, and gone when its patient is erased."""
from tests.cast import Clinic
from tests.warden.hostile import make_chart, open_chart
from uuid import uuid4
from vaitiolo.keys import store
from vaitiolo.warden import client
from vaitiolo.warden.client import Place, Plain
from vaitiolo.warden.kinds import Kind, Mode


def test_x(clinic: Clinic) -> None:
    from vaitiolo.keys.rows import IncidentPairRow
    store.put_incident_pairs([IncidentPairRow(*sorted([uuid4(), uuid4()]), b"x")])
    patient = uuid4()
    chart = make_chart(clinic, patient)
    writing = open_chart(clinic, chart, mode=Mode.WRITE)
    place = Place(Kind.NOTE, uuid4(), 1)
    writing.seal([Plain(place, b'{"text":"' + b"Potilas kertoi unesta ja tyosta. " * 20 + b'"}')])
    assert store.count_marks() == 1
    assert client.list_signed(clinic.console, 0).deeds[-1].mark == 1
