"""Notes and drafts as bytes: what goes in comes out, and nothing else is guessed at."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaitiolo.charts import bodies, headings
from vaitiolo.charts.bodies import BodyUnknown, DraftBody, NoteBody
from vaitiolo.kit.ids import HolderId

HELMI = HolderId(UUID(int=7))
NOON = datetime(2026, 11, 24, 10, tzinfo=UTC)
words = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@given(words, words, words)
def test_a_note_comes_back_as_it_was_signed(text: str, reason: str, source: str) -> None:
    for held_at in (NOON, NOON.date()):
        note = NoteBody(held_at, "soap", text, HELMI, reason, source)
        assert bodies.parse_note(note.encode()) == note


@given(words, st.integers(0, bodies.MOST_CARET))
def test_a_draft_comes_back_as_it_was_saved(text: str, caret: int) -> None:
    draft = DraftBody("free", text, caret, NOON)
    assert bodies.parse_draft(draft.encode()) == draft


def test_a_note_is_written_in_one_form() -> None:
    note = NoteBody(date(2026, 11, 24), "free", "Yö", HELMI)
    assert (
        note.encode()
        == (
            f'{{"held_at":"2026-11-24","template":"free","text":"Yö","written_by":"{HELMI.hex}"}}'
        ).encode()
    )


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"7", b"null", b"{}", b'{"held_at":7}', b"\xff", b'{"text":"a"}']
)
def test_what_is_no_note_and_no_draft_is_refused_without_its_words(body: bytes) -> None:
    for parse in (bodies.parse_note, bodies.parse_draft):
        with pytest.raises(BodyUnknown) as refused:
            parse(body)
        assert not str(refused.value)


def test_words_stay_out_of_what_is_printed() -> None:
    note = NoteBody(NOON, "free", "salaisuus", HELMI, "salainen syy")
    assert "sala" not in repr(note) + repr(DraftBody("free", "salaisuus", 0, NOON))


@pytest.mark.parametrize(
    ("text", "tidy"),
    [("a\r\nb\rc\n", "a\nb\nc\n"), ("y\u00f6", "yö"), ("\ud83d", "\ufffd\ufffd\ufffd")],
)
def test_line_ends_and_half_characters_are_put_right(text: str, tidy: str) -> None:
    assert bodies.tidy(text) == tidy


def test_length_is_counted_in_bytes() -> None:
    assert not bodies.is_too_long("a" * bodies.LONGEST)
    assert bodies.is_too_long("a" * (bodies.LONGEST + 1))
    assert bodies.is_too_long("ä" * (bodies.LONGEST // 2 + 1))


def test_headings_alone_are_nothing_written() -> None:
    for template in headings.TEMPLATES:
        assert headings.is_empty(template.headings)
        assert not headings.is_empty(template.headings + "Uni on parantunut.")


def test_a_template_that_is_no_longer_offered_goes_on_as_free_text() -> None:
    assert headings.template_of("girp").key == headings.FREE
