"""A house with break-glass on: Otso is on call for Kallio, and Helmi has a patient."""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from tests.cast import KALLIO, Clinic
from tests.warden.fingers import Finger, give_key
from tests.warden.hostile import make_chart, open_chart
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client import NewCompartment, Place, Plain, Sealed
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode
from vaitiolo.warden.server.policies import break_glass
from vaitiolo.warden.session import Session

REASON = "Soitti päivystykseen ja puhui itsemurhasta"
WORDS = b"Sovittu tapaaminen torstaiksi."


def switch(clinic: Clinic, **figures: object) -> None:
    """The root signs a policy with break-glass on."""
    install = clinic.install
    on = replace(break_glass(enabled=True), **figures)  # type: ignore[arg-type]
    install.trust = replace(install.trust, break_glass=on)


@dataclass
class Night:
    """Otso is on call for Kallio; Helmi's patient has a signed note."""

    clinic: Clinic
    patient: UUID
    chart: UUID
    identity: UUID
    note: Sealed
    key: Finger

    @property
    def otso(self) -> Session:
        return self.clinic.session("otso")

    def touch(self, reason: str = REASON, patient: UUID | None = None) -> bytes:
        return self.key.touch(self.otso, client.over_breaking(patient or self.patient, reason))

    def break_in(self, reason: str = REASON, patient: UUID | None = None) -> int:
        whom = patient or self.patient
        assertion = self.touch(reason, whom)
        return client.break_glass(self.otso, whom, reason, assertion=assertion).opening

    def read(self) -> bytes:
        opened = open_chart(self.clinic, self.chart, "otso")
        return opened.unseal([self.note])[0].body

    def acts(self, patient: UUID | None = None) -> list[Act]:
        tag = self.clinic.install.recording.tag(patient or self.patient)
        return [entry.leaf.act for entry in queries.entries_of(tag)]


def put_on_call(clinic: Clinic, *names: str, by: str = "ritva") -> None:
    persons = [clinic.id(name) for name in names]
    client.set_roster(clinic.session(by), clinic.unit(KALLIO), persons, assertion=b"")
    client.settle_staff(clinic.session("ritva"))


def a_patient(clinic: Clinic) -> tuple[UUID, UUID, UUID]:
    patient = uuid4()
    new = NewCompartment(CompartmentClass.IDENTITY, patient, (), (clinic.unit(KALLIO),))
    [identity] = client.create_compartments(clinic.session("aino"), [new])
    return patient, make_chart(clinic, patient), identity


def a_night(clinic: Clinic) -> Night:
    """Put Otso on call, and let Helmi sign a note of a patient of hers."""
    switch(clinic)
    put_on_call(clinic, "otso")
    patient, chart, identity = a_patient(clinic)
    place = Place(Kind.NOTE, uuid4(), 1)
    writing = open_chart(clinic, chart, mode=Mode.WRITE)
    note = Sealed(place, writing.seal([Plain(place, WORDS)])[0])
    return Night(clinic, patient, chart, identity, note, give_key(clinic, "otso"))
