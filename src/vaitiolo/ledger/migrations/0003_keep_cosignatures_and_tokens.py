"""Tables for what witnesses and time-stamp authorities say of the ledger, kept like the rest."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KEPT = {"ledger_cosignature": "line", "ledger_token": "hash"}
REFUSE = "BEGIN SELECT RAISE(ABORT, 'The ledger is append only.'); END"


def triggers_of(vendor: str, table: str, key: str) -> dict[str, str]:
    if vendor == "postgresql":
        return {
            f"{table}_no_change": f"BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION ledger_refuse_change()",
            f"{table}_no_truncate": f"BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_truncate()",
        }
    return {
        f"{table}_no_update": f"BEFORE UPDATE ON {table} {REFUSE}",
        f"{table}_no_delete": f"BEFORE DELETE ON {table} {REFUSE}",
        f"{table}_no_replace": f"BEFORE INSERT ON {table} WHEN EXISTS"
        f" (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) {REFUSE}",
    }


def put_up(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    take_down(_apps, editor)
    for table, key in KEPT.items():
        for name, rule in triggers_of(editor.connection.vendor, table, key).items():
            editor.execute(f"CREATE TRIGGER {name} {rule}")


def take_down(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    vendor = editor.connection.vendor
    for table, key in KEPT.items():
        for name in triggers_of(vendor, table, key):
            on = f" ON {table}" if vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_refuse_changes")]
    operations = [
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("line", models.CharField(max_length=400, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("witness", models.CharField(max_length=200)),
                ("time", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["witness", "size", "time"], name="ledger_how_far_a_witness"
                    ),
                    models.Index(fields=["size"], name="ledger_who_cosigned"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                ("hash", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("time", models.BigIntegerField()),
                ("authority", models.CharField(max_length=200)),
                ("token", models.BinaryField()),
            ],
            options={"indexes": [models.Index(fields=["time"], name="ledger_newest_token")]},
        ),
        migrations.RunPython(put_up, take_down),
    ]
