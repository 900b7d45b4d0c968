import hashlib
import hmac
from dataclasses import replace

import pytest

from tests.keys.clinic import id_of, named
from tests.keys.mutations import refuses_all_but
from tests.keys.policy import ORG
from vaitiolo.keys import audit
from vaitiolo.keys.audit import DetailPlace
from vaitiolo.keys.kms.file import FileKms
from vaitiolo.keys.refused import Refused

SECRET = named("r of a patient")
SALT = named("salt of an entry")
DETAIL = b'{"act":"open","by":"8c0e"}'


@pytest.fixture
def key(kms: FileKms) -> bytearray:
    return audit.audit_key(SECRET, kms=kms, number=1, org=ORG)


@pytest.fixture
def place(key: bytearray) -> DetailPlace:
    return DetailPlace(ORG, audit.subject_tag(key), audit.commit(SALT, DETAIL))


def test_a_key_hangs_on_secret_service_and_organisation(kms: FileKms, key: bytearray) -> None:
    assert key == audit.audit_key(SECRET, kms=kms, number=1, org=ORG)
    assert key != audit.audit_key(named("another r"), kms=kms, number=1, org=ORG)
    assert key != audit.audit_key(SECRET, kms=kms, number=1, org=id_of("another clinic"))
    with pytest.raises(Refused):
        audit.audit_key(SECRET, kms=kms, number=2, org=ORG)
    with pytest.raises(Refused):
        audit.audit_key(SECRET[:31], kms=kms, number=1, org=ORG)


def test_a_tag_is_what_the_ledgers_format_says(key: bytearray) -> None:
    assert audit.subject_tag(key) == hmac.digest(key, b"tag/v1", "sha256")[:16]


def test_a_commitment_is_a_salted_hmac() -> None:
    assert audit.commit(SALT, DETAIL) == hmac.new(SALT, DETAIL, hashlib.sha256).digest()
    assert audit.commit(SALT, DETAIL) != audit.commit(named("another salt"), DETAIL)
    with pytest.raises(Refused):
        audit.commit(SALT[:31], DETAIL)


def test_a_detail_opens_for_its_own_entry_only(key: bytearray, place: DetailPlace) -> None:
    sealed = audit.seal_detail(DETAIL, key=key, place=place)
    assert len(sealed) == 88 + 256
    assert audit.unseal_detail(sealed, key=key, salt=SALT, place=place) == DETAIL
    for elsewhere in (
        replace(place, org=id_of("another clinic")),
        replace(place, tag=named("tag", 16)),
        replace(place, commit=named("commit")),
    ):
        with pytest.raises(Refused):
            audit.unseal_detail(sealed, key=key, salt=SALT, place=elsewhere)
    with pytest.raises(Refused):
        audit.unseal_detail(sealed, key=named("key"), salt=SALT, place=place)


def test_a_detail_that_the_leaf_did_not_commit_to_is_refused(
    key: bytearray, place: DetailPlace
) -> None:
    exchanged = audit.seal_detail(b'{"act":"nothing"}', key=key, place=place)
    for sealed, salt in (
        (exchanged, SALT),
        (audit.seal_detail(DETAIL, key=key, place=place), named("another salt")),
    ):
        with pytest.raises(Refused) as refusal:
            audit.unseal_detail(sealed, key=key, salt=salt, place=place)
        assert refusal.value.reason == "audit.commit"


def test_every_mutation_of_a_sealed_detail_is_refused(key: bytearray, place: DetailPlace) -> None:
    sealed = audit.seal_detail(DETAIL, key=key, place=place)
    tried = refuses_all_but(
        sealed, lambda raw: audit.unseal_detail(raw, key=key, salt=SALT, place=place)
    )
    assert tried > 1000


def test_a_place_has_a_tag_and_a_commitment() -> None:
    for tag, commitment in ((bytes(15), bytes(32)), (bytes(16), bytes(31))):
        with pytest.raises(Refused):
            DetailPlace(ORG, tag, commitment)
