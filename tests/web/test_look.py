"""Fields tell their errors, icons exist, places in the diary have a class, colours can be read."""

import re
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from django.template import Context, Template

import vaitiolo.web
from tests.web.pages import Person
from vaitiolo.web.templatetags import look

WEB = Path(vaitiolo.web.__file__).parent
STYLE = (WEB / "static/web/vaitiolo.css").read_text()
SPRITE = (WEB / "static/web/icons.svg").read_text()
ROOMS = WEB.parent


def draw(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context(context))


def test_a_wrong_field_says_so_beside_it_and_in_the_summary() -> None:
    form = Person({"name": "", "email": "wrong", "language": "xx"})
    page = draw("{% errors form %}{% for f in form %}{% field f %}{% endfor %}", form=form)
    assert 'href="#id_name"' in page
    assert 'id="id_email_error"' in page
    described = re.findall(r'aria-describedby="([^"]+)"', page)
    assert described
    for name in " ".join(described).split():
        assert f'id="{name}"' in page, f"{name} is named and not there"
    for there in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{there}"' in page, f"{there} is linked and not there"


def test_every_icon_that_is_drawn_is_in_the_sprite() -> None:
    there = set(re.findall(r'<symbol id="([a-z]+)"', SPRITE))
    asked: set[str] = set()
    for template in ROOMS.glob("*/templates/**/*.html"):
        asked |= set(re.findall(r"""\bicon ["']([\w-]+)""", template.read_text()))
        asked |= set(re.findall(r'\bsign="([\w-]+)"', template.read_text()))
    assert asked
    assert asked <= there, "draw it in icons.svg"


def test_every_place_in_the_diary_has_its_class() -> None:
    day = datetime(2026, 11, 24, tzinfo=UTC)
    for minute, length in product(range(0, 24 * 60, 5), range(5, 725, 45)):
        start = day + timedelta(minutes=minute)
        for name in look.slot(start, start + timedelta(minutes=length)).split():
            assert f".{name} {{" in STYLE, name


def test_a_visit_stands_where_its_local_time_is() -> None:
    start = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)
    assert look.slot(start, start + timedelta(minutes=90)) == "h-14 m-5 lh-1 lm-30"


def test_the_style_is_small() -> None:
    assert len(STYLE.encode()) <= 30_000


def tokens() -> dict[str, tuple[str, str]]:
    found = re.findall(r"--([a-z-]+): light-dark\((#\w+), (#\w+)\);", STYLE)
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    *product(("ink", "soft", "accent", "accent-deep"), ("paper", "sheet", "raised", "tint")),
    *product(("signal",), ("paper", "sheet", "signal-tint")),
    *product(("ink", "soft"), ("signal-tint",)),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
]


@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read_in_light_and_in_dark(text: str, ground: str) -> None:
    for one, other in zip(tokens()[text], tokens()[ground], strict=True):
        assert contrast(one, other) >= 4.5


@pytest.mark.parametrize("ground", ["paper", "sheet", "raised"])
def test_the_edges_of_what_can_be_used_can_be_seen(ground: str) -> None:
    for edge in ("edge", "accent", "signal"):
        for one, other in zip(tokens()[edge], tokens()[ground], strict=True):
            assert contrast(one, other) >= 3


def test_nothing_is_written_into_the_browsers_storage() -> None:
    for module in ROOMS.glob("*/static/**/*.js"):
        for store in ("localStorage", "sessionStorage", "indexedDB", "caches.", "document.cookie"):
            assert store not in module.read_text(), f"{module.name}: words stay in the page alone"
