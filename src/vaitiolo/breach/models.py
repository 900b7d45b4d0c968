"""What is stored of incidents: sealed entries and pieces of files. Rows say which incident.

And what is published for the people whom a telling reaches: pages that their codes alone open.

What an entry is, whose and of when, stands in the ledger and inside the seal.
"""

from django.db import models
from django.db.models import Q

from vaitiolo.breach.states import NoticeState


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


class Telling(models.Model):
    """A telling as the worker must know it: whether anything may go now. No word of what it says.

    That it is approved and not stopped is what the warden says; these columns only spare asking.
    """

    id = models.UUIDField(primary_key=True)
    incident = models.UUIDField(db_index=True)
    # Set while a hold lasts: nothing goes before.
    not_before = models.DateTimeField(null=True)
    is_stopped = models.BooleanField(default=False)


class Notice(models.Model):
    """One message to one person by one way, or to helpers; or a call or a task in its place.

    ``rank`` is its place among the ways to this person: a later one goes when those before failed.
    """

    id = models.UUIDField(primary_key=True)
    telling = models.ForeignKey(Telling, on_delete=models.PROTECT, related_name="+")
    # No way back: a patient's row must not lead to what they were told.
    patient = models.ForeignKey(
        "people.Patient", null=True, on_delete=models.PROTECT, related_name="+"
    )
    wave = models.PositiveIntegerField()
    channel = models.CharField(max_length=8)
    attempt = models.PositiveIntegerField(default=1)
    rank = models.PositiveSmallIntegerField(default=1)
    # When it is to be sent or done, or tried again.
    due_at = models.DateTimeField()
    state = models.PositiveSmallIntegerField(default=NoticeState.WAITING.value)
    tries = models.PositiveSmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    # Whether what became of it stands in the ledger.
    is_recorded = models.BooleanField(default=True)
    sealed_row = models.BinaryField(default=b"")
    sealed_state = models.BinaryField(default=b"")

    class Meta:
        indexes = [
            models.Index(fields=["telling", "state", "due_at"], name="notices_that_are_due"),
            models.Index(fields=["patient", "telling"], name="notices_of_a_patient"),
            models.Index(
                fields=["telling"], condition=Q(is_recorded=False), name="notices_to_record"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["telling", "patient", "channel", "attempt"],
                name="one_notice_for_each_way_and_attempt",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in NoticeState]),
                name="a_notice_is_in_a_known_state",
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
    public = models.BinaryField()
    sealed_seed = models.BinaryField()


class Reply(models.Model):
    """What somebody sent in by their page, sealed the moment it came."""

    id = models.UUIDField(primary_key=True)
    telling = models.UUIDField(db_index=True)
    sealed = models.BinaryField()
    sealed_file = models.BinaryField()
