"""What a compartment asks before it opens, and what it answers."""

import json
from uuid import uuid4

import pytest

from tests.cast import KALLIO, Clinic
from vaitiolo.warden import client
from vaitiolo.warden.client import NewCompartment, NotGranted, Place, Plain, Sealed
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode, Purpose


def test_a_note_is_signed_and_read_by_its_therapist_alone(clinic: Clinic) -> None:
    patient, note = uuid4(), uuid4()
    aino, helmi, otso = (clinic.session(name) for name in ("aino", "helmi", "otso"))
    identity, chart = client.create_compartments(
        aino,
        [
            NewCompartment(CompartmentClass.IDENTITY, patient, (), (clinic.unit(KALLIO),)),
            NewCompartment(CompartmentClass.CHART, patient, (clinic.id("helmi"),), ()),
        ],
    )
    client.grant(aino, identity, clinic.id("helmi"))
    writing = client.open_compartment(helmi, chart, purpose=Purpose.CARE, mode=Mode.WRITE)
    text = json.dumps({"text": "Uni on parantunut."}).encode()
    place = Place(Kind.NOTE, note, 1)
    [sealed] = writing.seal([Plain(place, text)])
    reading = client.open_compartment(helmi, chart, purpose=Purpose.CARE)
    [read] = reading.unseal([Sealed(place, sealed)])
    assert read.body == text
    assert read.author_name == "Helmi Halla"
    assert [reader.name for reader in reading.readers] == ["Helmi Halla"]
    for stranger in (aino, otso):
        with pytest.raises(NotGranted):
            client.open_compartment(stranger, chart, purpose=Purpose.CARE)
