"""What is ours is found in every form, and what is not ours is never called ours."""

import pytest

from bench.leak_damage import FORMS, LOSSLESS, Record, plain
from bench.leak_writing import Clinic
from tests.leak.conftest import DECOY, EXPORT, FOREIGN, NOTES, Search, Written, found, ids, rng


@pytest.mark.parametrize("form", LOSSLESS)
def test_no_change_of_format_hides_a_note(form: str, written: Written, search: Search) -> None:
    result = search(FORMS[form](written.records(range(5)), rng()))
    assert found(result, "confirmed") == ids(range(5))
    assert not result["left_out"]
    assert result["verdict"]["authenticity"] == "ours"
    notes = [note for one in result["patients"] for note in one["notes"]]
    assert len([note for note in notes if note["class"] == "confirmed"]) == 5 * NOTES
    assert {note["state"] for note in notes} == {"whole"}
    # Of each note the version that lies there is named, the last one.
    newest = {
        (one.note, one.number) for one in written.versions if one.number == _last(written, one.note)
    }
    assert {(_raw(note["note"]), note["version"]) for note in notes} <= newest


def _last(written: Written, note: bytes) -> int:
    return max(one.number for one in written.versions if one.note == note)


def _raw(text: str) -> bytes:
    return bytes.fromhex(text.replace("-", ""))


@pytest.mark.parametrize("form", ["5 % typing errors", "one word of twelve redacted"])
def test_altered_notes_are_found_and_said_to_be_altered(
    form: str, written: Written, search: Search
) -> None:
    result = search(FORMS[form](written.records(range(10)), rng()))
    assert found(result, "confirmed") == ids(range(10))
    states = [note["state"] for one in result["patients"] for note in one["notes"]]
    assert states.count("altered") > 0.9 * len(states)


def test_notes_that_were_cut_are_parts(written: Written, search: Search) -> None:
    result = search(FORMS["last 30 % cut off"](written.records(range(10)), rng()))
    states = [note["state"] for one in result["patients"] for note in one["notes"]]
    assert found(result, "confirmed") == ids(range(10))
    assert states.count("part") > 0.7 * len(states)


def test_another_clinic_with_the_same_words_is_not_ours(search: Search) -> None:
    other = Clinic(FOREIGN)
    records = [
        Record(other.identity(patient), [note.texts[-1] for note in other.notes(patient, 4)])
        for patient in range(150)
    ]
    result = search(plain(records, rng()))
    # In a clinic this small a stock sentence may be one patient's alone: doubt is all it makes.
    assert {one["class"] for one in result["patients"]} <= {"possible"}
    assert len(result["patients"]) < 15
    assert result["decoys"] == []


def test_our_identifiers_with_invented_notes_are_told_apart(
    written: Written, search: Search
) -> None:
    other = Clinic(FOREIGN)
    forged = [
        Record(
            written.clinic.identity(patient), [note.texts[-1] for note in other.notes(patient, 4)]
        )
        for patient in range(8)
    ]
    result = search(plain(forged, rng()))
    assert found(result, "confirmed") == found(result, "shared") == set()
    assert ids(range(8)) <= {one["patient"] for one in result["patients"] if one["identifiers"]}
    assert result["verdict"]["authenticity"] == "identifiers ours, notes not ours"


def test_a_decoy_names_its_export_and_is_nobody(written: Written, search: Search) -> None:
    result = search(plain([written.record(DECOY)], rng()))
    assert [one["export"] for one in result["decoys"]] == [EXPORT]
    assert result["patients"] == []
    assert result["verdict"]["authenticity"].startswith("invented patients")


def test_a_forged_decoy_is_no_decoy(search: Search) -> None:
    # A claim that shows a code of the reserved numbers which no export of ours ever held.
    forged = Record(Clinic(FOREIGN).identity(1), [Clinic(FOREIGN).notes(1, 1)[0].texts[0]])
    assert search(plain([forged], rng()))["decoys"] == []


def test_the_time_of_the_theft_lies_between_what_is_there_and_what_is_not(
    written: Written, search: Search
) -> None:
    taken = 1_500_000_000 + 2 * 604_800 + 86_400  # every patient's fourth note came after it
    records = []
    for patient in range(30):
        notes = [note for note in written.notes[patient] if note.created[0] <= taken]
        texts = [_as_of(note.texts, note.created, taken) for note in notes]
        records.append(Record(written.clinic.identity(patient), texts))
    window = search(plain(records, rng()))["taken"]
    assert window["not_before"] <= "2017-07-30" <= window["missing_from"] < "2017-08-06"
    # A note whose text was copied forward may be taken for another version of itself.
    assert window["violations"] <= 2
    assert not window["two_snapshots"]


def _as_of(texts: tuple[str, ...], created: tuple[int, ...], taken: int) -> str:
    return next(
        text for text, at in reversed(list(zip(texts, created, strict=True))) if at <= taken
    )


def test_two_snapshots_in_one_leak_contradict_each_other(written: Written, search: Search) -> None:
    amended = [note for notes in written.notes.values() for note in notes if len(note.texts) > 1]
    # Of the first notes the newest text, of the last ones one that had been amended long before.
    late = max(note.number for note in amended)
    texts = [note.texts[-1] for note in amended if note.number == late]
    texts += [note.texts[0] for note in amended if note.number < late]
    window = search("\n\n".join(texts).encode())["taken"]
    assert window["two_snapshots"]
    assert window["violations"] > 2


def test_numpy_finds_what_the_compiled_loops_find(written: Written, opened, tmp_path) -> None:
    from vaitiolo.leak import scan, table  # noqa: PLC0415 - both loops are meant here

    path = tmp_path / "evidence"
    path.write_bytes(plain(written.records(range(40)), rng()) * 4)
    whole = table.build(opened.corpus)
    both = [
        scan.search([path], opened.corpus, whole, report=lambda *_: None, compiled=compiled)
        for compiled in (True, False)
    ]
    assert both[0].seen.tolist() == both[1].seen.tolist()
    assert both[0].id_at.tolist() == both[1].id_at.tolist()
    assert both[0].id_place.tolist() == both[1].id_place.tolist()
