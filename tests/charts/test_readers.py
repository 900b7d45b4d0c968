"""The line under a note names everybody who can open it, and never more or fewer."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from vaitiolo.charts.readers import who_can_open
from vaitiolo.charts.templatetags.notes import marking, paragraphs
from vaitiolo.kit.ids import HolderId

ME = HolderId(UUID(int=1))


@dataclass(frozen=True)
class Holds:
    person: UUID | None
    name: str
    role: int = 1
    until: int | None = None


def line(*names: str) -> str:
    holding = [Holds(ME, "Helmi")]
    holding += [Holds(UUID(int=at + 2), name) for at, name in enumerate(names)]
    return who_can_open(holding, (), asker=ME).sentence


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "Only you can open this note."),
        (("Otso",), "Only you and Otso can open this note."),
        (("Otso", "Ebba"), "Only you, Ebba and Otso can open this note."),
        (("Otso", "Ebba", "Axel"), "Only you and 3 others can open this note."),
    ],
)
def test_everybody_is_named_or_counted(names: tuple[str, ...], said: str) -> None:
    assert line(*names) == said


def test_somebody_without_a_name_is_counted_too() -> None:
    assert line("") == "Only you and somebody whose name is not known here can open this note."


def test_a_role_is_somebody() -> None:
    who = who_can_open([Holds(ME, "Helmi"), Holds(None, "", role=2)], (), asker=ME)
    assert len(who.others) == 1
    assert who.sentence != "Only you can open this note."


def test_last_days_and_recovery_are_told() -> None:
    until = (date(2026, 12, 1) - date(1970, 1, 1)).days
    holding = [Holds(UUID(int=2), "Otso", until=until), Holds(ME, "Helmi")]
    who = who_can_open(holding, ("chart",), asker=ME)
    assert [(one.name, one.until) for one in who.readers] == [
        ("Helmi", None),
        ("Otso", date(2026, 12, 1)),
    ]
    assert who.by_officers
    assert not who_can_open(holding, (), asker=ME).by_officers


def test_text_is_drawn_as_paragraphs_and_never_as_code() -> None:
    assert paragraphs("\na\nb\n\n\n<i>\n") == "<p>a<br>b</p><p>&lt;i&gt;</p>"


@pytest.mark.parametrize(
    ("text", "words", "drawn"),
    [
        ("Yö & yÖ", ["yö"], '<p><mark id="hit">Yö</mark> &amp; <mark>yÖ</mark></p>'),
        ("a.b axb", ["a.b"], '<p><mark id="hit">a.b</mark> axb</p>'),
        ("amp &", ["amp"], '<p><mark id="hit">amp</mark> &amp;</p>'),
        ("Yo\u0308", ["y\u00f6"], '<p><mark id="hit">Yö</mark></p>'),
        ("a", [], "<p>a</p>"),
    ],
)
def test_the_words_looked_for_are_marked(text: str, words: list[str], drawn: str) -> None:
    assert marking(text, words) == drawn
