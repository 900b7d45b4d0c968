"""Who works here and who is treated here: random ids and sealed documents, no word in clear.

The names of staff are the warden's to keep; those of patients stand in sealed documents alone.
"""

from django.db import models


class Unit(models.Model):
    """A centre of the practice. Its phone book and diary are compartments of their own."""

    id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=100)
    phonebook = models.UUIDField(unique=True)
    diary = models.UUIDField(unique=True)


class Member(models.Model):
    """Somebody who works here, by the id of their holder. What they are called is not here."""

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT)
    role = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(default=True)


class Patient(models.Model):
    """Somebody who is treated here: which compartments are theirs, since which day."""

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    identity = models.UUIDField(unique=True)
    # None until a therapist is assigned: these two are made for that therapist's card.
    chart = models.UUIDField(unique=True, null=True)
    shared = models.UUIDField(unique=True, null=True)
    registered_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(chart__isnull=True, shared__isnull=True)
                | models.Q(chart__isnull=False, shared__isnull=False),
                name="a_chart_comes_with_what_is_shared",
            )
        ]


class IdentityVersion(models.Model):
    """Who a patient is, as somebody signed it. A change is a new version; none is overwritten."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    version = models.PositiveIntegerField()
    sealed_body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "version"], name="a_version_of_an_identity_is_written_once"
            ),
            models.CheckConstraint(
                condition=models.Q(version__gte=1), name="an_identity_begins_with_version_one"
            ),
        ]


class PhonebookRow(models.Model):
    """A patient's line in the phone book of the unit, sealed."""

    patient = models.OneToOneField(Patient, primary_key=True, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    version = models.PositiveIntegerField()
    sealed_body = models.BinaryField()


class Desk(models.Model):
    """A holder's worklist, sealed to that holder alone. Empty until the first fold."""

    id = models.UUIDField(primary_key=True)
    holder = models.UUIDField(unique=True)
    version = models.PositiveIntegerField(default=0)
    sealed_body = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version=0, sealed_body__isnull=True)
                | models.Q(version__gte=1, sealed_body__isnull=False),
                name="a_desk_has_a_version_when_it_has_words",
            )
        ]


class Drop(models.Model):
    """Something laid on a desk, to be folded in. Its time is inside the seal, not beside it."""

    id = models.UUIDField(primary_key=True)
    holder = models.UUIDField(db_index=True)
    sealed_body = models.BinaryField()
    # A drop that does not verify is kept as evidence, and not asked about again.
    is_set_aside = models.BooleanField(default=False)


class Consent(models.Model):
    """What a patient agreed to or refused, as somebody signed it. Unchanged; the last counts."""

    id = models.UUIDField(primary_key=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    signed_on = models.DateField()
    sealed_body = models.BinaryField()


class ErasureBegun(models.Model):
    """A patient about to be erased by the warden: whose rows are to go then. It goes with them."""

    patient = models.OneToOneField(Patient, primary_key=True, on_delete=models.PROTECT)
