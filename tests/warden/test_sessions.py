"""A person's sessions: at most four, each ends by itself, and an ended one leaves no seed."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from tests.cast import HOUR, Clinic
from tests.promises.everything import ask
from tests.promises.test_sessions import memory_of
from tests.warden.hostile import make_chart, open_chart
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client, protocol
from vaitiolo.warden.client import NotAllowed, NotGranted, SignedOut
from vaitiolo.warden.server import evidence
from vaitiolo.warden.server.memory import MOST_SEATS, Seat
from vaitiolo.warden.server.recording import SIGN_INS
from vaitiolo.warden.session import Session

MINUTE = HOUR // 60


def sit(clinic: Clinic, name: str = "helmi") -> Session:
    """Another session of somebody's."""
    clinic.clock.ahead += 1_000_000
    return Session(clinic.seat(name), clinic.agent)


def seats(clinic: Clinic) -> list[Seat]:
    return list(clinic.install.memory._seats.values())


def sign_outs(clinic: Clinic) -> list[dict[str, object]]:
    """What the entries of sessions that were ended say."""
    entries = [one for one in queries.entries_from(0) if one.leaf.act == Act.SIGN_OUT]
    recording = clinic.install.recording
    return [
        evidence.detail_of(recording, one.index, subject=SIGN_INS, acts={Act.SIGN_OUT})[1]
        for one in entries
    ]


def ids(session: Session) -> list[UUID]:
    return [one.session for one in client.list_sessions(session)]


def has_ended(session: Session) -> bool:
    try:
        client.recognise(session)
    except SignedOut:
        return True
    return False


def test_two_sessions_of_one_person_live_beside_each_other(clinic: Clinic) -> None:
    chart = make_chart(clinic, uuid4())
    laptop, phone = clinic.session("helmi"), sit(clinic)
    for one in (laptop, phone):
        assert client.open_compartment(one, chart, purpose="care")
    client.sign_out(phone)
    assert has_ended(phone)
    assert not has_ended(laptop)


def test_the_list_says_where_since_when_and_which_is_this_one(clinic: Clinic) -> None:
    laptop, phone = clinic.session("helmi"), sit(clinic)
    clinic.session("otso")
    client.name_session(phone, "Safari, iOS")
    clinic.clock.ahead += MINUTE
    latest, first = client.list_sessions(laptop)
    assert (latest.words, latest.is_this, first.words, first.is_this) == (
        "Safari, iOS",
        False,
        "",
        True,
    )
    assert {latest.network, first.network} == {"test"}
    assert first.seen >= latest.seen + 60
    assert latest.since > first.since


def test_a_session_is_named_once_in_few_plain_letters(clinic: Clinic) -> None:
    helmi = clinic.session("helmi")
    for words in ("x" * 61, "two\nlines", "\x1b[0m"):
        broken = protocol.NameSession(helmi.cookie, words)
        assert ask(clinic.agent, broken) == protocol.Refused("question-broken")
    assert client.name_session(helmi, "x" * 60) is None
    with pytest.raises(NotAllowed):
        client.name_session(helmi, "another")
    assert client.list_sessions(helmi)[0].words == "x" * 60


def test_the_fifth_ends_the_oldest_and_says_so(clinic: Clinic) -> None:
    sessions = [sit(clinic) for _ in range(MOST_SEATS)]
    client.name_session(sessions[0], "Firefox, Linux")
    assert not any(has_ended(one) for one in sessions)
    fifth = sit(clinic)
    assert [has_ended(one) for one in sessions] == [True, False, False, False]
    told = client.name_session(fifth, "Safari, iOS")
    assert told is not None
    assert told.words == "Firefox, Linux"
    assert told.session not in ids(fifth)
    assert len(ids(fifth)) == MOST_SEATS


def test_one_is_ended_from_another_and_the_entry_says_which(clinic: Clinic) -> None:
    laptop, phone, tablet = clinic.session("helmi"), sit(clinic), sit(clinic)
    [_, lost, own] = ids(laptop)
    client.end_session(laptop, lost)
    assert [has_ended(one) for one in (laptop, phone, tablet)] == [False, True, False]
    client.end_session(laptop, lost)
    [said] = sign_outs(clinic)
    assert (said["session"], said["from"]) == (lost.hex, own.hex)


def test_nobody_ends_anothers_session(clinic: Clinic) -> None:
    helmi, otso = clinic.session("helmi"), clinic.session("otso")
    with pytest.raises(NotGranted):
        client.end_session(otso, ids(helmi)[0])
    assert not has_ended(helmi)
    assert ids(helmi)[0] not in ids(otso)
    client.end_all_sessions(otso, but_this=False)
    assert [has_ended(one) for one in (helmi, otso)] == [False, True]


def test_everywhere_else_and_everywhere(clinic: Clinic) -> None:
    laptop, phone, tablet = (sit(clinic) for _ in range(3))
    client.end_all_sessions(phone, but_this=True)
    assert [has_ended(one) for one in (laptop, phone, tablet)] == [True, False, True]
    again = sit(clinic)
    client.end_all_sessions(phone, but_this=False)
    assert has_ended(phone)
    assert has_ended(again)
    assert len(sign_outs(clinic)) == 4


def test_one_that_lapses_leaves_the_others(clinic: Clinic) -> None:
    laptop, phone = clinic.session("helmi"), sit(clinic)
    clinic.clock.ahead += 10 * MINUTE
    client.recognise(phone)
    clinic.clock.ahead += 6 * MINUTE
    assert [one.is_this for one in client.list_sessions(phone)] == [True]
    assert has_ended(laptop)
    assert not has_ended(phone)


def test_whoever_leaves_is_signed_out_everywhere(clinic: Clinic) -> None:
    both = [sit(clinic), sit(clinic)]
    client.revoke_card(clinic.session("ritva"), clinic.id("helmi"), reason=1)
    assert all(has_ended(one) for one in both)


def sign_out(clinic: Clinic, ending: Session, _other: Session) -> None:
    client.sign_out(ending)


def lapse(clinic: Clinic, ending: Session, _other: Session) -> None:
    clinic.clock.ahead += 2 * MINUTE
    assert has_ended(ending)


def lapse_unseen(clinic: Clinic, _ending: Session, _other: Session) -> None:
    clinic.clock.ahead += 2 * MINUTE
    clinic.install.forget_lapsed()


def end_elsewhere(clinic: Clinic, _ending: Session, other: Session) -> None:
    client.end_all_sessions(other, but_this=True)


def sign_in_too_often(clinic: Clinic, _ending: Session, _other: Session) -> None:
    for _ in range(MOST_SEATS - 1):
        sit(clinic)


def seal_of(clinic: Clinic, name: str) -> Seat:
    return next(one for one in seats(clinic) if one.person.id == clinic.id(name))


@pytest.mark.parametrize("end", [sign_out, lapse, lapse_unseen, end_elsewhere, sign_in_too_often])
def test_an_ended_session_leaves_no_seed_and_the_others_untouched(
    clinic: Clinic, end: Callable[[Clinic, Session, Session], None]
) -> None:
    chart = make_chart(clinic, uuid4())
    reading = open_chart(clinic, chart)
    ending, seat = clinic.session("helmi"), seal_of(clinic, "helmi")
    sealed = bytes(seat.sealed_seed)
    assert sealed in set(memory_of(clinic.install))
    clinic.clock.ahead += 14 * MINUTE
    other, otso = sit(clinic), clinic.session("otso")
    end(clinic, ending, other)
    assert sealed not in set(memory_of(clinic.install, clinic.agent))
    assert seat.sealed_seed == b"", "nor with whoever still holds the seat"
    assert not clinic.install.memory._handles
    with pytest.raises(SignedOut):
        reading.unseal([client.Sealed(client.Place(1, uuid4(), 1), b"")])
    assert not has_ended(otso)
    assert client.open_compartment(other, chart, purpose="care")


def test_a_card_that_is_ended_leaves_no_seed_at_all(clinic: Clinic) -> None:
    clinic.session("helmi")
    sit(clinic)
    mine = [one for one in seats(clinic) if one.person.id == clinic.id("helmi")]
    sealed = [bytes(one.sealed_seed) for one in mine]
    client.revoke_card(clinic.session("ritva"), clinic.id("helmi"), reason=1)
    left = set(memory_of(clinic.install, clinic.agent))
    assert len(sealed) == 2
    assert not left & set(sealed)
