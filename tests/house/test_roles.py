"""PostgreSQL itself keeps the web's role out of the vault, and everybody off the ledger's past."""

from collections.abc import Callable

import psycopg
import pytest

from tests.cluster import Cluster
from vaitiolo.config.postgresql import (
    APPEND_ONLY,
    ERASABLE,
    OWNER,
    WARDEN,
    WEB,
    let_roles_in,
    make_databases,
)

TABLES = ("django_migrations", *APPEND_ONLY, *ERASABLE, "keys_card")

Connect = Callable[[str, str], psycopg.Connection]


@pytest.fixture(scope="module")
def connect(cluster: Cluster, worker_id: str) -> Connect:
    names = {alias: f"roles_{alias}_{worker_id}" for alias in ("default", "vault")}
    make_databases(cluster.address(), names)
    with psycopg.connect(cluster.address(names["vault"], OWNER)) as connection:
        for table in TABLES:
            connection.execute(f"CREATE TABLE {table} (size int)")
    let_roles_in("vault", owner=cluster.address(names["vault"], OWNER))
    return lambda alias, role: psycopg.connect(cluster.address(names[alias], role), autocommit=True)


@pytest.mark.parametrize(("role", "alias"), [(WEB, "vault"), (WARDEN, "default")])
def test_a_role_is_refused_by_the_other_ones_database(
    connect: Connect, role: str, alias: str
) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        connect(alias, role)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("deed", ["UPDATE {} SET size = 2", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_wardens_role_only_ever_adds_to_the_ledger(
    connect: Connect, table: str, deed: str
) -> None:
    with connect("vault", WARDEN) as connection:
        connection.execute(f"INSERT INTO {table} VALUES (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(deed.format(table))


@pytest.mark.parametrize("table", ERASABLE)
@pytest.mark.parametrize("deed", ["UPDATE {} SET size = 2", "TRUNCATE {}"])
def test_the_wardens_role_erases_a_detail_and_never_changes_one(
    connect: Connect, table: str, deed: str
) -> None:
    with connect("vault", WARDEN) as connection:
        connection.execute(f"INSERT INTO {table} VALUES (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(deed.format(table))
        assert connection.execute(f"DELETE FROM {table}").rowcount == 1


def test_the_wardens_role_keeps_its_other_tables(connect: Connect) -> None:
    with connect("vault", WARDEN) as connection:
        connection.execute("INSERT INTO keys_card VALUES (1)")
        assert connection.execute("DELETE FROM keys_card").rowcount == 1
