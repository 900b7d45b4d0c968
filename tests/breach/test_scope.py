"""The pages of a scope: who asks, what is shown, what is taken away. No patient is named in any."""

import json
from uuid import UUID

import pytest
from django.http import HttpResponse

from tests.breach.conftest import NAMES
from tests.cast import KALLIO, Clinic
from tests.people.conftest import Browser
from vaitiolo.breach.scope.words import DONE, LOSSES, MEANS, PARTS, SILENT, TIERS
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.losses import Done, Loss, Says, Tier
from vaitiolo.warden.server.scope_controllers import FILE_NAME

REASON = "A laptop with an open session was stolen."


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def asked(browser: Browser, loss: Loss, *, by: str = "pia", **more: str) -> str:
    answer = browser(by).post("/scope/", {"loss": int(loss), "reason": REASON, **more})
    assert answer.status_code == 302, said(answer)
    return str(answer.url)


def test_every_word_of_a_scope_has_its_sentence() -> None:
    assert set(LOSSES) == set(Loss)
    assert set(TIERS) == set(Tier)
    assert set(DONE) == set(Done)
    assert set(MEANS) | set(SILENT) == set(Says)
    assert 0 in PARTS


@pytest.mark.parametrize("name", ["helmi", "aino", "ritva"])
def test_it_is_for_privacy_officers_and_managers(browser: Browser, name: str) -> None:
    seat = browser(name)
    assert seat.get("/scope/").status_code == 403
    assert seat.get("/scope/1/").status_code == 403
    for path in ("keep", "again", "file", "case"):
        assert seat.post(f"/scope/1/{path}/").status_code == 403
    assert "/scope/" not in said(seat.get("/cases/"))


def test_the_empty_page_says_what_it_is_for_and_is_found(browser: Browser) -> None:
    seat = browser("pia")
    assert "Nothing was asked yet" in said(seat.get("/scope/"))
    assert 'href="/scope/"' in said(seat.get("/cases/"))
    assert seat.get("/scope/1/").status_code == 404


def test_a_loss_of_somebodys_wants_to_know_whose(browser: Browser) -> None:
    seat = browser("pia")
    for loss, words in ((Loss.SESSION, "Say whose it is."), (Loss.ROLE_CARD, "Say which unit")):
        assert words in said(seat.post("/scope/", {"loss": int(loss), "reason": REASON}))
    wrong = {"loss": 1, "reason": REASON, "card": "Aada Mäkinen"}
    assert "This is not an id of a key card" in said(seat.post("/scope/", wrong))
    turned = {"loss": 2, "reason": "x", "since": "2026-11-02T10:00", "until": "2026-11-01T10:00"}
    assert "This is before the beginning." in said(seat.post("/scope/", turned))


def test_the_answer_names_nobody_and_says_what_it_leaves_out(
    practice: Clinic, browser: Browser, registered: dict[str, UUID]
) -> None:
    where = asked(browser, Loss.COPY_OF_BOTH)
    page = said(browser("pia").get(where))
    for name, patient in registered.items():
        assert str(patient) in page
        assert name not in page
    assert "Taken under seal, keys untouched" in page
    assert "Ciphertext only." in page
    assert "Who has died" in page
    weak = said(browser("pia").get(asked(browser, Loss.KMS)))
    assert "No patient is on this list" in weak
    assert "open no record without copies" in weak
    aino = asked(browser, Loss.SESSION, person=str(practice.id("aino")))
    page = said(browser("pia").get(aino))
    assert "Aino Aho" in page
    assert "130 patients a day" in page


def test_a_list_is_kept_asked_again_and_made_a_case(
    browser: Browser, registered: dict[str, UUID]
) -> None:
    seat, where = browser("pia"), asked(browser, Loss.COPY_OF_BOTH)
    assert seat.post(f"{where}keep/", {"name": ""}).status_code == 200
    assert seat.post(f"{where}keep/", {"name": "For the authority"}).status_code == 302
    assert "For the authority" in said(seat.get("/scope/"))
    assert "New on the list" in said(seat.post(f"{where}again/"))
    form = said(seat.post(f"{where}case/"))
    assert 'action="/cases/open/"' in form
    assert all(str(registered[name]) in form for name in NAMES)


def test_the_file_holds_the_list_and_its_evidence_for_each_controller(
    practice: Clinic, browser: Browser, registered: dict[str, UUID]
) -> None:
    units = f'name = "Kunta A"\nunits = ["{practice.unit(KALLIO)}"]\n'
    (practice.home / FILE_NAME).write_text(f"[[controller]]\n{units}", encoding="utf-8")
    where = asked(browser, Loss.COPY_OF_DEFAULT, by="mauri")
    answer = browser("mauri").post(f"{where}file/", {"controller": "Kunta A"})
    listed = json.loads(answer.content)
    assert {UUID(one["patient"]) for one in listed["patients"]} == set(registered.values())
    assert listed["evidence"]["patients"] == len(registered)
    assert answer["Content-Disposition"] == 'attachment; filename="scope.json"'
    assert not any(name.split()[0] in said(answer) for name in NAMES)
    acts = [entry.leaf.act for entry in queries.entries_from(0)]
    assert acts.count(Act.SCOPE_TAKEN) == 1
    other = json.loads(browser("mauri").post(f"{where}file/", {"controller": "Kunta B"}).content)
    assert other["patients"] == []
