"""Makes the tables of what is published for the people told, and of what they send in."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('breach', '0001_keep_incidents'),
    ]

    operations = [
        migrations.CreateModel(
            name='MessageMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.BinaryField(max_length=16, unique=True)),
                ('telling', models.UUIDField(db_index=True)),
                ('bucket', models.PositiveSmallIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='PublishedPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lookup', models.BinaryField(max_length=16, unique=True)),
                ('telling', models.UUIDField(db_index=True)),
                ('sealed', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('telling', models.UUIDField(db_index=True)),
                ('sealed', models.BinaryField()),
                ('sealed_file', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='ReplyBox',
            fields=[
                ('telling', models.UUIDField(primary_key=True, serialize=False)),
                ('incident', models.UUIDField(db_index=True)),
                ('public', models.BinaryField()),
                ('sealed_seed', models.BinaryField()),
            ],
        ),
    ]
