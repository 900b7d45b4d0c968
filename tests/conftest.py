"""What every test shares: the databases, emptied between tests that commit, and the clock."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.test import TransactionTestCase

from tests.emptying import empty

pytest_plugins = ["tests.postgres", "tests.cast", "tests.browser"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def empty_databases(case: TransactionTestCase) -> None:
    for alias in case._databases_names(include_mirrors=False):
        empty(connections[alias])


@pytest.fixture(scope="session", autouse=True)
def _databases_are_emptied_past_the_ledgers_triggers() -> Iterator[None]:
    # Django's own flush deletes rows, which the ledger's triggers refuse, as they should.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_databases)
        yield
