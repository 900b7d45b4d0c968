"""A copy of both databases, with and without the key service."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import IntegrityError

from tests.cast import Clinic
from tests.charts.conftest import AADA, WORDS, Aada
from tests.promises.everything import HETU
from tests.promises.naive import NOTE, Naive
from tests.promises.seeking import dump, holds, spellings, spoken
from tests.warden.hostile import VAULT
from vaitiolo.keys import outboxes
from vaitiolo.keys.kms import WARDEN_MAY
from vaitiolo.keys.kms.file import FileKms
from vaitiolo.keys.models import HetuTag
from vaitiolo.keys.refused import Refused
from vaitiolo.warden import client
from vaitiolo.warden.client import NewCompartment
from vaitiolo.warden.kinds import Caller, CompartmentClass
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.outbox import Outbox

REGISTERED = replace(
    AADA,
    hetu=HETU,
    kin_name="Veli Mäkinen",
    kin_phone="048 009 8765",
    safe_contact="Soita iltaisin",
)
SECRETS = ["Aada Mäkinen", "Mäkinen", "010190-999W", "048 001 2345", "aada@example.org"]
SECRETS += ["Esimerkkikatu", "Veli Mäkinen", "048 009 8765", "Soita iltaisin"]


def test_p1_a_copy_of_both_databases_holds_nobodys_name_number_or_word(
    admit: Callable[..., Aada],
) -> None:
    aada = admit(REGISTERED)
    aada.signed()
    aada.save(aada.draft_url(), "Kesken jäi.")
    staff = [person.name for person in aada.practice.clinic.people.values()]
    copy = dump("default", "vault")
    secrets = [*SECRETS, *staff, "parantunut", "rauhoittuu", "Kesken"]
    for secret in secrets:
        assert not holds(copy, spoken(secret)), secret
        assert not holds(copy, spellings(secret.encode())), secret
    assert "parantunut" in WORDS
    plain = Naive().dump()
    for secret in ("Aada Mäkinen", "010190-999W", "048 001 2345", NOTE):
        assert holds(plain, spoken(secret)), secret


def test_p27_a_stolen_index_of_identity_codes_names_nobody(clinic: Clinic) -> None:
    """Sixteen bits are shared by hundreds, and whoever asks hears *perhaps*, never of whom."""
    aino, patient = clinic.session("aino"), uuid4()
    new = NewCompartment(CompartmentClass.IDENTITY, patient, (), (clinic.unit("Kallio"),))
    [identity] = client.create_compartments(aino, [new])
    client.put_hetu(aino, identity, HETU)
    rows = HetuTag.objects.using(VAULT)
    assert rows.get().tag <= 0xFFFF
    with pytest.raises(IntegrityError):
        rows.update(tag=0x10000)
    taito, elsewhere = clinic.session("taito"), clinic.phonebook("Töölö")
    for patients_tag, said in ((rows.get().tag, "perhaps-elsewhere"), (0, "none")):
        rows.update(tag=patients_tag)
        found = client.find_hetu(taito, elsewhere, HETU)
        assert (found.where, found.patient) == (said, None)
    assert Naive().row("patient", hetu=HETU)["name"] == "Aada Mäkinen"


def test_p28_only_the_worker_opens_a_reminder(clinic: Clinic) -> None:
    aino, row = clinic.session("aino"), uuid4()
    said = b"huomenna klo 9"
    sealed = client.put_outbox(aino, row=row, due=1_800_000_000, body=said)
    assert not holds([sealed], spellings(said))
    org, folder = clinic.install.org, clinic.home / "kms"
    for kms in (clinic.install.kms, FileKms(folder, demo=True, may=WARDEN_MAY)):
        with pytest.raises(Refused):
            outboxes.unseal(outboxes.parse(sealed), org=org, row=row, kms=kms)
    worker = Agent(clinic.install, caller=Caller.WORKER)
    client.take_outbox(worker, row)
    outbox = Outbox(clinic.home, org=org, demo=True)
    assert outbox.open(row, sealed) == said
    with pytest.raises(Refused):
        outbox.open(uuid4(), sealed)
    assert Naive().row("patient", id=1)["phone"], "which anything that sends reminders can read"
