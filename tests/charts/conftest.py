"""A patient of Helmi's with a chart and a session today, and browsers for whoever asks."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation

from tests.cast import Clinic
from vaitiolo.charts.bodies import NoteBody
from vaitiolo.charts.models import Draft, Note
from vaitiolo.kit.ids import ChartId, HolderId, PatientId
from vaitiolo.ledger import queries as ledger
from vaitiolo.people import actions as people_actions
from vaitiolo.people import desks
from vaitiolo.people import queries as people_queries
from vaitiolo.people import sign_in as door
from vaitiolo.people.access import open_identity
from vaitiolo.people.actor import Actor
from vaitiolo.people.desks import DeskSession
from vaitiolo.people.models import Desk, Member, Unit
from vaitiolo.people.records import IdentityRecord
from vaitiolo.people.sign_in import COOKIE
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
WORDS = "Uni on parantunut. Keskusteltiin siitä, miten ilta rauhoittuu."


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

    def tell(self, name: str, *events: desks.Event) -> None:
        """Lay events on a desk, as reception does."""
        people_actions.lay_on_desks(
            self.actor("aino"), [(self.id(name), event) for event in events]
        )

    def entries(self) -> list[int]:
        """Return the acts in the ledger, in their order."""
        return [one.leaf.act for one in ledger.entries_from(0)]


@dataclass
class Aada:
    """A patient, the chart, and today's session."""

    practice: Practice
    patient: PatientId
    chart: ChartId
    appointment: UUID
    starts_at: datetime
    window: str = field(default_factory=lambda: str(uuid4()))

    @property
    def url(self) -> str:
        return f"/charts/{self.chart}/"

    @property
    def session_url(self) -> str:
        return f"{self.url}session/{self.appointment}/"

    def saving(self, text: str = WORDS, **more: Any) -> dict[str, Any]:
        return {
            "text": text,
            "caret": len(text),
            "template": "free",
            "version": 0,
            "window": self.window,
            **more,
        }

    def save(self, url: str, text: str = WORDS, by: str = "helmi", **more: Any) -> HttpResponse:
        """Send words as the editor does."""
        return self.practice.browser(by).post(
            f"{url}save/",
            json.dumps(self.saving(text, **more)),
            content_type="application/json",
            headers={"Accept": "application/json"},
        )

    def sign(self, url: str, text: str = WORDS, by: str = "helmi", **more: Any) -> HttpResponse:
        """Sign words as the editor does."""
        return self.practice.browser(by).post(
            f"{url}sign/", self.saving(text, **more), headers={"Accept": "application/json"}
        )

    def draft_url(self, draft: UUID | None = None) -> str:
        """Return where the editor of the session writes, with a draft of its own."""
        return f"{self.session_url}{draft or uuid4()}/"

    def signed(self, text: str = WORDS, **more: Any) -> Note:
        """Return a note beside the sessions that Helmi has signed."""
        draft = uuid4()
        answer = self.sign(f"{self.url}drafts/{draft}/", text, **more)
        assert answer.status_code == 200, answer.content.decode()
        return Note.objects.get(id=draft)

    def page(self, by: str = "helmi", url: str = "") -> str:
        answer = self.practice.browser(by).get(url or self.url)
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode()

    def let_in(self, name: str, until: date | None = None) -> HttpResponse:
        """Let a colleague into the care team, on the page for it."""
        return self.practice.browser("helmi").post(
            f"{self.url}team/", {"colleague": str(self.practice.id(name)), "until": until or ""}
        )

    def draft(self) -> Draft:
        return Draft.objects.get(chart_id=self.chart, copy_of__isnull=True)


@pytest.fixture
def practice(clinic: Clinic) -> Practice:
    for name, unit in clinic.units.items():
        Unit.objects.create(
            id=unit, name=name, phonebook=clinic.phonebook(name), diary=clinic.diary(name)
        )
    for person in clinic.people.values():
        Member.objects.create(id=person.id, unit_id=person.unit, role=person.role)
        Desk.objects.create(id=clinic.founded.desks[person.id], holder=person.id)
    return Practice(clinic)


@pytest.fixture
def admit(practice: Practice) -> Callable[..., Aada]:
    """Register a patient of a therapist's, with a session in the diary of the desk."""

    def one(record: IdentityRecord = AADA, therapist: str = "helmi") -> Aada:
        now = timezone.now()
        aino = practice.actor("aino")
        patient = people_actions.register_patient(aino, record, at=now)
        identity = open_identity(aino, patient, purpose=Purpose.RECEPTION)
        people_actions.assign_therapist(identity, record, therapist=practice.id(therapist), at=now)
        ids = people_queries.find_compartments(patient)
        assert ids is not None
        assert ids.chart is not None
        appointment = uuid4()
        starts_at = now - timedelta(minutes=5)
        session = DeskSession(patient, starts_at, starts_at + timedelta(minutes=45), "2")
        practice.tell(therapist, desks.session_booked(appointment, session, at=now))
        return Aada(practice, patient, ids.chart, appointment, starts_at)

    return one


@pytest.fixture
def aada(admit: Callable[..., Aada]) -> Aada:
    return admit()


def body_of(text: str, practice: Practice, **more: Any) -> NoteBody:
    return NoteBody(date(2026, 11, 20), "free", text, practice.id("helmi"), **more)
