"""The registrar ends an access; the colleague's open page then says so, and nothing opens."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from tests.cast import Clinic
from tests.people.conftest import Actors, Browser
from vaitiolo.people import actions
from vaitiolo.people.models import Member
from vaitiolo.people.staff import EndReason
from vaitiolo.warden.client import NotAllowed

SURE = {"reason": str(int(EndReason.LEFT)), "is_sure": "on"}


@pytest.fixture
def ritva(browser: Browser) -> Client:
    return browser("ritva")


def test_the_staff_is_listed_with_role_and_unit(ritva: Client) -> None:
    page = ritva.get("/staff/").content.decode()
    for words in ("Helmi Halla", "Therapist · Kallio", "Taito Tuuri", "Reception · Töölö"):
        assert words in page


def test_an_ended_access_closes_the_open_page(
    ritva: Client, browser: Browser, practice: Clinic
) -> None:
    otso, there = browser("otso"), f"/staff/{practice.id('otso')}/end/"
    assert otso.get("/patients/").status_code == 403, "not his page, but he is known"
    assert "Otso Oja" in ritva.get(there).content.decode()
    answer = ritva.post(there, SURE)
    assert (answer["Location"], answer.cookies["notice"].value) == (
        "/staff/",
        "people/access-ended",
    )
    assert otso.get("/patients/")["Location"].startswith("/sign-in/")
    assert otso.post("/patients/", {"words": "mäk"}).status_code == 401
    assert not Member.objects.get(id=practice.id("otso")).is_active
    assert "Access ended" in ritva.get("/staff/").content.decode()


def test_whoever_left_is_no_longer_among_the_therapists(
    actor: Actors, ritva: Client, practice: Clinic
) -> None:
    ritva.post(f"/staff/{practice.id('otso')}/end/", SURE)
    names = [one.name for one in actions.access.list_colleagues(actor("aino")) if one.is_active]
    assert "Otso Oja" not in names
    assert "Helmi Halla" in names


@pytest.mark.parametrize("left_out", ["reason", "is_sure"])
def test_without_reason_or_confirmation_nothing_ends(
    ritva: Client, practice: Clinic, left_out: str
) -> None:
    typed = {name: value for name, value in SURE.items() if name != left_out}
    page = ritva.post(f"/staff/{practice.id('otso')}/end/", typed).content.decode()
    assert re.search("This field is required|The access has not ended", page)
    assert Member.objects.get(id=practice.id("otso")).is_active


def test_the_own_access_and_an_unknown_one_cannot_be_ended(ritva: Client, practice: Clinic) -> None:
    own = f"/staff/{practice.id('ritva')}/end/"
    assert "cannot end your own access" in ritva.get(own).content.decode()
    assert ritva.post(own, SURE).status_code == NotAllowed.status
    assert ritva.get(f"/staff/{uuid4()}/end/").status_code == 404


def test_nobody_but_a_registrar_ends_an_access(
    browser: Browser, actor: Actors, practice: Clinic
) -> None:
    otso = practice.id("otso")
    for name in ("helmi", "aino", "mauri"):
        assert browser(name).post(f"/staff/{otso}/end/", SURE).status_code == 403
        with pytest.raises(NotAllowed):
            actions.end_access(actor(name), otso, reason=EndReason.LEFT)
    assert Member.objects.get(id=otso).is_active


def test_the_reasons_are_those_of_signed_revocations() -> None:
    from vaitiolo.keys.revocations import Reason  # noqa: PLC0415 - tests hold both halves

    assert {one.name: one.value for one in EndReason} == {one.name: one.value for one in Reason}
