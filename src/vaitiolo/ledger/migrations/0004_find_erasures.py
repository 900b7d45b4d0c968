"""Erasures are found without reading the log; and on PostgreSQL dead details go at once."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ERASE = 0xE4


def vacuum_soon(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    # A deleted row stays in the file until a vacuum, which comes after so many changes: here after
    # the first. The table is only added to but for erasures, so it is not vacuumed for nothing.
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "ALTER TABLE ledger_detail SET (autovacuum_vacuum_threshold = 0,"
            " autovacuum_vacuum_scale_factor = 0)"
        )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_keep_cosignatures_and_tokens")]
    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["index"], name="ledger_erasures", condition=models.Q(act=ERASE)
            ),
        ),
        migrations.RunPython(vacuum_soon, migrations.RunPython.noop),
    ]
