"""Says which database a table belongs to. Nothing crosses between the two."""

from django.db.models import Model

# The warden's rooms. Every other table is the web's.
IN_THE_VAULT = frozenset({"keys", "ledger"})


class VaultRouter:
    """Sends keys and ledger to `vault` and everything else to `default`."""

    def db_for_read(self, model: type[Model], **_hints: object) -> str:
        return alias_of(model._meta.app_label)

    def db_for_write(self, model: type[Model], **_hints: object) -> str:
        return alias_of(model._meta.app_label)

    def allow_relation(self, one: Model, other: Model, **_hints: object) -> bool:
        return alias_of(one._meta.app_label) == alias_of(other._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **_hints: object) -> bool:
        return alias_of(app_label) == db


def alias_of(app_label: str) -> str:
    return "vault" if app_label in IN_THE_VAULT else "default"
