"""The doors to who somebody is, to the phone book and to the own desk. Each is recorded.

Besides sign-in, this is the only file of the room that asks the warden.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import ChartId, CompartmentId, HolderId, PatientId, UnitId
from vaitiolo.people import desks
from vaitiolo.people.actor import Actor
from vaitiolo.people.models import Patient, PhonebookRow, Unit
from vaitiolo.warden import client
from vaitiolo.warden.client import (
    Colleague,
    NameTaken,
    NewCompartment,
    NoRequest,
    NotGranted,
    OpenCompartment,
    Place,
    Plain,
    Read,
    SealBroken,
    Sealed,
    ToDrop,
    Wanted,
)
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode, Purpose

__all__ = [
    "Colleague",
    "NameTaken",
    "NoRequest",
    "Place",
    "Plain",
    "Read",
    "SealBroken",
    "Sealed",
    "Wanted",
]


class PatientNotFound(Refusal):
    """There is no such patient, or none that the asker can open: the two look alike."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is no such patient here, or not for you. The attempt was recorded.")


class NoUnit(Refusal):
    """Somebody without a unit has no phone book."""

    message = _("You do not belong to a unit, so there is no phone book for you.")


class NoDesk(Refusal):
    """Somebody without a desk has no worklist."""

    message = _("You have no desk of your own. Ask a registrar to make one.")


@dataclass(frozen=True, slots=True)
class OpenIdentity:
    """Who a patient is, opened for this request."""

    patient_id: PatientId
    actor: Actor
    compartment: OpenCompartment


@dataclass(frozen=True, slots=True)
class OpenPhonebook:
    """The phone book of the actor's unit, opened for this request."""

    unit_id: UnitId
    actor: Actor
    compartment: OpenCompartment


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """The actor's own desk, opened for this request."""

    actor: Actor
    compartment: OpenCompartment


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A line of the phone book as the warden returned it, without the identity code."""

    patient_id: PatientId
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FoundRows:
    """The best few lines and how many there are."""

    rows: tuple[FoundRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class SealedDrop:
    """Something sealed for a desk, to be stored."""

    id: UUID
    holder: HolderId
    sealed_body: bytes = field(repr=False)


# --- who a patient is -------------------------------------------------------------


def open_identity(
    actor: Actor,
    patient_id: PatientId,
    *,
    purpose: Purpose,
    mode: Mode = Mode.READ,
    ground: str = "",
) -> OpenIdentity:
    """Open who a patient is. A refusal is recorded too."""
    identity = Patient.objects.filter(id=patient_id).values_list("identity", flat=True).first()
    # An unknown id is asked about all the same, so that a wrong guess leaves an entry.
    wanted = patient_id if identity is None else identity
    try:
        opened = client.open_compartment(
            actor.session, wanted, purpose=purpose, mode=mode, ground=ground
        )
    except NotGranted:
        raise PatientNotFound from None
    return OpenIdentity(patient_id, actor, opened)


def create_identity(actor: Actor, patient_id: PatientId, *, unit: UnitId) -> CompartmentId:
    """Make the compartment of a new patient's identity, for the unit's reception."""
    new = NewCompartment(CompartmentClass.IDENTITY, patient_id, (), (unit,))
    return CompartmentId(client.create_compartments(actor.session, [new])[0])


def open_new_identity(actor: Actor, patient_id: PatientId, identity: CompartmentId) -> OpenIdentity:
    """Open for writing what was just made: the patient's row is not there yet."""
    opened = client.open_compartment(
        actor.session, identity, purpose=Purpose.RECEPTION, mode=Mode.WRITE
    )
    return OpenIdentity(patient_id, actor, opened)


def create_care(
    actor: Actor, patient_id: PatientId, *, therapist: HolderId
) -> tuple[ChartId, CompartmentId]:
    """Make chart and shared compartments for a therapist; their maker cannot open them."""
    classes = (CompartmentClass.CHART, CompartmentClass.SHARED)
    new = [NewCompartment(klass, patient_id, (therapist,), ()) for klass in classes]
    chart, shared = client.create_compartments(actor.session, new)
    return ChartId(chart), CompartmentId(shared)


def grant_identity(identity: OpenIdentity, *, person: HolderId) -> None:
    """Let a colleague open who a patient is. Signed, chained to the own grant, recorded."""
    client.grant(identity.actor.session, identity.compartment.id, person)


def find_hetu(actor: Actor, hetu: str) -> tuple[str, PatientId | None]:
    """Say whether an identity code is known: ``here``, ``perhaps-elsewhere`` or ``none``."""
    book, _unit = _book_of(actor)
    # The book must be there to be compared with; looking for nothing says whether it is.
    find_in_phonebook(actor, "")
    found = client.find_hetu(actor.session, book, hetu)
    return found.where, None if found.patient is None else PatientId(found.patient)


def put_hetu(identity: OpenIdentity, hetu: str) -> None:
    """Enter a patient's identity code into the index."""
    client.put_hetu(identity.actor.session, identity.compartment.id, hetu)


# --- the phone book ---------------------------------------------------------------


def open_phonebook(actor: Actor) -> OpenPhonebook:
    """Open the phone book of the actor's unit."""
    book, unit_id = _book_of(actor)
    opened = client.open_compartment(actor.session, book, purpose=Purpose.RECEPTION)
    return OpenPhonebook(unit_id, actor, opened)


def find_in_phonebook(actor: Actor, text: str) -> FoundRows:
    """Look in the unit's phone book, in the warden's memory; load it there if it is not."""
    book, _unit = _book_of(actor)
    found = _look(actor, book, text)
    if found is None:
        found = _load_and_look(actor, text)
    return found


def _load_and_look(actor: Actor, text: str) -> FoundRows:
    phonebook = open_phonebook(actor)
    compartment = phonebook.compartment
    # A colleague may have the book there already; then this session only joins in.
    compartment.load_book((), is_complete=False)
    found = _look(actor, compartment.id, text)
    if found is not None:
        return found
    rows = PhonebookRow.objects.filter(unit_id=phonebook.unit_id)
    lines = rows.values_list("patient_id", "version", "sealed_body").iterator()
    compartment.load_book(
        [Sealed(Place(Kind.PHONEBOOK, row, version), bytes(body)) for row, version, body in lines]
    )
    return _look(actor, compartment.id, text) or FoundRows((), 0)


def _look(actor: Actor, book: UUID, text: str) -> FoundRows | None:
    found = client.find(actor.session, book, text)
    if not found.is_loaded:
        return None
    rows = tuple(FoundRow(PatientId(row.patient), row.body) for row in found.rows)
    return FoundRows(rows, found.total)


def _book_of(actor: Actor) -> tuple[UUID, UnitId]:
    if actor.unit is None:
        raise NoUnit
    book = Unit.objects.filter(id=actor.unit).values_list("phonebook", flat=True).first()
    if book is None:
        raise NoUnit
    return book, actor.unit


# --- desks ------------------------------------------------------------------------


def open_desk(actor: Actor) -> OpenDesk:
    """Open the own desk."""
    return open_with_desk(actor, [])[0]


def open_with_desk(
    actor: Actor, wanted: Sequence[Wanted]
) -> tuple[OpenDesk, tuple[OpenCompartment, ...]]:
    """Open the own desk and more, all or none, in one question. Raises NotGranted, OverBudget."""
    if actor.desk is None:
        raise NoDesk
    own = Wanted(actor.desk, Mode.READ, Purpose.OWN_DESK)
    desk, *others = client.open_compartments(actor.session, [own, *wanted])
    return OpenDesk(actor, desk), tuple(others)


def drop_on_desk(
    actor: Actor, events: Sequence[tuple[HolderId, desks.Event]]
) -> tuple[SealedDrop, ...]:
    """Seal events for colleagues' desks, signed by the actor; no desk is opened."""
    if not events:
        return ()
    drops = [ToDrop(holder, uuid4(), desks.write_event(event)) for holder, event in events]
    sealed = client.drop(actor.session, drops)
    return tuple(
        SealedDrop(drop.row, HolderId(drop.person), body)
        for drop, body in zip(drops, sealed, strict=True)
    )


# --- staff ------------------------------------------------------------------------


def list_colleagues(actor: Actor) -> tuple[Colleague, ...]:
    """Return everyone on the staff, those who have left too."""
    return client.list_colleagues(actor.session)


def invite(
    actor: Actor, *, name: str, role: int, unit: UnitId | None, sign_in: str
) -> client.Invited:
    """Ask somebody to join; the code is said this once. Raises NotAllowed, NameTaken."""
    return client.invite(actor.session, name=name, role=role, unit=unit, sign_in=sign_in)


def list_invitations(actor: Actor) -> tuple[client.Invitation, ...]:
    """Return who has been asked to join and has not come yet."""
    return client.list_invitations(actor.session)


def withdraw_invitation(actor: Actor, invitation: UUID) -> None:
    """Take an invitation back."""
    client.withdraw_invitation(actor.session, invitation)


def list_card_requests(actor: Actor) -> tuple[client.CardRequest, ...]:
    """Return the cards that wait for a registrar, each with its eight words."""
    return client.list_card_requests(actor.session)


def sign_card(actor: Actor, card: bytes, *, assertion: bytes) -> bool:
    """Sign a card; return whether it has all its signatures. Raises NoTouch, NoRequest."""
    return client.sign_card(actor.session, card, assertion=assertion)


def refuse_card(actor: Actor, card: bytes) -> None:
    """Refuse a card; somebody is told."""
    client.refuse_card(actor.session, card)


def propose_role(actor: Actor, person: HolderId, *, role: int, unit: UnitId | None) -> None:
    """Propose another role or unit; the colleague's next sign-in takes it up."""
    client.propose_role(actor.session, person, role=role, unit=unit)


def settle_staff(actor: Actor) -> None:
    """Have the warden finish what signing and revoking have begun."""
    client.settle_staff(actor.session)


def list_waiting_for_role(actor: Actor) -> tuple[Colleague, ...]:
    """Return the colleagues whom the actor could let into their common role."""
    return client.list_waiting_for_role(actor.session)


def let_into_role(actor: Actor, person: HolderId) -> None:
    """Let a colleague act with the role card that the actor holds."""
    client.let_into_role(actor.session, person)


def count_left_behind(actor: Actor, person: HolderId) -> client.Left:
    """Count what waits to be turned without somebody who has left, and what has nobody."""
    return client.left_behind(actor.session, person)


def end_access(actor: Actor, person: HolderId, *, reason: int) -> None:
    """End a colleague's card at once. Raises NotAllowed for anybody but a registrar."""
    client.revoke_card(actor.session, person, reason=reason)
