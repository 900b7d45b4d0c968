"""What was said, sealed: charts, notes and their versions, drafts. No word of it stands in clear.

A signed version is written once. Days and random ids are readable, and nothing else is.
"""

from enum import IntEnum

from django.db import models
from django.db.models import F, Q


class NoteKind(IntEnum):
    """Few kinds, fixed. That a note belongs to a session can be read from its row anyway."""

    SESSION = 1
    OTHER = 2


class Chart(models.Model):
    """A patient's chart. Its id is the compartment's; it is stored with the first words."""

    id = models.UUIDField(primary_key=True)
    # No way back: a patient must not lead to charts, or reading one would go unrecorded.
    patient = models.ForeignKey("people.Patient", on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField()


class Note(models.Model):
    """A signed note: whose, of which day, and which of its versions is the newest."""

    # A note keeps the id of the draft it was, so that one draft can be signed once only.
    id = models.UUIDField(primary_key=True)
    chart = models.ForeignKey(Chart, on_delete=models.PROTECT, related_name="+")
    author = models.UUIDField()
    held_on = models.DateField()
    kind = models.PositiveSmallIntegerField()
    appointment = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["chart", "-held_on"], name="notes_of_a_chart")]
        constraints = [
            models.CheckConstraint(
                condition=Q(version__gte=1), name="a_note_begins_with_version_one"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in NoteKind]),
                name="a_note_is_of_a_known_kind",
            ),
        ]


class NoteVersion(models.Model):
    """A note as it was signed or amended: written once, never changed."""

    id = models.UUIDField(primary_key=True)
    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    signed_on = models.DateField()
    sealed_body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["note", "version"], name="a_version_of_a_note_is_signed_once"
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="versions_of_a_note_begin_with_one"
            ),
        ]


class Draft(models.Model):
    """Words that are not signed yet. ``version`` counts the times they were saved."""

    id = models.UUIDField(primary_key=True)
    chart = models.ForeignKey(Chart, on_delete=models.PROTECT, related_name="+")
    author = models.UUIDField()
    # What it is to become: an amendment of a note, the note of a session, or a note by itself.
    note = models.ForeignKey(Note, null=True, on_delete=models.PROTECT, related_name="+")
    appointment = models.UUIDField(null=True)
    held_on = models.DateField()
    version = models.PositiveIntegerField(default=1)
    # The opened page that saved last, and the draft that another page was writing meanwhile.
    window = models.UUIDField(null=True)
    copy_of = models.UUIDField(null=True)
    sealed_body = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["chart", "author"], name="drafts_of_a_chart")]
        constraints = [
            models.CheckConstraint(
                condition=Q(note__isnull=True) | Q(appointment__isnull=True),
                name="a_draft_amends_a_note_or_belongs_to_a_session",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="a_draft_was_saved"),
            models.CheckConstraint(
                condition=Q(copy_of__isnull=True) | ~Q(copy_of=F("id")),
                name="a_draft_is_no_copy_of_itself",
            ),
            models.UniqueConstraint(
                fields=["author", "appointment"],
                condition=Q(appointment__isnull=False, copy_of__isnull=True),
                name="one_draft_of_a_session",
            ),
            models.UniqueConstraint(
                fields=["author", "note"],
                condition=Q(note__isnull=False, copy_of__isnull=True),
                name="one_draft_of_an_amendment",
            ),
            models.UniqueConstraint(
                fields=["author", "chart"],
                condition=Q(appointment__isnull=True, note__isnull=True, copy_of__isnull=True),
                name="one_draft_beside_the_sessions",
            ),
        ]


class SupervisionCopy(models.Model):
    """Some notes of one author, copied for one reader. Its id is the copies' compartment's."""

    id = models.UUIDField(primary_key=True)
    chart = models.ForeignKey(Chart, on_delete=models.PROTECT, related_name="+")
    author = models.UUIDField()
    reader = models.UUIDField(db_index=True)
    made_on = models.DateField()
    until = models.DateField()


class CopiedNote(models.Model):
    """One note of a copy, sealed for the copy's compartment alone."""

    id = models.UUIDField(primary_key=True)
    copy = models.ForeignKey(SupervisionCopy, on_delete=models.CASCADE, related_name="+")
    sealed_body = models.BinaryField()
