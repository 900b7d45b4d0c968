"""A log says what broke and where in our code, and never about whom."""

import logging
from collections.abc import Iterator
from io import StringIO
from types import SimpleNamespace

import pytest
from django.test import Client

from vaitiolo.config.logs import Discreet

SECRET = "Aino Virtanen 010190-999X"


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, StringIO]]:
    text = StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(Discreet())
    logger = logging.getLogger("django.request.of_this_test")
    logger.propagate = False
    logger.addHandler(handler)
    yield logger, text
    logger.removeHandler(handler)


def test_of_an_exception_the_type_and_the_place_are_told_and_nothing_else(
    log: tuple[logging.Logger, StringIO],
) -> None:
    logger, text = log
    try:
        int(SECRET)
    except ValueError:
        logger.exception("Internal Server Error: /charts/?q=%s", SECRET, stack_info=True)
    assert "builtins.ValueError at tests.config.test_logs.test_of_an" in text.getvalue()
    assert "Aino" not in text.getvalue()


def test_of_a_request_the_id_and_the_route_are_told_and_not_the_address(
    log: tuple[logging.Logger, StringIO],
) -> None:
    logger, text = log
    match = SimpleNamespace(route="charts/<uuid:chart_id>/")
    request = SimpleNamespace(resolver_match=match, request_id="r-17", path=f"/charts/{SECRET}/")
    logger.error("%s", SECRET, extra={"request": request, "status_code": 500})
    assert text.getvalue().endswith("status 500, request r-17, route charts/<uuid:chart_id>/\n")


def test_a_page_and_its_line_in_the_log_have_the_same_number(
    client: Client, log: tuple[logging.Logger, StringIO]
) -> None:
    logger, text = log
    answer = client.get("/no/such/page/")
    logger.warning("Not Found", extra={"request": answer.wsgi_request, "status_code": 404})
    assert f"request {answer['X-Request-Id']}, route" in text.getvalue()
    assert client.get("/no/such/page/")["X-Request-Id"] != answer["X-Request-Id"]
