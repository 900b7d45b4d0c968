"""Signing in, and what a cookie, a handle or the warden's memory is worth alone."""

import gc
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest

from tests.cast import HOUR, Clinic
from tests.promises.everything import PASSWORD, ask, set_stage
from tests.promises.naive import NOTE, Naive, open_plain_gcm, plain_gcm
from tests.promises.seeking import dump, holds, spellings, spoken
from tests.warden.hostile import VAULT, open_chart
from vaitiolo.keys import primitives, sessions, slots
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.models import StoredSlot
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.slots import Given
from vaitiolo.warden import client, protocol
from vaitiolo.warden.client import Wanted
from vaitiolo.warden.kinds import Mode, Purpose
from vaitiolo.warden.server import starting
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.session import Session

ATOMS = (bytes, bytearray, str)


def give_password(clinic: Clinic) -> None:
    give = clinic.founding.give_password  # type: ignore[attr-defined]  # the cast adds it
    give(clinic.people["helmi"], sign_in_name="helmi", password=PASSWORD)


def memory_of(*roots: object) -> Iterator[bytes]:
    """Every piece of bytes and text that can be reached from these, as a memory image shows it."""
    seen: set[int] = set()
    waiting: list[Any] = list(roots)
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, type) or type(one).__name__ == "module":
            continue
        seen.add(id(one))
        if isinstance(one, ATOMS):
            yield one.encode(errors="replace") if isinstance(one, str) else bytes(one)
        else:
            waiting += [there for there in gc.get_referents(one) if not is_code(there)]


def is_code(one: object) -> bool:
    return type(one).__name__ in {"module", "function", "frame", "code", "type"}


def test_p9_cookie_databases_and_memory_open_nothing_one_without_the_other(
    clinic: Clinic,
) -> None:
    give_password(clinic)
    cookie, seed = uuid4().bytes * 2, bytes(clinic.people["helmi"].seed)
    client.sign_in(Session(cookie, clinic.agent), name="helmi", password=PASSWORD, network="")
    memory = list(memory_of(clinic.install, clinic.agent))
    secrets = [cookie, seed, PASSWORD.encode()]
    secrets += [
        bytes(primitives.hkdf(seed, clinic.install.org.bytes, b"vaitiolo/1/seed/" + part))
        for part in (b"xwing", b"ed25519")
    ]
    needles = [spelt for secret in secrets for spelt in spellings(secret)]
    assert not holds(memory, needles)
    [seat] = clinic.install.memory._seats.values()
    assert seat.sealed_seed in memory
    place = {"org": clinic.install.org, "holder": clinic.id("helmi")}
    with pytest.raises(Refused):
        sessions.open_seed(seat.sealed_seed, bytes(32), **place)
    assert not holds(dump("default", "vault"), needles)
    assert sessions.open_seed(seat.sealed_seed, cookie, **place) == seed
    naive = Naive()
    naive.sign_in("helmi", "a long password")
    assert holds(memory_of(naive.sessions), spellings(primitives.sha256(b"naive")))


def test_a_log_of_cookies_and_a_disk_image_open_nothing(clinic: Clinic) -> None:
    stage = set_stage(clinic)
    logged = [clinic.cookie(name).encode() for name in clinic.cookies]
    cookies = list(clinic.cookies.values())
    clinic.install.recorder.stop()
    image = [file.read_bytes() for file in clinic.home.rglob("*") if file.is_file()]
    image += dump("default", "vault")
    seeds = [spelt for person in clinic.people.values() for spelt in spellings(bytes(person.seed))]
    assert not holds([*image, *logged], seeds)
    assert not any(opened(clinic, cell, cookie) for cell in image for cookie in cookies)
    with starting.running(clinic.home, clinic.install.trust, clinic.clock) as again:
        agent = Agent(again)
        for name, cookie in clinic.cookies.items():
            for asked in (
                protocol.Recognise(cookie),
                protocol.ListSessions(cookie),
                protocol.Unseal(cookie, stage.reading.handle, (stage.note,)),
                protocol.Open(cookie, (Wanted(stage.chart, Mode.READ, Purpose.CARE),)),
            ):
                assert ask(agent, asked) == protocol.Refused("signed-out"), name
    # Where a table keeps what sessions are opened with, the same two things open the note.
    naive, key = Naive(), bytes(range(32))
    naive.tables["session"] = [{"cookie": logged[0].decode(), "key": key.hex()}]
    naive.tables["note"][0]["text"] = plain_gcm(key, NOTE.encode()).hex()
    copy = naive.dump()
    stolen = bytes.fromhex(copy[copy.index(logged[0]) + 1].decode())
    texts = [bytes.fromhex(cell.decode()) for cell in copy if is_hex(cell) and len(cell) > 64]
    assert NOTE.encode() in [open_plain_gcm(stolen, text) for text in texts]


def opened(clinic: Clinic, cell: bytes, cookie: bytes) -> bool:
    """Try a piece of the image as the sealed seed of anybody's session."""
    for person in clinic.people.values():
        with suppress(Refused):
            return bool(sessions.open_seed(cell, cookie, org=clinic.install.org, holder=person.id))
    return False


def test_where_somebody_is_signed_in_stands_in_no_database(clinic: Clinic) -> None:
    give_password(clinic)
    helmi = Session(uuid4().bytes * 2, clinic.agent)
    network, words = "2001:db8::7a11", "Firefox, Windows"
    client.sign_in(helmi, name="helmi", password=PASSWORD, network=network)
    client.name_session(helmi, words)
    [told] = client.list_sessions(helmi)
    assert (told.network, told.words) == (network, words)
    client.end_session(helmi, told.session)
    needles = [*spoken(network), *spoken(words), *spellings(told.session.bytes)]
    image = [file.read_bytes() for file in clinic.home.rglob("*") if file.is_file()]
    assert not holds([*image, *dump("default", "vault")], needles)
    naive = Naive()
    naive.tables["session"] = [{"user": "helmi", "network": network, "agent": words}]
    assert holds(naive.dump(), needles)


@pytest.mark.parametrize("kind", [client.WITH_KEY, client.WITH_CODE, client.PASSWORD_ALONE])
def test_p13_an_unknown_name_costs_the_same_work_and_has_the_same_answer(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, kind: int
) -> None:
    give_password(clinic)
    work: list[tuple[object, ...]] = []
    derive, compute = primitives.argon2id, primitives.hmac_sha256

    def argon2id(password: bytes, salt: bytes, **cost: int) -> bytearray:
        work.append(("argon2id", len(salt), *cost.values()))
        return derive(password, salt, **cost)

    def hmac_sha256(key: bytes, data: bytes) -> bytes:
        work.append(("hmac", len(key)))
        return compute(key, data)

    monkeypatch.setattr(primitives, "argon2id", argon2id)
    monkeypatch.setattr(primitives, "hmac_sha256", hmac_sha256)
    seen = []
    for name in ("helmi", "nobody", "helmi", "nobody"):
        work.clear()
        wrong = "not the password", bytes(range(32)), b"no assertion"
        asked = protocol.SignIn(bytes(32), name, kind, *wrong, "")
        seen.append((ask(clinic.agent, asked), list(work)))
    # The first try pays for the card of whoever has one; from then on nothing differs.
    assert seen[2] == seen[3]
    assert {answer for answer, _ in seen} == {protocol.Refused("wrong-sign-in")}
    assert [sum(step[0] == "argon2id" for step in steps) for _, steps in seen] == [1, 1, 1, 1]
    naive = Naive()
    assert naive.sign_in("helmi", "not it") != naive.sign_in("nobody", "not it")


def confirms(password: str, cells: list[bytes]) -> bool:
    """Try a password on everything that stands in a copy of the databases."""
    text, made = password.encode(), set()
    for salt in [b"", *(cell for cell in cells if 4 <= len(cell) <= 64)]:
        for raw in (salt, bytes.fromhex(salt.decode()) if is_hex(salt) else salt):
            made |= {primitives.sha256(raw + text), primitives.sha256(text + raw)}
            made.add(primitives.hmac_sha256(raw or b"-", text))
    return holds(cells, [form for one in made for form in (one, one.hex().encode())])


def is_hex(text: bytes) -> bool:
    return len(text) % 2 == 0 and all(letter in b"0123456789abcdef" for letter in text)


def test_p14_no_column_confirms_a_password_without_the_key_service(clinic: Clinic) -> None:
    give_password(clinic)
    assert not confirms(PASSWORD, dump("default", "vault"))
    slot = slots.parse(bytes(StoredSlot.objects.using(VAULT).get().slot))
    policy = clinic.install.trust.slot_policy(CardClass.STAFF)
    answers = set()
    for password in (PASSWORD, "not the password"):
        with pytest.raises(Refused) as refusal:
            slots.unlock(
                slot, Given(password=password), kms=AnotherKms(), policy=policy, card_of=bytes
            )
        answers.add(refusal.value.reason)
    assert answers == {"seal.commit"}
    assert confirms("a long password", Naive().dump())


class AnotherKms:
    """A key service of the thief's own, as good as the real one but for its keys."""

    def mac(self, name: str, data: bytes) -> bytes:
        return primitives.hmac_sha256(name.encode(), data)


def test_p24_a_lapsed_session_is_forgotten_without_anybody_asking(clinic: Clinic) -> None:
    stage = set_stage(clinic)
    stage.book.load_book([stage.line])
    assert clinic.install.books
    clinic.clock.ahead += HOUR // 4 + 1_000_000
    clinic.install.forget_lapsed()
    assert not clinic.install.books
    left = list(memory_of(clinic.install.memory, clinic.install.books))
    assert not holds(left, ["Mäkinen".encode(), "mäkinen".encode()])
    assert not clinic.install.memory._seats
    naive = Naive()
    naive.sign_in("helmi", "a long password")
    assert naive.sessions, "and stays for ever"


def test_p25_a_handle_is_worth_nothing_to_anybody_else_or_later(clinic: Clinic) -> None:
    stage = set_stage(clinic)
    otso = protocol.Unseal(stage.cookie("otso"), stage.reading.handle, (stage.note,))
    assert ask(clinic.agent, otso) == protocol.Refused("not-granted")
    written = protocol.Unseal(stage.cookie("helmi"), stage.writing.handle, (stage.note,))
    assert ask(clinic.agent, written) == protocol.Refused("not-granted")
    assert stage.reading.unseal([stage.note])
    clinic.clock.ahead += HOUR // 60 + 1
    with pytest.raises(client.NotGranted):
        stage.reading.unseal([stage.note])
    naive = Naive()
    naive.sign_in("helmi", "a long password")
    assert naive.answer({"user": "helmi"}) == naive.answer({"user": "helmi"}), "good for ever"


def test_p26_a_restart_signs_everybody_out(clinic: Clinic) -> None:
    stage = set_stage(clinic)
    clinic.install.recorder.stop()
    with starting.running(clinic.home, clinic.install.trust, clinic.clock) as again:
        agent = Agent(again)
        for asked in (
            protocol.Recognise(stage.cookie("helmi")),
            protocol.Unseal(stage.cookie("helmi"), stage.reading.handle, (stage.note,)),
        ):
            assert ask(agent, asked) == protocol.Refused("signed-out")
    with pytest.raises(client.LedgerSilent):
        open_chart(clinic, stage.chart)
    naive = Naive()
    naive.sign_in("helmi", "a long password")
    again_naive = Naive(sessions=naive.sessions)
    assert again_naive.sessions["helmi"]["key"], "which a session table keeps"
