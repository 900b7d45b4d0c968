"""Every address asks who is there, and no page asks another host for anything."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.reading import HOUSE, TEMPLATES
from vaitiolo.web.public import is_public

# Views anyone may see. Adding one is a security decision: say why in the commit.
PUBLIC = {
    # Whoever joins has no card yet: these four take an invitation's code, and show eight words.
    "vaitiolo.people.views.enrolling.enrol",
    "vaitiolo.people.views.enrolling.join",
    "vaitiolo.people.views.enrolling.new_key",
    "vaitiolo.people.views.enrolling.waiting",
    "vaitiolo.people.views.signing_in.ask",
    "vaitiolo.people.views.signing_in.sign_in",
    "vaitiolo.people.views.signing_in.sign_in_with_code",
    # Whoever was told has no account. These give the same bytes to everybody, sealed by codes.
    "vaitiolo.breach.told.views.bucket",
    "vaitiolo.breach.told.views.marks",
    "vaitiolo.breach.told.views.page",
    "vaitiolo.breach.told.views.reply",  # a token shows whose page it is; sealed as it comes
    "vaitiolo.web.views.choose_language",
    "vaitiolo.web.views.choose_look",
}
ELSEWHERE = re.compile(
    r"""(?:src|href|action|hx-\w+|url\(|from|import)\s*[=(]?\s*["']?(https?:)?//"""
)
STATIC = [file for file in sorted(HOUSE.glob("*/static/**/*")) if file.suffix in {".css", ".js"}]


def views(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        yield from views(entry) if isinstance(entry, URLResolver) else [entry]


def test_every_view_asks_who_you_are_unless_listed_here() -> None:
    seen = [view.callback for view in views(get_resolver())]
    assert seen
    assert {f"{view.__module__}.{view.__name__}" for view in seen if is_public(view)} == PUBLIC


def test_every_room_with_addresses_is_reached() -> None:
    reached = {view.callback.__module__.split(".")[1] for view in views(get_resolver())}
    assert reached == {file.parent.name for file in HOUSE.glob("*/urls.py")} - {"config"}


@pytest.mark.parametrize("file", [*TEMPLATES, *STATIC], ids=lambda file: file.name)
def test_a_page_asks_nothing_of_another_host(file) -> None:
    found = ELSEWHERE.search(file.read_text(encoding="utf-8"))
    assert not found, "serve it ourselves, or leave it out"


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_a_template_holds_no_script_and_no_style_of_its_own(file) -> None:
    text = file.read_text(encoding="utf-8")
    for inline in (r"<script(?![^>]*\bsrc=)", r"<style", r"\sstyle=", r"\son\w+=", r"hx-on"):
        assert not re.search(inline, text), f"{inline}: the page's own policy would refuse it"


def test_nothing_that_passed_a_door_can_be_cached_and_nothing_is_written_beside() -> None:
    assert settings.CACHES["default"]["BACKEND"].endswith("DummyCache")
    assert settings.FILE_UPLOAD_HANDLERS == [
        "django.core.files.uploadhandler.MemoryFileUploadHandler"
    ]
    # With a lower limit of its own, the memory handler lets a large file vanish without a word.
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE == settings.MOST_BYTES_UPLOADED
