"""Makes the tables of notes that were copied for supervision."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('charts', '0001_keep_charts_and_notes'),
    ]

    operations = [
        migrations.CreateModel(
            name='SupervisionCopy',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('author', models.UUIDField()),
                ('reader', models.UUIDField(db_index=True)),
                ('made_on', models.DateField()),
                ('until', models.DateField()),
                ('chart', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='charts.chart')),
            ],
        ),
        migrations.CreateModel(
            name='CopiedNote',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('sealed_body', models.BinaryField()),
                ('copy', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='charts.supervisioncopy')),
            ],
        ),
    ]
