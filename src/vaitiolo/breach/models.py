"""What is stored of incidents: sealed entries and pieces of files. Rows say which incident.

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
