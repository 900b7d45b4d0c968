"""A touch answers one challenge, once, in time, for one request, from this site, with the user."""

import json
from base64 import urlsafe_b64decode
from collections import deque
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.cast import Clinic
from tests.promises.naive import Naive
from tests.warden.authenticator import PRESENT, VERIFIED, Authenticator, b64
from tests.warden.own_keys import (
    PASSWORD,
    add_key,
    new_session,
    touch,
    touched,
    with_password,
)
from vaitiolo.keys import slots, store
from vaitiolo.warden import client
from vaitiolo.warden.client import NoTouch
from vaitiolo.warden.server import challenges, touches
from vaitiolo.warden.server.challenges import Challenges
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.session import Session

REQUEST = client.over("grant", "this chart", b"to otso")
MINUTE = 60_000_000


def demand(clinic: Clinic, session, assertion: bytes, request: bytes = REQUEST) -> bytes:
    return touches.demand(clinic.install, session.cookie, over=request, assertion=assertion)


@pytest.fixture
def key() -> Authenticator:
    return Authenticator()


@pytest.fixture
def helmi(clinic: Clinic, key: Authenticator) -> Session:
    """Helmi's session; the key is hers."""
    session = with_password(clinic)
    add_key(session, key)
    return session


def test_a_touch_over_this_request_passes_once(clinic: Clinic, helmi, key) -> None:
    answer = touch(helmi, key, REQUEST)
    assert demand(clinic, helmi, answer) == key.id
    assert touches.said(key.id) == key.id.hex()
    with pytest.raises(No, match="no-touch"):
        demand(clinic, helmi, answer)


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "http://localhost:8001"},
        {"origin": "https://localhost:8000"},
        {"rp_id": "example.org"},
        {"flags": PRESENT},
        {"flags": VERIFIED},
        {"cross_origin": True},
        {"id": bytes(32)},
    ],
    ids=str,
)
def test_an_answer_that_is_bent_is_refused(clinic: Clinic, helmi, key, bent) -> None:
    with pytest.raises(No, match="no-touch"):
        demand(clinic, helmi, touch(helmi, replace(key, **bent), REQUEST))


def test_another_key_with_the_same_id_is_refused(clinic: Clinic, helmi, key) -> None:
    stranger = replace(Authenticator(), id=key.id)
    with pytest.raises(No) as no:
        demand(clinic, helmi, touch(helmi, stranger, REQUEST))
    assert no.value.because == "InvalidAuthenticationResponse"


def test_a_challenge_for_something_else_is_refused(clinic: Clinic, helmi, key) -> None:
    answer = touch(helmi, key, client.over("grant", "this chart", b"to taito"))
    with pytest.raises(No) as no:
        demand(clinic, helmi, answer)
    assert no.value.because == "for another request"


def test_a_challenge_that_waited_too_long_is_refused(clinic: Clinic, helmi, key) -> None:
    answer = touch(helmi, key, REQUEST)
    clinic.clock.ahead += 2 * MINUTE + 1
    with pytest.raises(No) as no:
        demand(clinic, helmi, answer)
    assert no.value.because == "late"


def test_a_challenge_that_nobody_gave_or_another_got_is_refused(clinic: Clinic, helmi, key) -> None:
    with pytest.raises(No):
        demand(clinic, helmi, key.touch(bytes(32)))
    otso = with_password(clinic, "otso")
    foreign = client.begin_touch(otso, REQUEST).challenge
    with pytest.raises(No):
        demand(clinic, helmi, key.touch(foreign))
    at_the_door = client.ask_to_sign_in(clinic.agent, "helmi").challenge
    with pytest.raises(No):
        demand(clinic, helmi, key.touch(at_the_door))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff",
        b"null",
        b'{"id":1,"rawId":1,"type":2,"response":3}',
        b"1" * 20_000,
    ],
)
def test_what_is_no_answer_is_refused_and_breaks_nothing(clinic: Clinic, helmi, answer) -> None:
    with pytest.raises(No, match="no-touch"):
        demand(clinic, helmi, answer)


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_every_byte_that_was_signed_counts(clinic: Clinic, helmi, key, part) -> None:
    length = len(urlsafe_b64decode(json.loads(touch(helmi, key, REQUEST))["response"][part] + "=="))
    for at in range(0, length, 5):
        answer = json.loads(touch(helmi, key, REQUEST))
        flipped = bytearray(urlsafe_b64decode(answer["response"][part] + "=="))
        flipped[at % len(flipped)] ^= 1  # signatures differ in length by a byte or two
        answer["response"][part] = b64(bytes(flipped))
        with pytest.raises(No, match="no-touch"):
            demand(clinic, helmi, json.dumps(answer).encode())


def test_without_any_key_a_demo_lets_pass_and_a_house_does_not(clinic: Clinic) -> None:
    otso = with_password(clinic, "otso")
    assert touches.said(demand(clinic, otso, b"")) == "none"
    clinic.install.trust = replace(clinic.install.trust, demo=False)
    with pytest.raises(No) as no:
        demand(clinic, otso, b"")
    assert no.value.because == "no security key"


def test_whoever_has_a_key_must_use_it_in_a_demo_too(clinic: Clinic, helmi) -> None:
    with pytest.raises(No) as no:
        demand(clinic, helmi, b"")
    assert no.value.because == "no key of theirs"


def test_a_new_key_that_was_made_elsewhere_or_without_its_user_is_refused(clinic: Clinic) -> None:
    helmi = with_password(clinic)
    for bent in ({"flags": PRESENT}, {"origin": "http://localhost"}, {"rp_id": "example.org"}):
        with pytest.raises(NoTouch):
            add_key(helmi, Authenticator(**bent))
    client.confirm_self(helmi, client.NEW_KEY, password=PASSWORD)
    with pytest.raises(NoTouch):
        client.add_own_key(
            helmi, client.Touched(b"{}", bytes(32)), password="", prf_salt=bytes(32), label=""
        )


def test_nobody_is_asked_without_a_session(clinic: Clinic) -> None:
    with pytest.raises(client.SignedOut):
        client.begin_touch(new_session(clinic), REQUEST)


def test_ten_thousand_strangers_push_nobody_out(clinic: Clinic, helmi, key) -> None:
    drawn, given = clinic.install.challenges, touched(clinic, key)
    shelf = deque(["mine"], maxlen=4_096)
    for _ in range(10_000):
        shelf.append(drawn.draw(b"theirs", now=clinic.clock()).hex())
    assert "mine" not in shelf, "where the last ones out are remembered, strangers push it out"
    whole = {"name": "helmi", "password": PASSWORD, "network": "", "kind": client.WITH_KEY}
    assert client.sign_in(new_session(clinic), **whole, touched=given)
    with pytest.raises(client.WrongSignIn):
        client.sign_in(new_session(clinic), **whole, touched=given)


def test_used_challenges_are_forgotten_when_late_and_another_warden_knows_none() -> None:
    shelf = Challenges()
    mine = shelf.draw(b"mine", now=0)
    with pytest.raises(No):
        Challenges().take(mine, b"mine", now=0)
    shelf.take(mine, b"mine", now=0)
    for now in (0, challenges.LIFE, challenges.LIFE + 1):
        with pytest.raises(No):
            shelf.take(mine, b"mine", now=now)
    shelf.take(shelf.draw(b"later", now=challenges.LIFE + 1), b"later", now=challenges.LIFE + 1)
    assert len(shelf._used) == 1


@pytest.mark.parametrize("at", [0, 7, 8, 23, 24, 55])
def test_every_byte_of_a_challenge_counts(at: int) -> None:
    shelf = Challenges()
    bent = bytearray(shelf.draw(b"mine", now=0))
    bent[at] ^= 1
    with pytest.raises(No):
        shelf.take(bytes(bent), b"mine", now=0)


def test_what_is_asked_reads_in_one_way_only() -> None:
    assert client.over("a", "bc") != client.over("ab", "c")
    assert client.over("a", "b", "c") != client.over("a", "bc")


def test_a_key_that_was_planted_beside_her_own_touches_nothing(clinic: Clinic, helmi, key) -> None:
    planted = Authenticator()
    [row] = [one for one in store.slots_of(clinic.id("helmi")) if slots.parse(one.slot).credential]
    hers = slots.parse(row.slot)
    forged = replace(
        hers, id=uuid4(), credential=slots.Credential(planted.id, planted.cose, bytes(32))
    )
    store.put_slots([replace(row, id=forged.id, slot=forged.encode())])
    with pytest.raises(No) as no:
        demand(clinic, helmi, touch(helmi, planted, REQUEST))
    assert no.value.because == "a key that was never recorded"
    assert demand(clinic, helmi, touch(helmi, key, REQUEST)) == key.id
    naive = Naive()
    naive.row("user", name="helmi")["key"] = planted.id.hex()
    assert planted.id.hex().encode() in naive.dump(), "a row that is believed lets it pass"


def test_where_a_cookie_is_all_that_is_asked_for_a_thief_of_it_does_as_he_likes() -> None:
    naive = Naive()
    naive.sign_in("helmi", "a long password")
    assert naive.answer({"user": "helmi"}), "who has the session needs no finger"
