"""Makes the tables of rooms, appointments and reminders that wait."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_keep_people_and_desks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('therapist', models.UUIDField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('state', models.PositiveSmallIntegerField(default=1)),
                ('missed_because', models.PositiveSmallIntegerField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('sealed_entry', models.BinaryField()),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.patient')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
                ('room', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='schedule.room')),
            ],
        ),
        migrations.CreateModel(
            name='OutboxRow',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('due_at', models.DateTimeField(db_index=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('state', models.PositiveSmallIntegerField(default=1)),
                ('sealed_row', models.BinaryField()),
                ('appointment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='schedule.appointment')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', [1, 2, 3, 4])), name='a_reminder_is_in_a_known_state')],
            },
        ),
        migrations.AddConstraint(
            model_name='room',
            constraint=models.UniqueConstraint(fields=('unit', 'name'), name='rooms_of_a_unit_have_different_names'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['unit', 'starts_at'], name='appointments_of_a_unit'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['therapist', 'starts_at'], name='appointments_of_a_therapist'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['patient', 'starts_at'], name='appointments_of_a_patient'),
        ),
        migrations.AddIndex(
            model_name='appointment',
            index=models.Index(fields=['room', 'starts_at'], name='appointments_of_a_room'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='an_appointment_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', [1, 2, 3, 4])), name='an_appointment_is_in_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('missed_because__isnull', True), models.Q(('missed_because__in', [1, 2, 3]), ('state', 4)), _connector='OR'), name='only_what_was_missed_has_a_cause'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='an_appointment_begins_with_version_one'),
        ),
    ]
