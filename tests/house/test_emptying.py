"""Tests that commit leave nothing behind, though the ledger refuses to be emptied."""

import pytest
from django.db import DatabaseError, connections

from tests.emptying import empty

ADD = "INSERT INTO ledger_checkpoint (size, note) VALUES (%s, %s)"


@pytest.mark.django_db(databases=["default", "vault"], transaction=True)
def test_only_the_tests_own_way_empties_the_ledger() -> None:
    vault = connections["vault"]
    with vault.cursor() as cursor:
        cursor.execute(ADD, [1, "a note"])
        with pytest.raises(DatabaseError):
            cursor.execute("DELETE FROM ledger_checkpoint")
    empty(vault)
    with vault.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_checkpoint")
        assert cursor.fetchone() == (0,)
        cursor.execute(ADD, [1, "a note"])
        with pytest.raises(DatabaseError):
            cursor.execute("DELETE FROM ledger_checkpoint")
