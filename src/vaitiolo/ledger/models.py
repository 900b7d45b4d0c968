"""The ledger's tables, all in `vault`. Triggers refuse changing them (see the migrations).

Only `sequence` writes them, and a row is never altered; only details may be deleted, by ERASE.
"""

from django.db import models

from vaitiolo.ledger.acts import Act


class Entry(models.Model):
    """A leaf in its place. The columns beside it repeat what it says, for look-ups only."""

    index = models.BigIntegerField(primary_key=True)
    leaf = models.BinaryField(max_length=114)
    patient_tag = models.BinaryField(max_length=16)
    patient_seq = models.BigIntegerField()
    actor_tag = models.BinaryField(max_length=16)
    act = models.SmallIntegerField()
    time_us = models.BigIntegerField()

    class Meta:
        constraints = [
            # A tag's head is one look-up, and two wardens cannot give the same number twice.
            models.UniqueConstraint(
                fields=("patient_tag", "patient_seq"), name="a_tag_numbers_its_entries_once"
            )
        ]
        indexes = [
            # Budgets are counted at every opening: this index alone answers them.
            models.Index(
                fields=("actor_tag", "time_us", "act", "patient_tag"), name="ledger_acts_of_actor"
            ),
            # What was withdrawn and turned is read from the first entry on when a warden starts;
            # this holds those few alone, and costs other entries nothing.
            models.Index(
                fields=("index",),
                name="ledger_withdrawn_and_turned",
                condition=models.Q(act__in=(Act.REVOKE_GRANT, Act.ROTATE_COMMIT)),
            ),
            # Erasures are few; this index holds them alone.
            models.Index(
                fields=("index",), name="ledger_erasures", condition=models.Q(act=int(Act.ERASE))
            ),
        ]


class Detail(models.Model):
    """The sealed detail of an entry and the salt of its commitment. The one erasable table."""

    index = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField(max_length=32)
    sealed_detail = models.BinaryField()


class PublicDetail(models.Model):
    """The detail of an entry about the ledger itself: public, and kept as long as the entry."""

    index = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField(max_length=32)
    detail = models.BinaryField()


class Batch(models.Model):
    """A committed size of the log and its root; now and then the right edge of the tree."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    # Empty in most rows: an edge is as long as several entries, and from the last one on at most
    # 255 leaves have to be read again.
    edge = models.BinaryField()


class Checkpoint(models.Model):
    """A batch's size and root as a signed note, as it was published."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()


class Cosignature(models.Model):
    """What a witness signed under a checkpoint, once it was verified against its pinned key."""

    # The line itself: the same one is kept once, however often it is brought.
    line = models.CharField(max_length=400, primary_key=True)
    size = models.BigIntegerField()
    witness = models.CharField(max_length=200)
    time = models.BigIntegerField()

    class Meta:
        indexes = [
            # How far each witness has followed is asked whenever somebody waits for it.
            models.Index(fields=("witness", "size", "time"), name="ledger_how_far_a_witness"),
            models.Index(fields=("size",), name="ledger_who_cosigned"),
        ]


class Token(models.Model):
    """An RFC 3161 token over a checkpoint, as bytes that nothing here interprets."""

    hash = models.BinaryField(max_length=32, primary_key=True)
    size = models.BigIntegerField()
    time = models.BigIntegerField()
    authority = models.CharField(max_length=200)
    token = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=("time",), name="ledger_newest_token")]
