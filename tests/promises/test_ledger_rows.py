"""The ledger's rows: nobody's role changes or deletes one."""

from uuid import uuid4

import pytest
from django.db import Error, connections, transaction

from tests.cast import Clinic
from tests.promises.naive import Naive
from tests.warden.hostile import VAULT, make_chart, open_chart

KEPT = ("ledger_entry", "ledger_batch", "ledger_checkpoint")


def attempts(table: str) -> list[str]:
    column = {"ledger_batch": "size", "ledger_checkpoint": "size"}.get(table, '"index"')
    return [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]


def attempt(statement: str) -> None:
    with transaction.atomic(using=VAULT), connections[VAULT].cursor() as cursor:
        cursor.execute(statement)


def test_p21_nobodys_role_changes_or_deletes_a_row_of_the_ledger(clinic: Clinic) -> None:
    open_chart(clinic, make_chart(clinic, uuid4()))
    clinic.install.recorder.checkpoint_now()
    # Even the tables' own owner, as whom the tests are connected, is stopped by the triggers.
    for table in KEPT:
        for statement in attempts(table):
            with pytest.raises(Error, match="append only"):
                attempt(statement)
    with pytest.raises(Error, match="append only"):
        attempt("UPDATE ledger_detail SET salt = sealed_detail")
    naive = Naive()
    naive.write_log("helmi opened 1")
    naive.log.clear()
    assert not naive.log
