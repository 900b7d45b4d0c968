"""The thief sees through every disguise that needs no key, and is not fooled by noise."""

import os
import random

import pytest

from tests.ops.prey import AROUND, CLINIC, NOTE, PATIENT, SECRETS, WRITINGS
from vaitiolo.ops.thief import search
from vaitiolo.ops.thief.search import LAP, WINDOW, Search
from vaitiolo.ops.thief.spellings import Kind
from vaitiolo.ops.thief.wanted import Wanted, wanted_for


@pytest.fixture(scope="module")
def wanted() -> Wanted:
    return wanted_for(CLINIC.patients())


def found_in(wanted: Wanted, data: bytes) -> set[Kind]:
    looking = Search(wanted)
    looking.through(data, "a file")
    assert all(0 <= place.offset < len(data) for place in looking.findings.places)
    return {kind for kind, values in looking.findings.found.items() if values}


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311 - the same noise every time


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("writing", WRITINGS)
def test_every_secret_is_seen_in_every_writing(wanted, writing, around) -> None:
    for secret in SECRETS.values():
        written = WRITINGS[writing](f"{around} {secret} {around}")
        data = noise(500) + b"\x00" + written + b"\x00" + noise(500)
        assert found_in(wanted, data), secret


@pytest.mark.parametrize("writing", ["UTF-8", "Latin-1", "UTF-16LE", "UTF-16BE", "base64", "hex"])
def test_a_secret_across_the_edge_of_a_window_is_seen(wanted, writing) -> None:
    around = noise(WINDOW + LAP)
    written = WRITINGS[writing](f"{PATIENT.name} {PATIENT.hetu} {NOTE.telling} {PATIENT.kin.name}.")
    for cut in range(0, len(written), 13):
        data = bytearray(around)
        data[WINDOW - cut : WINDOW - cut + len(written)] = written
        found = found_in(wanted, bytes(data))
        assert found >= {Kind.NAME, Kind.HETU, Kind.SENTENCE, Kind.KIN}, cut


@pytest.mark.parametrize("writing", ["hex", "base64"])
def test_what_happens_to_stand_before_it_hides_nothing(wanted, monkeypatch, writing) -> None:
    monkeypatch.setattr(search, "WINDOW", 4096)
    written = WRITINGS[writing](f"x {PATIENT.name} {PATIENT.hetu} ")
    for seed in range(400):
        data = bytearray(noise(9000, seed))
        data[4096 - seed % 60 : 4096 - seed % 60 + len(written)] = written
        assert found_in(wanted, bytes(data)) == {Kind.NAME, Kind.HETU}, seed


def test_nothing_is_seen_in_noise(wanted) -> None:
    data = os.urandom(6 << 20)
    assert not found_in(wanted, data)
    assert not found_in(wanted, data[: 3 << 20].hex().encode())


def test_a_number_inside_other_digits_is_no_telephone(wanted) -> None:
    bare = PATIENT.phone.replace(" ", "")
    assert found_in(wanted, f"call {bare}, please".encode()) == {Kind.PHONE}
    assert not found_in(wanted, f"time 17{bare}3 and ab{bare}cd".encode())


def test_a_sentence_of_the_stock_alone_is_no_find(wanted) -> None:
    whole = NOTE.text.replace(NOTE.telling, "")
    assert not found_in(wanted, whole.encode())


def test_disguises_are_undone_three_deep_and_no_deeper(wanted) -> None:
    text = PATIENT.hetu.encode()
    for _layer in range(3):
        text = text.hex().encode()
    assert found_in(wanted, text) == {Kind.HETU}
    assert not found_in(wanted, text.hex().encode())


def test_a_damaged_stream_gives_what_came_before_the_damage(wanted) -> None:
    packed = bytearray(WRITINGS["deflate"](SECRETS["sentence"] * 1 + noise(4000).hex()))
    packed[-600:] = noise(600)
    assert found_in(wanted, bytes(packed)) == {Kind.SENTENCE}


def test_a_report_counts_values_and_names_places(wanted) -> None:
    looking = Search(wanted)
    looking.through(b"-" * 5000 + PATIENT.hetu.encode() * 9, "some/file")
    findings = looking.findings
    assert findings.times == {(Kind.HETU, "UTF-8"): 9}
    assert findings.found[Kind.HETU] <= wanted.sought[Kind.HETU]
    assert [place.offset for place in findings.places] == [5000, 5011, 5022]
    assert findings.owners(wanted) == {PATIENT.number}


def test_people_who_share_a_name_are_sought_once_by_it(wanted) -> None:
    names = {str(patient.name) for patient in CLINIC.patients()}
    assert len(wanted.sought[Kind.NAME]) <= len(names)
    assert len(wanted.sought[Kind.HETU]) == 12
    notes = sum(len(patient.sessions) for patient in CLINIC.patients())
    drafts = sum(patient.drafted_on is not None for patient in CLINIC.patients())
    assert len(wanted.sought[Kind.SENTENCE]) == notes + drafts
