"""An index of the withdrawals and rotations alone, which a warden reads when it starts."""

from django.db import migrations, models

# REVOKE_GRANT and ROTATE_COMMIT: numbers of the format, which never change.
TURNING = (0x22, 0x24)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_find_erasures")]
    operations = [
        migrations.AddIndex(
            "entry",
            models.Index(
                fields=["index"],
                name="ledger_withdrawn_and_turned",
                condition=models.Q(act__in=TURNING),
            ),
        ),
    ]
