"""Signing in with security keys, and one's own ways in: added, changed, lost and found."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from tests.cast import Clinic
from tests.promises.naive import Naive
from tests.promises.seeking import dump, holds, spellings
from tests.warden.authenticator import Authenticator
from tests.warden.hostile import VAULT
from tests.warden.own_keys import (
    CODE,
    PASSWORD,
    add_code,
    add_key,
    new_session,
    prove,
    put_key,
    remove,
    sign_in,
    touch,
    touched,
    with_password,
)
from vaitiolo.keys import slots, store
from vaitiolo.keys.models import StoredSlot
from vaitiolo.keys.slots import SlotKind
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client import (
    ConfirmFirst,
    LastWayIn,
    NotAllowed,
    NotGranted,
    NoTouch,
    TooManyTries,
    WrongSignIn,
)
from vaitiolo.warden.server.memory import Proof
from vaitiolo.warden.server.sign_ins import KEYS_SHOWN
from vaitiolo.warden.server.tries import PER_NAME, WHOLE_HOUSE
from vaitiolo.warden.session import Session

MINUTE = 60_000_000
NEW = "toinen pitkä lause"


@pytest.fixture
def key() -> Authenticator:
    return Authenticator()


@pytest.fixture
def helmi(clinic: Clinic, key: Authenticator) -> Session:
    session = with_password(clinic)
    add_key(session, key)
    return session


def with_code(clinic: Clinic, code: str = CODE) -> Session:
    session = new_session(clinic)
    client.sign_in(session, name="helmi", password=code, network="", kind=client.WITH_CODE)
    return session


def kinds(session: Session) -> list[int]:
    return sorted(one.kind for one in client.list_own_keys(session).slots)


def acts_of(clinic: Clinic, name: str) -> list[Act]:
    tag = clinic.install.recording.tag(clinic.id(name))
    return [one.leaf.act for one in queries.entries_of(tag)]


# --- coming in --------------------------------------------------------------------


def test_password_and_key_open_the_slot_and_nobody_is_called_weak(clinic, helmi, key) -> None:
    somebody = sign_in(clinic, key)
    assert (somebody.name, somebody.is_weak) == ("Helmi Halla", False)


def wrong_ways(clinic: Clinic, key: Authenticator) -> Iterator[tuple[str, client.Touched]]:
    stranger = replace(Authenticator(), id=key.id, secret=key.secret)
    yield PASSWORD, replace(touched(clinic, key), prf=bytes(range(32)))
    yield PASSWORD, replace(touched(clinic, key), prf=bytes(32))
    yield PASSWORD, replace(touched(clinic, key), assertion=b"")
    good = touched(clinic, key)
    yield "not the password", good
    yield PASSWORD, good  # used already
    clinic.clock.ahead += 16 * MINUTE
    yield PASSWORD, touched(clinic, stranger)
    yield PASSWORD, replace(touched(clinic, key, "otso"), prf=touched(clinic, key).prf)


def test_half_of_it_opens_nothing_and_every_failure_has_one_answer(clinic, helmi, key) -> None:
    for password, given in wrong_ways(clinic, key):
        with pytest.raises(WrongSignIn):
            client.sign_in(
                new_session(clinic),
                name="helmi",
                password=password,
                network="",
                kind=client.WITH_KEY,
                touched=given,
            )
    assert sign_in(clinic, key), "and the whole of it does"
    naive = Naive()
    assert naive.sign_in("helmi", "a long password") == "Welcome.", "where a password is enough"


@pytest.mark.parametrize("kind", [0, 5, 6, 99, -1])
def test_a_kind_that_nobody_signs_in_with_opens_nothing(clinic, helmi, kind) -> None:
    with pytest.raises(WrongSignIn):
        client.sign_in(new_session(clinic), name="helmi", password=PASSWORD, network="", kind=kind)


def test_the_key_alone_opens_nothing_where_the_policy_does_not_allow_it(clinic, helmi, key) -> None:
    assert not client.ways_to_sign_in(clinic.agent).key_alone
    with pytest.raises(WrongSignIn):
        sign_in(clinic, key, password="")
    with pytest.raises(NotAllowed):
        add_key(helmi, Authenticator(), password="")


def test_where_the_policy_allows_it_the_key_alone_opens(clinic, helmi) -> None:
    trust = clinic.install.trust
    allowed = replace(trust.slots, staff=trust.slots.staff | {SlotKind.KEY})
    clinic.install.trust = replace(trust, slots=allowed)
    other = Authenticator()
    add_key(helmi, other, password="")
    assert client.ways_to_sign_in(clinic.agent).key_alone
    assert not sign_in(clinic, other, password="").is_weak


def test_every_name_is_shown_four_keys_and_the_same_ones_each_time(clinic, helmi, key) -> None:
    with_password(clinic, "otso")
    for name in ("helmi", "otso", "nobody"):
        first, again = (client.ask_to_sign_in(clinic.agent, name) for _ in range(2))
        assert first.keys == again.keys
        assert first.challenge != again.challenge
        assert len(first.keys) == KEYS_SHOWN
        assert [one.id for one in first.keys] == sorted(one.id for one in first.keys)
        assert {len(one.prf_salt) for one in first.keys} == {32}
    assert key.id in {one.id for one in client.ask_to_sign_in(clinic.agent, " HELMI ").keys}


# --- tries ------------------------------------------------------------------------


def test_whoever_knows_a_name_cannot_keep_out_whoever_has_the_key(clinic, helmi, key) -> None:
    for _ in range(PER_NAME):
        with pytest.raises(WrongSignIn):
            client.sign_in(new_session(clinic), name="helmi", password="no", network="")
    with pytest.raises(TooManyTries):
        client.sign_in(new_session(clinic), name="helmi", password=PASSWORD, network="")
    assert sign_in(clinic, key)


def test_a_stolen_key_has_five_tries_at_the_password(clinic, helmi, key) -> None:
    for _ in range(PER_NAME):
        with pytest.raises(WrongSignIn):
            sign_in(clinic, key, password="not the password")
    with pytest.raises(TooManyTries):
        sign_in(clinic, key)


def test_over_the_figure_of_the_house_only_keys_sign_in_and_somebody_is_told(
    clinic, helmi, key
) -> None:
    now = clinic.clock()
    for number in range(WHOLE_HOUSE):
        clinic.install.tries.begin(number.to_bytes(2), now=now)
    for _ in range(3):
        with pytest.raises(TooManyTries):
            client.sign_in(new_session(clinic), name="helmi", password=PASSWORD, network="")
    assert sign_in(clinic, key)
    assert sum(one.leaf.act is Act.ALERT for one in queries.entries_from(0)) == 1


# --- own ways in ------------------------------------------------------------------


def test_a_new_key_is_recorded_before_it_is_there_and_found_again_by_its_label(
    clinic, helmi, key
) -> None:
    [weak, own] = sorted(client.list_own_keys(helmi).slots, key=lambda one: -one.kind)
    assert (weak.kind, own.kind, own.label) == (4, 1, "Blue")
    assert abs(own.since - clinic.clock() // 1_000_000) < 60
    assert acts_of(clinic, "helmi").count(Act.SLOT_ADDED) == 2
    prove(helmi, client.NEW_KEY)
    clinic.install.recorder.stop()
    with pytest.raises(client.LedgerSilent):
        put_key(helmi, Authenticator())
    assert StoredSlot.objects.using(VAULT).count() == 2


def test_a_session_alone_changes_nothing_though_it_began_just_now(clinic, helmi, key) -> None:
    changes = [
        lambda: put_key(helmi, Authenticator()),
        lambda: client.add_own_code(helmi, CODE),
        lambda: client.remove_own_slot(helmi, client.list_own_keys(helmi).slots[0].slot),
    ]
    sign_in(clinic, key, session=helmi)
    for change in changes:
        with pytest.raises(ConfirmFirst):
            change()
    with pytest.raises(NoTouch):
        client.change_own_password(helmi, client.UNTOUCHED, old=PASSWORD, new=NEW)
    naive = Naive()
    naive.row("user", name="helmi")["key"] = "a thief's"
    assert b"a thief's" in naive.dump(), "where the session is enough, its thief stays for good"


def test_a_proof_is_for_one_change_and_used_up_by_it(clinic, helmi, key) -> None:
    request = client.over_own_change(clinic.id("helmi"), client.NEW_CODE)
    client.confirm_self(helmi, client.NEW_CODE, assertion=touch(helmi, key, request))
    assert client.list_own_keys(helmi).proof == client.NEW_CODE
    with pytest.raises(ConfirmFirst):
        client.begin_own_key(helmi)
    client.add_own_code(helmi, CODE)
    assert client.list_own_keys(helmi).proof == ""
    for _ in range(2):
        with pytest.raises(ConfirmFirst):
            client.add_own_code(helmi, CODE[::-1])
        client.confirm_self(helmi, client.NEW_CODE, password=CODE.lower())
        clinic.clock.ahead += 5 * MINUTE + 1


@pytest.mark.parametrize("typed", ["", "not the password", PASSWORD, CODE])
def test_a_wrong_proof_is_none_and_is_counted(clinic, helmi, key, typed) -> None:
    refusal = WrongSignIn if typed == CODE else NoTouch
    with pytest.raises(refusal):
        client.confirm_self(helmi, client.NEW_KEY, password=typed)
    for deed in (client.NEW_CODE, "own-keys"):
        answer = touch(helmi, key, client.over_own_change(clinic.id("helmi"), deed))
        with pytest.raises(NoTouch):
            client.confirm_self(helmi, client.NEW_KEY, assertion=answer)
    assert client.list_own_keys(helmi).proof == ""


@pytest.mark.parametrize("deed", ["", "password", "remove-", client.removal(UUID(int=7))])
def test_there_is_no_proof_for_what_is_no_change_of_ones_own(helmi, deed) -> None:
    with pytest.raises(NotGranted):
        client.confirm_self(helmi, deed, password=PASSWORD)


def test_wrong_proofs_run_out_and_a_right_touch_is_never_kept_out(clinic, helmi, key) -> None:
    add_code(helmi, CODE)
    wrong = client.over_own_change(clinic.id("helmi"), client.NEW_CODE)
    for _ in range(PER_NAME):
        with pytest.raises(NoTouch):
            client.confirm_self(helmi, client.NEW_KEY, assertion=touch(helmi, key, wrong))
    with pytest.raises(TooManyTries):
        client.confirm_self(helmi, client.NEW_KEY, password=CODE)
    with pytest.raises(TooManyTries):
        client.confirm_self(helmi, client.NEW_KEY, assertion=touch(helmi, key, wrong))
    prove(helmi, client.NEW_KEY)


def test_wrong_passwords_run_out_where_there_is_no_key(clinic) -> None:
    otso = with_password(clinic, "otso")
    for _ in range(PER_NAME):
        with pytest.raises(WrongSignIn):
            client.confirm_self(otso, client.NEW_KEY, password="not the password")
    with pytest.raises(TooManyTries):
        client.confirm_self(otso, client.NEW_KEY, password=PASSWORD)


def test_who_saw_password_and_key_at_the_sign_in_gains_no_way_in_of_their_own(
    clinic, helmi, key
) -> None:
    seen = touched(clinic, key)
    session, mine = new_session(clinic), Authenticator()
    signed = {"name": "helmi", "password": PASSWORD, "network": "", "kind": client.WITH_KEY}
    client.sign_in(session, **signed, touched=seen)
    others = [one.slot for one in client.list_own_keys(session).slots]
    proofs = [{"password": PASSWORD}, {"assertion": seen.assertion}]
    for deed in (client.NEW_KEY, client.NEW_CODE, *map(client.removal, others)):
        for proof in proofs:
            clinic.clock.ahead += 16 * MINUTE // 4
            with pytest.raises((NoTouch, TooManyTries)):
                client.confirm_self(session, deed, **proof)
    with pytest.raises(ConfirmFirst):
        put_key(session, mine)
    for own in (seen, replace(seen, assertion=touch(session, key, b"another request"))):
        with pytest.raises(NoTouch):
            client.change_own_password(session, own, old=PASSWORD, new=NEW)
    assert kinds(session) == [1, 4]
    # A house where having signed in just now is proof enough, in the same hands.
    seat = clinic.install.memory.find(session.cookie, now=clinic.clock())
    seat.proof = Proof(client.NEW_KEY, clinic.clock() + MINUTE)
    put_key(session, mine)
    assert kinds(session) == [1, 1, 4], "a thief who needs no proof stays for good"


def test_a_code_opens_and_a_new_one_takes_its_place(clinic, helmi) -> None:
    add_code(helmi, CODE)
    assert not client.recognise(with_code(clinic, CODE.lower().replace("-", " "))).is_weak
    add_code(helmi, CODE[::-1])
    assert kinds(helmi) == [1, 3, 4]
    with pytest.raises(WrongSignIn):
        with_code(clinic)
    with pytest.raises(NotAllowed):
        add_code(helmi, "too short to be one")


def test_a_changed_password_opens_with_the_key_at_hand_and_the_old_one_never_again(
    clinic, helmi, key
) -> None:
    other = Authenticator()
    add_key(helmi, other, label="Spare")
    request = client.over("password", clinic.id("helmi"))
    asked = client.begin_touch(helmi, request)
    salt = next(one.prf_salt for one in asked.keys if one.id == key.id)
    given = client.Touched(key.touch(asked.challenge), key.prf(salt))
    with pytest.raises(WrongSignIn):
        client.change_own_password(helmi, given, old="not the password", new=NEW)
    given = client.Touched(touch(helmi, key, request), key.prf(salt))
    client.change_own_password(helmi, given, old=PASSWORD, new=NEW)
    assert kinds(helmi) == [1, 4], "the spare key is dropped, because it was not at hand"
    for password, opens in ((PASSWORD, False), (NEW, True)):
        for way in (
            lambda password=password: sign_in(clinic, key, password=password),
            lambda password=password: client.sign_in(
                new_session(clinic), name="helmi", password=password, network=""
            ),
        ):
            if opens:
                assert way()
            else:
                with pytest.raises(WrongSignIn):
                    way()
    assert [one.label for one in client.list_own_keys(helmi).slots if one.kind == 1] == ["Blue"]


def test_a_password_is_not_changed_with_a_prf_that_is_not_the_keys(clinic, helmi, key) -> None:
    request = client.over("password", clinic.id("helmi"))
    given = client.Touched(touch(helmi, key, request), bytes(range(32)))
    with pytest.raises(WrongSignIn):
        client.change_own_password(helmi, given, old=PASSWORD, new=NEW)
    assert sign_in(clinic, key)


def test_a_lost_key_is_taken_away_with_the_printed_code(clinic, helmi, key) -> None:
    add_code(helmi, CODE)
    again, fresh = with_code(clinic), Authenticator()
    add_key(again, fresh, label="New", typed=CODE)
    lost = next(one for one in client.list_own_keys(again).slots if one.label == "Blue")
    remove(again, lost.slot, typed=CODE)
    with pytest.raises(WrongSignIn):
        sign_in(clinic, key)
    assert sign_in(clinic, fresh)
    assert Act.SLOT_REMOVED in acts_of(clinic, "helmi")


def test_nobody_is_left_with_paper_alone_or_touches_anothers(clinic, helmi) -> None:
    add_code(helmi, CODE)
    otso = with_password(clinic, "otso")
    by_kind = {one.kind: one.slot for one in client.list_own_keys(helmi).slots}
    with pytest.raises(NotGranted):
        remove(otso, by_kind[1])
    remove(helmi, by_kind[4])
    client.confirm_self(helmi, client.removal(by_kind[1]), password=CODE)
    with pytest.raises(LastWayIn):
        client.remove_own_slot(helmi, by_kind[1])
    with pytest.raises(NotGranted):
        remove(helmi, by_kind[4])


def test_there_are_four_keys_at_most_and_each_once(clinic, helmi, key) -> None:
    with pytest.raises(NotAllowed):
        add_key(helmi, key)
    for _ in range(3):
        add_key(helmi, Authenticator())
    prove(helmi, client.NEW_KEY)
    with pytest.raises(NotAllowed):
        client.begin_own_key(helmi)


@pytest.mark.parametrize("password", ["short", "x" * 1025])
def test_a_password_that_the_policy_refuses_adds_nothing(clinic, helmi, password) -> None:
    with pytest.raises(NotAllowed):
        add_key(helmi, Authenticator(), password=password)


def test_whoever_has_no_way_in_cannot_add_one(clinic) -> None:
    with pytest.raises(WrongSignIn):
        add_key(clinic.session("otso"), Authenticator())


def test_the_secret_of_a_key_stands_nowhere(clinic, helmi, key) -> None:
    sign_in(clinic, key)
    [stored] = [one for one in map(parsed, store.slots_of(clinic.id("helmi"))) if one.credential]
    secret = key.prf(stored.credential.prf_salt)
    cells = dump("default", "vault")
    assert holds(cells, spellings(stored.credential.id)), "what is there is found"
    assert not holds(cells, spellings(secret))


def parsed(row) -> slots.Slot:
    return slots.parse(row.slot)
