"""One text in many guises has one canonical form."""

import html
import json
import quopri
import re
import textwrap
import unicodedata
from urllib.parse import quote

import pytest

from vaitiolo.fingerprints.canonical import canonical

TEXT = (
    'Päivän tapaaminen: käytiin läpi viikkoa. Hän sanoi "en jaksa enää", ja työ\nväsyttää. '
    "Åbo-sukunimi & muita. PHQ-9 oli 14 pistettä; paino < 60 kg, ja uni öisin katkonaista."
)
GUISES = {
    "UTF-8": TEXT.encode(),
    "Latin-1": TEXT.encode("latin-1"),
    "UTF-16": TEXT.encode("utf-16-le"),
    "read wrongly": TEXT.encode().decode("cp1252", "replace").encode(),
    "decomposed": unicodedata.normalize("NFD", TEXT).encode(),
    "without dots": TEXT.translate(str.maketrans("äöåÄÖÅ", "aoaAOA")).encode(),
    "letters lost": TEXT.encode("ascii", "replace"),
    "capitals": TEXT.upper().encode(),
    "wrapped": "\r\n> ".join(textwrap.wrap(TEXT, 40)).encode(),
    "HTML": f"<p class='note'>{html.escape(TEXT)}</p>".replace("ä", "&auml;")
    .replace("ö", "&#246;")
    .replace("\n", "<br/>\n")
    .encode(),
    "JSON": json.dumps(TEXT).encode(),
    "JSON in SQL": json.dumps(TEXT).replace("\\", "\\\\").replace("'", "\\'").encode(),
    "mail": quopri.encodestring(TEXT.encode()),
    "address": quote(TEXT).encode(),
}


@pytest.mark.parametrize("guise", GUISES)
def test_a_guise_changes_nothing(guise: str) -> None:
    form = canonical(GUISES[guise])
    assert form == canonical(TEXT.encode())
    assert re.fullmatch(rb"[b-np-z0-9]+", form)


def test_another_text_has_another_form() -> None:
    assert canonical(TEXT.encode()) != canonical(TEXT.replace("14", "15").encode())


def test_what_only_looks_like_markup_is_kept() -> None:
    assert canonical(b"unta < 5 h, sitten > 7 h") == b"unt5hsitten7h"
    assert canonical(b"k\xc3\xa4y & kuule; 50 % \\ =") == b"kykuule50"
