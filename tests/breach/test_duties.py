"""An incident's duties on its pages: facts, severity, texts that are sent and frozen, the hold."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from tests.breach.conftest import NAMES
from tests.cast import Clinic
from vaitiolo.breach.duties import actions, queries
from vaitiolo.breach.duties.actions import HoldNotPossible, TextMoved
from vaitiolo.breach.duties.folding import Folded
from vaitiolo.breach.incidents import access
from vaitiolo.people import sign_in
from vaitiolo.people.actor import Actor
from vaitiolo.warden.losses import Loss

FACTS = {
    "house": "Esimerkki Oy",
    "contact": "Pia, 09 000 000",
    "kinds": ["identity", "chart"],
    "patients": "120",
    "recipients": "unknown",
    "theft": "yes",
    "clients": "County A; 3; 5\nCounty B; 50",
}


class Desk:
    """An incident that Helmi reported, with officers of the house at its pages."""

    def __init__(self, practice: Clinic, browser: object) -> None:
        self.practice, self.browser = practice, browser
        self.pia, self.mauri = (self.actor(name) for name in ("pia", "mauri"))
        told = {"text": f"{NAMES[0]} rang: a mail says her notes are for sale.", "sign": "message"}
        self.id: UUID = access.report(self.actor("helmi"), "message", told)
        self.seat: Client = browser("pia")  # type: ignore[operator] - a fixture that makes them

    def actor(self, name: str) -> Actor:
        return sign_in.recognise(self.practice.session(name))

    def where(self, rest: str) -> str:
        return f"/incidents/{self.id}/{rest}"

    def get(self, rest: str) -> str:
        return self.seat.get(self.where(rest)).content.decode()

    def post(self, rest: str, **fields: object) -> object:
        return self.seat.post(self.where(rest), fields)

    def read(self, name: str = "pia") -> Folded:
        return queries.read(self.actor(name), self.id, at=timezone.now())

    def judge(self, **changed: str) -> None:
        form = self.seat.get(self.where("assess/")).context["form"]
        fields = {name: changed.get(name, field.initial) for name, field in form.fields.items()}
        assert self.seat.post(self.where("assess/"), fields).status_code == 302

    def mark(self, rest: str, **more: str) -> object:
        seen = self.seat.get(self.where(rest)).context["text"].draft.hash
        return self.seat.post(
            self.where(rest), {"deed": "sent", "seen": seen, "way": "form"} | more
        )


@pytest.fixture
def desk(practice: Clinic, browser: object) -> Desk:
    return Desk(practice, browser)


def test_a_fresh_incident_has_every_text_ready_and_names_nobody(desk: Desk) -> None:
    page = desk.get("authorities/")
    assert "Data Protection Ombudsman" in page
    assert "Nobody has judged yet" in page
    for recipient in ("ombudsman", "police", "ncsc", "supervisor", "kela"):
        text = desk.get(f"authorities/{recipient}/fi/")
        assert "Ei vielä tiedossa" in text
        assert NAMES[0] not in text
        assert NAMES[0].split()[1] not in text
    assert desk.seat.get(desk.where("authorities/nobody/fi/")).status_code == 404
    assert desk.seat.get(desk.where("authorities/police/xx/")).status_code == 404


def test_an_assessment_is_filled_in_recorded_and_reckoned_again(desk: Desk) -> None:
    desk.post("facts/", **FACTS)
    desk.judge()
    verdict = desk.seat.get(desk.where("authorities/")).context["duties"].verdict
    assert (verdict.score, verdict.band_id, verdict.is_same) == ("5.00", "very-high", True)
    assert [one.is_due for one in verdict.steps] == [True, True]
    assert verdict.is_many
    desk.judge(readable="sealed", readable_reason="The evidence is in the incident.")
    folded = desk.read("pia")
    assert [one.assessment.is_due("people") for one in folded.judged] == [True, False]
    silent = desk.seat.post(desk.where("assess/"), {"kind": "simple"})
    assert silent.status_code == 200
    assert len(desk.read().judged) == 2


def test_facts_that_name_somebody_are_not_taken(desk: Desk) -> None:
    answer = desk.seat.post(desk.where("facts/"), FACTS | {"how": f"We rang {NAMES[0]}."})
    assert answer.status_code == 200
    assert "may be a name" in answer.content.decode()
    assert desk.read().said == {}
    assert desk.post("facts/", **FACTS | {"how": "A mail came with a sample."}).status_code == 302
    assert "A mail came with a sample." in desk.get("authorities/ombudsman/en/")


def test_a_text_is_given_in_three_forms_and_frozen_when_it_is_sent(desk: Desk) -> None:
    desk.post("facts/", **FACTS)
    where = desk.where("authorities/ombudsman/en/")
    plain, pdf, found = (desk.seat.post(where, {"deed": one}) for one in ("txt", "pdf", "json"))
    assert "Patients: 120" in plain.content.decode()
    assert pdf.content.startswith(b"%PDF")
    assert json.loads(found.content)["recipient"] == "ombudsman"
    assert NAMES[0] not in plain.content.decode()
    assert desk.mark("authorities/ombudsman/en/").status_code == 302
    folded = desk.read()
    assert {one.rule.key: one.state for one in folded.clocks}["gdpr-33"] == "done"
    kept = folded.sent[0]
    assert (kept.by, kept.way, kept.is_whole) == (desk.pia.name, "form", True)
    assert kept.draft.as_json() == found.content
    page = desk.get(f"sent/{kept.row}/")
    assert kept.hash in page
    assert "Patients: 120" in page


def test_a_later_text_shows_what_changed_and_a_correction_wants_a_reason(desk: Desk) -> None:
    desk.post("facts/", **FACTS)
    desk.mark("authorities/ombudsman/en/")
    desk.post("facts/", **FACTS | {"patients": "30"})
    text = desk.seat.get(desk.where("authorities/ombudsman/en/"))
    assert text.context["text"].draft.phase == "supplementary"
    assert {one.name for one in text.context["text"].unexplained} == {"people"}
    assert desk.mark("authorities/ombudsman/en/").status_code == 200
    assert len(desk.read().sent) == 1
    why = {"why_people": "Duplicates came off."}
    assert desk.mark("authorities/ombudsman/en/", **why).status_code == 302
    last = desk.read().sent[-1]
    assert last.is_whole
    assert last.draft.changes[0].reason == "Duplicates came off."
    assert desk.mark("authorities/ombudsman/en/final/").status_code == 302
    assert [one.draft.phase for one in desk.read().sent] == [
        "preliminary",
        "supplementary",
        "final",
    ]


def test_two_officers_at_once_do_not_both_send_the_first_text(desk: Desk) -> None:
    wanted = desk.seat.get(desk.where("authorities/police/fi/")).context["text"].draft
    desk.mark("authorities/police/fi/")
    late = desk.seat.post(
        desk.where("authorities/police/fi/"), {"deed": "sent", "seen": wanted.hash, "way": "visit"}
    )
    assert late.status_code == 409
    assert "Nothing was marked" in late.content.decode()
    assert len(desk.read().sent) == 1
    marked = actions.Marked(wanted.hash, "another", "visit")
    with pytest.raises(TextMoved):
        actions.mark_sent(desk.mauri, desk.id, wanted, marked=marked)


def test_each_client_gets_its_own_text(desk: Desk) -> None:
    desk.post("facts/", **FACTS)
    first, second = (desk.get(f"authorities/clients/{n}/en/") for n in (0, 1))
    assert "Patients: 3" in first
    assert "County B" not in first
    assert "Patients: 50" in second
    assert "County A" not in second
    assert desk.seat.get(desk.where("authorities/clients/2/en/")).status_code == 404


def test_facts_are_filled_in_from_a_scope_and_kept_by_an_officer_alone(
    desk: Desk, registered: dict[str, UUID]
) -> None:
    asked = {"loss": int(Loss.COPY_OF_BOTH), "reason": "A backup is gone."}
    number = desk.seat.post("/scope/", asked).url.strip("/").split("/")[-1]
    page = desk.seat.post(desk.where("facts/"), {"scope": number})
    shown = page.context["form"].initial
    assert shown["patients"] == len(registered)
    assert (shown["sealed"], shown["kinds"]) == (True, ["identity", "staff"])
    assert desk.read().said == {}
    desk.post("facts/", **{name: value for name, value in shown.items() if value})
    desk.judge()
    rules = [one.rule for one in desk.read().judged[-1].assessment.duties]
    assert rules == ["people-sealed", "authority-sealed-health"]
    assert desk.seat.post(desk.where("facts/"), {"scope": "999999"}).status_code == 404


def test_a_hold_is_placed_renewed_by_two_and_lifted(desk: Desk) -> None:
    soon = (timezone.localtime() + timedelta(days=6)).strftime("%Y-%m-%dT%H:%M")
    later = (timezone.localtime() + timedelta(days=12)).strftime("%Y-%m-%dT%H:%M")
    endless = desk.post("waiting/place/", asked_by="NBI 1", reason="Why.", until="")
    assert endless.status_code == 200
    too_long = desk.post("waiting/place/", asked_by="NBI 1", reason="Why.", until=later)
    assert too_long.status_code == 409
    desk.post("waiting/place/", asked_by="NBI 1", reason="The investigation.", until=soon)
    assert "at the request of NBI 1" in desk.get("authorities/")
    desk.post("waiting/renew/", reason="It goes on.", until=later)
    assert desk.post("waiting/confirm/").status_code == 409
    access.let_in(desk.pia, desk.id, desk.mauri.id)
    folded = desk.read("mauri")
    actions.change_hold(desk.mauri, folded, "confirm", said={}, at=timezone.now())
    held = desk.read().hold
    assert held is not None
    assert held.renewals == 1
    assert desk.post("waiting/lift/").status_code == 302
    assert not desk.read().hold.lasts(timezone.now())
    with pytest.raises(HoldNotPossible):
        actions.change_hold(desk.pia, desk.read(), "lift", said={}, at=timezone.now())


def test_whoever_is_not_in_the_incident_sees_none_of_it(desk: Desk, browser: object) -> None:
    for name in ("helmi", "aino"):
        seat: Client = browser(name)  # type: ignore[operator] - a fixture that makes them
        for rest in ("authorities/", "facts/", "assess/", "authorities/police/fi/"):
            assert seat.get(desk.where(rest)).status_code in {403, 404}
