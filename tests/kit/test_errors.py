"""A refusal is read in the reader's language."""

from http import HTTPStatus

from django.utils import translation

from vaitiolo.kit.errors import Refusal


def test_a_refusal_speaks_the_readers_language() -> None:
    said = set()
    for language in ("fi", "sv", "en"):
        with translation.override(language):
            said.add(str(Refusal()))
    assert len(said) == 3


def test_a_refusal_is_forbidden_unless_it_says_otherwise() -> None:
    assert Refusal.status is HTTPStatus.FORBIDDEN
