"""Makes the table of compartments that are to get a new key."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keys', '0001_keep_cards_grants_and_slots'),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredDue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('compartment', models.UUIDField()),
                ('without_card', models.BinaryField(max_length=32)),
                ('since_epoch', models.PositiveIntegerField()),
                ('why', models.PositiveSmallIntegerField()),
                ('asked_on', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('compartment', 'without_card'), name='a_rotation_is_asked_for_once')],
            },
        ),
    ]
