"""What the store takes and returns: frozen values, each with the columns of one table.

The bytes in them are as they were stored, and prove nothing until they are parsed and verified.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from uuid import UUID


class HolderState(IntEnum):
    """Whether a holder may sign in. It narrows only: what a holder may open, grants decide."""

    ACTIVE = 1
    CLOSED = 2


@dataclass(frozen=True, slots=True)
class CardRow:
    """A stored card, and the index of the leaf that recorded it."""

    id: bytes
    holder: UUID
    klass: int
    role: int
    card: bytes = field(repr=False)
    leaf_index: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A holder; ``card`` is the id of the present card, ``sealed_name`` is for the KMS to open."""

    id: UUID
    klass: int
    role: int
    unit: UUID | None
    sealed_name: bytes = field(repr=False)
    card: bytes
    state: int = HolderState.ACTIVE


@dataclass(frozen=True, slots=True)
class CompartmentRow:
    """A compartment. What its creation leaf committed to is compared with that leaf, not believed.

    ``subject`` is the patient, unit, holder or incident it belongs to, ``author`` the author of a
    `working` compartment; ``pending_epoch`` is set while a rotation runs.
    """

    id: UUID
    klass: int
    subject: UUID
    creator_card: bytes
    dk_commit: bytes = field(repr=False)
    creation_leaf: int
    author: UUID | None = None
    epoch: int = 1
    pending_epoch: int | None = None


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A stored grant."""

    id: bytes
    compartment: UUID
    recipient_card: bytes
    epoch: int
    grant: bytes = field(repr=False)
    leaf_index: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A stored slot. Whose it is, its own header says; ``holder`` is only to list them by."""

    id: UUID
    holder: UUID
    name_tag: bytes = field(repr=False)
    slot: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RotationRow:
    """A stored rotation record, of the epoch that it begins."""

    id: bytes
    compartment: UUID
    epoch: int
    record: bytes = field(repr=False)
    leaf_index: int = field(kw_only=True)


class DueReason(IntEnum):
    """Why a compartment is to get a new key."""

    LEFT = 1
    WITHDRAWN = 2
    ENDED = 3
    ROLE_EXCHANGED = 4
    SUSPECTED = 5


@dataclass(frozen=True, slots=True)
class DueRow:
    """A rotation that was asked for: without whose card, since which epoch, why, on which day."""

    compartment: UUID
    without_card: bytes
    since_epoch: int
    why: int
    asked_on: int


@dataclass(frozen=True, slots=True)
class RevocationRow:
    """A stored revocation of a card."""

    card: bytes
    record: bytes = field(repr=False)
    leaf_index: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class HetuTagRow:
    """The tag of the identity code in one identity compartment."""

    identity: UUID
    tag: int = field(repr=False)


@dataclass(frozen=True, slots=True)
class AuditSecretRow:
    """The random bytes that, with the KMS, give a subject's ledger key; and the tag they give."""

    subject: UUID
    secret: bytes = field(repr=False)
    tag: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """Somebody whose erasure was asked for, and the entry of the asking."""

    subject: UUID
    leaf_index: int


@dataclass(frozen=True, slots=True)
class Opening:
    """All that the store knows about opening one compartment."""

    compartment: CompartmentRow
    grants: tuple[GrantRow, ...]


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """Somebody who is asked to join; ``until`` is the last day on which the code is good."""

    id: UUID
    code_tag: bytes = field(repr=False)
    name_tag: bytes = field(repr=False)
    sealed_terms: bytes = field(repr=False)
    until: int


class RequestReason(IntEnum):
    """Why a card is asked for."""

    JOINS = 1
    CHANGES = 2
    RENEWS = 3
    ROLE_CARD = 4


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A card that waits for registrars. What is asked for stands in ``request`` itself."""

    id: bytes
    holder: UUID
    why: int
    request: bytes = field(repr=False)
    sealed_terms: bytes = field(repr=False)
    name_tag: bytes = field(repr=False)
    slot: bytes = field(repr=False)
    waiting: bytes = field(repr=False)
    asked_on: int


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """Another role or unit that a holder takes with the next sign-in."""

    holder: UUID
    sealed_terms: bytes = field(repr=False)
    proposed_on: int


@dataclass(frozen=True, slots=True)
class PairRow:
    """The seed of `contact` for two officers, the lower id first."""

    first: UUID
    second: UUID
    sealed_seed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case, its compartment, and its list under that compartment's key."""

    id: UUID
    compartment: UUID
    sealed_list: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class IncidentPairRow:
    """The seed of `incident` for two officers, the lower id first."""

    first: UUID
    second: UUID
    sealed_seed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment of records, and its key under the seal of the card `incident`."""

    number: int
    kind: int
    sealed_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewMark:
    """A record that has no number yet: of which version, and where in which segment it stands."""

    patient: UUID
    kind: int
    row: UUID
    version: int
    segment: SegmentRow
    place: int
    sealed_marks: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A stored record."""

    number: int
    patient: UUID
    kind: int
    row: UUID
    version: int
    segment: int
    place: int
    sealed_marks: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MarkLinkRow:
    """What the chain says of a record."""

    number: int
    digest: bytes
    link: bytes
