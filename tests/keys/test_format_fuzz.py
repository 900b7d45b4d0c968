"""Every byte of every format, changed, left out or doubled: refused in one way, or one reading.

Beside the formats' own tests, which flip a bit of each byte: here the first 64 bytes take every
value there is, the others three, and each byte stands twice or is missing. What checks ML-DSA in
each try is sampled, the same in each run. The ledger's leaves and the frames carry no signature of
their own, so there a changed byte must be a changed meaning: no two encodings of one thing.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.keys import test_drops, test_grants, test_revocations, test_rotations
from tests.keys.asking import House as Asking
from tests.keys.clinic import Clinic, id_of, named
from tests.keys.mutations import SEED
from tests.keys.policy import policy, root_keys
from tests.ledger.logs import KEY, make_log, sign
from vaitiolo.keys import (
    bodies,
    cards,
    ceremonies,
    drops,
    envelope,
    grants,
    outboxes,
    revocations,
    rotations,
    slots,
    trust,
    vouching,
)
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.kinds import Kind
from vaitiolo.keys.kms.file import FileKms
from vaitiolo.keys.refused import MESSAGE, Refused
from vaitiolo.keys.slots import Credential, Given, Owner, SlotKind, SlotPolicy
from vaitiolo.keys.trust_form import TrustRefused
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger.entries import Leaf, LeafBroken
from vaitiolo.ledger.verify import checkpoints
from vaitiolo.ledger.verify.checkpoints import Checkpoint, CheckpointBroken
from vaitiolo.warden import frames, protocol
from vaitiolo.warden.parts import Place, Sealed

HEAD = 64
VALUES = (0x01, 0x80, 0xFF)
COSTLY = 250
Opens = Callable[[bytes], object]


def changes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Say for each place what may stand there instead of its byte."""
    for at, byte in enumerate(raw):
        for other in range(1, 256) if at < HEAD else VALUES:
            yield at, bytes((byte ^ other,))
        yield at, b""
        yield at, bytes((byte, byte))


def tries(raw: bytes, sample: int | None) -> Iterator[bytes]:
    every = list(changes(raw))
    if sample is not None:
        every = random.Random(SEED).sample(every, sample)  # noqa: S311 - a seed is meant
    for at, instead in every:
        wrong = raw[:at] + instead + raw[at + 1 :]
        # What is left out or doubled beside its like is where it was.
        if wrong != raw:
            yield wrong


def sealed_text() -> tuple[bytes, Opens]:
    place = bodies.Place(id_of("org"), id_of("chart"), Kind.NOTE, id_of("row"), 1)
    dk, context = named("dk"), envelope.document_context(place, epoch=1)
    raw = envelope.seal(dk, context, b"words", epoch=1, padding=Padding.NONE)
    return raw, lambda one: envelope.unseal(dk, context, one, epoch=1, padding=Padding.NONE)


def grant() -> tuple[bytes, Opens]:
    house = test_grants.House()

    def opens(one: bytes) -> None:
        recipients = frozenset({house.helmi.card.id})
        grants.verify(
            grants.parse(one),
            org=house.clinic.org,
            recipients=recipients,
            grantor=house.raisa.card,
            day=house.clinic.today,
        )

    return house.grant.encode(), opens


def slot(kms: FileKms) -> tuple[bytes, Opens]:
    plan = SlotPolicy(id_of("org"), frozenset(SlotKind))
    owner = Owner(id_of("org"), id_of("Helmi"), named("card"))
    key = Credential(named("credential"), named("cose", 77), named("prf salt"))
    empty = slots.new_slot(SlotKind.KEY, owner, kms_epoch=1, policy=plan, credential=key)
    given = Given(prf=named("prf"))
    raw = slots.lock(named("seed"), empty, given, kms=kms, policy=plan).encode()

    def opens(one: bytes) -> bytearray:
        stored = slots.parse(one)
        # A kind with a password costs Argon2id for each try, and lacks the password all the same.
        if stored.kind is not SlotKind.KEY:
            raise Refused("slot.given")
        return slots.unlock(stored, given, kms=kms, policy=plan, card_of=lambda _: owner.card)

    return raw, opens


def outbox(kms: FileKms) -> tuple[bytes, Opens]:
    place: dict[str, UUID] = {"org": id_of("org"), "row": id_of("row")}
    row = outboxes.make(b"huomenna", **place, due=1, kms_epoch=1, kms=kms)
    return row.encode(), lambda one: outboxes.unseal(outboxes.parse(one), **place, kms=kms)


def rotation() -> tuple[bytes, Opens]:
    house = test_rotations.House()
    return house.turn().encode(), lambda one: house.checked(rotations.parse(one))


def revocation() -> tuple[bytes, Opens]:
    clinic = Clinic()
    registrar = clinic.registrar.card

    def opens(one: bytes) -> None:
        revocations.verify(revocations.parse(one), org=clinic.org, registrar=registrar)

    return test_revocations.word(clinic).encode(), opens


def drop() -> tuple[bytes, Opens]:
    house = test_drops.House()
    return house.drop.encode(), lambda one: house.folded(drops.parse(one))


def card() -> tuple[bytes, Opens]:
    clinic = Clinic()
    helmi = clinic.enrol("Helmi").card

    def opens(one: bytes) -> None:
        read = cards.parse(one)
        clinic.recorded[read.id] = clinic.recorded[helmi.id]
        vouching.verify(read, clinic.authority, at=Moment(clinic.today))

    return helmi.encode(), opens


def request() -> tuple[bytes, Opens]:
    house = Asking()
    pins = house.pins
    return house.request().encode(), lambda one: ceremonies.check_request(
        ceremonies.parse(one), pins
    )


CHEAP = [sealed_text, grant, slot, outbox, rotation, revocation]
DEAR = [drop, card, request]


def made(maker: Callable[..., tuple[bytes, Opens]], kms: FileKms) -> tuple[bytes, Opens]:
    return maker(kms) if maker in {slot, outbox} else maker()


@pytest.mark.parametrize("maker", [*CHEAP, *DEAR], ids=lambda one: one.__name__)
def test_a_byte_that_is_not_as_it_was_is_refused_in_one_way(
    maker: Callable[..., tuple[bytes, Opens]], kms: FileKms
) -> None:
    raw, opens = made(maker, kms)
    opens(raw)
    answers = set()
    tried = 0
    for one in tries(raw, COSTLY if maker in DEAR else None):
        tried += 1
        with pytest.raises(Refused) as refusal:
            opens(one)
        answers.add((type(refusal.value), str(refusal.value)))
    assert answers == {(Refused, MESSAGE)}
    assert tried >= COSTLY - 5


def test_every_byte_of_a_policy_and_of_its_signatures(tmp_path: Path) -> None:
    trust.write(tmp_path, policy(), root=root_keys())
    answers = set()
    for name in ("trust.toml", "trust.toml.sig"):
        path = tmp_path / name
        whole = path.read_bytes()
        for one in tries(whole, COSTLY):
            path.write_bytes(one)
            with pytest.raises(TrustRefused) as refusal:
                trust.load(tmp_path)
            answers.add(type(refusal.value))
        path.write_bytes(whole)
    assert answers == {TrustRefused}
    trust.load(tmp_path)


def test_a_leaf_has_one_encoding() -> None:
    raw = make_log(3, subjects=1).leaves[2]
    read = 0
    for one in tries(raw, None):
        try:
            leaf = Leaf.parse(one)
        except LeafBroken:
            continue
        read += 1
        assert leaf.encode() == one
        assert leaf.hash != Leaf.parse(raw).hash
    assert read, "some are leaves, of another ledger"


def test_no_letter_of_a_checkpoint_can_be_another() -> None:
    stated = Checkpoint(3, bytes(range(32)))
    note = checkpoints.sign(KEY, stated, signer=sign)
    # The last letter of base64 has bits that mean nothing; C2SP's readers pass over them too.
    spare = len(note) - len("8=\n")
    tried = 0
    for at, letter in enumerate(note):
        others = (chr(ord(letter) ^ 1), chr(ord(letter) ^ 0x20), "", letter * 2, "\n", " ", "=")
        for other in others:
            one = note[:at] + other + note[at + 1 :]
            if one != note:
                tried += 1
                assert what_is_read(one) in ({None, stated} if at == spare else {None})
    assert tried > 6 * len(note)


def what_is_read(note: str) -> Checkpoint | None:
    try:
        return checkpoints.read(note, KEY)
    except CheckpointBroken:
        return None


@pytest.mark.parametrize(
    "message",
    [
        protocol.Recognise(named("cookie")),
        protocol.Unseal(
            named("cookie"), named("handle"), (Sealed(Place(1, id_of("row"), 1), named("text")),)
        ),
        protocol.Refused("not-granted"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_changed_frame_is_refused_or_says_something_else(message: Any) -> None:
    raw = frames.encode(message)[frames.LENGTH :]
    refused = 0
    for one in tries(raw, None):
        try:
            read = frames.decode(one)
        except frames.FrameBroken:
            refused += 1
            continue
        # A frame carries no signature: it says something else.
        assert read != message or one == raw
    assert refused > len(raw)
