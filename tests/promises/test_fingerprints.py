"""What the records of fingerprints tell a thief of a real house's vault (P91)."""

from pathlib import Path

import pytest

from tests.warden.test_marking import PATIENTS, VAULT, House, code, house
from vaitiolo.fingerprints import identifiers
from vaitiolo.fingerprints.identifiers import Found
from vaitiolo.fingerprints.secret import FingerprintKey
from vaitiolo.keys import contact, kits
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.models import StoredMark
from vaitiolo.leak.corpus import KitRefused
from vaitiolo.leak.kit import open_kit, seed_of

__all__ = ["house"]


def test_p91_only_both_keys_give_the_identity_codes_away(house: House, tmp_path: Path) -> None:
    """Whoever has the vault and the fingerprint key still opens no record of it."""
    house.take(tmp_path / "kit")
    key = FingerprintKey.from_bytes(bytes(house.clinic.install.marking.raw_key()))
    guesses = [code(number) for number in range(100)]

    def won(known: set[int], tried: FingerprintKey) -> int:
        found = (Found(identifiers.Kind.CODE, 0, guess.encode()) for guess in guesses)
        return sum(identifiers.hashed(one, tried) in known for one in found)

    org, typed = house.clinic.install.org, house.typed("pia", "mauri")
    shares = {
        house.clinic.id(name): contact.read(
            text, org=org, officer=house.clinic.id(name), role=RecoveryRole.INCIDENT
        )
        for name, text in zip(("pia", "mauri"), typed, strict=True)
    }
    with (tmp_path / "kit").open("rb") as file:
        front = kits.read_front(file)
    opened = open_kit(tmp_path / "kit", seed_of(front, shares))
    hashes = set(opened.corpus.id_hash.tolist())
    assert won(hashes, opened.corpus.key) == PATIENTS
    assert won(hashes, FingerprintKey.from_bytes(bytes(48))) == 0
    stored = b"".join(
        bytes(sealed)
        for sealed in StoredMark.objects.using(VAULT).values_list("sealed_marks", flat=True)
    )
    eight = {stored[at : at + 8] for at in range(len(stored) - 8)}
    for guess in guesses:
        made = identifiers.hashed(Found(identifiers.Kind.CODE, 0, guess.encode()), key)
        assert not {made.to_bytes(8, "big"), made.to_bytes(8, "little")} & eight
    with pytest.raises(KitRefused):
        open_kit(tmp_path / "kit", bytearray(b"guess" + bytes(27)))
