"""Roles and their cards: let in, exchanged, changed, renewed; what leaving takes with it."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from tests.cast import DAY, KALLIO, TOOLO, Clinic
from tests.warden.hostile import VAULT, make_chart, open_chart
from tests.warden.test_enrolling import a_session, acts, join, sign, sign_in
from vaitiolo.keys import cards, store
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.models import (
    StoredCard,
    StoredDue,
    StoredGrant,
    StoredHolder,
    StoredProposal,
    StoredRequest,
    StoredRevocation,
    StoredSlot,
)
from vaitiolo.keys.rows import HolderState
from vaitiolo.keys.store import joining
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.models import Detail
from vaitiolo.warden import client
from vaitiolo.warden.client import (
    CardEnded,
    NewCompartment,
    NotAllowed,
    NotGranted,
    SignedOut,
)
from vaitiolo.warden.kinds import Caller, CompartmentClass, Purpose, Role
from vaitiolo.warden.server import starting
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.card_index import FRESH, CardIndex
from vaitiolo.warden.server.founding import Newcomer
from vaitiolo.warden.server.sign_ins import person_of
from vaitiolo.warden.session import Session

SECOND = 1_000_000


def revoke(clinic: Clinic, name: str, *, by: str = "ritva", reason: int = 1) -> None:
    client.revoke_card(clinic.session(by), clinic.id(name), reason=reason)


def second_registrar(clinic: Clinic) -> None:
    """Rauha, whose card the root signed at the founding."""
    founding = clinic.founding  # type: ignore[attr-defined]  # the cast adds it
    seed = bytearray(secrets.token_bytes(32))
    rauha = Newcomer(uuid4(), "Rauha Rinne", Role.REGISTRAR, None, seed)
    with HolderKeys(seed, clinic.install.org) as keys:
        card = founding._card_of(rauha, keys, signer=None)
    founding._admit([(card, Role.REGISTRAR)])
    founding._put_holders([(rauha, card)])
    clinic.people["rauha"] = rauha


def ask_for_two(clinic: Clinic) -> None:
    """The policy asks for two registrars from now on."""
    install = clinic.install
    install.trust = replace(
        install.trust, cards=replace(install.trust.cards, registrars_per_card=2)
    )
    install.cards = CardIndex(install.trust, install.recording, install.clock)


def role_cards(clinic: Clinic, unit: str = KALLIO) -> list[bytes]:
    rows = store.cards_of(clinic.unit(unit))
    return [row.id for row in rows if row.klass == CardClass.ROLE]


def open_book(clinic: Clinic, session: Session, unit: str = KALLIO) -> object:
    return client.open_compartment(session, clinic.phonebook(unit), purpose=Purpose.RECEPTION)


def entries(clinic: Clinic, subject: UUID, act: Act) -> int:
    tag = clinic.install.recording.tag(subject)
    return sum(entry.leaf.act is act for entry in queries.entries_of(tag))


# --- letting in -------------------------------------------------------------------


def test_a_new_receptionist_is_let_in_by_one_who_holds_the_role(clinic: Clinic) -> None:
    assert sign(join(clinic, Role.RECEPTION))
    session, known = sign_in(clinic)
    with pytest.raises(NotGranted):
        open_book(clinic, session)
    [waiting] = client.list_waiting_for_role(clinic.session("aino"))
    assert waiting.person == known.person
    client.let_into_role(clinic.session("aino"), known.person)
    assert client.list_waiting_for_role(clinic.session("aino")) == ()
    assert open_book(clinic, sign_in(clinic)[0])
    with pytest.raises(NotGranted):
        open_book(clinic, sign_in(clinic)[0], TOOLO)


@pytest.mark.parametrize("name", ["taito", "helmi", "ritva", "mauri"])
def test_nobody_else_lets_in(clinic: Clinic, name: str) -> None:
    assert sign(join(clinic, Role.RECEPTION))
    person = sign_in(clinic)[1].person
    assert client.list_waiting_for_role(clinic.session(name)) == ()
    with pytest.raises(NotAllowed):
        client.let_into_role(clinic.session(name), person)


def test_nobody_of_another_role_or_unit_is_let_in(clinic: Clinic) -> None:
    for name in ("helmi", "taito", "mauri", "aino"):
        with pytest.raises(NotAllowed):
            client.let_into_role(clinic.session("aino"), clinic.id(name))


# --- leaving ----------------------------------------------------------------------


def test_leaving_takes_session_slots_and_grants(clinic: Clinic) -> None:
    give = clinic.founding.give_password  # type: ignore[attr-defined]  # the cast adds it
    give(clinic.people["otso"], sign_in_name="otso", password="hiljaa kulkee pitkälle")
    patient = uuid4()
    chart = make_chart(clinic, patient, "otso")
    clinic.session("otso")
    revoke(clinic, "otso")
    with pytest.raises(SignedOut):
        client.recognise(clinic.session("otso"))
    assert not StoredSlot.objects.using(VAULT).filter(holder=clinic.id("otso")).exists()
    own = [row.id for row in store.cards_of(clinic.id("otso"))]
    assert joining.grants_to(own) == []
    assert entries(clinic, patient, Act.REVOKE_GRANT) == 1
    assert entries(clinic, clinic.id("otso"), Act.SLOT_REMOVED) == 1
    assert list(StoredDue.objects.using(VAULT).values_list("compartment", flat=True)) == [chart]


def test_a_grant_that_others_were_made_from_stays_until_its_key_is_turned(clinic: Clinic) -> None:
    chart = make_chart(clinic, uuid4(), "otso")
    client.grant(clinic.session("otso"), chart, clinic.id("helmi"))
    revoke(clinic, "otso")
    assert open_chart(clinic, chart, "helmi"), "what was granted in her good days stays good"
    left = client.left_behind(clinic.session("ritva"), clinic.id("otso"))
    assert (left.waiting, left.nobody) == (1, 0)


def test_what_nobody_can_turn_is_counted_by_itself(clinic: Clinic) -> None:
    for _ in range(2):
        make_chart(clinic, uuid4(), "otso")
    shared = make_chart(clinic, uuid4(), "otso")
    client.grant(clinic.session("otso"), shared, clinic.id("helmi"))
    revoke(clinic, "otso")
    left = client.left_behind(clinic.session("ritva"), clinic.id("otso"))
    assert (left.waiting, left.nobody) == (1, 2)


def test_a_leaving_receptionist_takes_the_role_card_with_her(clinic: Clinic) -> None:
    assert sign(join(clinic, Role.RECEPTION))
    newcomer = sign_in(clinic)[1].person
    client.let_into_role(clinic.session("aino"), newcomer)
    [old] = role_cards(clinic)
    revoke(clinic, "aino")
    assert len(role_cards(clinic)) == 2
    due = StoredDue.objects.using(VAULT).filter(without_card=old)
    held = {clinic.phonebook(), clinic.diary()}
    assert set(due.values_list("compartment", flat=True)) == held
    session, _ = sign_in(clinic)
    assert open_book(clinic, session), "both cards are hers until the keys are turned"
    new = NewCompartment(CompartmentClass.IDENTITY, uuid4(), (), (clinic.unit(KALLIO),))
    [identity] = client.create_compartments(session, [new])
    granted = StoredGrant.objects.using(VAULT).filter(compartment=identity)
    recipients = {bytes(one) for one in granted.values_list("recipient_card", flat=True)}
    assert role_cards(clinic)[-1] in recipients
    assert old not in recipients


def test_it_is_exchanged_too_where_nobody_was_let_in_by_her(clinic: Clinic) -> None:
    assert sign(join(clinic, Role.RECEPTION))
    client.let_into_role(clinic.session("aino"), sign_in(clinic)[1].person)
    person = sign_in(clinic)[1].person
    client.revoke_card(clinic.session("ritva"), person, reason=1)
    assert len(role_cards(clinic)) == 2
    clinic.seat("aino")
    assert open_book(clinic, clinic.session("aino"))


def test_an_old_role_card_is_revoked_when_it_opens_nothing_any_more(clinic: Clinic) -> None:
    assert sign(join(clinic, Role.RECEPTION))
    client.let_into_role(clinic.session("aino"), sign_in(clinic)[1].person)
    [old] = role_cards(clinic)
    revoke(clinic, "aino")
    client.settle_staff(clinic.session("ritva"))
    assert old not in store.revocations_of([old]), "it still opens what was not turned"
    StoredGrant.objects.using(VAULT).filter(recipient_card=old).delete()
    client.settle_staff(clinic.session("ritva"))
    assert old in store.revocations_of([old])
    assert sign_in(clinic), "whoever held it signs in without it"
    before = len(acts(clinic))
    client.settle_staff(clinic.session("ritva"))
    assert len(acts(clinic)) == before


def test_a_unit_without_anybody_gets_a_new_card_for_the_first_who_comes(clinic: Clinic) -> None:
    revoke(clinic, "aino")
    assert len(role_cards(clinic)) == 2, "the old one is shut out at once"
    assert sign(join(clinic, Role.RECEPTION))
    assert len(role_cards(clinic)) == 3
    session, _ = sign_in(clinic)
    new = NewCompartment(CompartmentClass.IDENTITY, uuid4(), (), (clinic.unit(KALLIO),))
    [identity] = client.create_compartments(session, [new])
    assert client.open_compartment(session, identity, purpose=Purpose.RECEPTION)
    with pytest.raises(NotGranted):
        open_book(clinic, session)


class Killed(BaseException):
    """The warden was killed here."""


@pytest.mark.parametrize("at", ["exchange", "ask_for_new_keys", "retire"])
def test_a_kill_while_a_role_card_is_exchanged_is_made_good(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    assert sign(join(clinic, Role.RECEPTION))
    client.let_into_role(clinic.session("aino"), sign_in(clinic)[1].person)

    def kill(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(f"vaitiolo.warden.server.roles.{at}", kill)
        with pytest.raises(Killed):
            revoke(clinic, "aino")
    assert store.holder(clinic.id("aino")).state == HolderState.CLOSED  # type: ignore[union-attr]
    client.settle_staff(clinic.session("ritva"))
    assert len(role_cards(clinic)) == 2
    assert StoredDue.objects.using(VAULT).filter(without_card=role_cards(clinic)[0]).count() == 2
    client.settle_staff(clinic.session("ritva"))
    assert len(role_cards(clinic)) == 2


def test_a_registrar_ends_another_registrars_card_but_never_the_own(clinic: Clinic) -> None:
    second_registrar(clinic)
    assert sign(join(clinic))
    with pytest.raises(NotAllowed):
        revoke(clinic, "ritva", by="ritva")
    revoke(clinic, "ritva", by="rauha", reason=3)
    with pytest.raises(SignedOut):
        client.list_invitations(clinic.session("ritva"))
    assert sign_in(clinic), "whom she carded in good days is a colleague still"
    with pytest.raises(CardEnded):
        sit_again(clinic, "ritva")


def sit_again(clinic: Clinic, name: str) -> None:
    """Seat somebody whose row was opened again, as somebody with the database could do."""
    clinic.install.directory.forget()
    clinic.install.cards.forget()
    person = clinic.people[name]
    try:
        known = person_of(clinic.install, person.id, is_weak=False, network="")
    except Exception as no:
        raise CardEnded from no
    clinic.install.memory.seat(known, bytearray(person.seed), cookie=bytes(32), now=clinic.clock())
    client.recognise(Session(bytes(32), clinic.agent))


# --- a revocation that somebody deleted -----------------------------------------------


def revive(clinic: Clinic, name: str) -> None:
    """Undo a leaving in every row that says so; a naive house would let the person in again."""
    own = [row.id for row in store.cards_of(clinic.id(name))]
    StoredRevocation.objects.using(VAULT).filter(card__in=own).delete()
    rows = StoredHolder.objects.using(VAULT).filter(id=clinic.id(name))
    assert rows.update(state=HolderState.ACTIVE) == 1
    assert store.revocations_of(own) == {}
    assert store.holder(clinic.id(name)).state == HolderState.ACTIVE  # type: ignore[union-attr]


def test_a_deleted_revocation_does_not_bring_a_card_back(clinic: Clinic) -> None:
    revoke(clinic, "otso")
    revive(clinic, "otso")
    clinic.clock.ahead += 2 * FRESH
    with pytest.raises(CardEnded):
        sit_again(clinic, "otso")


def test_nor_does_it_after_a_restart_or_in_another_warden(clinic: Clinic) -> None:
    clinic.session("helmi")
    with starting.running(clinic.home, clinic.install.trust, clinic.clock) as other:
        card = other.directory.everyone()[clinic.id("otso")].card
        assert other.cards.known(card)
        revoke(clinic, "otso")
        revive(clinic, "otso")
        clinic.clock.ahead += 2 * FRESH
        with pytest.raises(CardEnded):
            client.list_colleagues(_seat_in(other, clinic, "otso", card))
    with starting.running(clinic.home, clinic.install.trust, clinic.clock) as later:
        with pytest.raises(CardEnded):
            client.list_colleagues(_seat_in(later, clinic, "otso", card))
        assert client.list_colleagues(_seat_in(later, clinic, "helmi"))


def _seat_in(other, clinic: Clinic, name: str, card: bytes = b"") -> Session:  # type: ignore[no-untyped-def]  # an Installation
    known = person_of(other, clinic.id("helmi"), is_weak=False, network="")
    person = clinic.people[name]
    if card:
        known = replace(known, id=person.id, cards=(card,), roles=())
    cookie = secrets.token_bytes(32)
    other.memory.seat(known, bytearray(person.seed), cookie=cookie, now=clinic.clock())
    return Session(cookie, Agent(other, caller=Caller.WEB))


def test_a_revocation_whose_detail_is_gone_might_be_anybodys(clinic: Clinic) -> None:
    clinic.session("helmi")
    revoke(clinic, "otso")
    index = next(
        entry.index for entry in queries.entries_from(0) if entry.leaf.act is Act.CARD_REVOKED
    )
    Detail.objects.using(VAULT).filter(index=index).delete()
    clinic.install.cards = CardIndex(clinic.install.trust, clinic.install.recording, clinic.clock)
    with pytest.raises(CardEnded):
        client.list_colleagues(clinic.session("helmi"))


# --- two registrars ---------------------------------------------------------------


def test_where_two_registrars_sign_one_alone_makes_nobody(clinic: Clinic) -> None:
    second_registrar(clinic)
    newcomer = join(clinic)
    ask_for_two(clinic)
    assert not sign(newcomer)
    assert newcomer.state() == "waiting"
    [request] = client.list_card_requests(clinic.session("ritva"))
    assert (request.signed_by_asker, request.missing) == (True, 1)
    with pytest.raises(NotAllowed):
        sign(newcomer)
    [request] = client.list_card_requests(clinic.session("rauha"))
    assert (request.signed_by_asker, request.words) == (False, newcomer.words())
    assert client.sign_card(clinic.session("rauha"), newcomer.card, assertion=b"")
    assert sign_in(clinic)[1].desk is not None


def test_one_registrars_signature_copied_twice_is_one(clinic: Clinic) -> None:
    second_registrar(clinic)
    newcomer = join(clinic)
    ask_for_two(clinic)
    assert not sign(newcomer)
    row = StoredRequest.objects.using(VAULT).get()
    card = cards.parse(bytes(row.request))
    rauha = store.cards_of(clinic.id("rauha"))[0].id
    forged = replace(card.signatures[0], signer=rauha)
    row.request = replace(card, signatures=(*card.signatures, forged)).encode()
    row.save(using=VAULT, update_fields=["request"])
    [request] = client.list_card_requests(clinic.session("rauha"))
    assert (request.signed_by_asker, request.missing) == (False, 1)


# --- another role, another card -----------------------------------------------------


def settle_for(clinic: Clinic, role: Role, unit: str | None) -> client.Recognised:
    """Let a colleague who has joined take another role."""
    ritva, there = clinic.session("ritva"), clinic.unit(unit) if unit else None
    person = sign_in(clinic)[1].person
    client.propose_role(ritva, person, role=role, unit=there)
    assert sign_in(clinic)[1].role != role, "nothing changes before it is signed"
    [request] = client.list_card_requests(ritva)
    assert (request.why, request.role) == ("changes", role)
    assert client.sign_card(ritva, request.card, assertion=b"")
    return sign_in(clinic)[1]


def test_a_change_of_role_is_proposed_taken_up_and_signed(clinic: Clinic) -> None:
    assert sign(join(clinic))
    session, before = sign_in(clinic)
    chart = make_chart_for(clinic, before.person)
    after = settle_for(clinic, Role.MANAGER, None)
    assert (after.person, after.role, after.unit) == (before.person, Role.MANAGER, None)
    with pytest.raises(SignedOut):
        client.recognise(session)
    assert not StoredProposal.objects.using(VAULT).exists()
    assert client.open_compartment(sign_in(clinic)[0], chart, purpose=Purpose.CARE), (
        "granted is granted, until it is handed over or withdrawn"
    )
    with pytest.raises(NotAllowed):
        client.grant(clinic.session("helmi"), make_chart(clinic, uuid4()), after.person)


def make_chart_for(clinic: Clinic, person: UUID) -> UUID:
    new = NewCompartment(CompartmentClass.CHART, uuid4(), (person,), ())
    return client.create_compartments(clinic.session("aino"), [new])[0]


def test_a_receptionist_who_changes_takes_the_role_card_with_her(clinic: Clinic) -> None:
    assert sign(join(clinic, Role.RECEPTION))
    client.let_into_role(clinic.session("aino"), sign_in(clinic)[1].person)
    settle_for(clinic, Role.THERAPIST, KALLIO)
    assert len(role_cards(clinic)) == 2
    clinic.seat("aino")
    assert open_book(clinic, clinic.session("aino"))
    newest = store.compartments_of(clinic.unit(KALLIO), klass=CompartmentClass.ROLE)
    mine = {row.id for row in store.cards_of(clinic.id("aino"))}
    seeds = [{bytes(g.recipient_card) for g in store.grants_of(row.id)} for row in newest]
    assert mine in seeds


@pytest.mark.parametrize(
    ("name", "role", "unit"),
    [
        ("ritva", Role.THERAPIST, KALLIO),
        ("otso", Role.REGISTRAR, None),
        ("otso", Role.THERAPIST, KALLIO),
        ("otso", Role.RECEPTION, None),
    ],
)
def test_what_cannot_be_is_not_proposed(
    clinic: Clinic, name: str, role: Role, unit: str | None
) -> None:
    there = clinic.unit(unit) if unit else None
    with pytest.raises(NotAllowed):
        client.propose_role(clinic.session("ritva"), clinic.id(name), role=role, unit=there)


def test_a_proposal_that_somebody_altered_is_an_alarm_and_changes_nothing(clinic: Clinic) -> None:
    assert sign(join(clinic))
    person = sign_in(clinic)[1].person
    client.propose_role(clinic.session("ritva"), clinic.id("otso"), role=Role.MANAGER, unit=None)
    StoredProposal.objects.using(VAULT).update(holder=person)
    assert sign_in(clinic)[1].role == Role.THERAPIST
    assert acts(clinic)[-1] is Act.ALERT
    assert client.list_card_requests(clinic.session("ritva")) == ()


def test_a_card_is_renewed_within_its_last_thirty_days(clinic: Clinic) -> None:
    assert sign(join(clinic))
    person = sign_in(clinic)[1].person
    chart = make_chart_for(clinic, person)
    clinic.clock.ahead += 369 * DAY
    assert sign_in(clinic)
    clinic.seat("ritva")
    assert client.list_card_requests(clinic.session("ritva")) == ()
    clinic.clock.ahead += DAY
    sign_in(clinic)
    sign_in(clinic)
    clinic.seat("ritva")
    [request] = client.list_card_requests(clinic.session("ritva"))
    assert (request.why, request.person) == ("renews", person)
    assert client.sign_card(clinic.session("ritva"), request.card, assertion=b"")
    clinic.clock.ahead += 60 * DAY
    session, known = sign_in(clinic)
    assert known.person == person, "long after the first card has ended"
    assert client.open_compartment(session, chart, purpose=Purpose.CARE)
    own = StoredCard.objects.using(VAULT).filter(holder=person).order_by("leaf_index")
    assert len(own) == 2
    assert cards.parse(bytes(own[1].card)).terms.prev == bytes(own[0].id)


def test_without_a_renewal_the_card_ends(clinic: Clinic) -> None:
    assert sign(join(clinic))
    clinic.clock.ahead += 401 * DAY
    with pytest.raises(CardEnded):
        sign_in(clinic)


def test_a_stranger_cannot_ask_for_a_colleagues_card(clinic: Clinic) -> None:
    assert sign(join(clinic))
    person = sign_in(clinic)[1].person
    client.propose_role(clinic.session("ritva"), person, role=Role.MANAGER, unit=None)
    sign_in(clinic)
    row = StoredRequest.objects.using(VAULT).get()
    terms = cards.parse(bytes(row.request)).terms
    with HolderKeys(secrets.token_bytes(32), clinic.install.org) as keys:
        planted = cards.request(keys, terms)
    StoredRequest.objects.using(VAULT).all().delete()
    row.pk, row.request = planted.id, planted.encode()
    row.save(using=VAULT, force_insert=True)
    [shown] = client.list_card_requests(clinic.session("ritva"))
    assert shown.why == "broken", "other keys than the colleague's"
    with pytest.raises((NotAllowed, client.SealBroken)):
        client.sign_card(clinic.session("ritva"), planted.id, assertion=b"")


Asked = Callable[[], object]


def test_a_session_of_nobody_asks_nothing(clinic: Clinic) -> None:
    stranger = a_session(clinic)
    tries: list[Asked] = [
        lambda: client.list_waiting_for_role(stranger),
        lambda: client.let_into_role(stranger, uuid4()),
        lambda: client.settle_staff(stranger),
        lambda: client.list_colleagues(stranger),
    ]
    for asked in tries:
        with pytest.raises(SignedOut):
            asked()


def test_the_remaining_receptionist_turns_what_the_old_card_opened(clinic: Clinic) -> None:
    assert sign(join(clinic, Role.RECEPTION))
    client.let_into_role(clinic.session("aino"), sign_in(clinic)[1].person)
    [old] = role_cards(clinic)
    revoke(clinic, "aino")
    session, _ = sign_in(clinic)
    for one in (clinic.phonebook(), clinic.diary()):
        client.begin_rotation(session, one)
    clinic.clock.ahead += 180 * SECOND
    for one in (clinic.phonebook(), clinic.diary()):
        client.commit_rotation(session, one)
    assert not joining.is_granted(old)
    client.settle_staff(clinic.session("ritva"))
    assert old in store.revocations_of([old])
    assert open_book(clinic, sign_in(clinic)[0]), "with the new card alone"
