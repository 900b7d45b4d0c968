"""What is done here: registering, correcting, assigning a therapist, laying things on desks.

The ledger has each deed before its rows are written: the warden is asked first, always.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.dates import day_of
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import HolderId, PatientId
from vaitiolo.people import access, desks, folding, places, records
from vaitiolo.people.access import OpenDesk, OpenIdentity, OpenPhonebook, Plain, Sealed, SealedDrop
from vaitiolo.people.actor import Actor
from vaitiolo.people.models import Desk, Drop, IdentityVersion, Member, Patient, PhonebookRow
from vaitiolo.people.records import IdentityRecord
from vaitiolo.people.staff import EndReason
from vaitiolo.warden.kinds import Role


class ChangedMeanwhile(Refusal):
    """Somebody else has changed the same patient since the page was opened."""

    status = HTTPStatus.CONFLICT
    message = _("Somebody changed this patient's details meanwhile. Yours were not stored.")


class HasTherapist(Refusal):
    """A patient's care begins once; later ones are let in by the therapist who is there."""

    status = HTTPStatus.CONFLICT
    message = _(
        "This patient already has a therapist. Only a therapist of the care team can let "
        "another one in."
    )


class NoSuchTherapist(Refusal):
    """The chosen person does not work here as a therapist, or not any more."""

    status = HTTPStatus.CONFLICT
    message = _("The chosen therapist does not work in this unit now. Nothing was changed.")


# --- patients ---------------------------------------------------------------------


def register_patient(actor: Actor, record: IdentityRecord, *, at: datetime) -> PatientId:
    """Register a patient: a compartment of their own, the identity, the line in the phone book."""
    patient_id = PatientId(uuid4())
    phonebook = access.open_phonebook(actor)
    identity_id = access.create_identity(actor, patient_id, unit=phonebook.unit_id)
    identity = access.open_new_identity(actor, patient_id, identity_id)
    body = records.write_identity(record, at=at)
    [sealed] = identity.compartment.seal([Plain(places.of_identity(patient_id, 1), body)])
    line = _seal_line(phonebook, patient_id, record, version=1)
    if record.hetu:
        access.put_hetu(identity, record.hetu)
    with transaction.atomic():
        Patient.objects.create(
            id=patient_id, unit_id=phonebook.unit_id, identity=identity_id, registered_on=day_of(at)
        )
        IdentityVersion.objects.create(patient_id=patient_id, version=1, sealed_body=sealed)
        PhonebookRow.objects.create(
            patient_id=patient_id, unit_id=phonebook.unit_id, version=1, sealed_body=line.sealed
        )
    _enter(phonebook, line)
    return patient_id


@transaction.atomic
def change_identity(
    identity: OpenIdentity, record: IdentityRecord, *, since: int, at: datetime
) -> None:
    """Write a new version of who a patient is, signed, and the line of the phone book anew."""
    patient = Patient.objects.select_for_update().get(id=identity.patient_id)
    newest = IdentityVersion.objects.filter(patient=patient).order_by("-version")[0]
    if newest.version != since:
        raise ChangedMeanwhile
    before = _read(identity, newest)
    place = places.of_identity(patient.id, since + 1)
    body, previous = records.write_identity(record, at=at), bytes(newest.sealed_body)
    [sealed] = identity.compartment.seal([Plain(place, body, previous)])
    if record.hetu and record.hetu != before.hetu:
        access.put_hetu(identity, record.hetu)
    IdentityVersion.objects.create(patient=patient, version=since + 1, sealed_body=sealed)
    _rewrite_line(identity, record)
    _tell_care_team(identity, record, before=before, at=at)


def assign_therapist(
    identity: OpenIdentity, record: IdentityRecord, *, therapist: HolderId, at: datetime
) -> None:
    """Begin a patient's care: a chart for the therapist's card, and who the patient is, granted.

    Whoever does this cannot open the chart that is made.
    """
    actor = identity.actor
    if therapist not in _therapists_of_unit(actor):
        raise NoSuchTherapist
    with transaction.atomic():
        patient = Patient.objects.select_for_update().get(id=identity.patient_id)
        if patient.chart is not None:
            raise HasTherapist
        access.grant_identity(identity, person=therapist)
        chart, shared = access.create_care(actor, identity.patient_id, therapist=therapist)
        patient.chart, patient.shared = chart, shared
        patient.save(update_fields=("chart", "shared"))
        client = desks.Client(
            record.name, record.born_on, record.language, chart, patient.identity, shared
        )
        lay_on_desks(actor, [(therapist, desks.client_added(identity.patient_id, client, at=at))])


def _seal_line(
    phonebook: OpenPhonebook, patient_id: PatientId, record: IdentityRecord, *, version: int
) -> Sealed:
    place = places.of_phonebook(patient_id, version)
    [sealed] = phonebook.compartment.seal([Plain(place, records.write_phonebook(record))])
    return Sealed(place, sealed)


def _enter(phonebook: OpenPhonebook, line: Sealed) -> None:
    # The row stands already. Should the warden be away just now, it reads the row when it loads
    # the book anew; an error here would have the same patient registered twice.
    with suppress(Refusal):
        phonebook.compartment.load_book([line], is_complete=False)


def _rewrite_line(identity: OpenIdentity, record: IdentityRecord) -> None:
    phonebook = access.open_phonebook(identity.actor)
    row = PhonebookRow.objects.select_for_update().get(patient_id=identity.patient_id)
    row.version += 1
    line = _seal_line(phonebook, identity.patient_id, record, version=row.version)
    row.sealed_body = line.sealed
    row.save(update_fields=("version", "sealed_body"))
    transaction.on_commit(lambda: _enter(phonebook, line))


def _read(identity: OpenIdentity, newest: IdentityVersion) -> IdentityRecord:
    place = places.of_identity(identity.patient_id, newest.version)
    [read] = identity.compartment.unseal([Sealed(place, bytes(newest.sealed_body))])
    return records.read_identity(read.body)[0]


def _tell_care_team(
    identity: OpenIdentity, record: IdentityRecord, *, before: IdentityRecord, at: datetime
) -> None:
    """Lay a changed name, birth date or language on the desks that show it."""
    shown = (record.name, record.born_on, record.language)
    if shown == (before.name, before.born_on, before.language):
        return
    event = desks.client_changed(
        identity.patient_id,
        name=record.name,
        born_on=record.born_on,
        language=record.language,
        at=at,
    )
    readers = {reader.person for reader in identity.compartment.readers}
    working = {one.person for one in access.list_colleagues(identity.actor) if one.is_active}
    team = [HolderId(person) for person in readers & working if person is not None]
    lay_on_desks(identity.actor, [(person, event) for person in team])


def _therapists_of_unit(actor: Actor) -> set[HolderId]:
    return {
        HolderId(one.person)
        for one in access.list_colleagues(actor)
        if one.is_active and one.role == Role.THERAPIST and one.unit == actor.unit
    }


# --- desks ------------------------------------------------------------------------


def lay_on_desks(actor: Actor, events: Sequence[tuple[HolderId, desks.Event]]) -> None:
    """Lay events on colleagues' desks, or on the own one: signed, sealed, no desk opened."""
    store_drops(access.drop_on_desk(actor, events))


def store_drops(drops: Sequence[SealedDrop]) -> None:
    """Store what was sealed for desks. Their order tells nothing: the time is inside."""
    Drop.objects.bulk_create(
        Drop(id=drop.id, holder=drop.holder, sealed_body=drop.sealed_body) for drop in drops
    )


def fold_desk(desk: OpenDesk, *, at: datetime) -> desks.Desk:
    """Merge what was laid on the own desk into its document, and return the desk.

    What does not verify is set aside and counted. Document and drops change together or not at
    all, so a fold that fails loses nothing.
    """
    lying = folding.read_all(desk)
    folded = folding.without_erased(folding.prune(lying.desk, at=at)) if lying.read else lying.desk
    if lying.read or lying.refused:
        _keep_fold(desk, folded, lying)
    aside = Drop.objects.filter(holder=desk.actor.id, is_set_aside=True).count()
    return replace(folded, unread=aside)


def _keep_fold(desk: OpenDesk, folded: desks.Desk, lying: folding.Lying) -> None:
    version = lying.version + 1
    place = places.of_desk(desk.compartment.id, version)
    [sealed] = desk.compartment.seal([Plain(place, desks.write(folded))])
    with transaction.atomic():
        row, _made = Desk.objects.get_or_create(
            id=desk.compartment.id, defaults={"holder": desk.actor.id}
        )
        standing = Desk.objects.filter(id=row.id, version=lying.version)
        if standing.update(version=version, sealed_body=sealed) == 0:
            # Another window has folded meanwhile. What it left is folded the next time.
            return
        Drop.objects.filter(id__in=lying.read).delete()
        Drop.objects.filter(id__in=lying.refused).update(is_set_aside=True)


# --- staff ------------------------------------------------------------------------


def end_access(actor: Actor, person: HolderId, *, reason: EndReason) -> None:
    """End a colleague's access at once: their card, their session, what they could open."""
    access.end_access(actor, person, reason=reason)
    Member.objects.filter(id=person).update(is_active=False)
