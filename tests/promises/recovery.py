"""A ceremony and a contact case from end to end, as part of a day in which all gets asked."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from tests.cast import KALLIO, Clinic
from tests.warden.fingers import PASSWORD, enrol_officer
from vaitiolo.ceremony import answering
from vaitiolo.keys import ceremonies
from vaitiolo.keys.holders import HolderKeys, master_part
from vaitiolo.warden import client, protocol
from vaitiolo.warden.client import NewCompartment, Place, Plain, Sealed
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode, Purpose
from vaitiolo.warden.protocol import Question
from vaitiolo.warden.session import Session

WHO = b'{"name":"Aada M\xc3\xa4kinen"}'


def recover(clinic: Clinic, web: Any, console: Any, *, patient: UUID) -> None:
    hold_a_ceremony(clinic, console, patient)
    run_a_case(clinic, web)


def recovery_questions(cookie: bytes, patient: UUID, note: Sealed) -> Iterator[Question]:
    """What a page can ask of recovery that could lead to somebody's chart."""
    yield protocol.ExportCeremony(cookie, (patient,), uuid4(), 1)
    yield protocol.ImportCeremony(cookie, b"", b"")
    yield protocol.EnrolShare(cookie, "", PASSWORD, bytes(32), b"")
    yield protocol.JoinCase(cookie, uuid4(), PASSWORD, bytes(32), b"")
    yield protocol.NextOfCase(cookie, uuid4(), 0, 1)
    yield protocol.ReadCase(cookie, uuid4(), patient, note)
    yield protocol.CloseCase(cookie, uuid4())


def hold_a_ceremony(clinic: Clinic, console: Any, patient: UUID) -> None:
    """Open what Helmi wrote of a patient for Otso, with the officers' paper."""
    pia = Session(clinic.session("pia").cookie, console)
    made = client.export_ceremony(pia, [patient], to=clinic.id("otso"), purpose=1)
    pinned, org = answering.pinned_by(clinic.install.trust), clinic.install.org
    checked = answering.read_request(made.request, pinned)
    with HolderKeys(master_part(clinic.paper.master, org, part="chart"), org) as keys:
        answer = ceremonies.make_answer(checked, keys=keys, made=clinic.install.today())
    client.import_ceremony(pia, request=made.request, answer=answer.encode())


def run_a_case(clinic: Clinic, web: Any) -> None:
    """Reach one patient through two officers."""
    patient, aino = uuid4(), clinic.session("aino")
    new = NewCompartment(CompartmentClass.IDENTITY, patient, (), (clinic.unit(KALLIO),))
    [identity] = client.create_compartments(aino, [new])
    place = Place(Kind.IDENTITY, patient, 1)
    writing = client.open_compartment(aino, identity, purpose=Purpose.RECEPTION, mode=Mode.WRITE)
    record = Sealed(place, writing.seal([Plain(place, WHO)])[0])
    pia, mauri = (Session(clinic.session(one).cookie, web) for one in ("pia", "mauri"))
    fingers = [enrol_officer(clinic, name, web) for name in ("pia", "mauri")]
    case = client.open_case(pia, [patient], reason="Breach")
    over = client.over_joining(case.case, case.list_hash)
    for session, finger in zip((pia, mauri), fingers, strict=True):
        client.join_case(
            session,
            case.case,
            password=PASSWORD,
            prf=finger.prf,
            assertion=finger.touch(session, over),
        )
    client.next_of_case(pia, case.case, start=0, count=1)
    assert client.read_case(pia, case.case, patient, document=record).body == WHO
    client.close_case(mauri, case.case)
    assert client.ask_own_share(pia).keys == 1
    assert [one.listed for one in client.list_cases(mauri)] == [1]
