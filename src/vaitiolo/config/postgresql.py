"""Roles and databases on a PostgreSQL server: who may connect where, and who may change what.

The web's role cannot connect to the vault, the warden's cannot connect to the web's database,
and neither can update or delete a row of the ledger. Every statement here can be repeated.
"""

import argparse
import sys
from typing import LiteralString

import psycopg
from psycopg import sql

OWNER, WEB, WARDEN = ROLES = ("vaitiolo_owner", "vaitiolo_web", "vaitiolo_warden")
ROLE_OF = {"default": WEB, "vault": WARDEN}
# The ledger's rows are added and read, and that is all.
APPEND_ONLY = (
    "ledger_entry",
    "ledger_publicdetail",
    "ledger_batch",
    "ledger_checkpoint",
    "ledger_cosignature",
    "ledger_token",
)
# A sealed detail may be erased, as its entry tells, and is never another one.
ERASABLE = ("ledger_detail",)
ABOUT = "Make the roles and the two databases on a server. Can be repeated at any time."
NEXT = """\
Made: roles {roles}; databases {default} and {vault}.
None of the roles has a password yet. Give each its own, or let the server trust the operating
system's users, and then set for `vaitiolo migrate` and `vaitiolo up`:
  VAITIOLO_DATABASE=postgresql://vaitiolo_web@HOST/{default}
  VAITIOLO_DATABASE_OWNER=postgresql://vaitiolo_owner@HOST/{default}
  VAITIOLO_VAULT=postgresql://vaitiolo_warden@HOST/{vault}
  VAITIOLO_VAULT_OWNER=postgresql://vaitiolo_owner@HOST/{vault}
"""


def main() -> int:
    options = argparse.ArgumentParser(prog="vaitiolo postgresql", description=ABOUT)
    options.add_argument("address", help="of the server, as a superuser: postgresql://…/postgres")
    options.add_argument("--default", default="vaitiolo", help="name of the web's database")
    options.add_argument("--vault", default="vaitiolo_vault", help="name of the warden's database")
    chosen = options.parse_args()
    make_roles(chosen.address)
    names = {"default": chosen.default, "vault": chosen.vault}
    make_databases(chosen.address, names)
    sys.stdout.write(NEXT.format(roles=", ".join(ROLES), **names))
    return 0


def make_roles(server: str) -> None:
    """Make the three roles that are not there yet. None may do more than log in."""
    with psycopg.connect(server, autocommit=True) as connection:
        for role in ROLES:
            there = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).rowcount
            if not there:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))


def make_databases(server: str, names: dict[str, str]) -> None:
    """Make both databases, `names` by alias, and let each one's role in, and nobody else."""
    with psycopg.connect(server, autocommit=True) as connection:
        for alias, name in names.items():
            query = "SELECT FROM pg_database WHERE datname = %s"
            words = {
                "name": sql.Identifier(name),
                "owner": sql.Identifier(OWNER),
                "role": sql.Identifier(ROLE_OF[alias]),
            }
            if not connection.execute(query, [name]).rowcount:
                statement = (
                    "CREATE DATABASE {name} OWNER {owner} ENCODING 'UTF8' TEMPLATE template0"
                )
                connection.execute(sql.SQL(statement).format(**words))
            for statement in (
                "REVOKE ALL ON DATABASE {name} FROM PUBLIC",
                "GRANT CONNECT ON DATABASE {name} TO {role}",
            ):
                connection.execute(sql.SQL(statement).format(**words))


def let_roles_in(alias: str, *, owner: str) -> None:
    """Give a half's role what it needs on the tables of its database, as their owner.

    `owner` is the address of that database in the owner's name. To be called after every
    migration: a new table lets nobody in.
    """
    role = sql.Identifier(ROLE_OF[alias])
    with psycopg.connect(owner) as connection:
        for statement in (
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        ):
            connection.execute(sql.SQL(statement).format(role=role))
        for table, deeds in withheld(alias):
            statement = f"REVOKE {deeds} ON {{table}} FROM {{role}}"
            words = {"table": sql.Identifier(table), "role": role}
            connection.execute(sql.SQL(statement).format(**words))


def withheld(alias: str) -> list[tuple[str, LiteralString]]:
    """Return which deeds the role of a database may not do on which of its tables."""
    if alias != "vault":
        return []
    past: list[tuple[str, LiteralString]] = [
        (table, "UPDATE, DELETE, TRUNCATE") for table in APPEND_ONLY
    ]
    return [*past, *((table, "UPDATE, TRUNCATE") for table in ERASABLE)]


if __name__ == "__main__":
    sys.exit(main())
