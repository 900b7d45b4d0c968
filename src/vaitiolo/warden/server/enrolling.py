"""Joining: an invitation, then a newcomer's own seed, drawn here and locked before anybody signs.

A code opens nothing: it only lets a request for a card be made. What makes a colleague is the card,
and that a registrar signs after comparing eight words with the newcomer.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from vaitiolo.keys import cards, invitations, names, slots, store, typed, words
from vaitiolo.keys.cards import Card, CardClass, Role
from vaitiolo.keys.cards import Terms as CardTerms
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.invitations import Terms
from vaitiolo.keys.octets import random_bytes, sha256, wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import InvitationRow, RequestReason, RequestRow
from vaitiolo.keys.slots import Credential, Given, Owner, Slot, SlotKind
from vaitiolo.keys.store import joining
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.server import touches, unit_books
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Seat
from vaitiolo.warden.server.recording import NOBODY, STAFF, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

# A registrar's own card is signed by the root, in a ceremony, and never by a colleague.
INVITED_AS: Final = frozenset(Role) - {Role.NONE, Role.REGISTRAR, Role.DUTY}
OF_A_UNIT: Final = frozenset({Role.THERAPIST, Role.RECEPTION, Role.BILLING})
LONGEST_NAME: Final = 100
OVER: Final = b"enrol"


def demand_registrar(install: Installation, cookie: bytes) -> Seat:
    """Return the seat of a registrar. Raises No for anybody else."""
    seat = sit(install, cookie)
    if seat.person.role != Role.REGISTRAR:
        raise No("not-allowed", subject=seat.person.id, because="registrar")
    return seat


def class_of(role: int) -> CardClass:
    """Return the class of a newcomer's card: a registrar's is one that the root signs."""
    return CardClass.REGISTRAR if role == Role.REGISTRAR else CardClass.STAFF


def checked_terms(
    install: Installation, asker: UUID, *, name: str, role: int, unit: UUID | None
) -> Terms:
    """Return what a member of staff is to be, if that is possible here. Raises No."""
    said = name.strip()
    if role not in INVITED_AS or not 0 < len(said) <= LONGEST_NAME:
        raise No("not-allowed", subject=asker, because="role or name")
    if (role in OF_A_UNIT) != (unit is not None):
        raise No("not-allowed", subject=asker, because="unit")
    if unit is not None and not unit_books.is_unit(install, unit):
        raise No("not-allowed", subject=asker, because="unknown unit")
    return Terms(said, role, "" if unit is None else unit.hex)


def unit_of(terms: Terms) -> UUID | None:
    """Return the unit that terms name."""
    return UUID(hex=terms.unit) if terms.unit else None


# --- the registrar ----------------------------------------------------------------


def invite(install: Installation, question: protocol.Invite) -> protocol.Invited:
    """Make an invitation and say its code, once."""
    person = demand_registrar(install, question.cookie).person
    terms = checked_terms(
        install, person.id, name=question.name, role=question.role, unit=question.unit
    )
    tag = free_tag(install, question.sign_in)
    code, own_id = typed.new_code(), uuid4()
    until = install.today() + invitations.DAYS
    row = InvitationRow(
        own_id,
        invitations.code_tag(code, kms=install.kms, org=install.org),
        tag,
        invitations.seal_terms(terms, kms=install.kms, org=install.org, subject=own_id),
        until,
    )
    detail = {"invitation": own_id.hex, "role": terms.role, "unit": terms.unit, "until": until}
    install.recording.record([Deed(Act.INVITED, STAFF, person.id, detail)])
    joining.put_invitation(row)
    return protocol.Invited(code, until)


def list_invitations(
    install: Installation, question: protocol.Invitations
) -> protocol.InvitationList:
    """Return who has not come yet; invitations whose last day is past are forgotten here."""
    demand_registrar(install, question.cookie)
    joining.remove_lapsed_invitations(before=install.today())
    found = []
    for row in joining.invitations():
        terms = _terms_of(install, row)
        found.append(parts.Invitation(row.id, terms.name, terms.role, unit_of(terms), row.until))
    return protocol.InvitationList(tuple(found))


def withdraw(install: Installation, question: protocol.WithdrawInvitation) -> protocol.Done:
    """Take an invitation back; one that is gone already is no fault."""
    person = demand_registrar(install, question.cookie).person
    detail = {"invitation": question.invitation.hex, "withdrawn": True}
    install.recording.record([Deed(Act.INVITED, STAFF, person.id, detail)])
    joining.remove_invitation(question.invitation)
    return protocol.Done()


def free_tag(install: Installation, sign_in: str) -> bytes:
    """Return the tag of a name to sign in by that nobody has. Raises No(name-taken)."""
    try:
        tag = names.name_tag(sign_in, kms=install.kms, org=install.org)
    except Refused as refused:
        raise No("not-allowed", subject=STAFF, because=refused.reason) from None
    if not names.normal(sign_in) or store.slots_named(tag) or joining.is_name_taken(tag):
        raise No("name-taken", subject=STAFF)
    return tag


# --- the newcomer -----------------------------------------------------------------


def begin(install: Installation, question: protocol.BeginEnrolment) -> protocol.EnrolmentBegun:
    """Say whom a code is for, and give a challenge for a security key."""
    terms = _terms_of(install, _found(install, question.code))
    return protocol.EnrolmentBegun(
        terms.name,
        terms.role,
        unit_of(terms),
        install.challenges.draw(OVER, cookie=question.cookie, now=install.clock()),
        touches.rp_id(),
        _prf_salt(question.cookie),
        SlotKind.PASSWORD in install.trust.slot_policy(class_of(terms.role)).kinds,
    )


def enrol(install: Installation, question: protocol.Enrol) -> protocol.Enrolled:
    """Draw a newcomer's seed, lock it, and ask for a card; raises No(no-invitation, weak-password).

    Nobody can sign in with it before the card is signed.
    """
    row = _found(install, question.code)
    terms = _terms_of(install, row)
    credential = _credential(install, question, class_of(terms.role))
    # The invitation's id, so that a founding can hand a paper share to somebody yet to come.
    seed, holder = random_bytes(slots.SEED_LENGTH), row.id
    try:
        card = _request(install, seed, holder, role=terms.role)
        slot = _locked(install, seed, card, question=question, credential=credential)
        detail = {
            "card": card.id.hex(),
            "holder": holder.hex,
            "invitation": row.id.hex,
            "kind": int(slot.kind),
            "locked": sha256(slot.encode()).hex(),
            "role": terms.role,
            "unit": terms.unit,
        }
        install.recording.record([Deed(Act.CARD_ASKED, STAFF, NOBODY, detail)])
        _take_up(install, row, card=card, slot=slot, waiting=sha256(question.cookie))
    finally:
        wipe(seed)
    return protocol.Enrolled(card.id)


def state_of(install: Installation, question: protocol.Enrolment) -> protocol.EnrolmentState:
    """Say how far an enrolment is, to the browser that began it."""
    row = joining.request_waiting(sha256(question.cookie))
    if row is not None and row.id == question.card:
        return protocol.EnrolmentState("waiting", words.of_card(row.id))
    known = install.cards.known(question.card) if store.card(question.card) else None
    return protocol.EnrolmentState("gone" if known is None else "signed")


def _found(install: Installation, code: str) -> InvitationRow:
    install.enrolments.spend(install.clock())
    try:
        tag = invitations.code_tag(code, kms=install.kms, org=install.org)
    except Refused as refused:
        raise No("no-invitation", subject=STAFF, because=refused.reason) from None
    row = joining.invitation_tagged(tag)
    if row is None or row.until < install.today():
        raise No("no-invitation", subject=STAFF, because="unknown" if row is None else "lapsed")
    return row


def _terms_of(install: Installation, row: InvitationRow) -> Terms:
    return invitations.unseal_terms(
        row.sealed_terms, kms=install.kms, org=install.org, subject=row.id
    )


def _request(install: Installation, seed: bytearray, holder: UUID, *, role: int) -> Card:
    today = install.today()
    with HolderKeys(seed, install.org) as keys:
        return cards.request(
            keys,
            CardTerms(
                org=install.org,
                holder=holder,
                klass=class_of(role),
                role=role,
                not_before=today,
                not_after=today + install.trust.cards.life_days,
            ),
        )


def _credential(
    install: Installation, question: protocol.Enrol, klass: CardClass
) -> Credential | None:
    if not question.attestation:
        if SlotKind.PASSWORD not in install.trust.slot_policy(klass).kinds:
            raise No("no-touch", subject=STAFF, because="no security key")
        return None
    made = touches.register(
        install, attestation=question.attestation, over=OVER, cookie=question.cookie
    )
    return Credential(made.id, made.cose, _prf_salt(question.cookie))


def _locked(
    install: Installation,
    seed: bytearray,
    card: Card,
    *,
    question: protocol.Enrol,
    credential: Credential | None,
) -> Slot:
    policy = install.trust.slot_policy(card.klass)
    shape = slots.new_slot(
        SlotKind.PASSWORD if credential is None else SlotKind.PASSWORD_AND_KEY,
        Owner(install.org, card.holder, card.id),
        kms_epoch=install.epochs.current("slot"),
        policy=policy,
        credential=credential,
    )
    given = Given(password=question.password, prf=question.prf or None)
    try:
        return slots.lock(seed, shape, given, kms=install.kms, policy=policy)
    except Refused as refused:
        if refused.reason in {"slot.password", "slot.given"}:
            raise No("weak-password", subject=STAFF, because=refused.reason) from None
        raise


def _take_up(
    install: Installation, row: InvitationRow, *, card: Card, slot: Slot, waiting: bytes
) -> None:
    terms = _terms_of(install, row)
    sealed = invitations.seal_terms(terms, kms=install.kms, org=install.org, subject=card.holder)
    request = RequestRow(
        card.id,
        card.holder,
        RequestReason.JOINS,
        card.encode(),
        sealed,
        row.name_tag,
        slot.encode(),
        waiting,
        install.today(),
    )
    try:
        joining.take_up(row.id, request)
    except store.NotStored:
        raise No("no-invitation", subject=STAFF, because="taken up meanwhile") from None


def _prf_salt(cookie: bytes) -> bytes:
    # Any salt does, as long as it is the same when the key is made and when it is used.
    return sha256(b"vaitiolo/1/enrolment-prf" + cookie)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.Invite: invite,
    protocol.Invitations: list_invitations,
    protocol.WithdrawInvitation: withdraw,
    protocol.BeginEnrolment: begin,
    protocol.Enrol: enrol,
    protocol.Enrolment: state_of,
}
