"""A house that was founded without an incident key gets its first one in a ceremony."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.cast import Clinic
from tests.ceremony.conftest import Typing
from tests.warden.hostile import make_chart, open_chart
from vaitiolo.ceremony import command, incident_key, network, shares
from vaitiolo.keys import contact, store, trust
from vaitiolo.keys.models import StoredIncidentPair
from vaitiolo.keys.rows import IncidentPairRow
from vaitiolo.ops.access import adopt_incident_key
from vaitiolo.people.actor import Actor
from vaitiolo.warden.client import Place, Plain
from vaitiolo.warden.client.incident_kits import ask_incident_key
from vaitiolo.warden.client.refusals import NotAllowed
from vaitiolo.warden.kinds import Kind, Mode, Role
from vaitiolo.warden.session import Session

OFFICERS = ("pia", "mauri")


def actor(clinic: Clinic, name: str) -> Actor:
    session = Session(clinic.session(name).cookie, clinic.console)
    return Actor(session, clinic.id(name), name, Role.PRIVACY_OFFICER, None, None, is_weak=False)  # type: ignore[arg-type]  # ids are UUIDs here


def hold(clinic: Clinic, folder: Path, *, yes: str = "yes") -> int:
    """Hold the ceremony with three sheets; return how it ended."""
    asked = ["incident-key", str(folder), "--trust", str(clinic.home)]
    for name in OFFICERS:
        asked += ["--officer", str(clinic.id(name))]
    return command.main(asked, Typing([yes, *shares.split(bytearray(clinic.paper.master))[1:4]]))


def start_again(clinic: Clinic, folder: Path) -> None:
    for name in (trust.FILE_NAME, trust.SIGNATURE_NAME):
        (folder / name).replace(clinic.home / name)
    clinic.install.trust = trust.load(clinic.home)
    clinic.install.__post_init__()
    clinic.cookies.clear()


@pytest.fixture
def without(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    monkeypatch.setattr(network, "demand_none", lambda: None)
    StoredIncidentPair.objects.using("vault").all().delete()
    return clinic


def test_a_ceremony_gives_a_house_its_first_incident_key(without: Clinic, tmp_path: Path) -> None:
    clinic, folder = without, tmp_path / "drawn"
    assert hold(clinic, folder) == 0
    key = (folder / incident_key.KEY_NAME).read_bytes()
    with pytest.raises(NotAllowed):
        adopt_incident_key(actor(clinic, "pia"), key)
    assert len(list(folder.glob("incident-share-*.pdf"))) == len(OFFICERS)
    start_again(clinic, folder)
    with pytest.raises(NotAllowed):
        adopt_incident_key(actor(clinic, "helmi"), key)
    for _ in range(2):
        adopt_incident_key(actor(clinic, "pia"), key)
    assert ask_incident_key(clinic.session("mauri")).officers == len(OFFICERS)
    writing = open_chart(clinic, make_chart(clinic, uuid4()), mode=Mode.WRITE)
    writing.seal([Plain(Place(Kind.NOTE, uuid4(), 1), b'{"text":"from now on"}')])
    assert store.count_marks() == 1


def test_a_house_that_has_a_key_keeps_it(clinic: Clinic, tmp_path: Path, without: Clinic) -> None:
    folder = tmp_path / "drawn"
    assert hold(without, folder) == 0
    key = (folder / incident_key.KEY_NAME).read_bytes()
    start_again(clinic, folder)
    seed, two = bytearray(32), [clinic.id(name) for name in OFFICERS]
    pairs = contact.seal_pairs(seed, dict.fromkeys(two, bytes(32)), org=clinic.install.org)
    store.put_incident_pairs([IncidentPairRow(*pair, sealed) for pair, sealed in pairs.items()])
    with pytest.raises(NotAllowed):
        adopt_incident_key(actor(clinic, "pia"), key)


def test_nobody_says_yes_and_nothing_is_drawn(without: Clinic, tmp_path: Path) -> None:
    assert hold(without, tmp_path / "drawn", yes="no") == 1
    assert not (tmp_path / "drawn").exists()
