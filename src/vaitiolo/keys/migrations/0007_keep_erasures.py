"""A table for erasures that wait for a second person; and dead rows of secrets go at once."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# A deleted row stays in PostgreSQL's file until a vacuum, which comes after so many changes: with
# these settings after the first. SQLite is told when it deletes.
TABLES = ("keys_auditsecret", "keys_storedgrant", "keys_storedcompartment")


def vacuum_soon(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for table in TABLES:
            editor.execute(
                f"ALTER TABLE {table} SET (autovacuum_vacuum_threshold = 0,"
                " autovacuum_vacuum_scale_factor = 0)"
            )


class Migration(migrations.Migration):
    dependencies = [("keys", "0006_keep_pairs_and_cases")]
    operations = [
        migrations.CreateModel(
            name="StoredErasure",
            fields=[
                ("subject", models.UUIDField(primary_key=True, serialize=False)),
                ("leaf_index", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(vacuum_soon, migrations.RunPython.noop),
    ]
