"""What the fingerprints tell a thief: guessing identity codes and passages, with each key and both.

Only who holds the card's key *and* the fingerprint key learns anything. On the common design, a
column of hashes without a key, the same guessing wins at once.
"""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.leak.conftest import KEY, PATIENTS, SEED, Written
from vaitiolo.fingerprints import identifiers
from vaitiolo.fingerprints.identifiers import CHECK, Found, Kind
from vaitiolo.fingerprints.marks import fingerprints
from vaitiolo.fingerprints.secret import FingerprintKey
from vaitiolo.leak import kit
from vaitiolo.leak.corpus import KitRefused
from vaitiolo.leak.table import of_rows

ANOTHER = FingerprintKey.from_bytes(bytes(48))


@pytest.fixture(scope="module")
def guesses(written: Written) -> list[str]:
    """Every code that the birthdays of this clinic's patients allow."""
    days = {written.clinic.identity(patient)["code"][:6] for patient in range(PATIENTS)}
    return [
        f"{day}-{number}{chr(CHECK[int(f'{day}{number}') % 31])}"
        for day in sorted(days)
        for number in range(900, 1000)
    ]


def won(hashes: Iterable[int], guesses: list[str], hashed: Callable[[str], int]) -> int:
    known = set(hashes)
    return sum(hashed(guess) in known for guess in guesses)


def keyed(key: FingerprintKey) -> Callable[[str], int]:
    return lambda code: identifiers.hashed(Found(Kind.CODE, 0, code.encode()), key)


def test_a_column_of_plain_hashes_gives_away_everybody(
    written: Written, guesses: list[str]
) -> None:
    def plain(code: str) -> int:
        return int.from_bytes(hashlib.sha256(code.encode()).digest()[:8], "big")

    column = [plain(written.clinic.identity(patient)["code"]) for patient in range(PATIENTS)]
    assert won(column, guesses, plain) == PATIENTS


def test_both_keys_give_away_everybody_and_are_guarded_like_the_list_of_patients(
    written: Written, guesses: list[str], sealed: bytes, tmp_path: Path
) -> None:
    (tmp_path / "kit").write_bytes(sealed)
    corpus = kit.open_kit(tmp_path / "kit", SEED).corpus
    assert won(corpus.id_hash.tolist(), guesses, keyed(corpus.key)) == PATIENTS
    passage = written.notes[0][0].texts[0][:300].encode()
    assert set(fingerprints(passage, KEY)) <= set(of_rows(corpus.marks).tolist())


def test_the_cards_key_alone_learns_no_code_and_no_passage(
    written: Written, guesses: list[str]
) -> None:
    hashes = [one.hashed for one in written.identifiers]
    assert won(hashes, guesses, keyed(ANOTHER)) == 0
    marks = {written.versions[0].marks[at : at + 5] for at in range(0, 500, 5)}
    guessed = fingerprints(written.notes[0][0].texts[0].encode(), ANOTHER)
    assert not {mark.to_bytes(5, "little") for mark in guessed} & marks


def test_the_fingerprint_key_alone_finds_nothing_in_what_is_stored(
    guesses: list[str], sealed: bytes, tmp_path: Path
) -> None:
    stored = {sealed[at : at + 8] for at in range(len(sealed) - 8)}
    hashed = keyed(KEY)
    for guess in guesses:
        assert hashed(guess).to_bytes(8, "big") not in stored
    (tmp_path / "kit").write_bytes(sealed)
    with pytest.raises(KitRefused):
        kit.open_kit(tmp_path / "kit", bytearray(b"guess" + bytes(27)))
