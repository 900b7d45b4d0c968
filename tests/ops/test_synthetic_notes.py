"""Invented notes: of the right size and shape, and each with a sentence of its own."""

from collections import Counter
from datetime import date
from itertools import islice

import pytest

from vaitiolo.ops.synthetic.clinic import SyntheticClinic, make_clinic
from vaitiolo.ops.synthetic.notes import SyntheticNote
from vaitiolo.ops.synthetic.stock_room import LANGUAGES, SENTENCES

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def large() -> SyntheticClinic:
    return make_clinic(7, "vastaamo", TODAY)


@pytest.fixture(scope="module")
def notes() -> list[SyntheticNote]:
    clinic = make_clinic(7, "demo", TODAY)
    return [note for patient in clinic.patients() for note in patient.notes()]


def test_a_note_is_about_two_kilobytes(large) -> None:
    some = [note for p in islice(large.patients(), 500) for note in p.notes()]
    sizes = [len(note.text.encode()) for note in some]
    assert 1_700 < sum(sizes) / len(sizes) < 2_300
    assert 19 < len(some) / 500 < 21


def test_every_note_holds_its_telling_and_no_other_note_does(notes) -> None:
    whole = "\n".join(note.text for note in notes)
    assert len({note.telling for note in notes}) == len(notes)
    assert all(note.telling in note.text for note in notes)
    assert all(whole.count(note.telling) == 1 for note in notes[::40])


def test_no_two_of_thirty_thousand_notes_share_a_telling(large) -> None:
    some = islice(large.patients(), 0, None, 23)
    tellings = Counter(hash(note.telling) for patient in some for note in patient.notes())
    assert len(tellings) > 30_000
    assert max(tellings.values()) == 1


def test_notes_come_in_four_shapes_and_three_languages(notes) -> None:
    assert {note.template for note in notes} == {"free", "DAP", "SOAP", "BIRP"}
    assert {note.language for note in notes} == {"fi", "sv", "en"}
    soap = next(n for n in notes if n.template == "SOAP" and n.language == "fi")
    assert [part.split(":")[0] for part in soap.text.split("\n\n")] == [
        "Subjektiivinen", "Objektiivinen", "Arvio", "Suunnitelma",
    ]  # fmt: skip


def test_notes_are_weekly_and_oldest_first(large) -> None:
    for patient in islice(large.patients(), 200):
        gaps = [b - a for a, b in zip(patient.sessions, patient.sessions[1:], strict=False)]
        assert all(gap.days > 0 for gap in gaps)
        assert sum(gap.days for gap in gaps) / len(gaps) < 10
        assert [note.held_on for note in patient.notes()] == list(patient.sessions)


def test_no_note_names_its_patient() -> None:
    clinic = make_clinic(7, "demo", TODAY)
    for patient in clinic.patients():
        text = "".join(note.text for note in patient.notes())
        assert str(patient.name) not in text
        assert patient.hetu not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_stock_can_be_written_in_latin_1_and_repeats_nothing(language) -> None:
    stock = SENTENCES[language]
    for slot in (*stock.slots, *stock.doubled.values()):
        "".join(slot).encode("latin-1")
    assert all(len(set(slot)) == len(slot) for slot in stock.slots)
    assert stock.tellings > 50_000 * 64


def test_the_open_draft_is_the_beginning_of_a_note() -> None:
    clinic = make_clinic(7, "demo", TODAY)
    drafts = [draft for patient in clinic.patients() if (draft := patient.draft())]
    assert len(drafts) == 1
    assert drafts[0].text.endswith(drafts[0].telling)
    assert len(drafts[0].text) < 1_500
