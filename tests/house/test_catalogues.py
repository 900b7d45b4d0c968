"""Every sentence a person can meet is there in Finnish and in Swedish, and is no longer English."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog
from babel.messages.checkers import checkers

from tools import messages

# The same in both languages, looked at by somebody who speaks them.
SAME = re.compile(r"^(DAP|SOAP|BIRP|vaitiolo|Vaitiolo|OK|PDF|Version|[\W\d_]*)$")
ENGLISH = re.compile(r"\b(the|your|you|and|cannot|with|this|was|is not|are)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def source() -> Catalog:
    return messages.said()


@pytest.fixture(scope="module", params=messages.LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return messages.read(request.param)


def translated(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    for message in catalogue:
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for string in strings if message.id else ():
            yield sources[-1], string


def test_every_sentence_is_translated(catalogue: Catalog, source: Catalog) -> None:
    assert len(source) > 50
    lacking = list(messages.lacking(catalogue, source))
    assert not lacking, "make messages, then translate what is empty"


def test_no_sentence_is_left_over(catalogue: Catalog, source: Catalog) -> None:
    known = {(entry.id, entry.context) for entry in source}
    left = [entry.id for entry in catalogue if (entry.id, entry.context) not in known]
    assert not left, "make messages"


def test_no_translation_is_still_english(catalogue: Catalog) -> None:
    for source, string in translated(catalogue):
        assert string != source or SAME.match(source), f"{source!r} is not translated"
        assert not ENGLISH.search(string), f"{string!r} has English in it"


def test_a_translation_keeps_what_is_filled_in(catalogue: Catalog) -> None:
    for message in catalogue:
        for check in checkers:
            check(catalogue, message)
