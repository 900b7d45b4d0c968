"""What is stored of incidents: sealed entries and pieces of files. Rows say which incident.

And what is published for the people whom a telling reaches: pages that their codes alone open.

What an entry is, whose and of when, stands in the ledger and inside the seal.
"""

from django.db import models
from django.db.models import Q


class IncidentEntry(models.Model):
    """One entry of an incident, sealed for its officers. Written once, never changed."""

    id = models.UUIDField(primary_key=True)
    incident = models.UUIDField(db_index=True)
    sealed_body = models.BinaryField()


class EvidencePiece(models.Model):
    """One piece of a file that was put into an incident."""

    entry = models.ForeignKey(IncidentEntry, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    sealed_body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "number"], name="a_piece_of_evidence_is_stored_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="pieces_of_evidence_begin_with_one"
            ),
        ]


class PublishedPage(models.Model):
    """A page or a certificate that a code alone opens. Everybody may have these bytes."""

    lookup = models.BinaryField(max_length=16, unique=True)
    telling = models.UUIDField(db_index=True)
    sealed = models.BinaryField()


class MessageMark(models.Model):
    """The mark of a message that was sent, in the bucket of the code it carries."""

    mark = models.BinaryField(max_length=16, unique=True)
    telling = models.UUIDField(db_index=True)
    bucket = models.PositiveSmallIntegerField(db_index=True)


class ReplyBox(models.Model):
    """The public key that answers to a telling are sealed to, and its sealed private half."""

    telling = models.UUIDField(primary_key=True)
    incident = models.UUIDField(db_index=True)
    row = models.UUIDField()
    public = models.BinaryField()
    sealed_seed = models.BinaryField()


class Reply(models.Model):
    """What somebody sent in by their page, sealed the moment it came."""

    id = models.UUIDField(primary_key=True)
    telling = models.UUIDField(db_index=True)
    sealed = models.BinaryField()
    sealed_file = models.BinaryField()
