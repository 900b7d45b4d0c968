"""Rows of slots that somebody put back or exchanged: what was removed stays removed."""

from dataclasses import replace
from uuid import UUID

import pytest

from tests.cast import Clinic
from tests.warden.authenticator import Authenticator
from tests.warden.hostile import VAULT
from tests.warden.own_keys import (
    CODE,
    PASSWORD,
    add_code,
    add_key,
    new_session,
    remove,
    sign_in,
    touch,
    with_password,
)
from tests.warden.test_enrolling import join, sign
from vaitiolo.keys import slots, store
from vaitiolo.keys.models import StoredRequest
from vaitiolo.keys.rows import SlotRow
from vaitiolo.keys.slots import Credential, SlotKind
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client import NoTouch, SealBroken, WrongSignIn

OTHER = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTW"


def with_code(clinic: Clinic, code: str) -> client.Recognised:
    session = new_session(clinic)
    return client.sign_in(session, name="helmi", password=code, network="", kind=client.WITH_CODE)


def row_of(clinic: Clinic, kind: SlotKind) -> SlotRow:
    rows = store.slots_of(clinic.id("helmi"))
    return next(row for row in rows if slots.parse(row.slot).kind is kind)


def opens_by_itself(clinic: Clinic, row: SlotRow, password: str) -> bool:
    """Whether a row opens for a house that asks nothing but the row itself."""
    install, slot = clinic.install, slots.parse(row.slot)
    policy = install.trust.slot_policy(install.cards.known(slot.owner.card).klass)  # type: ignore[union-attr]  # it is there
    given = slots.Given(password=password)
    return bool(
        slots.unlock(
            slot, given, kms=install.kms, policy=policy, card_of=lambda _seed: slot.owner.card
        )
    )


def test_a_code_that_was_replaced_opens_nothing_when_its_row_is_put_back(clinic: Clinic) -> None:
    helmi = with_password(clinic)
    add_code(helmi, CODE)
    before = row_of(clinic, SlotKind.PRINTED_CODE)
    add_code(helmi, OTHER)
    assert with_code(clinic, OTHER)
    store.replace_slot(row_of(clinic, SlotKind.PRINTED_CODE).id, before)
    assert opens_by_itself(clinic, before, CODE)
    with pytest.raises(WrongSignIn):
        with_code(clinic, CODE)
    with pytest.raises(WrongSignIn):
        client.confirm_self(helmi, client.NEW_KEY, password=CODE)


def test_a_key_that_was_removed_opens_and_touches_nothing_again(clinic: Clinic) -> None:
    helmi, key = with_password(clinic), Authenticator()
    add_key(helmi, key)
    row = row_of(clinic, SlotKind.PASSWORD_AND_KEY)
    assert sign_in(clinic, key, password=PASSWORD)
    remove(helmi, row.id)
    store.put_slots([row])
    with pytest.raises(WrongSignIn):
        sign_in(clinic, key, password=PASSWORD)
    request = client.over_own_change(clinic.id("helmi"), client.NEW_KEY)
    with pytest.raises(NoTouch):
        client.confirm_self(helmi, client.NEW_KEY, assertion=touch(helmi, key, request))


def keys_told(clinic: Clinic, person: UUID) -> int:
    tag = clinic.install.recording.tag(person)
    return sum(one.leaf.act is Act.SLOT_ADDED for one in queries.entries_of(tag))


def test_a_slot_exchanged_before_the_card_is_signed_is_recorded_for_nobody(clinic: Clinic) -> None:
    newcomer = join(clinic)
    row = StoredRequest.objects.using(VAULT).get(id=newcomer.card)
    own = slots.parse(bytes(row.slot))
    planted = replace(
        own,
        kind=SlotKind.PASSWORD_AND_KEY,
        credential=Credential(b"mine", b"my public key", bytes(range(32))),
    )
    assert slots.parse(planted.encode()).owner == own.owner, "as good a row as the other"
    StoredRequest.objects.using(VAULT).filter(id=row.id).update(slot=planted.encode())
    with pytest.raises(SealBroken):
        sign(newcomer)
    assert keys_told(clinic, row.holder) == 0
    StoredRequest.objects.using(VAULT).filter(id=row.id).update(slot=own.encode())
    assert sign(newcomer)
