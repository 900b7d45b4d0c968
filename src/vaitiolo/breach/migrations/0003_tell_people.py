"""Makes the tables of notices to people and of what the worker must know of a telling."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('breach', '0002_publish_pages'),
        ('people', '0003_keep_begun_erasures'),
    ]

    operations = [
        migrations.CreateModel(
            name='Telling',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('incident', models.UUIDField(db_index=True)),
                ('not_before', models.DateTimeField(null=True)),
                ('is_stopped', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('wave', models.PositiveIntegerField()),
                ('channel', models.CharField(max_length=8)),
                ('attempt', models.PositiveIntegerField(default=1)),
                ('rank', models.PositiveSmallIntegerField(default=1)),
                ('due_at', models.DateTimeField()),
                ('state', models.PositiveSmallIntegerField(default=1)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('taken_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('is_recorded', models.BooleanField(default=True)),
                ('sealed_row', models.BinaryField(default=b'')),
                ('sealed_state', models.BinaryField(default=b'')),
                ('patient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.patient')),
                ('telling', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='breach.telling')),
            ],
            options={
                'indexes': [models.Index(fields=['telling', 'state', 'due_at'], name='notices_that_are_due'), models.Index(fields=['patient', 'telling'], name='notices_of_a_patient'), models.Index(condition=models.Q(('is_recorded', False)), fields=['telling'], name='notices_to_record')],
                'constraints': [models.UniqueConstraint(fields=('telling', 'patient', 'channel', 'attempt'), name='one_notice_for_each_way_and_attempt'), models.CheckConstraint(condition=models.Q(('state__in', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])), name='a_notice_is_in_a_known_state')],
            },
        ),
    ]
