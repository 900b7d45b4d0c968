"""Makes the tables of units, members, patients, phone books and desks."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Drop',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('holder', models.UUIDField(db_index=True)),
                ('sealed_body', models.BinaryField()),
                ('is_set_aside', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('phonebook', models.UUIDField(unique=True)),
                ('diary', models.UUIDField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Desk',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('holder', models.UUIDField(unique=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('sealed_body', models.BinaryField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sealed_body__isnull', True), ('version', 0)), models.Q(('sealed_body__isnull', False), ('version__gte', 1)), _connector='OR'), name='a_desk_has_a_version_when_it_has_words')],
            },
        ),
        migrations.CreateModel(
            name='Patient',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('identity', models.UUIDField(unique=True)),
                ('chart', models.UUIDField(null=True, unique=True)),
                ('shared', models.UUIDField(null=True, unique=True)),
                ('registered_on', models.DateField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('role', models.PositiveSmallIntegerField()),
                ('is_active', models.BooleanField(default=True)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='people.unit')),
            ],
        ),
        migrations.CreateModel(
            name='PhonebookRow',
            fields=[
                ('patient', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='people.patient')),
                ('version', models.PositiveIntegerField()),
                ('sealed_body', models.BinaryField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.unit')),
            ],
        ),
        migrations.CreateModel(
            name='IdentityVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('sealed_body', models.BinaryField()),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='people.patient')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('patient', 'version'), name='a_version_of_an_identity_is_written_once'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='an_identity_begins_with_version_one')],
            },
        ),
        migrations.AddConstraint(
            model_name='patient',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('chart__isnull', True), ('shared__isnull', True)), models.Q(('chart__isnull', False), ('shared__isnull', False)), _connector='OR'), name='a_chart_comes_with_what_is_shared'),
        ),
    ]
