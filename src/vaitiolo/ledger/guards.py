"""Says whether the triggers that refuse changes are in their places. Puts none up itself."""

from django.db import connections

_SQLITE = (
    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'ledger%%'"
    " AND sql LIKE '%%RAISE(ABORT%%'"
)
_POSTGRESQL = (
    "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    " AND tgname LIKE 'ledger%%'"
)
_KEPT = ("entry", "publicdetail", "batch", "checkpoint", "cosignature", "token")
_RULES = {
    "sqlite": (
        *(f"{table}_no_{deed}" for table in _KEPT for deed in ("update", "delete", "replace")),
        "detail_no_update",
        "detail_no_replace",
        "entry_no_gap",
    ),
    "postgresql": tuple(
        f"{table}_no_{deed}" for table in (*_KEPT, "detail") for deed in ("change", "truncate")
    ),
}


def missing_guards(alias: str = "vault") -> list[str]:
    """Return the names of the triggers that should refuse changes and are not there."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL if connection.vendor == "postgresql" else _SQLITE, ())
        found = {name for (name,) in cursor.fetchall()}
    expected = {f"ledger_{rule}" for rule in _RULES[connection.vendor]}
    return sorted(expected - found)
