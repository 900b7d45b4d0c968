"""Makes the tables of cards, compartments, grants and slots."""

import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='RoleSeed',
            fields=[
                ('compartment', models.UUIDField(primary_key=True, serialize=False)),
                ('sealed_seed', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='StoredRevocation',
            fields=[
                ('card', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('record', models.BinaryField()),
                ('leaf_index', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='AuditSecret',
            fields=[
                ('subject', models.UUIDField(primary_key=True, serialize=False)),
                ('secret', models.BinaryField(max_length=32)),
                ('tag', models.BinaryField(max_length=16, unique=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('secret'), 32), name='an_audit_secret_has_32_bytes'), models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('tag'), 16), name='a_subject_tag_has_16_bytes')],
            },
        ),
        migrations.CreateModel(
            name='HetuTag',
            fields=[
                ('identity', models.UUIDField(primary_key=True, serialize=False)),
                ('tag', models.PositiveIntegerField(db_index=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('tag__lte', 65535)), name='a_tag_has_sixteen_bits')],
            },
        ),
        migrations.CreateModel(
            name='StoredCard',
            fields=[
                ('id', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('holder', models.UUIDField(db_index=True)),
                ('klass', models.PositiveSmallIntegerField()),
                ('role', models.PositiveSmallIntegerField()),
                ('card', models.BinaryField()),
                ('leaf_index', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['klass'], name='cards_of_a_class')],
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('id'), 32), name='the_id_of_a_card_has_32_bytes')],
            },
        ),
        migrations.CreateModel(
            name='StoredCompartment',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('klass', models.PositiveSmallIntegerField()),
                ('subject', models.UUIDField(db_index=True)),
                ('author', models.UUIDField(null=True)),
                ('epoch', models.PositiveIntegerField(default=1)),
                ('pending_epoch', models.PositiveIntegerField(null=True)),
                ('creator_card', models.BinaryField(max_length=32)),
                ('dk_commit', models.BinaryField(max_length=32)),
                ('creation_leaf', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('creator_card'), 32), name='a_creator_has_the_id_of_a_card'), models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('dk_commit'), 32), name='a_key_commitment_has_32_bytes'), models.CheckConstraint(condition=models.Q(('pending_epoch', None), ('pending_epoch', django.db.models.expressions.CombinedExpression(models.F('epoch'), '+', models.Value(1))), _connector='OR'), name='a_rotation_goes_one_epoch_on')],
            },
        ),
        migrations.CreateModel(
            name='StoredGrant',
            fields=[
                ('id', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('compartment', models.UUIDField(db_index=True)),
                ('recipient_card', models.BinaryField(max_length=32)),
                ('epoch', models.PositiveIntegerField()),
                ('grant', models.BinaryField()),
                ('leaf_index', models.BigIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['recipient_card', 'compartment', 'epoch'], name='grants_to_a_card')],
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('id'), 32), name='the_id_of_a_grant_has_32_bytes')],
            },
        ),
        migrations.CreateModel(
            name='StoredHolder',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('klass', models.PositiveSmallIntegerField()),
                ('role', models.PositiveSmallIntegerField()),
                ('unit', models.UUIDField(db_index=True, null=True)),
                ('sealed_name', models.BinaryField()),
                ('card', models.BinaryField(max_length=32)),
                ('state', models.PositiveSmallIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('card'), 32), name='a_holder_has_the_id_of_a_card')],
            },
        ),
        migrations.CreateModel(
            name='StoredRotation',
            fields=[
                ('id', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('compartment', models.UUIDField()),
                ('epoch', models.PositiveIntegerField()),
                ('record', models.BinaryField()),
                ('leaf_index', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('compartment', 'epoch'), name='one_rotation_makes_an_epoch')],
            },
        ),
        migrations.CreateModel(
            name='StoredSlot',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('holder', models.UUIDField(db_index=True)),
                ('name_tag', models.BinaryField(db_index=True, max_length=16)),
                ('slot', models.BinaryField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('name_tag'), 16), name='the_tag_of_a_name_has_16_bytes')],
            },
        ),
    ]
