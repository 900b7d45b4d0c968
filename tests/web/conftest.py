"""The web room alone: its own middleware, and pages that stand in for the rooms above."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from django.utils import translation

from tests.web import pages


@pytest.fixture(autouse=True)
def _the_web_room_alone() -> Iterator[None]:
    alone = override_settings(
        ROOT_URLCONF="tests.web.pages",
        MIDDLEWARE=pages.MIDDLEWARE,
        CSRF_FAILURE_VIEW="vaitiolo.web.views.stale_form",
        LANGUAGE_CODE="en",
    )
    with alone, translation.override("en"):
        yield


@pytest.fixture
def browser() -> Client:
    return Client(headers={"Accept-Language": "en"}, raise_request_exception=False)
