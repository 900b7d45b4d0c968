"""Makes the tables of those who are asked to join, and of cards that wait for registrars."""

import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keys', '0004_keep_due_rotations'),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredProposal',
            fields=[
                ('holder', models.UUIDField(primary_key=True, serialize=False)),
                ('sealed_terms', models.BinaryField()),
                ('proposed_on', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='StoredInvitation',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('code_tag', models.BinaryField(max_length=32, unique=True)),
                ('name_tag', models.BinaryField(max_length=16, unique=True)),
                ('sealed_terms', models.BinaryField()),
                ('until', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('code_tag'), 32), name='the_tag_of_a_code_has_32_bytes'), models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('name_tag'), 16), name='the_tag_of_an_invited_name_has_16_bytes')],
            },
        ),
        migrations.CreateModel(
            name='StoredRequest',
            fields=[
                ('id', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('holder', models.UUIDField(unique=True)),
                ('why', models.PositiveSmallIntegerField()),
                ('request', models.BinaryField()),
                ('sealed_terms', models.BinaryField()),
                ('name_tag', models.BinaryField(max_length=16)),
                ('slot', models.BinaryField()),
                ('waiting', models.BinaryField(db_index=True, max_length=32)),
                ('asked_on', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('id'), 32), name='the_id_of_a_requested_card_has_32_bytes')],
            },
        ),
    ]
