"""Patients who were registered at the desk, and officers with their keys in hand."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext

from tests.browser import PATIENCE, serving
from tests.cast import Clinic
from tests.people.conftest import _demo_in_english, actor, browser, practice
from tests.warden.fingers import PASSWORD, Finger, enrol_officer, text
from vaitiolo.people import actions, sign_in
from vaitiolo.people.records import IdentityRecord
from vaitiolo.people.sign_in import COOKIE

__all__ = ["_demo_in_english", "actor", "browser", "practice"]

NAMES = ("Aada Mäkinen", "Bertta Virtanen", "Cecilia Laine")
Officers = dict[str, Finger]


def record(name: str) -> IdentityRecord:
    given, family = name.split()
    return IdentityRecord(
        given_name=given,
        family_name=family,
        hetu="",
        born_on=date(1990, 1, 1),
        phone="040 555 0100",
        email=f"{given.lower()}@example.org",
        street="Esimerkkikatu 1",
        postal_code="00100",
        town="Helsinki",
        language="fi",
        safe_contact="Only by letter" if given == "Aada" else "",
    )


@pytest.fixture
def registered(practice: Clinic) -> dict[str, UUID]:
    """The ids of three patients, by name."""
    aino = sign_in.recognise(practice.session("aino"))
    return {name: actions.register_patient(aino, record(name), at=timezone.now()) for name in NAMES}


@pytest.fixture
def officers(practice: Clinic) -> Officers:
    """Pia and Mauri with keys, and with their shares locked."""
    return {name: enrol_officer(practice, name) for name in ("pia", "mauri")}


def join(practice: Clinic, seat: Client, where: str, *, finger: Finger, name: str) -> object:
    """Join a case as a browser does: over what its page says."""
    over = seat.get(where).context["case"].join_over
    assertion = finger.touch(practice.session(name), sign_in.as_bytes(over)).decode()
    fields = {"password": PASSWORD, "prf": text(finger.prf), "assertion": assertion}
    return seat.post(where, fields)


@pytest.fixture
def context(
    practice: Clinic, chromium: Browser, settings: LazySettings
) -> Iterator[BrowserContext]:
    """A browser of Pia's."""
    with serving() as address:
        settings.CSRF_TRUSTED_ORIGINS = [address]
        made = chromium.new_context(base_url=address, locale="en", color_scheme="dark")
        made.set_default_timeout(PATIENCE)
        cookie = {"name": COOKIE, "value": practice.cookie("pia"), "secure": True}
        made.add_cookies([{**cookie, "url": address.replace("http:", "https:")}])
        yield made
        made.close()
