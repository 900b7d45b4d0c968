"""When which random id is seen by which, and where. Whose name that is stands under seal alone.

Times are in clear because the database itself must refuse a double booking (migration 0002).
"""

from django.db import models
from django.db.models import F, Q

from vaitiolo.schedule.states import Because, Sending, State

__all__ = ["Appointment", "Because", "OutboxRow", "Room", "Sending", "State"]


class Room(models.Model):
    """A room where somebody can be seen. What it is called is no secret."""

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"], name="rooms_of_a_unit_have_different_names"
            )
        ]


class Appointment(models.Model):
    """A time with a therapist. Without a room it is held by video."""

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    therapist = models.UUIDField()
    # No way back: a patient's row must not lead to when they come.
    patient = models.ForeignKey("people.Patient", on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.PositiveSmallIntegerField(default=State.BOOKED.value)
    missed_because = models.PositiveSmallIntegerField(null=True)
    # Counts the changes; the entry is sealed for the version it stands beside.
    version = models.PositiveIntegerField(default=1)
    sealed_entry = models.BinaryField()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "starts_at"], name="appointments_of_a_unit"),
            models.Index(fields=["therapist", "starts_at"], name="appointments_of_a_therapist"),
            models.Index(fields=["patient", "starts_at"], name="appointments_of_a_patient"),
            models.Index(fields=["room", "starts_at"], name="appointments_of_a_room"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="an_appointment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]),
                name="an_appointment_is_in_a_known_state",
            ),
            models.CheckConstraint(
                condition=Q(missed_because__isnull=True)
                | Q(state=State.MISSED.value, missed_because__in=[one.value for one in Because]),
                name="only_what_was_missed_has_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="an_appointment_begins_with_version_one"
            ),
        ]

    @property
    def is_booked(self) -> bool:
        return self.state == State.BOOKED


class OutboxRow(models.Model):
    """A message that only the worker can open. It is gone once it was sent.

    A reminder has its appointment; a notice has none.
    """

    id = models.UUIDField(primary_key=True)
    appointment = models.OneToOneField(Appointment, on_delete=models.CASCADE, null=True)
    # When it is to be sent, or tried again, or (once taken) when its taker must have died.
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    state = models.PositiveSmallIntegerField(default=Sending.WAITING.value)
    sealed_row = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in Sending]),
                name="a_reminder_is_in_a_known_state",
            )
        ]
