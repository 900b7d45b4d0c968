"""Words blacked out, pages of PDF, excerpts, records in another order, and a killed search."""

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fpdf import FPDF

from bench.leak_damage import plain, zipped
from tests.leak.conftest import (
    KEY,
    OFFICERS,
    ORG,
    SHARES,
    Search,
    Written,
    found,
    ids,
    rng,
)
from vaitiolo.keys import contact
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.leak import decision, kernels, pdf, result, scan, table, verdicts
from vaitiolo.leak.corpus import gathered
from vaitiolo.leak.decision import Codes, Hits, Verdict
from vaitiolo.leak.kit import Opened


@pytest.mark.parametrize("bar", ["█████", "[REDACTED]", "xxx"], ids=["black", "word", "x"])
def test_words_that_are_blacked_out_hide_nobody(bar: str, written: Written, search: Search) -> None:
    draw, texts = rng(), []
    for one in written.records(range(8)):
        words = "\n\n".join(one.texts).split(" ")
        hidden = draw.random(len(words)) < 1 / 12
        texts.append(" ".join(np.where(hidden, bar, words).tolist()))
    result = search("\n\n".join(texts).encode())
    assert found(result, "confirmed") == ids(range(8))
    states = [note["state"] for one in result["patients"] for note in one["notes"]]
    assert states.count("altered") > 0.9 * len(states)


def test_neither_capitals_nor_small_letters_hide_a_note(written: Written, search: Search) -> None:
    text = plain(written.records(range(6)), rng()).decode()
    result = search(text.upper().encode(), text.lower().encode("latin-1", "replace"))
    notes = [note for one in result["patients"] for note in one["notes"]]
    assert found(result, "confirmed") == ids(range(6))
    assert {note["state"] for note in notes} == {"whole"}


def page_of(text: str) -> bytes:
    page = FPDF()
    page.set_font("Helvetica", size=11)
    page.add_page()
    page.multi_cell(0, 5, text)
    return bytes(page.output())


def test_the_text_of_a_pdf_is_searched_also_in_an_archive(
    written: Written, search: Search, tmp_path: Path
) -> None:
    documents = [page_of(plain([one], rng()).decode()) for one in written.records(range(3))]
    assert not any(b"merkint" in one for one in documents)  # packed: the bytes alone show nothing
    attached = zipped(written.records(range(3, 4)), rng())
    result = search(*documents, attached)
    assert found(result, "confirmed") == ids(range(4))
    assert result["left_out"] == []


def test_a_pdf_of_pictures_is_left_out_and_named(search: Search) -> None:
    assert [one["why"] for one in search(page_of(""))["left_out"]] == [
        "is a PDF without text: pictures of pages are not read"
    ]


def test_a_pdf_that_grows_without_end_is_broken_off(
    search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "MOST_TEXT", 1000)
    assert [one["why"] for one in search(page_of("sanoja ja sanoja " * 100))["left_out"]] == [
        "is a PDF of too much text"
    ]


def test_an_excerpt_names_nobody_else(written: Written, search: Search) -> None:
    texts = [max(written.record(patient).texts, key=len) for patient in range(10)]
    long = search("\n\n".join(text[100:900] for text in texts).encode())
    assert found(long, "confirmed") <= ids(range(10))
    assert len(found(long, "confirmed")) >= 8
    # Three hundred characters are for a reviewer: doubted or not found, and never another's.
    short = search("\n\n".join(text[100:400] for text in texts).encode())
    assert {one["patient"] for one in short["patients"]} <= ids(range(10))


@pytest.mark.parametrize(
    ("own", "away", "verdict"),
    [
        (6, 1000, Verdict.CONFIRMED),
        (5, 1000, Verdict.NOT_FOUND),
        (6, decision.NEAR + 2000, Verdict.NOT_FOUND),
    ],
)
def test_a_faint_note_counts_beside_a_confirmed_one_of_its_patient_alone(
    own: int, away: int, verdict: Verdict, opened: Opened
) -> None:
    notes = np.flatnonzero(opened.corpus.note_patient == 3)
    other = np.flatnonzero(opened.corpus.note_patient == 4)[0]
    hits = Hits(*(np.zeros(len(opened.corpus.notes), dtype=np.int64) for _ in range(7)))
    hits.size[:] = 60
    for note, count, first in ((notes[0], 40, 0), (notes[1], own, away), (other, own, 800)):
        hits.unique[note] = hits.own[note] = count
        hits.first[note], hits.last[note] = first, first + 400
    # A code beside it is nothing: whoever forges a leak has codes.
    codes = Codes(np.array([3, 4]), np.array([800, 800]))
    verdicts = decision.decided(opened.corpus, hits, codes)
    assert verdicts[notes[0]] == Verdict.CONFIRMED
    assert verdicts[notes[1]] == verdict
    assert verdicts[other] == Verdict.NOT_FOUND


def test_records_in_any_order_make_the_same_kit(written: Written, opened: Opened) -> None:
    order = rng().permutation(len(written.versions)).tolist()
    mixed = gathered(
        KEY, [written.versions[at] for at in order], written.identifiers[::-1], decoys={}
    )
    straight = opened.corpus
    assert mixed.patients == straight.patients
    assert mixed.notes.tolist() == straight.notes.tolist()
    assert mixed.superseded.tolist() == straight.superseded.tolist()
    assert mixed.id_patient.tolist() == straight.id_patient.tolist()
    both = [table.build(corpus) for corpus in (mixed, straight)]
    assert both[0].tails.tolist() == both[1].tails.tolist()
    assert both[0].notes.tolist() == both[1].notes.tolist()
    for one in written.versions[:40]:
        at = mixed.patients.index(one.patient)
        version = np.flatnonzero(
            (mixed.note_patient[mixed.version_note] == at)
            & (mixed.created == one.created)
            & (mixed.version_number == one.number)
        )
        kept = [
            mixed.marks[mixed.mark_begins[each] : mixed.mark_ends[each]].tobytes()
            for each in version
        ]
        assert one.marks in kept


def test_a_table_made_in_parts_is_the_one_made_at_once(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = table.build(opened.corpus)
    monkeypatch.setattr(table, "_PART", 512)
    parted = table.build(opened.corpus)
    for one, other in zip(whole, parted, strict=True):
        assert np.array_equal(one, other)


def test_a_result_written_bit_by_bit_is_the_whole_one(
    written: Written, opened: Opened, tmp_path: Path
) -> None:
    path = tmp_path / "evidence"
    path.write_bytes(plain(written.records(range(50, 60)), rng()))
    whole = table.build(opened.corpus)
    findings = scan.search([path], opened.corpus, whole, report=lambda *_: None)
    loops = kernels.kernel(KEY)
    judged = verdicts.judge(opened.corpus, whole, findings, loops=loops)
    said = [
        say(opened, [], findings=findings, judged=judged, kernel=loops.name)
        for say in (result.body, result.written)
    ]
    assert json.loads(said[1].line) == said[0]
    assert result.sealed(said[1].line, opened.result_seed) == result.signed(
        said[0], opened.result_seed
    )
    assert said[1].tally == result.tally(said[0])
    assert said[1].exports == {one["export"] for one in said[0]["decoys"]} != set()


KILLED = """
import os, signal, sys
from vaitiolo.leak import command, scan

search = scan.Searcher.search

def killed(searcher, block):
    found = search(searcher, block)
    os.kill(os.getpid(), signal.SIGKILL)
    return found

scan.Searcher.search = killed
command.main(sys.argv[1:])
"""


def test_a_search_that_is_killed_leaves_no_result(
    sealed: bytes, written: Written, tmp_path: Path, alone: Callable[..., list[str]]
) -> None:
    # With all that is ours found already, and nothing written yet.
    (tmp_path / "kit").write_bytes(sealed)
    (tmp_path / "leak").write_bytes(plain(written.records(range(3)), rng()))
    before = sorted(tmp_path.iterdir())
    asked = ["scan", str(tmp_path / "leak"), "--kit", str(tmp_path / "kit")]
    typed = [
        contact.printed(SHARES[officer], org=ORG, officer=officer, role=RecoveryRole.INCIDENT)
        for officer in OFFICERS
    ]
    done = subprocess.run(
        alone("-c", KILLED, *asked, "--out", str(tmp_path / "result")),
        input="\n".join([*typed, ""]).encode(),
        capture_output=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert b"hashing the evidence" in done.stderr
    assert sorted(tmp_path.iterdir()) == before
