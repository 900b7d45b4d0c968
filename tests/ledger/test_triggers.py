import pytest
from django.core.management import call_command
from django.db import Error, connections
from django.db.migrations.executor import MigrationExecutor

from tests.ledger.logs import HELMI, SYSTEM, pending
from tests.ledger.tampering import ask
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.guards import missing_guards
from vaitiolo.ledger.recorder import Recorder
from vaitiolo.ledger.verify import specials

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])

TABLES = {
    "entry": ('"index"', "time_us = 0"),
    "batch": ("size", "root = edge"),
    "checkpoint": ("size", "note = ''"),
    "publicdetail": ('"index"', "salt = detail"),
    "detail": ('"index"', "salt = sealed_detail"),
}


@pytest.fixture(autouse=True)
def written(recorder: Recorder) -> None:
    beat = specials.prepare(
        Act.HEARTBEAT, {"every": 60}, subject_tag=SYSTEM, actor_tag=HELMI, salt=b"s" * 32
    )
    recorder.record([pending(), pending(), beat])
    recorder.stop()


def rows(table: str) -> list[tuple]:
    return [
        tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
        for row in ask(f"SELECT * FROM ledger_{table} ORDER BY 1")
    ]


def refuse(sql: str) -> None:
    with pytest.raises(Error, match="append only"):
        ask(sql)


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_changed(table: str) -> None:
    before = rows(table)
    refuse(f"UPDATE ledger_{table} SET {TABLES[table][1]}")
    assert before
    assert rows(table) == before


@pytest.mark.parametrize("table", [table for table in TABLES if table != "detail"])
def test_no_row_is_deleted(table: str) -> None:
    before = rows(table)
    refuse(f"DELETE FROM ledger_{table}")
    assert rows(table) == before


def test_a_detail_can_be_erased() -> None:
    ask('DELETE FROM ledger_detail WHERE "index" = 0')
    assert [row[0] for row in rows("detail")] == [1]


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_replaced_or_emptied_away(table: str) -> None:
    before = rows(table)
    if connections["vault"].vendor == "postgresql":
        refuse(f"TRUNCATE ledger_{table}")
    else:
        refuse(f"INSERT OR REPLACE INTO ledger_{table} SELECT * FROM ledger_{table} LIMIT 1")
    assert rows(table) == before


def test_on_sqlite_no_index_is_left_out_and_no_number_taken_over() -> None:
    if connections["vault"].vendor == "postgresql":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    columns = "leaf, patient_tag, patient_seq, actor_tag, act, time_us FROM ledger_entry LIMIT 1"
    for index in (3, 7):
        refuse(f"INSERT OR REPLACE INTO ledger_entry SELECT {index}, {columns}")


def test_every_guard_is_missed_when_it_is_gone() -> None:
    assert missing_guards() == []
    postgresql = connections["vault"].vendor == "postgresql"
    if postgresql:
        ask("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_no_change")
    else:
        ask("DROP TRIGGER ledger_entry_no_update")
    missing = missing_guards()
    _put_up_again()
    assert missing == ["ledger_entry_no_change" if postgresql else "ledger_entry_no_update"]
    assert missing_guards() == []


def test_the_migration_can_be_taken_back_and_repeated() -> None:
    call_command("migrate", "ledger", "0001", database="vault", verbosity=0)
    assert len(missing_guards()) > 9
    call_command("migrate", "ledger", database="vault", verbosity=0)
    _put_up_again()
    assert missing_guards() == []


def _put_up_again() -> None:
    connection = connections["vault"]
    find = MigrationExecutor(connection).loader.get_migration
    first = find("ledger", "0002_refuse_changes").operations[-1]
    later = find("ledger", "0003_keep_cosignatures_and_tokens").operations[-1]
    with connection.schema_editor() as editor:
        later.reverse_code(None, editor)
        first.code(None, editor)
        later.code(None, editor)
