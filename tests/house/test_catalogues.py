"""Every sentence a person can meet is there in Finnish and in Swedish, and is no longer English."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message
from babel.messages.checkers import checkers

from tools import messages

# The same in both languages, looked at by somebody who speaks them.
SAME = re.compile(r"^(DAP|SOAP|BIRP|vaitiolo|Vaitiolo|OK|PDF|Version|[\W\d_]*)$")
ENGLISH = re.compile(r"\b(the|your|you|and|cannot|with|this|was|is not|are)\b", re.IGNORECASE)

languages = pytest.mark.parametrize("language", messages.LANGUAGES)


def translated(language: str) -> Iterator[tuple[Message, str, str]]:
    for message in messages.read(language):
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for string in strings if message.id else ():
            yield message, sources[-1], string


def test_there_is_something_to_say() -> None:
    assert len(messages.said()) > 50


@languages
def test_every_sentence_is_translated(language: str) -> None:
    assert not list(messages.lacking(language)), "make messages, then translate what is empty"


@languages
def test_no_sentence_is_left_over(language: str) -> None:
    source = messages.said()
    known = {(entry.id, entry.context) for entry in source}
    left = [entry.id for entry in messages.read(language) if (entry.id, entry.context) not in known]
    assert not left, "make messages"


@languages
def test_no_translation_is_still_english(language: str) -> None:
    for _message, source, string in translated(language):
        assert string != source or SAME.match(source), f"{source!r} is not translated"
        assert not ENGLISH.search(string), f"{string!r} has English in it"


@languages
def test_a_translation_keeps_what_is_filled_in(language: str) -> None:
    for message, _source, _string in translated(language):
        for check in checkers:
            check(messages.read(language), message)
