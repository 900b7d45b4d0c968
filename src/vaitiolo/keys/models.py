"""The tables of cards, compartments, grants and slots, in the vault.

They keep encoded bytes and the ids to find them by. A row proves nothing: whoever reads one
verifies it. There are no foreign keys, because a record outlives what it mentions.
"""

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact


def _exactly(field: str, length: int) -> Exact:
    return Exact(Length(field), length)


class StoredCard(models.Model):
    """A key card (CARD) and the leaf that recorded it."""

    id = models.BinaryField(primary_key=True, max_length=32)
    holder = models.UUIDField(db_index=True)
    klass = models.PositiveSmallIntegerField()
    role = models.PositiveSmallIntegerField()
    card = models.BinaryField()
    leaf_index = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_exactly("id", 32), name="the_id_of_a_card_has_32_bytes"
            )
        ]
        indexes = [models.Index(fields=["klass"], name="cards_of_a_class")]


class StoredHolder(models.Model):
    """A holder: which class and role, in which unit, by which name on screen, with which card."""

    id = models.UUIDField(primary_key=True)
    klass = models.PositiveSmallIntegerField()
    role = models.PositiveSmallIntegerField()
    unit = models.UUIDField(null=True, db_index=True)
    sealed_name = models.BinaryField()
    card = models.BinaryField(max_length=32)
    state = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_exactly("card", 32), name="a_holder_has_the_id_of_a_card"
            )
        ]


class StoredCompartment(models.Model):
    """A compartment: to whom it belongs, its epoch, and what its creation leaf committed to."""

    id = models.UUIDField(primary_key=True)
    klass = models.PositiveSmallIntegerField()
    subject = models.UUIDField(db_index=True)
    author = models.UUIDField(null=True)
    epoch = models.PositiveIntegerField(default=1)
    pending_epoch = models.PositiveIntegerField(null=True)
    creator_card = models.BinaryField(max_length=32)
    dk_commit = models.BinaryField(max_length=32)
    creation_leaf = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_exactly("creator_card", 32), name="a_creator_has_the_id_of_a_card"
            ),
            models.CheckConstraint(
                condition=_exactly("dk_commit", 32), name="a_key_commitment_has_32_bytes"
            ),
            models.CheckConstraint(
                condition=models.Q(pending_epoch=None)
                | models.Q(pending_epoch=models.F("epoch") + 1),
                name="a_rotation_goes_one_epoch_on",
            ),
        ]


class StoredGrant(models.Model):
    """A grant (GRANT): a compartment's key, sealed to the holder of one card."""

    id = models.BinaryField(primary_key=True, max_length=32)
    compartment = models.UUIDField(db_index=True)
    recipient_card = models.BinaryField(max_length=32)
    epoch = models.PositiveIntegerField()
    grant = models.BinaryField()
    leaf_index = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_exactly("id", 32), name="the_id_of_a_grant_has_32_bytes"
            )
        ]
        # A caseload is read off this index without touching the grants themselves.
        indexes = [
            models.Index(fields=["recipient_card", "compartment", "epoch"], name="grants_to_a_card")
        ]


class StoredSlot(models.Model):
    """An unlock slot (SLOT), found by the tag of a sign-in name."""

    id = models.UUIDField(primary_key=True)
    holder = models.UUIDField(db_index=True)
    name_tag = models.BinaryField(max_length=16, db_index=True)
    slot = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_exactly("name_tag", 16), name="the_tag_of_a_name_has_16_bytes"
            )
        ]


class StoredRotation(models.Model):
    """A rotation (ROTATION): why an epoch follows the one before it."""

    id = models.BinaryField(primary_key=True, max_length=32)
    compartment = models.UUIDField()
    epoch = models.PositiveIntegerField()
    record = models.BinaryField()
    leaf_index = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["compartment", "epoch"], name="one_rotation_makes_an_epoch"
            )
        ]


class StoredDue(models.Model):
    """A compartment that is to get a new key, without whose card (empty: nobody's in particular).

    ``since_epoch`` is the newest epoch there was when it was asked: a later one settles it.
    """

    compartment = models.UUIDField()
    without_card = models.BinaryField(max_length=32)
    since_epoch = models.PositiveIntegerField()
    why = models.PositiveSmallIntegerField()
    asked_on = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["compartment", "without_card"], name="a_rotation_is_asked_for_once"
            )
        ]


class StoredRevocation(models.Model):
    """The revocation of a card (REVOKE)."""

    card = models.BinaryField(primary_key=True, max_length=32)
    record = models.BinaryField()
    leaf_index = models.BigIntegerField()


class HetuTag(models.Model):
    """A 16-bit tag of the identity code that is sealed in an identity compartment."""

    identity = models.UUIDField(primary_key=True)
    tag = models.PositiveIntegerField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tag__lte=0xFFFF), name="a_tag_has_sixteen_bits"
            )
        ]


class AuditSecret(models.Model):
    """What a subject's ledger tag is made of, with the KMS. Deleting the row erases the subject."""

    subject = models.UUIDField(primary_key=True)
    secret = models.BinaryField(max_length=32)
    tag = models.BinaryField(max_length=16, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_exactly("secret", 32), name="an_audit_secret_has_32_bytes"
            ),
            models.CheckConstraint(
                condition=_exactly("tag", 16), name="a_subject_tag_has_16_bytes"
            ),
        ]


class RoleSeed(models.Model):
    """The seed of a unit's role card: the one document of a small compartment."""

    compartment = models.UUIDField(primary_key=True)
    sealed_seed = models.BinaryField()


class StoredInvitation(models.Model):
    """Somebody who is asked to join: under the tag of a code, for some days."""

    id = models.UUIDField(primary_key=True)
    code_tag = models.BinaryField(max_length=32, unique=True)
    name_tag = models.BinaryField(max_length=16, unique=True)
    sealed_terms = models.BinaryField()
    until = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_exactly("code_tag", 32), name="the_tag_of_a_code_has_32_bytes"
            ),
            models.CheckConstraint(
                condition=_exactly("name_tag", 16), name="the_tag_of_an_invited_name_has_16_bytes"
            ),
        ]


class StoredRequest(models.Model):
    """A card that waits for registrars, and what becomes of its holder when they have signed.

    ``waiting`` is the SHA-256 of what the newcomer's browser holds; a renewal has none, no slot and
    no tag of a name.
    """

    id = models.BinaryField(primary_key=True, max_length=32)
    holder = models.UUIDField(unique=True)
    why = models.PositiveSmallIntegerField()
    request = models.BinaryField()
    sealed_terms = models.BinaryField()
    name_tag = models.BinaryField(max_length=16)
    slot = models.BinaryField()
    waiting = models.BinaryField(max_length=32, db_index=True)
    asked_on = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_exactly("id", 32), name="the_id_of_a_requested_card_has_32_bytes"
            )
        ]


class StoredProposal(models.Model):
    """Another role or unit that a registrar proposes to a holder."""

    holder = models.UUIDField(primary_key=True)
    sealed_terms = models.BinaryField()
    proposed_on = models.PositiveIntegerField()


class StoredPair(models.Model):
    """The seed of the recovery key `contact`, sealed for two officers together."""

    first = models.UUIDField()
    second = models.UUIDField()
    sealed_seed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="a_pair_has_one_seed"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")),
                name="a_pair_stands_in_order",
            ),
        ]


class StoredCase(models.Model):
    """A case: the list of patients that it was opened for, sealed for its officers."""

    id = models.UUIDField(primary_key=True)
    compartment = models.UUIDField(unique=True)
    sealed_list = models.BinaryField()


class StoredErasure(models.Model):
    """Somebody whose erasure was asked for: where the entry stands that says by whom and why."""

    subject = models.UUIDField(primary_key=True)
    leaf_index = models.BigIntegerField()


class StoredIncidentPair(models.Model):
    """The seed of the recovery key `incident` for two officers: kept for kits, opened nowhere."""

    first = models.UUIDField()
    second = models.UUIDField()
    sealed_seed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], name="an_incident_pair_has_one_seed"
            ),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")),
                name="an_incident_pair_stands_in_order",
            ),
        ]


class StoredMarkKey(models.Model):
    """The fingerprint key, sealed by the key service: one row, for every warden of the house."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    sealed_key = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="a_house_has_one_fingerprint_key")
        ]


class StoredSegment(models.Model):
    """The key of some records, sealed to the recovery card `incident`."""

    number = models.BigIntegerField(primary_key=True)
    kind = models.PositiveSmallIntegerField()
    sealed_key = models.BinaryField()


class StoredMark(models.Model):
    """The record of one signed version: its fingerprints, sealed in a place of a segment."""

    number = models.BigIntegerField(primary_key=True)
    patient = models.UUIDField(db_index=True)
    kind = models.PositiveSmallIntegerField()
    row = models.UUIDField()
    version = models.BigIntegerField()
    segment = models.BigIntegerField()
    place = models.PositiveIntegerField()
    sealed_marks = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["segment", "place"], name="a_place_has_one_record")
        ]
        indexes = [models.Index(fields=["row", "version"], name="records_of_a_version")]


class StoredMarkLink(models.Model):
    """A record's link in the chain of all records: it stays when the record is erased."""

    number = models.BigIntegerField(primary_key=True)
    digest = models.BinaryField(max_length=32)
    link = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_exactly("digest", 32), name="the_digest_of_a_record_has_32_bytes"
            ),
            models.CheckConstraint(
                condition=_exactly("link", 32), name="the_link_of_a_record_has_32_bytes"
            ),
        ]
