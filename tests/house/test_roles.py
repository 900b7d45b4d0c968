"""PostgreSQL itself keeps the web's role out of the vault, and everybody off the ledger's past.

The databases are made as an operator makes them: `vaitiolo postgresql`, then `vaitiolo migrate`.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.cluster import Cluster
from vaitiolo.config.postgresql import APPEND_ONLY, ERASABLE, OWNER, WARDEN, WEB

Connect = Callable[[str, str], psycopg.Connection]

tables_of_the_past = pytest.mark.parametrize("table", APPEND_ONLY)
roles = pytest.mark.parametrize(("role", "alias"), [(WEB, "default"), (WARDEN, "vault")])


def vaitiolo(*words: str, **variables: str) -> None:
    command = [sys.executable, "-m", "vaitiolo.config.cli", *words]
    subprocess.run(command, env={**os.environ, **variables}, check=True, capture_output=True)


@pytest.fixture(scope="module")
def connect(cluster: Cluster, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Connect:
    default, vault = f"roles_default_{worker_id}", f"roles_vault_{worker_id}"
    vaitiolo("postgresql", cluster.address(), "--default", default, "--vault", vault)
    vaitiolo(
        "migrate",
        VAITIOLO_HOME=str(tmp_path_factory.mktemp("installation")),
        VAITIOLO_DATABASE=cluster.address(default, WEB),
        VAITIOLO_DATABASE_OWNER=cluster.address(default, OWNER),
        VAITIOLO_VAULT=cluster.address(vault, WARDEN),
        VAITIOLO_VAULT_OWNER=cluster.address(vault, OWNER),
    )
    names = {"default": default, "vault": vault}
    return lambda alias, role: psycopg.connect(cluster.address(names[alias], role), autocommit=True)


def tables(connection: psycopg.Connection) -> set[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return {name for (name,) in connection.execute(query)}


@pytest.mark.parametrize(("role", "alias"), [(WEB, "vault"), (WARDEN, "default")])
def test_a_role_is_refused_by_the_other_ones_database(
    connect: Connect, role: str, alias: str
) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        connect(alias, role)


@tables_of_the_past
@pytest.mark.parametrize(
    "deed", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}", "DROP TABLE {0}"]
)
def test_the_wardens_role_cannot_change_the_past(connect: Connect, table: str, deed: str) -> None:
    with connect("vault", WARDEN) as connection:
        [first, *_rest] = connection.execute(f"SELECT * FROM {table}").description or ()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(deed.format(table, f'"{first.name}"'))


@tables_of_the_past
@pytest.mark.parametrize("deed", ["INSERT", "SELECT"])
def test_the_wardens_role_adds_to_the_ledger_and_reads_it(
    connect: Connect, table: str, deed: str
) -> None:
    with connect("vault", WARDEN) as connection:
        query = "SELECT has_table_privilege(%s, %s)"
        assert connection.execute(query, [table, deed]).fetchone() == (True,)


@pytest.mark.parametrize("table", ERASABLE)
def test_the_wardens_role_erases_a_detail_and_never_changes_one(
    connect: Connect, table: str
) -> None:
    with connect("vault", WARDEN) as connection:
        assert connection.execute(f"DELETE FROM {table}").rowcount == 0
        for deed in (f'UPDATE {table} SET "index" = "index"', f"TRUNCATE {table}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(deed)


@roles
def test_a_role_may_read_and_write_all_the_other_tables_of_its_own(
    connect: Connect, role: str, alias: str
) -> None:
    # A list of deeds in one question would be answered by yes if any of them were allowed.
    query = "SELECT bool_and(has_table_privilege(%s::text, deed)) FROM unnest(%s::text[]) AS deed"
    deeds = ["SELECT", "INSERT", "UPDATE", "DELETE"]
    with connect(alias, role) as connection:
        others = tables(connection) - {*APPEND_ONLY, *ERASABLE, "django_migrations"}
        assert others
        assert not [
            t for t in others if connection.execute(query, [t, deeds]).fetchone() != (True,)
        ]


@roles
def test_a_role_makes_no_tables_and_owns_none(connect: Connect, role: str, alias: str) -> None:
    with connect(alias, role) as connection:
        for deed in ("CREATE TABLE mine (word text)", "DELETE FROM django_migrations"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(deed)


def test_every_table_of_the_ledger_is_either_kept_or_erasable(connect: Connect) -> None:
    with connect("vault", WARDEN) as connection:
        ledger = {name for name in tables(connection) if name.startswith("ledger_")}
    assert ledger == {*APPEND_ONLY, *ERASABLE}


def test_preparing_it_again_changes_nothing(connect: Connect, tmp_path: Path) -> None:
    with connect("vault", WARDEN) as connection:
        rights = (
            "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        )
        before = sorted(connection.execute(rights).fetchall(), key=str)
        where = connection.info
        server = f"postgresql://{OWNER}@/{where.dbname}?host={where.host}"
        default = where.dbname.replace("vault", "default")
        vaitiolo(
            "migrate",
            VAITIOLO_HOME=str(tmp_path),
            VAITIOLO_DATABASE=f"postgresql://{OWNER}@/{default}?host={where.host}",
            VAITIOLO_VAULT=server,
        )
        assert sorted(connection.execute(rights).fetchall(), key=str) == before
