"""Tables for records of fingerprints, their chain and keys; dead rows of records go at once."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Length
from django.db.models.lookups import Exact


def vacuum_soon(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    # As for grants: an erased record stays in PostgreSQL's file until a vacuum.
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "ALTER TABLE keys_storedmark SET (autovacuum_vacuum_threshold = 0,"
            " autovacuum_vacuum_scale_factor = 0)"
        )


def exactly(field: str, length: int) -> Exact:
    return Exact(Length(field), length)


class Migration(migrations.Migration):
    dependencies = [("keys", "0007_keep_erasures")]
    operations = [
        migrations.CreateModel(
            name="StoredIncidentPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.UUIDField()),
                ("second", models.UUIDField()),
                ("sealed_seed", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["first", "second"], name="an_incident_pair_has_one_seed"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(first__lt=models.F("second")),
                        name="an_incident_pair_stands_in_order",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="StoredMarkKey",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("sealed_key", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(id=1), name="a_house_has_one_fingerprint_key"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="StoredSegment",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.PositiveSmallIntegerField()),
                ("sealed_key", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="StoredMark",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("patient", models.UUIDField(db_index=True)),
                ("kind", models.PositiveSmallIntegerField()),
                ("row", models.UUIDField()),
                ("version", models.BigIntegerField()),
                ("segment", models.BigIntegerField()),
                ("place", models.PositiveIntegerField()),
                ("sealed_marks", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["segment", "place"], name="a_place_has_one_record"
                    )
                ],
                "indexes": [
                    models.Index(fields=["row", "version"], name="records_of_a_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredMarkLink",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField(max_length=32)),
                ("link", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=exactly("digest", 32),
                        name="the_digest_of_a_record_has_32_bytes",
                    ),
                    models.CheckConstraint(
                        condition=exactly("link", 32), name="the_link_of_a_record_has_32_bytes"
                    ),
                ]
            },
        ),
        migrations.RunPython(vacuum_soon, migrations.RunPython.noop),
    ]
