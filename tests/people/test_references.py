"""The visible reference of an export says its number, whose copy it is, and when it was taken."""

from datetime import UTC, datetime

from vaitiolo.people.references import Reference


def test_it_says_number_account_and_time() -> None:
    reference = Reference(1234, "Pia Puro", datetime(2026, 11, 24, 16, 5, tzinfo=UTC))
    for said in ("1234", "Pia Puro", "24.11.2026 18:05"):
        assert said in reference.line()
    assert reference.mark() == "#1234"
