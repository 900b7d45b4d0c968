"""Role cards of units: who may act with one, and their exchange when somebody no longer may.

The seed of a role card is sealed to each colleague in that role. Only who holds it lets another in;
a registrar can make a new card, and holds its seed no longer than the making takes.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from vaitiolo.keys import cards, envelope, revocations, store
from vaitiolo.keys.cards import Card, CardClass, Terms
from vaitiolo.keys.fields import NO_END
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.invitations import Terms as StaffTerms
from vaitiolo.keys.invitations import seal_terms
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.octets import random_bytes, wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.revocations import Reason
from vaitiolo.keys.rows import (
    CardRow,
    CompartmentRow,
    DueReason,
    RequestReason,
    RequestRow,
    RevocationRow,
)
from vaitiolo.keys.store import joining
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server import (
    duty_cards,
    evidence,
    granting,
    holding,
    rotating,
    staff,
    unit_books,
    unit_cards,
)
from vaitiolo.warden.server.directory import Colleague
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Held, HeldRole, Person
from vaitiolo.warden.server.recording import STAFF, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

# --- letting in -------------------------------------------------------------------


def waiting(install: Installation, question: protocol.WaitingForRole) -> protocol.Staff:
    """Return the colleagues whom the asker could let in; nobody for one without a role card."""
    person = sit(install, question.cookie).person
    found = {
        colleague.id: colleague
        for role in _newest(install, person)
        for colleague in _outside(install, person, role)
    }
    return protocol.Staff(tuple(staff.as_told(install, one) for one in found.values()))


def let_in(install: Installation, question: protocol.LetIntoRole) -> protocol.Done:
    """Seal the seed of the asker's role card to a colleague of the same role and unit."""
    seat = sit(install, question.cookie)
    person = seat.person
    role = next(
        (
            role
            for role in _newest(install, person)
            if question.person in {one.id for one in _outside(install, person, role)}
        ),
        None,
    )
    if role is None:
        raise No("not-allowed", subject=person.id, because="role")
    held = holding.find(install, person, role.compartment)
    card = granting.person_card(install, question.person, CompartmentClass.ROLE)
    with install.turns[person.id], install.memory.keys(question.cookie, seat) as keys:
        made = granting.child(install, keys, held, card=card, until=NO_END)
        detail = {
            "compartment": held.compartment.hex,
            "grants": [made.id.hex()],
            "to": question.person.hex,
            "until": NO_END,
        }
        [leaf] = install.recording.record([Deed(Act.GRANT, held.subject, person.id, detail)])
        pending = None if held.coming is None else held.coming.epoch
        try:
            store.add_grants([granting.grant_row(made, leaf)], epoch=held.epoch, pending=pending)
        except store.RotationRefused:
            raise No("not-allowed", subject=held.subject, because="turned meanwhile") from None
    return protocol.Done()


def _newest(install: Installation, person: Person) -> list[HeldRole]:
    newest = {row.id for row in unit_cards.newest(install)}
    return [role for role in person.roles if role.card in newest]


def _outside(install: Installation, person: Person, role: HeldRole) -> list[Colleague]:
    """Return who has the role in the unit, and holds no valid grant of its card."""
    inside = _inside(install, holding.find(install, person, role.compartment))
    return [one for one in _in_role(install, role.unit, role.role) if one.id not in inside]


def _inside(install: Installation, held: Held) -> set[UUID]:
    found = (install.cards.known(grant.recipient) for grant in held.others)
    return {card.holder for card in found if card is not None}


def _in_role(install: Installation, unit: UUID, role: int) -> list[Colleague]:
    if role == cards.Role.DUTY:
        return duty_cards.on_call(install, unit)
    return [
        one
        for one in install.directory.everyone().values()
        if one.is_active and one.unit == unit and _role_of(install, one) == role
    ]


def _role_of(install: Installation, colleague: Colleague) -> int | None:
    # What somebody is stands in the card; a row could be altered.
    try:
        card = install.cards.present(colleague.card, at=Moment(install.today()))
    except Refused:
        return None
    return card.role if card.holder == colleague.id else None


# --- exchanging -------------------------------------------------------------------


def to_exchange(install: Installation) -> list[tuple[UUID, int]]:
    """Return units and roles that need a card.

    Those that have none although there is somebody to hold it; those whose card is sealed to
    somebody who is not in that role, or to nobody although there is somebody. One that waits for
    its second registrar is not asked for twice.
    """
    found = []
    for row in unit_cards.newest(install):
        if joining.request_of(row.holder) is not None:
            continue
        inside = {one.id for one in _in_role(install, row.holder, row.role)}
        reached = _reached(install, row)
        if reached - inside or (inside and not reached):
            found.append((row.holder, row.role))
    return (
        found
        + [
            (unit, int(Role.RECEPTION))
            for unit in unit_books.without_card(install)
            if _in_role(install, unit, Role.RECEPTION) and joining.request_of(unit) is None
        ]
        + [
            (unit, int(cards.Role.DUTY))
            for unit in install.rosters.everyones()
            if duty_cards.on_call(install, unit)
            and not unit_cards.of(install, unit, role=cards.Role.DUTY)
            and joining.request_of(unit) is None
        ]
    )


def exchange(
    install: Installation, registrar: HolderKeys, person: Person, *, unit: UUID, role: int
) -> None:
    """Make a new role card, its seed sealed to whoever is in that role now, if anybody.

    What the older card opens is then to be turned to the new one. Where the policy asks for two
    registrars, the card waits for the second.
    """
    old = [row for row in unit_cards.newest(install) if (row.holder, row.role) == (unit, role)]
    generation = cards.parse(old[0].card).terms.generation + 1 if old else 1
    seed = random_bytes(32)
    try:
        terms = _terms(install, unit, role, generation=generation)
        with HolderKeys(seed, install.org) as keys:
            request = cards.request(keys, terms)
        card = cards.countersign(request, registrar, signer=person.card)
        _seal_seed(install, seed, card, registrar=registrar, person=person)
    finally:
        wipe(seed)
    if len(card.signatures) < install.trust.cards.registrars_per_card:
        _ask_second(install, card, person=person)
        return
    detail = {"cards": [card.id.hex()], "holder": unit.hex, "role": card.role}
    [leaf] = install.recording.record([Deed(Act.CARD, STAFF, person.id, detail)])
    store.put_cards([CardRow(card.id, unit, card.klass, card.role, card.encode(), leaf_index=leaf)])


def ask_for_new_keys(install: Installation) -> None:
    """Ask that what older role cards open be turned to the newest ones of their units."""
    newest = {row.id for row in unit_cards.newest(install)}
    older = [row.id for row in unit_cards.everyones(install) if row.id not in newest]
    granted = {row.compartment for row in joining.grants_to(older)} if older else set()
    due = granted - set(joining.due_without(older))
    if due:
        rotating.ask(install, due, why=DueReason.ROLE_EXCHANGED, without=older)


def retire(install: Installation, registrar: HolderKeys, person: Person) -> None:
    """Revoke the older role cards that open nothing any more, and let go of their seeds."""
    newest = {row.id for row in unit_cards.newest(install)}
    older = [row for row in unit_cards.everyones(install) if row.id not in newest]
    revoked = store.revocations_of(row.id for row in older)
    for row in older:
        if row.id not in revoked and not joining.is_granted(row.id):
            _retire(install, row, registrar, person=person)


def card_of(install: Installation, row: CompartmentRow) -> bytes:
    """Return which role card a compartment holds the seed of, as its leaf says. Raises Refused."""
    _, made = evidence.detail_of(
        install.recording, row.creation_leaf, subject=row.subject, acts={Act.CREATE}
    )
    return bytes.fromhex(str(made["card"]))


def _reached(install: Installation, row: CardRow) -> set[UUID]:
    """Return whose grants lead to the seed of a role card."""
    granted = [
        install.cards.known(grant.recipient_card)
        for one in _compartments(install, row)
        for grant in store.grants_of(one.id)
    ]
    return {card.holder for card in granted if card is not None}


def _compartments(install: Installation, row: CardRow) -> list[CompartmentRow]:
    return [
        one
        for one in store.compartments_of(row.holder, klass=CompartmentClass.ROLE)
        if card_of(install, one) == row.id
    ]


def _terms(install: Installation, unit: UUID, role: int, *, generation: int) -> Terms:
    today = install.today()
    return Terms(
        org=install.org,
        holder=unit,
        klass=CardClass.ROLE,
        role=role,
        generation=generation,
        not_before=today,
        not_after=today + install.trust.cards.life_days,
    )


def _seal_seed(
    install: Installation,
    seed: bytearray,
    card: Card,
    *,
    registrar: HolderKeys,
    person: Person,
) -> None:
    present = _in_role(install, card.holder, card.role)
    if not present:
        # Nobody could act with it; it serves to shut the older card out.
        return
    recipients = [
        (granting.person_card(install, one.id, CompartmentClass.ROLE), NO_END) for one in present
    ]
    with granting.make(
        install,
        CompartmentClass.ROLE,
        card.holder,
        recipients=recipients,
        signer=registrar,
        creator=person.card,
    ) as made:
        leaves = install.recording.record([made.deed(person.id, {"card": card.id.hex()})])
        context = envelope.document_context(holding.role_seed_place(install.org, made.id), epoch=1)
        sealed = envelope.seal(made.dk, context, seed, epoch=1, padding=envelope.Padding.NONE)
        with transaction.atomic(using=store.VAULT):
            granting.store_made([made], leaves)
            store.put_role_seed(made.id, sealed)


def _ask_second(install: Installation, card: Card, *, person: Person) -> None:
    unit = card.holder
    sealed = seal_terms(
        StaffTerms("", card.role, unit.hex), kms=install.kms, org=install.org, subject=unit
    )
    detail = {"card": card.id.hex(), "holder": unit.hex, "role": card.role, "signed": 1}
    install.recording.record([Deed(Act.CARD_ASKED, STAFF, person.id, detail)])
    joining.put_request(
        RequestRow(
            card.id,
            unit,
            RequestReason.ROLE_CARD,
            card.encode(),
            sealed,
            b"",
            b"",
            b"",
            install.today(),
        )
    )


def _retire(install: Installation, row: CardRow, registrar: HolderKeys, *, person: Person) -> None:
    word = revocations.make(
        row.id,
        Reason.REPLACED,
        since=install.today() + 1,
        org=install.org,
        registrar=person.card,
        keys=registrar,
    )
    seeds = {one.id: store.grants_of(one.id) for one in _compartments(install, row)}
    detail = {
        "card": row.id.hex(),
        "person": row.holder.hex,
        "since": word.since,
        "why": int(word.why),
    }
    withdrawn = [
        {"compartment": one.hex, "grants": [grant.id.hex() for grant in grants]}
        for one, grants in seeds.items()
    ]
    leaf = install.recording.record(
        [
            Deed(Act.CARD_REVOKED, STAFF, person.id, detail),
            *(Deed(Act.REVOKE_GRANT, row.holder, person.id, said) for said in withdrawn),
        ]
    )[0]
    with transaction.atomic(using=store.VAULT):
        store.put_revocations([RevocationRow(row.id, word.encode(), leaf_index=leaf)])
        store.remove_grants(grant.id for grants in seeds.values() for grant in grants)
    install.cards.forget()


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.WaitingForRole: waiting,
    protocol.LetIntoRole: let_in,
}
