"""Lets a message wait in the outbox that belongs to no appointment; can be repeated."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schedule", "0002_refuse_double_bookings")]

    operations = [
        migrations.AlterField(
            model_name="outboxrow",
            name="appointment",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                to="schedule.appointment",
            ),
        )
    ]
