"""The web's half of the clinic that every test can meet, and browsers for its people."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import translation

from tests.cast import Clinic
from vaitiolo.people import sign_in
from vaitiolo.people.actor import Actor
from vaitiolo.people.models import Desk, Member, Unit
from vaitiolo.people.sign_in import COOKIE

Browser = Callable[[str], Client]
Actors = Callable[[str], Actor]


@pytest.fixture(autouse=True)
def _demo_in_english(settings: LazySettings) -> Iterator[None]:
    settings.DEMO = True
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def practice(clinic: Clinic) -> Clinic:
    """The clinic, with the rows that the web keeps of it."""
    for name, unit in clinic.units.items():
        Unit.objects.create(
            id=unit, name=name, phonebook=clinic.phonebook(name), diary=clinic.diary(name)
        )
    for person in clinic.people.values():
        Member.objects.create(id=person.id, unit_id=person.unit, role=person.role)
        if person.id in clinic.founded.desks:
            Desk.objects.create(id=clinic.founded.desks[person.id], holder=person.id)
    return clinic


@pytest.fixture
def browser(practice: Clinic) -> Browser:
    """Give somebody a browser in which they are signed in."""

    def seat(name: str) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        client.cookies[COOKIE] = practice.cookie(name)
        return client

    return seat


@pytest.fixture
def actor(practice: Clinic) -> Actors:
    """Recognise somebody who is signed in."""
    return lambda name: sign_in.recognise(practice.session(name))
