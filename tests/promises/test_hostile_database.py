"""Somebody who can change every row of both databases: what he cannot make anybody do."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from tests.cast import Clinic
from tests.keys.test_envelope import BLOCK, two_faced
from tests.promises.everything import PASSWORD, set_stage
from tests.promises.naive import Naive, open_plain_gcm, plain_gcm
from tests.warden import hostile
from tests.warden.hostile import (
    VAULT,
    card_of,
    forge,
    grant_to,
    make_chart,
    open_chart,
    store_grant,
)
from vaitiolo.keys import bodies, envelope, fields, kinds, names, primitives, slots, trust
from vaitiolo.keys.bodies import Place as SealedPlace
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.models import StoredCard, StoredGrant, StoredHolder, StoredSlot
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.slots import Given, Owner, PasswordCost, SlotKind, SlotPolicy
from vaitiolo.keys.trust_form import TrustRefused
from vaitiolo.warden import client
from vaitiolo.warden.client import Place, Plain, SealBroken, Sealed, WrongSignIn
from vaitiolo.warden.kinds import Kind, Mode
from vaitiolo.warden.session import Session

KEY = b"a key of the thief's own, 32 long"[:32]


def test_p4_what_was_moved_or_rolled_back_does_not_open(clinic: Clinic) -> None:
    stage = set_stage(clinic)
    here, text = stage.note.place, stage.note.sealed
    [other] = stage.writing.seal([Plain(Place(Kind.NOTE, uuid4(), 1), b'{"text":"muu"}')])
    [second] = stage.writing.seal([Plain(Place(Kind.NOTE, here.row, 2), b"{}", text)])
    assert stage.reading.unseal([stage.note, Sealed(Place(Kind.NOTE, here.row, 2), second)])
    newest = Place(Kind.NOTE, here.row, 2)
    for wrong in (Sealed(here, other), Sealed(newest, text), Sealed(Place(5, here.row, 1), text)):
        with pytest.raises(SealBroken):
            stage.reading.unseal([wrong])
    chart = make_chart(clinic, uuid4())
    with pytest.raises(SealBroken):
        open_chart(clinic, chart).unseal([stage.note])
    assert open_plain_gcm(KEY, plain_gcm(KEY, b"yesterday's")) == b"yesterday's"


def plant_by_a_stranger(clinic: Clinic, chart: UUID) -> None:
    store_grant(forge(clinic, chart, KEY, by="taito", to="helmi"))


def plant_without_signature(clinic: Clinic, chart: UUID) -> None:
    made = forge(clinic, chart, KEY, by="taito", to="helmi", grantor="aino")
    store_grant(replace(made, signature=bytes(64)))


def plant_with_anothers_signature(clinic: Clinic, chart: UUID) -> None:
    store_grant(forge(clinic, chart, KEY, by="taito", to="helmi", grantor="aino"))


def plant_by_the_creator_without_a_leaf(clinic: Clinic, chart: UUID) -> None:
    """Aino made the chart; with her very key, a grant that no entry names is worth nothing."""
    store_grant(forge(clinic, chart, KEY, by="aino", to="helmi"), leaf=1)


def plant_unchained(clinic: Clinic, chart: UUID) -> None:
    store_grant(forge(clinic, chart, KEY, by="aino", to="helmi", parent=b"p" * 32))


def plant_into_a_verified_row(clinic: Clinic, chart: UUID) -> None:
    planted = forge(clinic, chart, KEY, by="aino", to="helmi")
    open_chart(clinic, chart)
    rows = StoredGrant.objects.using(VAULT).filter(compartment=chart)
    rows.filter(recipient_card=planted.recipient).update(grant=planted.encode())


PLANTED = [
    plant_by_a_stranger,
    plant_without_signature,
    plant_with_anothers_signature,
    plant_by_the_creator_without_a_leaf,
    plant_unchained,
    plant_into_a_verified_row,
    "the recovery card",
    "a colleague's card",
]


@pytest.mark.parametrize("move", PLANTED, ids=lambda move: getattr(move, "__name__", move))
def test_p5_nobody_is_made_to_seal_to_a_key_of_somebody_elses(
    clinic: Clinic, move: Callable[[Clinic, UUID], None] | str
) -> None:
    chart = make_chart(clinic, uuid4())
    if not isinstance(move, str):
        move(clinic, chart)
        opened = seal_if_open(clinic, chart)
        assert KEY not in opened
        assert all(not reads_with(sealed, KEY) for sealed in opened)
    else:
        substitute(clinic, recovery=move == "the recovery card")
        with pytest.raises((SealBroken, client.NotAllowed)):
            make_chart(clinic, uuid4(), "otso")
    naive = Naive()
    naive.row("access", user="helmi")["public_key"] = "the thief's"
    assert naive.sealed_to("helmi") == "the thief's"


def seal_if_open(clinic: Clinic, chart: UUID) -> list[bytes]:
    """Write a note if the chart opens all the same: then under the good key."""
    try:
        writing = open_chart(clinic, chart, mode=Mode.WRITE)
    except (client.NotGranted, SealBroken):
        return []
    return list(writing.seal([Plain(Place(Kind.NOTE, uuid4(), 1), b"{}")]))


def reads_with(sealed: bytes, key: bytes) -> bool:
    salt = sealed[8:40]
    return bytes(primitives.hkdf(key, salt, b"COMMITKEY")) == sealed[40:72]


def substitute(clinic: Clinic, *, recovery: bool) -> None:
    """Put the thief's card where the recovery card, or Otso's, is looked for."""
    thiefs = StoredCard.objects.using(VAULT).get(id=card_of(clinic, "taito").id)
    wanted = clinic.install.trust.recovery.chart if recovery else card_of(clinic, "otso").id
    StoredCard.objects.using(VAULT).filter(id=wanted).update(card=thiefs.card)
    clinic.install.cards.forget()


def test_p6_a_note_has_one_reading() -> None:
    context, salt, keys = b"here", bytes(32), (KEY, KEY[::-1])
    front = b"VT\x01\x01\x00\x00\x00\x01" + salt + primitives.hkdf(KEY, salt, b"COMMITKEY")
    first, second = (bytes(primitives.hkdf(key, salt, b"\x04\x78DERIVEKEY")) for key in keys)
    faces = b"Potilas voi hyvi", b"Potilas uhkaa it"
    body = two_faced((first, second), faces, front + context)
    with pytest.raises(Refused):
        envelope.unseal(keys[1], context, front + body, epoch=1, padding=Padding.NONE)
    naive = two_faced((first, second), faces, b"")
    assert open_plain_gcm(first, naive)[:BLOCK] == faces[0]
    assert open_plain_gcm(second, naive)[BLOCK : 2 * BLOCK] == faces[1]


def test_p7_no_row_and_no_edited_policy_gives_anybody_a_right(clinic: Clinic) -> None:
    chart, policy = make_chart(clinic, uuid4()), clinic.home / trust.FILE_NAME
    signed = policy.read_bytes()
    for at in range(0, len(signed), 3):
        policy.write_bytes(signed[:at] + bytes([signed[at] ^ 0x01]) + signed[at + 1 :])
        with pytest.raises(TrustRefused):
            trust.load(clinic.home)
    policy.write_bytes(signed)
    assert trust.load(clinic.home) == clinic.install.trust
    StoredHolder.objects.using(VAULT).update(role=1, klass=2)
    StoredCard.objects.using(VAULT).update(role=1, klass=2)
    clinic.install.directory.forget()
    clinic.install.cards.forget()
    clinic.seat("aino")
    with pytest.raises(client.NotGranted):
        open_chart(clinic, chart, "aino")
    assert clinic.recognised("aino").role == 2
    naive = Naive()
    naive.row("user", name="aino")["role"] = "admin"
    assert naive.may("aino")


def planted_slot(clinic: Clinic) -> bytes:
    """A slot for Helmi with a password that the thief knows, made with the KMS and his own seed."""
    org, cost = clinic.install.org, slots.LEAST_COST
    policy = SlotPolicy(org, frozenset({SlotKind.PASSWORD}), cost)
    owner = Owner(org, clinic.id("helmi"), card_of(clinic, "helmi").id)
    empty = slots.new_slot(SlotKind.PASSWORD, owner, kms_epoch=1, policy=policy)
    given = Given(password=PASSWORD)
    return slots.lock(KEY, empty, given, kms=clinic.install.kms, policy=policy).encode()


def cheap_slot(raw: bytes) -> bytes:
    slot = slots.parse(raw)
    return replace(slot, cost=PasswordCost(8, 1, 1)).encode()


def test_p8_a_slot_is_neither_made_cheaper_nor_planted(clinic: Clinic) -> None:
    give = clinic.founding.give_password  # type: ignore[attr-defined]  # the cast adds it
    give(clinic.people["helmi"], sign_in_name="helmi", password=PASSWORD)
    rows = StoredSlot.objects.using(VAULT)
    own = bytes(rows.get().slot)
    other_kind = own[:4] + bytes([3]) + own[5:]
    for wrong in (cheap_slot(own), other_kind, planted_slot(clinic)):
        rows.update(slot=wrong)
        with pytest.raises(WrongSignIn):
            sign_in(clinic)
    rows.update(slot=own)
    clinic.install.tries.succeeded(name_tag(clinic), now=0)
    sign_in(clinic)
    naive = Naive()
    naive.row("user", name="helmi").update(naive.user("helmi", "therapist") | {"salt": ""})
    naive.row("user", name="helmi")["password"] = primitives.sha256(b"known").hex()
    assert naive.sign_in("helmi", "known") == "Welcome."


def name_tag(clinic: Clinic) -> bytes:
    return names.name_tag("helmi", kms=clinic.install.kms, org=clinic.install.org)


def sign_in(clinic: Clinic) -> None:
    session = Session(uuid4().bytes * 2, clinic.agent)
    client.sign_in(session, name="helmi", password=PASSWORD, network="")


def test_p22_nobody_puts_words_into_a_colleagues_mouth(clinic: Clinic) -> None:
    """Even a member of the care team, with the chart's own key and every row to write in."""
    stage = set_stage(clinic)
    client.grant(clinic.session("helmi"), stage.chart, clinic.id("otso"))
    place = SealedPlace(clinic.install.org, stage.chart, kinds.Kind.NOTE, uuid4(), 1)
    with hostile.keys_of(clinic, "otso") as keys:
        dk = keys.open_grant(grant_to(clinic, stage.chart, "otso"))
        card, said = card_of(clinic, "helmi").id, b'{"text":"kadun"}'
        body = bodies.sign_body(said, place, keys=keys, card=card, prev=fields.ZERO)
    context = envelope.document_context(place, epoch=1)
    forged = envelope.seal(dk, context, body, epoch=1, padding=Padding.DOCUMENT)
    with pytest.raises(SealBroken):
        open_chart(clinic, stage.chart).unseal([Sealed(Place(1, place.row, 1), forged)])
    naive = Naive()
    naive.row("note", id=1, by="helmi")["text"] = "I regret it"
    naive.sign_in("helmi", "a long password")
    assert list(naive.open("helmi", [1])) == ["I regret it"]
