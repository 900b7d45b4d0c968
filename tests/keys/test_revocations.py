from dataclasses import replace

import pytest

from tests.keys.clinic import TODAY, Clinic
from tests.keys.mutations import refuses_all_but
from vaitiolo.keys import revocations
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.revocations import Reason, Revocation


@pytest.fixture(scope="module")
def clinic() -> Clinic:
    return Clinic()


def word(clinic: Clinic) -> Revocation:
    return revocations.make(
        clinic.enrol("Helmi").card.id,
        Reason.LEFT,
        since=TODAY + 1,
        org=clinic.org,
        registrar=clinic.registrar.card.id,
        keys=clinic.registrar.keys,
    )


def test_a_revocation_is_140_bytes_and_reads_the_same(clinic) -> None:
    made = word(clinic)
    assert len(made.encode()) == 140
    assert revocations.parse(made.encode()) == made
    revocations.verify(made, org=clinic.org, registrar=clinic.registrar.card)


def test_every_flipped_missing_or_added_byte_is_refused(clinic) -> None:
    raw = word(clinic).encode()

    def opens(wrong: bytes) -> None:
        read = revocations.parse(wrong)
        revocations.verify(read, org=clinic.org, registrar=clinic.registrar.card)

    assert refuses_all_but(raw, opens) > 2 * len(raw)


def test_a_colleague_revokes_nobody(clinic) -> None:
    otso = clinic.enrol("Otso")
    forged = replace(word(clinic), registrar=otso.card.id)
    with pytest.raises(Refused) as refusal:
        revocations.verify(forged, org=clinic.org, registrar=otso.card)
    assert refusal.value.reason == "revoke.registrar"


def test_an_unknown_reason_is_refused(clinic) -> None:
    raw = bytearray(word(clinic).encode())
    raw[36] = 99
    with pytest.raises(Refused) as refusal:
        revocations.parse(raw)
    assert refusal.value.reason == "revoke.reason"
