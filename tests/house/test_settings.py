"""The settings keep the two databases apart and write nothing in clear."""

import pytest
from django.db import connections


@pytest.mark.django_db(databases=["default", "vault"], transaction=True)
@pytest.mark.parametrize("alias", ["default", "vault"])
def test_both_databases_are_there(alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
