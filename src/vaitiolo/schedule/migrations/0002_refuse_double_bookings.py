"""Has the database itself refuse a double booking, on both engines; can be repeated.

PostgreSQL: exclusion constraints (btree_gist, which an owner of the database may add by itself).
SQLite: triggers. A table that a later migration alters on SQLite is rebuilt without its triggers:
end such a migration with this one's operation again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "schedule_appointment"
# Booked and held: a cancelled or missed appointment takes up nobody's time.
TAKES_TIME = "(1, 3)"
ONE_AT_A_TIME = {
    "a_therapist_is_in_one_place_at_a_time": "therapist",
    "a_room_is_used_once_at_a_time": "room_id",
    "a_patient_is_in_one_place_at_a_time": "patient_id",
}
# What is looked through for a clash goes back one day, so nothing may last longer.
LONGEST = "an_appointment_lasts_a_day_at_most"


def exclusion(name: str, column: str) -> str:
    return (
        f"ALTER TABLE {TABLE} ADD CONSTRAINT {name} EXCLUDE USING gist"
        f" ({column} WITH =, tstzrange(starts_at, ends_at) WITH &&)"
        f" WHERE (state IN {TAKES_TIME})"
    )


def sqlite_triggers() -> dict[str, str]:
    triggers = {}
    for name, column in ONE_AT_A_TIME.items():
        refuse = (
            f"WHEN NEW.state IN {TAKES_TIME} AND EXISTS (SELECT 1 FROM {TABLE} AS other"
            f" WHERE other.{column} = NEW.{column} AND other.id <> NEW.id"
            f" AND other.state IN {TAKES_TIME} AND other.starts_at < NEW.ends_at"
            f" AND other.starts_at > datetime(NEW.starts_at, '-1 day')"
            f" AND other.ends_at > NEW.starts_at)"
            f" BEGIN SELECT RAISE(ABORT, '{name}'); END"
        )
        triggers[f"{name}_new"] = f"BEFORE INSERT ON {TABLE} {refuse}"
        triggers[f"{name}_moved"] = f"BEFORE UPDATE ON {TABLE} {refuse}"
    too_long = (
        "WHEN NEW.ends_at > datetime(NEW.starts_at, '+1 day')"
        f" BEGIN SELECT RAISE(ABORT, '{LONGEST}'); END"
    )
    triggers[f"{LONGEST}_new"] = f"BEFORE INSERT ON {TABLE} {too_long}"
    triggers[f"{LONGEST}_moved"] = f"BEFORE UPDATE ON {TABLE} {too_long}"
    return triggers


def put_up(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    take_down(apps, editor)
    if editor.connection.vendor == "postgresql":
        editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        for name, column in ONE_AT_A_TIME.items():
            editor.execute(exclusion(name, column), params=None)
        editor.execute(
            f"ALTER TABLE {TABLE} ADD CONSTRAINT {LONGEST}"
            " CHECK (ends_at <= starts_at + interval '24 hours')",
            params=None,
        )
        return
    for name, rule in sqlite_triggers().items():
        editor.execute(f"CREATE TRIGGER {name} {rule}", params=None)


def take_down(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for name in (*ONE_AT_A_TIME, LONGEST):
            editor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {name}")
        return
    for name in sqlite_triggers():
        editor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("schedule", "0001_keep_appointments")]
    operations = [migrations.RunPython(put_up, take_down)]
