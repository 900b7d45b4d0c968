"""Empties a test database after a test that commits, the append-only ledger included.

Only an owner of the tables can do this; the warden's role cannot (tests/house says so).
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import atomic

KEPT = {"django_migrations"}


def empty(connection: BaseDatabaseWrapper) -> None:
    tables = sorted(set(connection.introspection.table_names()) - KEPT)
    if not tables:
        return
    if connection.vendor == "postgresql":
        empty_postgresql(connection, tables)
    else:
        empty_sqlite(connection, tables)


def empty_sqlite(connection: BaseDatabaseWrapper, tables: list[str]) -> None:
    with connection.constraint_checks_disabled(), atomic(using=connection.alias):
        cursor = connection.cursor()
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')
        for _name, sql in triggers:
            cursor.execute(sql)


def empty_postgresql(connection: BaseDatabaseWrapper, tables: list[str]) -> None:
    with atomic(using=connection.alias):
        cursor = connection.cursor()
        asked = ", ".join(f'EXISTS (SELECT FROM "{table}")' for table in tables)
        cursor.execute(f"SELECT {asked}")
        full = [table for table, some in zip(tables, cursor.fetchone(), strict=True) if some]
        if not full:
            return
        for table in full:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in full) + " CASCADE")
        for table in full:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
