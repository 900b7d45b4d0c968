"""Joining: an invitation, the own seed, eight words on two screens, a registrar's signature."""

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

import pytest

from tests.cast import DAY, KALLIO, TOOLO, Clinic
from tests.warden.authenticator import Authenticator
from tests.warden.hostile import VAULT, card_of, keys_of
from tests.warden.own_keys import sign_in as sign_in_with_key
from vaitiolo.keys import cards, invitations, names, slots, words
from vaitiolo.keys.cards import CardClass, Terms
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.models import StoredInvitation, StoredRequest, StoredSlot
from vaitiolo.keys.octets import random_bytes
from vaitiolo.keys.slots import SlotKind
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client import (
    NameTaken,
    NoInvitation,
    NoRequest,
    NotAllowed,
    NoTouch,
    TooManyTries,
    WeakPassword,
    WrongSignIn,
)
from vaitiolo.warden.kinds import Purpose, Role
from vaitiolo.warden.server.install import CODES_TRIED
from vaitiolo.warden.server.recording import STAFF
from vaitiolo.warden.session import Session

PASSWORD = "vesi vanhin voitehista"
NAME, SIGN_IN = "Uuno Uusi", "uuno"


@dataclass
class Newcomer:
    """A newcomer's browser, and the card that waits."""

    clinic: Clinic
    session: Session
    card: bytes

    def words(self) -> tuple[str, ...]:
        return client.enrolment(self.session, self.card).words

    def state(self) -> str:
        return client.enrolment(self.session, self.card).state


def a_session(clinic: Clinic) -> Session:
    return Session(bytes(random_bytes(32)), clinic.agent)


def invite(clinic: Clinic, role: Role = Role.THERAPIST, unit: str | None = KALLIO) -> str:
    return client.invite(
        clinic.session("ritva"),
        name=NAME,
        role=role,
        unit=clinic.unit(unit) if unit else None,
        sign_in=SIGN_IN,
    ).code


def join(clinic: Clinic, role: Role = Role.THERAPIST, unit: str | None = KALLIO) -> Newcomer:
    code, session = invite(clinic, role, unit), a_session(clinic)
    assert client.begin_enrolment(session, code).name == NAME
    return Newcomer(clinic, session, client.enrol(session, code, PASSWORD))


def sign(newcomer: Newcomer) -> bool:
    return client.sign_card(newcomer.clinic.session("ritva"), newcomer.card, assertion=b"")


def sign_in(clinic: Clinic, password: str = PASSWORD) -> tuple[Session, client.Recognised]:
    session = a_session(clinic)
    known = client.sign_in(session, name=SIGN_IN, password=password, network="")
    return session, known


def acts(clinic: Clinic) -> list[Act]:
    tag = clinic.install.recording.tag(STAFF)
    return [entry.leaf.act for entry in queries.entries_of(tag)]


# --- the way in -------------------------------------------------------------------


def test_a_newcomer_joins_and_works(clinic: Clinic) -> None:
    newcomer = join(clinic)
    [request] = client.list_card_requests(clinic.session("ritva"))
    assert request.words == newcomer.words() == words.of_card(newcomer.card)
    assert (request.name, request.role, request.unit) == (NAME, Role.THERAPIST, clinic.unit(KALLIO))
    assert (request.why, request.signed_by_asker, request.missing) == ("joins", False, 1)
    assert newcomer.state() == "waiting"
    assert sign(newcomer)
    assert (newcomer.state(), newcomer.words()) == ("signed", ())
    session, known = sign_in(clinic)
    assert (known.name, known.role, known.unit) == (NAME, Role.THERAPIST, clinic.unit(KALLIO))
    assert known.desk is not None
    assert client.open_compartment(session, known.desk, purpose=Purpose.OWN_DESK)
    assert client.list_card_requests(clinic.session("ritva")) == ()


def test_signing_twice_is_signing_once(clinic: Clinic) -> None:
    newcomer = join(clinic)
    assert sign(newcomer)
    before = len(acts(clinic))
    assert sign(newcomer)
    assert len(acts(clinic)) == before


def test_nobody_signs_in_before_the_card_is_signed(clinic: Clinic) -> None:
    newcomer = join(clinic)
    with pytest.raises(WrongSignIn):
        sign_in(clinic)
    assert not StoredSlot.objects.using(VAULT).exists()
    assert sign(newcomer)
    assert sign_in(clinic)


def test_all_colleagues_see_who_is_new(clinic: Clinic) -> None:
    assert sign(join(clinic))
    for name in ("helmi", "taito", "mauri"):
        everyone = {one.name: one for one in client.list_colleagues(clinic.session(name))}
        today = clinic.install.today()
        assert (everyone[NAME].since, everyone[NAME].card_until) == (today, today + 400)
        assert everyone[NAME].desk is not None


def test_every_step_is_in_the_ledger(clinic: Clinic) -> None:
    before = len(acts(clinic))
    assert sign(join(clinic))
    assert acts(clinic)[before:] == [Act.INVITED, Act.CARD_ASKED, Act.CARD]


# --- with a security key ----------------------------------------------------------


def enrol_with_key(clinic: Clinic, key: Authenticator, **bent: bytes) -> Newcomer:
    code, session = invite(clinic), a_session(clinic)
    begun = client.begin_enrolment(session, code)
    made = {"attestation": key.make(begun.challenge), "prf": key.prf(begun.prf_salt)}
    return Newcomer(clinic, session, client.enrol(session, code, PASSWORD, **{**made, **bent}))


def test_a_newcomer_joins_with_a_security_key(clinic: Clinic) -> None:
    key = Authenticator()
    assert sign(enrol_with_key(clinic, key))
    known = sign_in_with_key(clinic, key, password=PASSWORD, name=SIGN_IN)
    assert (known.name, known.is_weak) == (NAME, False)
    with pytest.raises(WrongSignIn):
        sign_in(clinic)
    other = Authenticator()
    with pytest.raises(WrongSignIn):
        sign_in_with_key(clinic, other, password=PASSWORD, name=SIGN_IN)


def forbid_password_alone(clinic: Clinic) -> None:
    install = clinic.install
    kinds = frozenset({SlotKind.PASSWORD_AND_KEY, SlotKind.PRINTED_CODE})
    install.trust = replace(install.trust, slots=replace(install.trust.slots, staff=kinds))


def test_where_a_password_may_not_stand_alone_a_key_is_needed(clinic: Clinic) -> None:
    code, session = invite(clinic), a_session(clinic)
    forbid_password_alone(clinic)
    assert not client.begin_enrolment(session, code).password_alone
    with pytest.raises(NoTouch):
        client.enrol(session, code, PASSWORD)
    begun, key = client.begin_enrolment(session, code), Authenticator()
    made = key.make(begun.challenge)
    assert client.enrol(session, code, PASSWORD, attestation=made, prf=key.prf(begun.prf_salt)), (
        "the invitation was still good"
    )


@pytest.mark.parametrize("prf", [b"", bytes(32), bytes(31)])
def test_a_key_without_its_secret_locks_nothing(clinic: Clinic, prf: bytes) -> None:
    with pytest.raises(WeakPassword):
        enrol_with_key(clinic, Authenticator(), prf=prf)


def test_a_key_made_over_another_challenge_is_not_taken(clinic: Clinic) -> None:
    key = Authenticator()
    with pytest.raises(NoTouch):
        enrol_with_key(clinic, key, attestation=key.make(bytes(32)))
    assert StoredInvitation.objects.using(VAULT).exists()


# --- the invitation ---------------------------------------------------------------


def test_an_invitation_is_taken_up_once_and_for_seven_days(clinic: Clinic) -> None:
    code = invite(clinic)
    for unlike in (code.replace("-", ""), code.lower()):
        assert client.begin_enrolment(a_session(clinic), unlike).role == Role.THERAPIST
    client.enrol(a_session(clinic), code, PASSWORD)
    with pytest.raises(NoInvitation):
        client.enrol(a_session(clinic), code, PASSWORD)


def test_a_lapsed_invitation_is_none(clinic: Clinic) -> None:
    code = invite(clinic)
    clinic.clock.ahead += 7 * DAY
    assert client.begin_enrolment(a_session(clinic), code)
    clinic.clock.ahead += DAY
    with pytest.raises(NoInvitation):
        client.enrol(a_session(clinic), code, PASSWORD)
    clinic.seat("ritva")
    assert client.list_invitations(clinic.session("ritva")) == ()
    assert not StoredInvitation.objects.using(VAULT).exists()


def test_an_invitation_is_listed_without_its_code_and_withdrawn(clinic: Clinic) -> None:
    code, ritva = invite(clinic), clinic.session("ritva")
    [listed] = client.list_invitations(ritva)
    assert (listed.name, listed.role) == (NAME, Role.THERAPIST)
    client.withdraw_invitation(ritva, listed.id)
    client.withdraw_invitation(ritva, listed.id)
    with pytest.raises(NoInvitation):
        client.begin_enrolment(a_session(clinic), code)


def test_what_is_kept_of_a_code_is_neither_the_code_nor_a_hash_of_it(clinic: Clinic) -> None:
    code = invite(clinic)
    row = StoredInvitation.objects.using(VAULT).get()
    held = bytes(row.code_tag) + bytes(row.sealed_terms)
    for form in (code, code.replace("-", "")):
        assert form.encode() not in held
    tag = invitations.code_tag(code, kms=clinic.install.kms, org=clinic.install.org)
    assert tag == bytes(row.code_tag), "only with the key service"
    assert NAME.encode() not in held


@pytest.mark.parametrize("wrong", ["", "nonsense", "0" * 28, "ABCD-" * 7])
def test_a_wrong_code_is_no_invitation(clinic: Clinic, wrong: str) -> None:
    invite(clinic)
    with pytest.raises(NoInvitation):
        client.enrol(a_session(clinic), wrong, PASSWORD)


def test_codes_are_tried_so_often_and_no_more(clinic: Clinic) -> None:
    code = invite(clinic)
    for _ in range(CODES_TRIED):
        clinic.install.enrolments.spend(clinic.clock())
    with pytest.raises(TooManyTries):
        client.begin_enrolment(a_session(clinic), code)
    clinic.clock.ahead += DAY // 96 + 1
    assert client.begin_enrolment(a_session(clinic), code)


def test_a_short_password_leaves_the_invitation_good(clinic: Clinic) -> None:
    code, session = invite(clinic), a_session(clinic)
    with pytest.raises(WeakPassword):
        client.enrol(session, code, "lyhyt")
    assert client.enrol(session, code, PASSWORD)


def test_a_name_is_given_once(clinic: Clinic) -> None:
    newcomer = join(clinic)
    with pytest.raises(NameTaken):
        invite(clinic)
    assert sign(newcomer)
    with pytest.raises(NameTaken):
        invite(clinic)


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.REGISTRAR, None),
        (Role.THERAPIST, None),
        (Role.MANAGER, KALLIO),
        (Role.RECEPTION, "nowhere"),
        (0, None),
        (32, KALLIO),
    ],
)
def test_what_nobody_can_be_is_not_invited(clinic: Clinic, role: int, unit: str | None) -> None:
    there = None if unit is None else clinic.units.get(unit, uuid4())
    with pytest.raises(NotAllowed):
        client.invite(clinic.session("ritva"), name=NAME, role=role, unit=there, sign_in=SIGN_IN)


@pytest.mark.parametrize("name", ["helmi", "aino", "mauri", "pia"])
def test_nobody_but_a_registrar_invites_signs_or_refuses(clinic: Clinic, name: str) -> None:
    newcomer, session = join(clinic), clinic.session(name)
    for asked in (
        lambda: client.invite(session, name="X", role=1, unit=clinic.unit(KALLIO), sign_in="x"),
        lambda: client.list_invitations(session),
        lambda: client.withdraw_invitation(session, uuid4()),
        lambda: client.list_card_requests(session),
        lambda: client.sign_card(session, newcomer.card, assertion=b""),
        lambda: client.refuse_card(session, newcomer.card),
        lambda: client.settle_staff(session),
        lambda: client.left_behind(session, clinic.id("otso")),
        lambda: client.propose_role(session, clinic.id("otso"), role=6, unit=None),
    ):
        with pytest.raises(NotAllowed):
            asked()
    assert newcomer.state() == "waiting"


# --- words that differ ------------------------------------------------------------


def exchange_request(clinic: Clinic, holder: UUID) -> bytes:
    """Put a card of somebody else's keys in the place of a newcomer's; return its id."""
    row = StoredRequest.objects.using(VAULT).get(holder=holder)
    terms = cards.parse(bytes(row.request)).terms
    with HolderKeys(random_bytes(32), clinic.install.org) as keys:
        other = cards.request(keys, terms)
    StoredRequest.objects.using(VAULT).filter(holder=holder).delete()
    row.pk, row.request = other.id, other.encode()
    row.save(using=VAULT, force_insert=True)
    return other.id


def test_an_exchanged_request_has_no_words_to_be_compared(clinic: Clinic) -> None:
    newcomer = join(clinic)
    other = exchange_request(clinic, StoredRequest.objects.using(VAULT).get().holder)
    [request] = client.list_card_requests(clinic.session("ritva"))
    assert (request.card, request.why, request.words) == (other, "broken", ())
    assert newcomer.state() == "gone"


def test_a_refused_card_is_gone_and_somebody_is_told(clinic: Clinic) -> None:
    newcomer, ritva = join(clinic), clinic.session("ritva")
    client.refuse_card(ritva, newcomer.card)
    assert newcomer.state() == "gone"
    assert acts(clinic)[-2:] == [Act.CARD_DECLINED, Act.ALERT]
    with pytest.raises(NoRequest):
        client.refuse_card(ritva, newcomer.card)
    with pytest.raises(NoRequest):
        sign(newcomer)


def test_another_browser_does_not_see_the_words(clinic: Clinic) -> None:
    newcomer = join(clinic)
    assert client.enrolment(a_session(clinic), newcomer.card).words == ()


# --- a hostile database -----------------------------------------------------------


def replant(clinic: Clinic, **changed: object) -> bytes:
    """Plant a request whose terms are not what was asked; signed by its own keys, as it must be."""
    row = StoredRequest.objects.using(VAULT).get()
    terms = cards.parse(bytes(row.request)).terms
    said = {
        "org": terms.org,
        "holder": terms.holder,
        "klass": terms.klass,
        "role": terms.role,
        "generation": terms.generation,
        "not_before": terms.not_before,
        "not_after": terms.not_after,
        "prev": terms.prev,
    }
    with HolderKeys(random_bytes(32), clinic.install.org) as keys:
        card = cards.request(keys, Terms(**{**said, **changed}))  # type: ignore[arg-type]
    StoredRequest.objects.using(VAULT).all().delete()
    row.pk, row.holder, row.request = card.id, card.holder, card.encode()
    row.save(using=VAULT, force_insert=True)
    return card.id


@pytest.mark.parametrize(
    "changed",
    [
        {"role": Role.MANAGER},
        {"klass": CardClass.REGISTRAR, "role": Role.REGISTRAR},
        {"klass": CardClass.ROLE, "role": Role.RECEPTION},
        {"generation": 2},
        {"not_after": 99_999},
        {"not_before": 99_998, "not_after": 99_999},
        {"prev": b"\x01" * 32},
        {"org": uuid4()},
        {"holder": uuid4()},
    ],
)
def test_a_planted_request_is_marked_and_never_signed(
    clinic: Clinic, changed: dict[str, object]
) -> None:
    join(clinic)
    planted = replant(clinic, **changed)
    [shown] = client.list_card_requests(clinic.session("ritva"))
    assert shown.why == "broken"
    with pytest.raises((NotAllowed, client.SealBroken)):
        client.sign_card(clinic.session("ritva"), planted, assertion=b"")
    client.refuse_card(clinic.session("ritva"), planted)


def test_a_request_for_somebody_who_is_here_already_is_never_signed(clinic: Clinic) -> None:
    join(clinic)
    planted = replant(clinic, holder=clinic.id("helmi"))
    with pytest.raises((NotAllowed, client.SealBroken)):
        client.sign_card(clinic.session("ritva"), planted, assertion=b"")


def test_signatures_that_are_not_a_registrars_do_not_count(clinic: Clinic) -> None:
    newcomer = join(clinic)
    row = StoredRequest.objects.using(VAULT).get()
    card = cards.parse(bytes(row.request))
    with keys_of(clinic, "ritva") as keys:
        forged = cards.countersign(card, keys, signer=card_of(clinic, "helmi").id)
    row.request = forged.encode()
    row.save(using=VAULT, update_fields=["request"])
    assert sign(newcomer)
    assert sign_in(clinic)


def test_a_slot_in_a_request_opens_nothing_but_its_own_card(clinic: Clinic) -> None:
    newcomer = join(clinic)
    row = StoredRequest.objects.using(VAULT).get()
    slot = slots.parse(bytes(row.slot))
    assert (slot.owner.card, slot.owner.holder) == (newcomer.card, row.holder)
    tag = names.name_tag(SIGN_IN, kms=clinic.install.kms, org=clinic.install.org)
    StoredSlot.objects.using(VAULT).create(
        id=slot.id, holder=clinic.id("helmi"), name_tag=tag, slot=row.slot
    )
    with pytest.raises(WrongSignIn):
        sign_in(clinic)


def test_a_kill_before_the_desk_is_made_good_at_the_next_look(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    newcomer = join(clinic)

    class Killed(BaseException):
        pass

    def kill(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("vaitiolo.warden.server.settling.settle", kill)
        with pytest.raises(Killed):
            sign(newcomer)
    assert newcomer.state() == "signed"
    assert sign_in(clinic)[1].desk is None
    client.settle_staff(clinic.session("ritva"))
    assert sign_in(clinic)[1].desk is not None
    before = len(acts(clinic))
    client.settle_staff(clinic.session("ritva"))
    assert len(acts(clinic)) == before, "what is done is not done again"


def test_a_receptionist_in_another_unit_waits_for_the_colleagues_there(clinic: Clinic) -> None:
    assert sign(join(clinic, Role.RECEPTION, TOOLO))
    assert client.list_waiting_for_role(clinic.session("aino")) == ()
    [waiting] = client.list_waiting_for_role(clinic.session("taito"))
    assert waiting.name == NAME
