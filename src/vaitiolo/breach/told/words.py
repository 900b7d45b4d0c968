"""The words of the page in its three languages, out of their file. It knows nobody."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from vaitiolo.notices.advice import LANGUAGES

_FILE: Final = files("vaitiolo.breach") / "told" / "words.toml"
_FOUND: Final = tomllib.loads(_FILE.read_text(encoding="utf-8"))


def words_of(language: str) -> Mapping[str, str]:
    """Return every phrase in one language; a phrase that lacks it is an error of the file."""
    if language not in LANGUAGES:
        raise LookupError(language)
    return {key: phrase[language] for key, phrase in _FOUND.items()}
