"""What the warden says, to whom, and what it never says."""

from collections.abc import Iterator

import pytest

from tests.cast import Clinic
from tests.promises.everything import (
    PASSWORD,
    QUESTIONS,
    ask,
    is_refusal,
    live_a_day,
    questions,
    set_stage,
)
from tests.promises.naive import Naive
from tests.promises.seeking import holds, spellings
from tests.warden.fingers import PRFS
from tests.warden.hostile import VAULT
from vaitiolo.keys import contact, grants, primitives, slots
from vaitiolo.keys.holders import HolderKeys, master_part
from vaitiolo.keys.models import AuditSecret, StoredGrant, StoredSlot
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import frames, protocol
from vaitiolo.warden.frames import FrameBroken


def keys_of_the_house(clinic: Clinic) -> Iterator[bytes]:
    """Every key there is: seeds, what they give, each compartment's, the KMS's and the log's."""
    org, mine = clinic.install.org, StoredGrant.objects.using(VAULT)
    for person in clinic.people.values():
        seed = bytes(person.seed)
        yield seed
        for part in (b"xwing", b"ed25519", b"mldsa65"):
            yield bytes(primitives.hkdf(seed, org.bytes, b"vaitiolo/1/seed/" + part))
        with HolderKeys(seed, org) as keys:
            card = clinic.install.directory.everyone()[person.id].card
            for row in mine.filter(recipient_card=card):
                yield bytes(keys.open_grant(grants.parse(bytes(row.grant))))
    yield from (file.read_bytes()[4:] for file in (clinic.home / "kms").iterdir())
    yield (clinic.home / "warden" / "log-key").read_bytes()
    yield from keks_and_macs(clinic)
    yield from recovery_keys(clinic)


def recovery_keys(clinic: Clinic) -> Iterator[bytes]:
    """The master seed, what it gives, and the officers' shares."""
    org, master = clinic.install.org, clinic.paper.master
    yield master
    yield from (bytes(master_part(master, org, part=part)) for part in ("root", "chart"))
    for officer, text in clinic.paper.shares.items():
        yield bytes(contact.read(text, org=org, officer=officer))


def keks_and_macs(clinic: Clinic) -> Iterator[bytes]:
    for row in StoredSlot.objects.using(VAULT).all():
        slot = slots.parse(bytes(row.slot))
        prf = PRFS.get(slot.credential.id) if slot.credential else None
        yield bytes(slots._kek(slot, slots.Given(password=PASSWORD, prf=prf), clinic.install.kms))
    for secret in AuditSecret.objects.using(VAULT).values_list("secret", flat=True):
        yield bytes(secret)


def test_p2_no_answer_carries_a_key(clinic: Clinic) -> None:
    heard, naive = live_a_day(clinic), Naive()
    assert heard.asked == QUESTIONS
    needles = [spelt for key in keys_of_the_house(clinic) for spelt in spellings(key)]
    assert len(needles) > 500
    assert not holds(heard.answers, needles)
    naive.sign_in("helmi", "a long password")
    assert holds([naive.answer({"user": "helmi"})], spellings(primitives.sha256(b"naive")))


@pytest.mark.parametrize("name", ["aino", "taito", "ritva", "mauri", "pia", "otso"])
def test_p12_whoever_is_not_of_the_care_team_gets_nothing_of_a_chart(
    clinic: Clinic, name: str
) -> None:
    stage, naive = set_stage(clinic), Naive()
    asked = list(questions(stage, name))
    before = refusals(clinic)
    answers = [ask(clinic.agent, question) for question in asked]
    assert [
        type(q).__name__ for q, a in zip(asked, answers, strict=True) if not is_refusal(a)
    ] == []
    assert refusals(clinic) - before == len(asked)
    naive.sign_in("aino", "a long password")
    naive.row("user", name="aino")["role"] = "therapist"
    assert list(naive.open("aino", [1]))


def refusals(clinic: Clinic) -> int:
    return sum(one.leaf.act is Act.REFUSED for one in queries.entries_from(0))


def test_p17_a_frame_that_is_not_exactly_one_of_ours_is_refused(clinic: Clinic) -> None:
    cookie = clinic.session("helmi").cookie
    frame = frames.encode(protocol.Recognise(cookie))[frames.LENGTH :]
    good = frames.decode(clinic.agent.answer(frame)[frames.LENGTH :])
    for wrong in wrong_frames(frame):
        answer = frames.decode(clinic.agent.answer(wrong)[frames.LENGTH :])
        assert is_refusal(answer), wrong
    assert isinstance(good, protocol.Recognised)
    assert Naive().answer({"user": "helmi", "unknown": 1}), "which takes whatever it is given"


def wrong_frames(frame: bytes) -> Iterator[bytes]:
    """Every byte changed, left out or added, another version, a name that nobody has."""
    for at in range(len(frame)):
        yield frame[:at] + bytes([frame[at] ^ 0x01]) + frame[at + 1 :]
        yield frame[:at] + frame[at + 1 :]
        yield frame[:at] + b"\xff" + frame[at:]
    version = f"[{protocol.VERSION},".encode()
    yield frame.replace(version, b"[1,", 1)
    yield frame.replace(version, b"[9,", 1)
    yield frame.replace(b"Recognise", b"Recognize", 1)
    yield frame + bytes(1)
    yield b""
    with pytest.raises(FrameBroken):
        frames.encode(protocol.Recognise(bytes(frames.MAX_FRAME)))
