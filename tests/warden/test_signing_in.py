"""Signing in: what counts as a try, who is let in, and what a wrong name sets off."""

import logging
from uuid import uuid4

import pytest
from django.db import connections

from tests.cast import DAY, HOUR, Clinic
from tests.warden.hostile import VAULT, card_of, give_card_of, make_chart, open_chart
from vaitiolo.keys import names
from vaitiolo.keys.models import StoredCard, StoredCompartment, StoredHolder, StoredSlot
from vaitiolo.warden import client
from vaitiolo.warden.client import (
    CardEnded,
    NotGranted,
    SignedOut,
    TooManyTries,
    WardenSilent,
    WrongSignIn,
)
from vaitiolo.warden.protocol import Recognised
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.tries import PER_NAME, WHOLE_HOUSE, Tries
from vaitiolo.warden.session import Session

PASSWORD = "hiljaa kulkee pitkälle"


@pytest.fixture
def helmi(clinic: Clinic) -> Clinic:
    """Helmi with a password."""
    give = clinic.founding.give_password  # type: ignore[attr-defined]  # the cast adds it
    give(clinic.people["helmi"], sign_in_name="Helmi Halla", password=PASSWORD)
    return clinic


def sign_in(clinic: Clinic, name: str = "helmi halla", password: str = PASSWORD) -> Recognised:
    clinic.cookies["helmi"] = uuid4().bytes * 2
    session = clinic.session("helmi")
    return client.sign_in(session, name=name, password=password, network="10.0.0.0/24")


def test_a_password_opens_the_slot_and_is_called_weak(helmi: Clinic) -> None:
    chart = make_chart(helmi, uuid4())
    somebody = sign_in(helmi, " HELMI  halla ")
    assert (somebody.name, somebody.is_weak) == ("Helmi Halla", True)
    assert open_chart(helmi, chart)
    client.sign_out(helmi.session("helmi"))
    client.sign_out(helmi.session("helmi"))
    with pytest.raises(SignedOut):
        client.recognise(helmi.session("helmi"))


def test_five_tries_and_then_a_quarter_of_an_hour(helmi: Clinic) -> None:
    for _ in range(PER_NAME):
        with pytest.raises(WrongSignIn):
            sign_in(helmi, password="not the password")
    with pytest.raises(TooManyTries):
        sign_in(helmi)
    helmi.clock.ahead += HOUR // 4 + 1
    assert sign_in(helmi)
    assert not helmi.install.tries._all


def test_tries_at_the_same_moment_are_counted_before_they_fail() -> None:
    tries = Tries()
    for _ in range(PER_NAME):
        tries.begin(b"a", now=0)
    with pytest.raises(No, match="too-many-tries"):
        tries.begin(b"a", now=0)
    tries.begin(b"b", now=0)
    tries.succeeded(b"b", now=0)
    tries.succeeded(b"b", now=0)


def test_a_whole_house_has_so_many_tries_and_names_do_not_pile_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries = Tries()
    monkeypatch.setattr("vaitiolo.warden.server.tries.MOST_NAMES", 3)
    for number in range(WHOLE_HOUSE):
        tries.begin(number.to_bytes(2), now=0)
    assert len(tries._by_name) <= 3
    with pytest.raises(No) as refusal:
        tries.begin(b"another", now=0)
    assert refusal.value.because == "house"


@pytest.mark.parametrize("name", ["x" * 1025, ""])
def test_a_name_that_nobody_can_have_sets_off_no_alarm(
    helmi: Clinic, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with pytest.raises(WrongSignIn):
        sign_in(helmi, name)
    assert not caplog.records


def test_a_slot_lets_nobody_in_under_another_name(helmi: Clinic) -> None:
    give_card_of(helmi, "otso", instead_of="helmi")
    with pytest.raises(WrongSignIn):
        sign_in(helmi)
    StoredHolder.objects.using(VAULT).filter(id=helmi.id("helmi")).delete()
    helmi.install.directory.forget()
    with pytest.raises(WrongSignIn):
        sign_in(helmi)


def test_a_slot_without_its_card_opens_nothing(helmi: Clinic) -> None:
    card = card_of(helmi, "helmi").id
    sign_in(helmi)
    StoredCard.objects.using(VAULT).filter(id=card).delete()
    with pytest.raises(WrongSignIn):
        sign_in(helmi)
    helmi.install.cards.forget()
    with pytest.raises(WrongSignIn):
        sign_in(helmi)


def test_whoever_has_left_is_told_so_and_not_let_in(helmi: Clinic) -> None:
    sign_in(helmi)
    helmi.clock.ahead += 401 * DAY
    with pytest.raises(CardEnded):
        sign_in(helmi)


def test_a_card_that_runs_out_in_a_session_ends_it(helmi: Clinic) -> None:
    helmi.clock.ahead += 400 * DAY
    sign_in(helmi)
    helmi.clock.ahead += DAY
    helmi.install.memory._seats[next(iter(helmi.install.memory._seats))].seen += DAY
    helmi.install.memory._seats[next(iter(helmi.install.memory._seats))].since += DAY
    with pytest.raises(CardEnded):
        client.recognise(helmi.session("helmi"))


def test_a_desk_that_is_not_there_keeps_nobody_out(helmi: Clinic) -> None:
    from_vault = StoredSlot.objects.using(VAULT)
    assert bytes(from_vault.get().name_tag) == names.name_tag(
        "helmi halla", kms=helmi.install.kms, org=helmi.install.org
    )
    StoredCompartment.objects.using(VAULT).filter(subject=helmi.id("helmi")).delete()
    assert sign_in(helmi).desk is None


def test_one_person_after_another_in_the_same_browser(clinic: Clinic) -> None:
    chart = make_chart(clinic, uuid4())
    reading = open_chart(clinic, chart)
    cookie = clinic.session("helmi").cookie
    clinic.session("otso")
    known = next(
        one for one in clinic.install.memory._seats.values() if one.person.name == "Otso Oja"
    )
    seed = bytearray(clinic.people["otso"].seed)
    clinic.install.memory.seat(known.person, seed, cookie=cookie, now=clinic.clock())
    assert client.recognise(Session(cookie, clinic.agent)).name == "Otso Oja"
    with pytest.raises(NotGranted):
        reading.unseal([client.Sealed(client.Place(1, uuid4(), 1), b"")])
    clinic.install.memory.end_all_of(clinic.id("helmi"))
    assert client.recognise(Session(cookie, clinic.agent))


def test_a_database_that_is_away_is_said_so_and_not_quoted(
    helmi: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    with connections[VAULT].cursor() as cursor:
        cursor.execute("ALTER TABLE keys_storedslot RENAME TO away")
    try:
        with pytest.raises(WardenSilent):
            sign_in(helmi)
    finally:
        with connections[VAULT].cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO keys_storedslot")
    assert "vault away" in caplog.text
    assert "keys_storedslot" not in caplog.text
