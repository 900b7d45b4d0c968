"""Cards that wait for registrars: shown with their eight words, signed with a touch, or refused.

A row proves nothing: what is signed is the card as its holder signed it, and its terms are judged
again here, whoever wrote the row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import cards, invitations, names, slots, store, vouching, words
from vaitiolo.keys.cards import Card, CardClass, Role
from vaitiolo.keys.fields import ZERO
from vaitiolo.keys.invitations import Terms
from vaitiolo.keys.octets import sha256
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import CardRow, HolderRow, RequestReason, RequestRow, SlotRow
from vaitiolo.keys.store import joining
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.server import evidence, settling, touches, unit_books, witnesses
from vaitiolo.warden.server.enrolling import INVITED_AS, demand_registrar, unit_of
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Seat
from vaitiolo.warden.server.recording import STAFF, Deed
from vaitiolo.warden.server.refusing import No

WHY: Final = {
    RequestReason.JOINS: "joins",
    RequestReason.CHANGES: "changes",
    RequestReason.RENEWS: "renews",
    RequestReason.ROLE_CARD: "role-card",
}


def list_requests(install: Installation, question: protocol.CardRequests) -> protocol.RequestList:
    """Return the cards that wait. One that is not what was stored is among them, marked."""
    person = demand_registrar(install, question.cookie).person
    return protocol.RequestList(
        tuple(
            _shown(install, row, asker=person.card)
            for row in joining.requests()
            if not waits_for_root(install, row)
        )
    )


def sign(install: Installation, question: protocol.SignCard) -> protocol.CardSigned:
    """Sign a card; with as many signatures as the policy asks for, its holder can sign in.

    Raises No(no-request, no-touch, not-allowed, no-witness).
    """
    # One question after another: the second of two that came together finds a signed card.
    with install.turns[UUID(bytes=sha256(question.card)[:16])]:
        return _sign(install, question, demand_registrar(install, question.cookie))


def _sign(install: Installation, question: protocol.SignCard, seat: Seat) -> protocol.CardSigned:
    person = seat.person
    row = joining.request(question.card)
    if row is None and install.cards.known(question.card) is not None:
        # Pressed twice, or by two registrars at once: it is signed, which is what was asked for.
        return protocol.CardSigned(is_complete=True)
    if row is None:
        raise No("no-request", subject=STAFF)
    card = _judged(install, row)
    if person.card in {signature.signer for signature in card.signatures}:
        raise No("not-allowed", subject=STAFF, because="signed already")
    over = protocol.over("sign-card", card.id)
    touch = touches.demand(install, question.cookie, over=over, assertion=question.assertion)
    # A card's own entry puts it in force, so the witnesses hear of it before.
    witnesses.announce(install, "sign-card", actor=person.id, subject=STAFF)
    with install.memory.keys(question.cookie, seat) as keys:
        signed = cards.countersign(card, keys, signer=person.card)
    detail = {"touch": touches.said(touch), "why": int(row.why)}
    if len(signed.signatures) < install.trust.cards.registrars_per_card:
        _keep(install, row, signed, actor=person.id, detail=detail)
        return protocol.CardSigned(is_complete=False)
    admit(install, row, signed, actor=person.id, detail=detail)
    settling.settle(install, question.cookie, seat)
    return protocol.CardSigned(is_complete=True)


def refuse(install: Installation, question: protocol.RefuseCard) -> protocol.Done:
    """Refuse a card: the request is gone, and whoever watches is told. Nobody signed in with it."""
    person = demand_registrar(install, question.cookie).person
    row = joining.request(question.card)
    if row is None:
        raise No("no-request", subject=STAFF)
    detail = {"card": row.id.hex(), "holder": row.holder.hex, "why": row.why}
    alarm = {"card": row.id.hex(), "rule": "card refused"}
    install.recording.record(
        [
            Deed(Act.CARD_DECLINED, STAFF, person.id, detail),
            Deed(Act.ALERT, STAFF, person.id, alarm),
        ]
    )
    joining.remove_request(row.id)
    return protocol.Done()


def admit(
    install: Installation,
    row: RequestRow,
    card: Card,
    *,
    actor: UUID,
    detail: Mapping[str, object],
) -> None:
    """Record a card that has its signatures, and store it with holder and slot. Raises No."""
    said = {
        **detail,
        "cards": [card.id.hex()],
        "holder": card.holder.hex,
        "role": card.role,
        "signers": [signature.signer.hex() for signature in card.signatures],
    }
    if card.klass is CardClass.ROLE:
        holder, kept = None, []
    else:
        terms = terms_of(install, row)
        said["unit"] = terms.unit
        holder, kept = _holder_row(install, card, terms), _slots(install, row)
    deeds = [Deed(Act.CARD, STAFF, actor, said), *_slot_deeds(kept)]
    leaf = install.recording.record(deeds)[0]
    stored = CardRow(card.id, card.holder, card.klass, card.role, card.encode(), leaf_index=leaf)
    try:
        joining.admit(stored, holder, kept)
    except store.NotStored:
        raise No("no-request", subject=STAFF, because="signed meanwhile") from None
    install.cards.read_on()
    install.directory.forget()
    if row.why == RequestReason.CHANGES:
        # What the earlier role could do must not go on in a session that began with it.
        install.memory.end_all_of(card.holder)


def waits_for_root(install: Installation, row: RequestRow) -> bool:
    """Return whether a card is an invited registrar's: the root signs it, and nobody here."""
    try:
        is_registrars = cards.parse(row.request).klass is CardClass.REGISTRAR
        return is_registrars and terms_of(install, row).role == Role.REGISTRAR
    except Refused:
        return False


def terms_of(install: Installation, row: RequestRow) -> Terms:
    """Return the name and unit that a request stands for. Raises Refused."""
    return invitations.unseal_terms(
        row.sealed_terms, kms=install.kms, org=install.org, subject=row.holder
    )


def demand_asked(install: Installation, card: Card) -> None:
    """Return quietly when an entry asked for a card, so that its keys were drawn in a warden.

    A planted row could hold another card under terms copied from a row that stood there, and
    whoever wrote it would keep the seed. Raises Refused.
    """
    if not install.cards.was_asked(card.id, card.holder):
        # Or it was refused: its row was brought back, or an answer was kept back until now.
        raise Refused("request.unasked")


# --- what is asked for --------------------------------------------------------------


def _shown(install: Installation, row: RequestRow, *, asker: bytes) -> parts.CardRequest:
    try:
        card, terms = _judged(install, row), terms_of(install, row)
    except (Refused, No):
        return parts.CardRequest(
            row.id, row.holder, "broken", "", 0, None, (), signed_by_asker=False, missing=0
        )
    signers = {signature.signer for signature in card.signatures}
    return parts.CardRequest(
        card.id,
        card.holder,
        WHY[RequestReason(row.why)],
        terms.name,
        card.role,
        unit_of(terms),
        words.of_card(card.id),
        asker in signers,
        max(1, install.trust.cards.registrars_per_card - len(signers)),
    )


def _judged(install: Installation, row: RequestRow) -> Card:
    """Return a requested card whose terms are lawful, with those signatures only that are good."""
    card = cards.parse(row.request)
    if card.id != row.id or card.holder != row.holder:
        raise Refused("request.card")
    vouching.check_request(card, install.cards.authority)
    demand_asked(install, card)
    today, terms = install.today(), card.terms
    if terms.not_before > today or terms.not_after > today + install.trust.cards.life_days:
        raise No("not-allowed", subject=STAFF, because="dates")
    if card.klass is CardClass.ROLE:
        _check_role_card(install, row, card)
    elif row.why == RequestReason.JOINS:
        _check_newcomer(install, row, card)
    else:
        _check_colleague(install, row, card)
    good = tuple(one for one in card.signatures if _is_good(install, card, one.signer))
    return replace(card, signatures=good)


def _check_role_card(install: Installation, row: RequestRow, card: Card) -> None:
    if row.why != RequestReason.ROLE_CARD or not unit_books.is_unit(install, card.holder):
        raise No("not-allowed", subject=STAFF, because="unit")


def _check_newcomer(install: Installation, row: RequestRow, card: Card) -> None:
    terms = card.terms
    is_new = (terms.klass, terms.generation, terms.prev) == (CardClass.STAFF, 1, ZERO)
    if not is_new or card.role not in INVITED_AS or terms_of(install, row).role != card.role:
        raise No("not-allowed", subject=STAFF, because="terms")
    if store.holder(card.holder) is not None or store.cards_of(card.holder):
        raise No("not-allowed", subject=STAFF, because="holder")


def _check_colleague(install: Installation, row: RequestRow, card: Card) -> None:
    colleague = install.directory.find(card.holder)
    if colleague is None or not colleague.is_active or card.klass is not CardClass.STAFF:
        raise No("not-allowed", subject=STAFF, because="holder")
    before = install.cards.trusted(colleague.card, at=Moment(install.today()))
    if not vouching.renews(card, before) or terms_of(install, row).role != card.role:
        raise No("not-allowed", subject=STAFF, because="terms")


def _is_good(install: Installation, card: Card, signer: bytes) -> bool:
    try:
        registrar = install.cards.trusted(signer, at=Moment(install.today()))
        vouching.check_signed(card, registrar)
    except Refused:
        return False
    return True


# --- what is stored -----------------------------------------------------------------


def _keep(
    install: Installation,
    row: RequestRow,
    signed: Card,
    *,
    actor: UUID,
    detail: Mapping[str, object],
) -> None:
    said = {**detail, "card": signed.id.hex(), "signed": len(signed.signatures)}
    install.recording.record([Deed(Act.CARD_ASKED, STAFF, actor, said)])
    try:
        joining.sign_request(row.id, before=row.request, after=signed.encode())
    except store.NotStored:
        raise No("no-request", subject=STAFF, because="changed meanwhile") from None


def _holder_row(install: Installation, card: Card, terms: Terms) -> HolderRow:
    sealed = names.seal_name(terms.name, kms=install.kms, org=install.org, holder=card.holder)
    return HolderRow(card.holder, card.klass, card.role, unit_of(terms), sealed, card.id)


def _slots(install: Installation, row: RequestRow) -> list[SlotRow]:
    if not row.slot:
        return []
    # The key in a slot is recorded as the newcomer's, so it must be the one that was enrolled.
    locked = (row.id.hex(), sha256(row.slot).hex())
    asked = evidence.details_of(install.recording, STAFF, act=Act.CARD_ASKED)
    if locked not in {(one.get("card"), one.get("locked")) for one in asked}:
        raise Refused("request.slot")
    slot = slots.parse(row.slot)
    return [SlotRow(slot.id, row.holder, row.name_tag, row.slot)]


def _slot_deeds(kept: Sequence[SlotRow]) -> list[Deed]:
    return [
        Deed(
            Act.SLOT_ADDED,
            row.holder,
            row.holder,
            {
                "kind": int(slots.parse(row.slot).kind),
                "person": row.holder.hex,
                "slot": row.id.hex,
                **touches.named(slots.parse(row.slot).credential),
            },
        )
        for row in kept
    ]


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.CardRequests: list_requests,
    protocol.SignCard: sign,
    protocol.RefuseCard: refuse,
}
