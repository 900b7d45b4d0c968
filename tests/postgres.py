"""`--db=postgres`: a private PostgreSQL for one test run. Written next."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=["sqlite", "postgres"], default="sqlite")
