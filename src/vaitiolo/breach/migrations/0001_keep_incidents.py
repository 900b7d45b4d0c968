"""Makes the tables of incidents' sealed entries and of the files in them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='IncidentEntry',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('incident', models.UUIDField(db_index=True)),
                ('sealed_body', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='EvidencePiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('sealed_body', models.BinaryField()),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='breach.incidententry')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('entry', 'number'), name='a_piece_of_evidence_is_stored_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='pieces_of_evidence_begin_with_one')],
            },
        ),
    ]
