"""The page of the ledger: officers see how fresh the last confirmation is, and answer alerts."""

from dataclasses import replace

import pytest
from django.test import Client

from tests.cast import Clinic
from vaitiolo.keys.trust import Witness as Pinned
from vaitiolo.ledger.verify import checkpoints
from vaitiolo.ledger.verify.cosignatures import Cosigner, draw_seed
from vaitiolo.people.sign_in import COOKIE
from vaitiolo.warden.client import witnessing
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.server import alarms, witnesses
from vaitiolo.warden.server.agent import Agent

NAME = "w1.example/1"


def browser(clinic: Clinic, name: str) -> Client:
    client = Client()
    client.cookies[COOKIE] = clinic.cookie(name)
    return client


@pytest.fixture
def cosigner(clinic: Clinic) -> Cosigner:
    cosigner = Cosigner(NAME, draw_seed())
    install = clinic.install
    pinned = (Pinned(NAME, cosigner.key.public),)
    ledger = replace(install.trust.ledger, quorum=1)
    install.trust = replace(install.trust, witnesses=pinned, ledger=ledger)
    install.recorder.checkpoint_now()
    return cosigner


def cosign(clinic: Clinic, cosigner: Cosigner) -> None:
    note = clinic.install.recorder.checkpoint_now()
    stated = checkpoints.read(note, witnesses.log_key(clinic.install))
    origin, at = clinic.install.trust.ledger.origin, clinic.clock() // 1_000_000
    lines = cosigner.cosign(origin, stated, at=at)
    worker = Agent(clinic.install, caller=Caller.WORKER)
    witnessing.bring_cosignature(worker, NAME, size=stated.size, lines=lines)


@pytest.mark.parametrize("name", ["helmi", "aino"])
def test_the_page_is_for_officers(clinic: Clinic, cosigner: Cosigner, name: str) -> None:
    assert browser(clinic, name).get("/log/").status_code in {403, 404}


def test_it_says_who_has_confirmed_and_when(clinic: Clinic, cosigner: Cosigner) -> None:
    pia = browser(clinic, "pia")
    before = pia.get("/log/", headers={"accept-language": "en"}).content.decode()
    assert "No witness has confirmed this log yet." in before
    cosign(clinic, cosigner)
    after = pia.get("/log/", headers={"accept-language": "en"}).content.decode()
    assert "Last confirmed by a witness" in after
    assert "follows" in after
    assert NAME in after


def test_without_a_witness_it_says_what_could_happen(clinic: Clinic) -> None:
    clinic.install.recorder.checkpoint_now()
    page = browser(clinic, "mauri").get("/log/", headers={"accept-language": "en"})
    assert "No witness outside the house follows this log." in page.content.decode()


def test_an_alert_is_taken_note_of_once(clinic: Clinic, cosigner: Cosigner) -> None:
    alarms.cry(clinic.install, f"witness has seen more: {NAME}", {"size": 9})
    pia = browser(clinic, "pia")
    page = pia.get("/log/", headers={"accept-language": "en"}).content.decode()
    assert "has seen more of the log than there is here" in page
    [alert] = alarms.open_alerts(clinic.install)
    assert pia.post(f"/log/alerts/{alert.index}/").status_code == 302
    assert alarms.open_alerts(clinic.install) == ()
    assert pia.post(f"/log/alerts/{alert.index}/").status_code == 403
