"""A caseload goes to a colleague: planned, confirmed with a touch, done one by one, resumable."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from tests.charts.conftest import AADA, Aada, Practice
from tests.charts.test_rotating import Killed, die_at
from vaitiolo.charts import access
from vaitiolo.charts.actions import handing_over as deeds
from vaitiolo.kit.dates import day_of
from vaitiolo.ledger.acts import Act
from vaitiolo.people import access as people_access
from vaitiolo.people import actions as people_actions
from vaitiolo.people import desks
from vaitiolo.people import queries as people
from vaitiolo.people.access import open_desk, open_identity
from vaitiolo.people.consents import list_consents
from vaitiolo.people.desks import Desk
from vaitiolo.people.models import Consent
from vaitiolo.people.staff import EndReason
from vaitiolo.warden.kinds import Purpose

PAGE = "/charts/handing-over/"
DAY = 24 * 3_600_000_000


@pytest.fixture
def two(admit: Callable[..., Aada]) -> list[Aada]:
    """Two patients of Helmi's, with a note each."""
    patients = [admit(), admit(replace(AADA, given_name="Eero", family_name="Esimerkki"))]
    for one in patients:
        one.signed()
    return patients


def today() -> date:
    return day_of(timezone.now())


def planned(patients: list[Aada], answers: list[str], **more: Any) -> None:
    """Plan a hand-over to Otso on the page."""
    practice = patients[0].practice
    sent = {"to": str(practice.id("otso")), "day": today().isoformat(), "words": "Hyvää jatkoa."}
    for one, answer in zip(patients, answers, strict=True):
        sent[f"p-{one.patient}"] = answer
    answer = practice.browser("helmi").post(PAGE, {**sent, **more})
    assert answer.status_code == 302, answer.content.decode()


def confirm(practice: Practice) -> int:
    url = f"{PAGE}to/{practice.id('otso')}/"
    return practice.browser("helmi").post(url).status_code


def go_on(practice: Practice) -> int:
    answer = practice.browser("helmi").post(f"{PAGE}go-on/", headers={"Accept": "application/json"})
    left: int = answer.json()["left"]
    return left


def desk(practice: Practice, name: str) -> Desk:
    return people.read_desk(open_desk(practice.actor(name)))


def status(one: Aada, name: str) -> int:
    return one.practice.browser(name).get(one.url).status_code


def test_a_caseload_goes_over_with_words_and_the_own_access_ends(two: list[Aada]) -> None:
    practice = two[0].practice
    planned(two, ["waits", "waits"])
    assert status(two[0], "otso") == 404
    page = practice.browser("helmi").get(PAGE).content.decode()
    assert "Hand 2 patients over" in page
    assert confirm(practice) == 302
    assert [go_on(practice), go_on(practice), go_on(practice)] == [1, 0, 0]
    for one in two:
        assert (status(one, "helmi"), status(one, "otso")) == (404, 200)
    assert not desk(practice, "helmi").caseload
    assert not desk(practice, "helmi").handing
    assert {one.name for one in desk(practice, "otso").caseload.values()} == {
        "Aada Mäkinen",
        "Eero Esimerkki",
    }
    day = two[0].page("otso", "/diary/day/")
    assert day.count("Hyvää jatkoa.") == 2
    assert "by Helmi Halla on" in day
    practice.browser("otso").post(f"{PAGE}{two[0].patient}/welcome/")
    assert two[0].page("otso", "/diary/day/").count("Hyvää jatkoa.") == 1
    entries = practice.entries()
    assert (entries.count(Act.HAND_OVER), entries.count(Act.REVOKE_GRANT)) == (1, 6)


def test_the_page_tells_what_is_booked_and_what_is_not_signed(two: list[Aada]) -> None:
    practice, now = two[0].practice, timezone.now()
    begin = now + timedelta(days=7)
    coming = desks.DeskSession(two[0].patient, begin, begin + timedelta(minutes=45), "2")
    practice.tell("helmi", desks.session_booked(uuid4(), coming, at=now))
    # A draft of the session of today is the same note; one beside the sessions is another.
    two[0].save(two[0].draft_url())
    two[0].save(f"{two[0].url}drafts/{uuid4()}/")
    page = two[0].page("helmi", PAGE)
    assert (page.count("1 session booked"), page.count("2 notes not signed")) == (1, 1)
    planned(two, ["waits", "waits"])
    page = two[0].page("helmi", PAGE)
    assert "1 booked session stays in your diary" in page
    assert "3 notes are not signed yet" in page


def test_who_keeps_access_is_not_told_to_hurry(two: list[Aada]) -> None:
    planned(two, ["waits", "stays"], until=(today() + timedelta(days=9)).isoformat())
    planned(two[1:], ["waits"], keep=(today() + timedelta(days=9)).isoformat())
    page = two[0].page("helmi", PAGE)
    assert "Hand 2 patients over" in page
    assert "not signed" not in page


def test_a_refusal_is_written_down_and_nothing_is_given(two: list[Aada]) -> None:
    practice = two[0].practice
    planned(two, ["refused", "waits"])
    confirm(practice)
    while go_on(practice):
        pass
    assert (status(two[0], "helmi"), status(two[0], "otso")) == (200, 404)
    assert (status(two[1], "helmi"), status(two[1], "otso")) == (404, 200)
    identity = open_identity(practice.actor("aino"), two[0].patient, purpose=Purpose.RECEPTION)
    [kept] = list_consents(identity)
    assert (kept.said.answer, kept.said.person, kept.by) == (
        "refused",
        practice.id("otso"),
        "Helmi Halla",
    )
    assert b"refused" not in bytes(Consent.objects.get().sealed_body)
    assert "refuses; stays with you" in practice.browser("helmi").get(PAGE).content.decode()


def test_who_asks_for_a_rest_stays_until_the_day(two: list[Aada], monkeypatch: Any) -> None:
    practice, rest = two[0].practice, today() + timedelta(days=2)
    planned(two, ["rests", "stays"], **{f"r-{two[0].patient}": rest.isoformat()})
    assert f"rests until {rest.day}." in practice.browser("helmi").get(PAGE).content.decode()
    assert confirm(practice) == 409
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert confirm(practice) == 302
    go_on(practice)
    assert status(two[0], "otso") == 200


def test_one_can_read_on_until_a_day(two: list[Aada]) -> None:
    practice, keep = two[0].practice, today() + timedelta(days=1)
    planned(two, ["waits", "stays"], keep=keep.isoformat())
    confirm(practice)
    assert go_on(practice) == 0
    assert (status(two[0], "helmi"), status(two[0], "otso")) == (200, 200)
    practice.clinic.clock.ahead += 3 * DAY
    for name in ("helmi", "otso"):
        practice.clinic.seat(name)
    practice.browsers.clear()
    assert (status(two[0], "helmi"), status(two[0], "otso")) == (404, 200)


def test_a_holiday_substitute_reads_until_the_day_and_the_own_access_stays(
    two: list[Aada], monkeypatch: pytest.MonkeyPatch
) -> None:
    practice, until = two[0].practice, today() + timedelta(days=1)
    planned(two, ["waits", "waits"], until=until.isoformat())
    confirm(practice)
    hand_all_over(practice)
    for one in two:
        assert (status(one, "helmi"), status(one, "otso")) == (200, 200)
    assert f"until {until.day}.{until.month}.{until.year}" in two[0].page(url=f"{two[0].url}team/")
    day = two[0].page("otso", "/diary/day/")
    assert "not open to you since" not in day
    assert day.count(f"you are the substitute until {until.day}.{until.month}.{until.year}") == 2
    later = timezone.now() + timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    practice.clinic.clock.ahead += 3 * DAY
    for name in ("helmi", "otso"):
        practice.clinic.seat(name)
    practice.browsers.clear()
    for one in two:
        assert (status(one, "helmi"), status(one, "otso")) == (200, 404)
    assert two[0].page("otso", "/diary/day/").count("not open to you since") == 2


def test_a_plan_can_be_taken_back(two: list[Aada]) -> None:
    practice = two[0].practice
    planned(two, ["waits", "waits"])
    practice.browser("helmi").post(f"{PAGE}{two[0].patient}/undo/")
    assert list(desk(practice, "helmi").handing) == [two[1].patient]


@pytest.mark.parametrize(
    ("answers", "more", "says"),
    [
        (["stays", "stays"], {}, "Choose at least one patient."),
        (["waits", "stays"], {"day": "2020-01-01"}, "This day is over."),
        (["waits", "stays"], {"keep": "2020-01-01"}, "Choose a day after"),
        (["rests", "stays"], {}, "Say until which later day"),
        (["waits", "stays"], {"to": ""}, "This field is required"),
    ],
)
def test_a_plan_that_cannot_be_is_not_made(
    two: list[Aada], answers: list[str], more: dict[str, str], says: str
) -> None:
    practice = two[0].practice
    sent = {"to": str(practice.id("otso")), "day": today().isoformat(), "words": ""}
    sent |= {f"p-{one.patient}": said for one, said in zip(two, answers, strict=True)} | more
    answer = practice.browser("helmi").post(PAGE, sent)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert not desk(practice, "helmi").handing


STEPS: list[tuple[object, str, bool]] = [
    (access, "grant_to", False),
    (access, "withdraw_from", False),
    (people_access, "drop_on_desk", False),
    (people_actions, "store_drops", False),
    (access, "grant_until", True),
    (access, "withdraw_from", True),
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=[f"{name} {keeps}" for _, name, keeps in STEPS])
def test_killed_between_any_two_steps_it_is_gone_on_from(
    two: list[Aada],
    monkeypatch: pytest.MonkeyPatch,
    step: tuple[object, str, bool],
    when: str,
) -> None:
    owner, name, keeps = step
    practice = two[0].practice
    planned(two, ["waits", "waits"], keep=(today() + timedelta(days=1)).isoformat() * keeps)
    confirm(practice)
    for nth in (1, 2):
        with monkeypatch.context() as patched, suppress(Killed):
            die_at(patched, (owner, name), nth, when=when)
            hand_all_over(practice)
    hand_all_over(practice)
    for one in two:
        assert (status(one, "helmi"), status(one, "otso")) == (200 if keeps else 404, 200)
    assert not desk(practice, "helmi").handing
    assert len(desk(practice, "otso").caseload) == len(desk(practice, "otso").come) == 2


def hand_all_over(practice: Practice) -> None:
    while deeds.hand_over_next(practice.actor("helmi"), at=timezone.now()):
        pass


def test_nobody_else_hands_over(two: list[Aada]) -> None:
    practice = two[0].practice
    assert practice.browser("aino").get(PAGE).status_code == 403
    sent = {"to": str(practice.id("helmi")), "day": today().isoformat(), "words": ""}
    sent[f"p-{two[0].patient}"] = "waits"
    practice.browser("otso").post(PAGE, sent)
    assert not desk(practice, "otso").handing
    assert status(two[0], "helmi") == 200


def test_a_plan_for_who_has_left_meanwhile_says_what_to_do(two: list[Aada]) -> None:
    practice = two[0].practice
    planned(two, ["waits", "refused"])
    people_actions.end_access(practice.actor("ritva"), practice.id("otso"), reason=EndReason.LEFT)
    page = two[0].page("helmi", PAGE)
    assert "To a colleague who works here no more" in page
    assert "plan anew for somebody else" in page
    assert "Hand 1 patient over" not in page
