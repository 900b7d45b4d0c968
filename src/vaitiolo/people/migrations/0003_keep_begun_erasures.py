"""A table of patients about to be erased, so that a failure in between leaves no rows behind."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_keep_consents")]
    operations = [
        migrations.CreateModel(
            name="ErasureBegun",
            fields=[
                (
                    "patient",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="people.patient",
                    ),
                ),
            ],
        ),
    ]
