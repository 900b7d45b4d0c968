"""Cards and requests for cards that nobody here asked for: rows planted in the vault."""

import secrets
from uuid import UUID

import pytest

from tests.cast import KALLIO, Clinic
from tests.warden.hostile import VAULT, card_of, keys_of
from tests.warden.test_enrolling import acts, invite, join
from tests.warden.test_roles import ask_for_two, role_cards, second_registrar
from vaitiolo.keys import cards, store, vouching
from vaitiolo.keys.cards import Card, CardClass, Terms
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.models import StoredCard, StoredGrant, StoredRequest
from vaitiolo.keys.rows import RequestReason, RequestRow
from vaitiolo.keys.store import joining
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client import NotAllowed, SealBroken
from vaitiolo.warden.kinds import CompartmentClass, Role
from vaitiolo.warden.server import card_signing, granting, roles
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.registrars import Invitee, waiting
from vaitiolo.warden.server.registrars import invite as invite_at_console
from vaitiolo.warden.server.sign_ins import person_of


def naive_judged(install: Installation, row: RequestRow) -> Card:
    """What a house believes that asks only whether a card is well made and its terms sealed."""
    card = cards.parse(row.request)
    vouching.check_request(card, install.cards.authority)
    assert (card.id, card.holder) == (row.id, row.holder)
    assert card_signing.terms_of(install, row).role == card.role
    return card


def own_card(clinic: Clinic, holder: UUID, klass: CardClass, role: Role) -> Card:
    """A card over keys that the warden never drew: whoever made it keeps the seed."""
    install, today = clinic.install, clinic.install.today()
    last = today + install.trust.cards.life_days
    with HolderKeys(secrets.token_bytes(32), install.org) as keys:
        terms = Terms(install.org, holder, klass, role, not_before=today, not_after=last)
        return cards.request(keys, terms)


def plant(clinic: Clinic, card: Card, why: RequestReason, sealed_terms: bytes) -> RequestRow:
    """A request of one's own, with sealed terms copied from a row that stood there."""
    StoredRequest.objects.using(VAULT).filter(holder=card.holder).delete()
    today = clinic.install.today()
    row = RequestRow(card.id, card.holder, why, card.encode(), sealed_terms, b"", b"", b"", today)
    joining.put_request(row)
    return row


def demand_refused(clinic: Clinic, row: RequestRow) -> None:
    assert naive_judged(clinic.install, row).id == row.id
    [shown] = client.list_card_requests(clinic.session("ritva"))
    assert shown.why == "broken"
    with pytest.raises((NotAllowed, SealBroken)):
        client.sign_card(clinic.session("ritva"), row.id, assertion=b"")
    assert store.card(row.id) is None


def test_nobody_signs_a_units_card_that_no_registrar_made(clinic: Clinic) -> None:
    second_registrar(clinic)
    ask_for_two(clinic)
    unit, ritva = (
        clinic.unit(KALLIO),
        person_of(clinic.install, clinic.id("ritva"), is_weak=False, network=""),
    )
    with keys_of(clinic, "ritva") as keys:
        roles.exchange(clinic.install, keys, ritva, unit=unit, role=Role.RECEPTION)
    asked = joining.request_of(unit)
    assert asked is not None, "made by the first registrar, and waits for the second"
    card = own_card(clinic, unit, CardClass.ROLE, Role.RECEPTION)
    demand_refused(clinic, plant(clinic, card, RequestReason.ROLE_CARD, asked.sealed_terms))


def test_nobody_signs_a_newcomers_card_over_keys_that_were_not_drawn_here(clinic: Clinic) -> None:
    invite(clinic)
    [asked] = joining.invitations()
    card = own_card(clinic, asked.id, CardClass.STAFF, Role.THERAPIST)
    demand_refused(clinic, plant(clinic, card, RequestReason.JOINS, asked.sealed_terms))


def test_nor_does_the_root(clinic: Clinic) -> None:
    invite_at_console(clinic.install, Invitee("Raili Rekisteri", "raili"))
    [asked] = joining.invitations()
    card = own_card(clinic, asked.id, CardClass.REGISTRAR, Role.REGISTRAR)
    row = plant(clinic, card, RequestReason.JOINS, asked.sealed_terms)
    assert naive_judged(clinic.install, row).id == row.id
    assert waiting(clinic.install) == []


# --- rows of cards -----------------------------------------------------------------


def naive_older_cards(unit: UUID) -> list[bytes]:
    """What a house retires that believes the class, the unit and the role in a row."""
    rows = [row for row in store.cards_of(unit) if row.klass == CardClass.ROLE]
    return [row.id for row in rows[:-1]]


def test_nobodys_card_is_retired_as_a_units_old_one(clinic: Clinic) -> None:
    card, unit = card_of(clinic, "pia").id, clinic.unit(KALLIO)
    StoredGrant.objects.using(VAULT).filter(recipient_card=card).delete()
    rows = StoredCard.objects.using(VAULT).filter(id=card)
    assert rows.update(klass=CardClass.ROLE, role=Role.RECEPTION, holder=unit) == 1
    assert naive_older_cards(unit) == [card]
    client.settle_staff(clinic.session("ritva"))
    assert store.revocations_of([card]) == {}
    assert Act.CARD_REVOKED not in acts(clinic)


def test_a_row_that_holds_no_card_is_never_a_units_newest(clinic: Clinic) -> None:
    unit, [genuine] = clinic.unit(KALLIO), role_cards(clinic)
    StoredCard.objects.using(VAULT).create(
        id=b"j" * 32,
        holder=unit,
        klass=CardClass.ROLE,
        role=Role.RECEPTION,
        card=b"junk",
        leaf_index=2**40,
    )
    assert naive_older_cards(unit) == [genuine]
    client.settle_staff(clinic.session("ritva"))
    reception = granting.role_card(clinic.install, unit, CompartmentClass.IDENTITY)
    assert reception.id == genuine


def test_a_refused_card_stays_refused_though_its_row_is_brought_back(clinic: Clinic) -> None:
    newcomer = join(clinic)
    row = joining.request(newcomer.card)
    assert row is not None
    client.refuse_card(clinic.session("ritva"), row.id)
    joining.put_request(row)
    demand_refused(clinic, row)
