"""Triggers that refuse to change or delete what was recorded, on both engines; can be repeated.

A table that a later migration alters on SQLite is rebuilt without its triggers: end such a
migration with this one's operation again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KEPT = {
    "ledger_entry": '"index"',
    "ledger_publicdetail": '"index"',
    "ledger_batch": "size",
    "ledger_checkpoint": "size",
}
# A detail may be deleted (erasure) but never exchanged for another.
ERASABLE = {"ledger_detail": '"index"'}
SAYS = "The ledger is append only."

FUNCTION = f"""
CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE FUNCTION ledger_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE holds_rows boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME)
        INTO holds_rows;
    IF holds_rows THEN
        RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""


def sqlite_triggers(table: str, key: str) -> dict[str, str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    triggers = {
        f"{table}_no_update": f"BEFORE UPDATE ON {table} {refuse}",
        # INSERT OR REPLACE deletes the row in its way without asking the trigger above.
        f"{table}_no_replace": f"BEFORE INSERT ON {table} WHEN EXISTS"
        f" (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) {refuse}",
    }
    if table in KEPT:
        triggers[f"{table}_no_delete"] = f"BEFORE DELETE ON {table} {refuse}"
    if table == "ledger_entry":
        # The other way to be replaced; and an index is never left out.
        triggers[f"{table}_no_gap"] = (
            f"BEFORE INSERT ON {table} WHEN NEW.{key} <> (SELECT coalesce(max({key}), -1) + 1"
            f" FROM {table}) OR EXISTS (SELECT 1 FROM {table} WHERE patient_tag = NEW.patient_tag"
            f" AND patient_seq = NEW.patient_seq) {refuse}"
        )
    return triggers


def postgresql_triggers(table: str) -> dict[str, str]:
    deeds = "UPDATE OR DELETE" if table in KEPT else "UPDATE"
    return {
        f"{table}_no_change": f"BEFORE {deeds} ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()",
        f"{table}_no_truncate": f"BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_truncate()",
    }


def put_up(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    take_down(_apps, editor)
    if editor.connection.vendor == "postgresql":
        editor.execute(FUNCTION, params=None)
        for table in KEPT | ERASABLE:
            for name, rule in postgresql_triggers(table).items():
                editor.execute(f"CREATE TRIGGER {name} {rule}")
        return
    for table, key in (KEPT | ERASABLE).items():
        for name, rule in sqlite_triggers(table, key).items():
            editor.execute(f"CREATE TRIGGER {name} {rule}")


def take_down(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for table in KEPT | ERASABLE:
            for name in postgresql_triggers(table):
                editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        editor.execute(
            "DROP FUNCTION IF EXISTS ledger_refuse_change();"
            "DROP FUNCTION IF EXISTS ledger_refuse_truncate()"
        )
        return
    for table, key in (KEPT | ERASABLE).items():
        for name in sqlite_triggers(table, key):
            editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_create_the_ledger")]
    operations = [migrations.RunPython(put_up, take_down)]
