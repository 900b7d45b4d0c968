"""A unit with two rooms and a patient of Helmi's, and browsers for whoever asks."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation

from tests.cast import KALLIO, TOOLO, Clinic
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.ids import HolderId, PatientId
from vaitiolo.people import actions as people_actions
from vaitiolo.people import queries as people
from vaitiolo.people import sign_in as door
from vaitiolo.people.access import open_desk, open_identity
from vaitiolo.people.actor import Actor
from vaitiolo.people.desks import Desk
from vaitiolo.people.models import Desk as DeskRow
from vaitiolo.people.models import Member, Unit
from vaitiolo.people.records import IdentityRecord
from vaitiolo.people.sign_in import COOKIE
from vaitiolo.schedule.models import Appointment, Room
from vaitiolo.schedule.times import Slot, moment
from vaitiolo.warden.kinds import Purpose

AADA = IdentityRecord(
    given_name="Aada",
    family_name="Mäkinen",
    hetu="",
    born_on=date(1990, 1, 1),
    phone="048 001 2345",
    email="aada@example.org",
    street="Esimerkkikatu 1",
    postal_code="00500",
    town="Helsinki",
    language="fi",
)
EERO = replace(AADA, given_name="Eero", born_on=date(1988, 2, 2), email="eero@example.org")


@pytest.fixture(autouse=True)
def _pages_in_english(settings: LazySettings) -> Iterator[None]:
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@dataclass
class Practice:
    """The clinic with the web's rows, and what tests ask of it."""

    clinic: Clinic
    rooms: dict[str, UUID] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return door.recognise(self.clinic.session(name))

    def id(self, name: str) -> HolderId:
        return HolderId(self.clinic.id(name))

    def browser(self, name: str) -> Client:
        if name not in self.browsers:
            client = Client(headers={"Accept-Language": "en"})
            client.cookies[COOKIE] = self.clinic.cookie(name)
            self.browsers[name] = client
        return self.browsers[name]

    def page(self, name: str, url: str) -> str:
        answer = self.browser(name).get(url)
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode()

    def desk(self, name: str) -> Desk:
        return people.read_desk(open_desk(self.actor(name)))

    def admit(self, record: IdentityRecord = AADA, therapist: str = "helmi") -> PatientId:
        """Register a patient and give them a therapist."""
        now, aino = timezone.now(), self.actor("aino")
        patient = people_actions.register_patient(aino, record, at=now)
        identity = open_identity(aino, patient, purpose=Purpose.RECEPTION)
        people_actions.assign_therapist(identity, record, therapist=self.id(therapist), at=now)
        return patient

    def typed(self, day: date, clock: str = "14:00", **changed: object) -> dict[str, object]:
        """Return what reception types into the form for a time."""
        return {
            "therapist": self.id("helmi").hex,
            "where": self.rooms["Room 1"].hex,
            "day": day.isoformat(),
            "clock": clock,
            "minutes": 45,
            "times": 1,
            **changed,
        }

    def post(self, url: str, typed: dict[str, object], by: str = "aino") -> HttpResponse:
        return self.browser(by).post(url, typed)

    def booked(self, patient: PatientId, day: date, clock: str = "14:00", **more: object) -> UUID:
        """Book on the page for it, and return the appointment."""
        before = set(Appointment.objects.values_list("id", flat=True))
        answer = self.post(f"/diary/book/{patient}/", self.typed(day, clock, **more))
        assert answer.status_code == 302, answer.content.decode()
        made = UUID(answer["Location"].split("?")[0].split("/")[3])
        assert made not in before
        return made

    def slot(self, day: date, clock: time = time(14), *, room: str | None = "Room 1") -> Slot:
        begin = moment(day, clock)
        there = None if room is None else self.rooms[room]
        return Slot(self.id("helmi"), there, begin, begin + timedelta(minutes=45))


@pytest.fixture
def practice(clinic: Clinic) -> Practice:
    for name, unit in clinic.units.items():
        Unit.objects.create(
            id=unit, name=name, phonebook=clinic.phonebook(name), diary=clinic.diary(name)
        )
    for person in clinic.people.values():
        Member.objects.create(id=person.id, unit_id=person.unit, role=person.role)
        DeskRow.objects.create(id=clinic.founded.desks[person.id], holder=person.id)
    made = Practice(clinic)
    for unit, name in ((KALLIO, "Room 1"), (KALLIO, "Room 2"), (TOOLO, "Attic")):
        row = Room.objects.create(id=uuid4(), unit_id=clinic.unit(unit), name=name)
        made.rooms[name] = row.id
    return made


@pytest.fixture
def aada(practice: Practice) -> PatientId:
    return practice.admit()


@pytest.fixture
def next_week() -> date:
    return day_of(timezone.now()) + timedelta(days=7)


def is_at(row: Appointment, day: date, clock: str) -> bool:
    starts_at: datetime = row.starts_at
    return starts_at == moment(day, time.fromisoformat(clock))
