"""Contact cases: two officers, the listed patients, an hour, and an entry before each opening."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

from tests.cast import HOUR, KALLIO, Clinic
from tests.warden.fingers import PASSWORD, Finger, enrol_officer, give_key
from vaitiolo.keys import contact, slots, store
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.slots import SlotKind
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client, protocol
from vaitiolo.warden.client import (
    CaseTaken,
    NewCompartment,
    NotAllowed,
    NotGranted,
    NoTouch,
    Place,
    Plain,
    Sealed,
    WrongShare,
)
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode, Purpose
from vaitiolo.warden.parts import CasePatient, KnownCase
from vaitiolo.warden.protocol import CaseOpened
from vaitiolo.warden.server import epochs, recovery_keys
from vaitiolo.warden.server.shares import NO_NAME

TWO, STAFF = ("pia", "mauri"), ("pia", "mauri", "ritva", "helmi")
WHO = b'{"name":"Aada M\xc3\xa4kinen"}'


@dataclass
class Breach:
    """Patients whose identities may have been read, and two officers with keys in hand."""

    clinic: Clinic
    records: dict[UUID, Sealed]
    fingers: dict[str, Finger]

    @property
    def patients(self) -> list[UUID]:
        return list(self.records)

    def open(self, *, by: str = "pia", but: int = 0) -> CaseOpened:
        listed = self.patients[: len(self.patients) - but]
        return client.open_case(self.clinic.session(by), listed, reason="Breach of 24 November")

    def join(self, name: str, case: CaseOpened, *, over: bytes | None = None) -> bool:
        session, finger = self.clinic.session(name), self.fingers[name]
        over = over or client.over_joining(case.case, case.list_hash)
        return client.join_case(
            session,
            case.case,
            password=PASSWORD,
            prf=finger.prf,
            assertion=finger.touch(session, over),
        )

    def run(self, but: int = 0) -> CaseOpened:
        case = self.open(but=but)
        assert not self.join("pia", case)
        assert self.join("mauri", case)
        return case

    def next(
        self, case: CaseOpened, *, by: str = "pia", start: int = 0, count: int = 100
    ) -> tuple[CasePatient, ...]:
        return client.next_of_case(self.clinic.session(by), case.case, start=start, count=count)

    def read(self, case: CaseOpened, patient: UUID, *, by: str = "pia") -> bytes:
        document = self.records[patient]
        session = self.clinic.session(by)
        return client.read_case(session, case.case, patient, document=document).body


@pytest.fixture
def breach(clinic: Clinic) -> Breach:
    aino, records = clinic.session("aino"), {}
    for _ in range(3):
        patient = uuid4()
        new = NewCompartment(CompartmentClass.IDENTITY, patient, (), (clinic.unit(KALLIO),))
        [identity] = client.create_compartments(aino, [new])
        writing = client.open_compartment(
            aino, identity, purpose=Purpose.RECEPTION, mode=Mode.WRITE
        )
        place = Place(Kind.IDENTITY, patient, 1)
        records[patient] = Sealed(place, writing.seal([Plain(place, WHO)])[0])
    fingers = {name: enrol_officer(clinic, name) for name in ("pia", "mauri")}
    return Breach(clinic, records, fingers)


def acts_of(clinic: Clinic, subject: UUID) -> list[int]:
    tag = clinic.install.recording.tag(subject)
    return [entry.leaf.act for entry in queries.entries_of(tag)]


# --- what a case is for ---


def test_two_officers_reach_every_listed_patient(breach: Breach) -> None:
    case = breach.run()
    listed = breach.next(case)
    assert {one.patient for one in listed} == set(breach.patients)
    assert {breach.read(case, patient) for patient in breach.patients} == {WHO}
    closed = client.close_case(breach.clinic.session("mauri"), case.case)
    assert (closed.listed, closed.read) == (3, 3)


def test_each_opening_is_in_the_ledger_before_it_is_done(breach: Breach) -> None:
    case = breach.run()
    first, second, third = sorted(breach.patients, key=lambda one: one.bytes)
    breach.next(case, count=2)
    for patient in (first, second):
        assert Act.OPEN_IDENTITY in acts_of(breach.clinic, patient)
    assert Act.OPEN_IDENTITY not in acts_of(breach.clinic, third)
    with pytest.raises(NotGranted):
        breach.read(case, third)
    breach.next(case, start=2, count=1)
    assert breach.read(case, third) == WHO


def test_a_case_is_in_the_ledger_from_end_to_end(breach: Breach) -> None:
    case = breach.run()
    client.close_case(breach.clinic.session("pia"), case.case)
    assert acts_of(breach.clinic, case.case) == [
        Act.CREATE,
        Act.CASE_OPENED,
        Act.CASE_JOINED,
        Act.CASE_JOINED,
        Act.CASE_CLOSED,
    ]


def test_any_two_of_the_officers_will_do(breach: Breach) -> None:
    breach.fingers["ritva"] = enrol_officer(breach.clinic, "ritva")
    for one, other in (("ritva", "pia"), ("mauri", "ritva")):
        case = breach.open(by=other)
        assert not breach.join(one, case)
        assert breach.join(other, case)
        breach.next(case, by=one)
        assert breach.read(case, breach.patients[0], by=one) == WHO


def test_a_third_officer_is_told_that_two_are_in_it(breach: Breach) -> None:
    breach.fingers["ritva"] = enrol_officer(breach.clinic, "ritva")
    case = breach.run()
    with pytest.raises(CaseTaken):
        breach.join("ritva", case)
    assert breach.join("pia", case), "who is in it is told so"
    with pytest.raises(NotAllowed):
        breach.next(case, by="ritva")
    breach.next(case)
    assert breach.read(case, breach.patients[0]) == WHO


def test_a_case_ends_when_the_access_of_one_of_its_officers_does(breach: Breach) -> None:
    case = breach.run()
    breach.next(case)
    client.revoke_card(breach.clinic.session("ritva"), breach.clinic.id("mauri"), reason=1)
    with pytest.raises(NotAllowed):
        breach.read(case, breach.patients[0])
    assert acts_of(breach.clinic, case.case)[-2:] == [Act.CASE_CLOSED, Act.REFUSED]
    assert not breach.join("pia", case), "it begins anew, and waits for a second officer"


def test_a_share_typed_again_ends_its_earlier_slot_though_the_row_be_put_back(
    breach: Breach,
) -> None:
    pia = breach.clinic.id("pia")
    [before] = [one for one in store.slots_of(pia) if slots.parse(one.slot).kind is SlotKind.SHARE]
    session, finger = breach.clinic.session("pia"), breach.fingers["pia"]
    client.enrol_share(
        session,
        breach.clinic.paper.shares[pia],
        password=PASSWORD,
        prf=finger.prf,
        assertion=finger.touch(session, client.over_enrolling()),
    )
    [after] = [one for one in store.slots_of(pia) if slots.parse(one.slot).kind is SlotKind.SHARE]
    store.replace_slot(after.id, before)
    policy = breach.clinic.install.trust.slot_policy(CardClass.STAFF)
    given = slots.Given(password=PASSWORD, prf=breach.fingers["pia"].prf)
    by_itself = slots.unlock(
        slots.parse(before.slot),
        given,
        kms=breach.clinic.install.kms,
        policy=policy,
        card_of=lambda _seed: b"",
    )
    assert by_itself, "where the row is believed, it opens"
    with pytest.raises(WrongShare):
        breach.join("pia", breach.open())


# --- case_bounds ---


def test_an_unlisted_patient_does_not_open(breach: Breach) -> None:
    case = breach.run(but=1)
    breach.next(case)
    unlisted = breach.patients[-1]
    with pytest.raises(NotGranted):
        breach.read(case, unlisted)
    # The naive desk has the key and opens whatever grant it is given: this one opens too.
    seed = breach.clinic.install.cases._cases[case.case].seed
    [row] = store.compartments_of(unlisted, klass=CompartmentClass.IDENTITY)
    pinned = breach.clinic.install.trust.recovery_card(RecoveryRole.CONTACT)
    [grant] = [one for one in store.grants_of(row.id) if one.recipient_card == pinned]
    org = breach.clinic.install.org
    with recovery_keys.HolderKeys(seed, org) as keys:
        from vaitiolo.keys import grants  # noqa: PLC0415 - for the attack alone

        assert len(keys.open_grant(grants.parse(grant.grant))) == 32


def test_another_patients_record_does_not_open_in_ones_place(breach: Breach) -> None:
    case = breach.run()
    breach.next(case)
    one, other, _ = breach.patients
    breach.records[one] = breach.records[other]
    with pytest.raises(client.SealBroken):
        breach.read(case, one)


def test_only_identity_records_are_read(breach: Breach) -> None:
    case = breach.run()
    breach.next(case)
    patient = breach.patients[0]
    place = Place(Kind.INVOICE, patient, 1)
    breach.records[patient] = Sealed(place, breach.records[patient].sealed)
    with pytest.raises(NotGranted):
        breach.read(case, patient)


def test_a_list_that_was_changed_in_the_database_is_refused(breach: Breach) -> None:
    small, large = breach.open(but=2), breach.open()
    row = store.case(large.case)
    from vaitiolo.keys.models import StoredCase  # noqa: PLC0415 - the hand of a DBA

    StoredCase.objects.using("vault").filter(id=small.case).update(sealed_list=row.sealed_list)
    with pytest.raises(client.SealBroken):
        breach.join("pia", small)
    StoredCase.objects.using("vault").filter(id=large.case).delete()
    StoredCase.objects.using("vault").filter(id=small.case).update(
        sealed_list=row.sealed_list, compartment=row.compartment
    )
    with pytest.raises(client.SealBroken):
        breach.join("pia", small)


@pytest.mark.parametrize(("start", "count"), [(-1, 1), (0, 0), (0, 101)])
def test_a_case_is_handed_out_in_small_parts(breach: Breach, start: int, count: int) -> None:
    case = breach.run()
    with pytest.raises(NotAllowed):
        breach.next(case, start=start, count=count)


def test_a_case_has_a_list_and_a_reason(breach: Breach) -> None:
    pia = breach.clinic.session("pia")
    for patients, reason in (([], "why"), (breach.patients, " ")):
        with pytest.raises(NotAllowed):
            client.open_case(pia, patients, reason=reason)


# --- case_two_officers ---


def test_one_officer_does_not_suffice(breach: Breach) -> None:
    case = breach.open()
    assert not breach.join("pia", case)
    assert not breach.join("pia", case)
    with pytest.raises(NotAllowed):
        breach.next(case)


def test_nobody_but_officers_takes_part(breach: Breach) -> None:
    for name in ("helmi", "aino", "taito"):
        with pytest.raises(NotAllowed):
            breach.open(by=name)
    case = breach.run()
    for name in ("helmi", "ritva"):
        with pytest.raises(NotAllowed):
            breach.next(case, by=name)
        with pytest.raises(NotAllowed):
            client.close_case(breach.clinic.session(name), case.case)


def test_a_touch_is_for_one_case_and_its_list(breach: Breach) -> None:
    case, other = breach.open(), breach.open(but=1)
    for over in (
        client.over_joining(other.case, other.list_hash),
        client.over_joining(case.case, other.list_hash),
        client.over_enrolling(),
    ):
        with pytest.raises(NoTouch):
            breach.join("pia", case, over=over)


def test_without_the_own_key_or_password_a_share_stays_shut(breach: Breach) -> None:
    case, clinic = breach.open(), breach.clinic
    session, finger = clinic.session("pia"), breach.fingers["pia"]
    over = client.over_joining(case.case, case.list_hash)

    def joins(*, password: str = PASSWORD, prf: bytes = finger.prf, by: Finger = finger) -> bool:
        touch = by.touch(session, over)
        return client.join_case(session, case.case, password=password, prf=prf, assertion=touch)

    for wrong in ({"password": "jokin aivan muu"}, {"prf": bytes(32)}, {"prf": b"\x01" * 32}):
        with pytest.raises(WrongShare):
            joins(**wrong)
    with pytest.raises(NoTouch):
        joins(by=breach.fingers["mauri"])
    with pytest.raises(NoTouch):
        joins(by=Finger())


def test_guesses_at_a_share_are_counted(breach: Breach) -> None:
    case = breach.open()
    session, finger = breach.clinic.session("pia"), breach.fingers["pia"]
    over = client.over_joining(case.case, case.list_hash)
    said = []
    for _ in range(7):
        try:
            client.join_case(
                session,
                case.case,
                password="väärä sana taas",
                prf=finger.prf,
                assertion=finger.touch(session, over),
            )
        except (WrongShare, client.TooManyTries) as refused:
            said.append(type(refused))
    assert said == [WrongShare] * 5 + [client.TooManyTries] * 2


# --- case_wipes ---


def seed_of(breach: Breach, case: CaseOpened) -> bytearray:
    return breach.clinic.install.cases._cases[case.case].seed


def test_a_closed_case_leaves_no_key_in_memory(breach: Breach) -> None:
    case = breach.run()
    running, seed = breach.clinic.install.cases._cases[case.case], seed_of(breach, case)
    assert recovery_keys.card_id(
        bytearray(seed), breach.clinic.install.org, RecoveryRole.CONTACT
    ) == breach.clinic.install.trust.recovery_card(RecoveryRole.CONTACT)
    client.close_case(breach.clinic.session("pia"), case.case)
    assert not running.shares
    assert seed == bytes(32)
    assert not running.seed
    with pytest.raises(NotAllowed):
        breach.next(case)


def test_a_case_ends_after_an_hour(breach: Breach) -> None:
    case = breach.run()
    breach.next(case)
    seed = seed_of(breach, case)
    breach.clinic.clock.ahead += HOUR + 1
    breach.clinic.install.forget_lapsed()
    assert seed == bytes(32)
    assert acts_of(breach.clinic, case.case)[-1] == Act.CASE_CLOSED


def test_a_share_waits_a_quarter_of_an_hour(breach: Breach) -> None:
    case = breach.open()
    breach.join("pia", case)
    waiting = breach.clinic.install.cases._cases[case.case].shares[breach.clinic.id("pia")]
    breach.clinic.clock.ahead += HOUR // 4 + 1
    breach.clinic.cookies.clear()
    assert not breach.join("mauri", case)
    assert waiting == bytes(32)


def test_after_a_restart_the_same_list_goes_on(breach: Breach) -> None:
    case = breach.run()
    breach.next(case, count=1)
    # What a new warden has in its memory: nothing.
    breach.clinic.install.cases.drop(case.case)
    assert not breach.join("mauri", case)
    assert breach.join("pia", case)
    assert len(breach.next(case, start=1)) == 2


# --- enrolling a share ---


def test_a_share_is_typed_by_its_own_officer_alone(clinic: Clinic) -> None:
    finger, pia = give_key(clinic, "pia"), clinic.session("pia")

    def enrols(share: str) -> None:
        client.enrol_share(
            pia,
            share,
            password=PASSWORD,
            prf=finger.prf,
            assertion=finger.touch(pia, client.over_enrolling()),
        )

    own, others = (clinic.paper.shares[clinic.id(one)] for one in ("pia", "mauri"))
    for wrong in (others, own[:-1] + ("A" if own[-1] != "A" else "B"), ""):
        with pytest.raises(WrongShare):
            enrols(wrong)
    enrols(own.lower())
    enrols(own)
    kinds = [slots.parse(row.slot).kind for row in store.slots_of(clinic.id("pia"))]
    assert kinds.count(SlotKind.SHARE) == 1
    assert not [row for row in store.slots_named(NO_NAME) if row.slot[4:5] != b"\x05"]


def test_a_share_needs_a_security_key(clinic: Clinic) -> None:
    with pytest.raises(NoTouch):
        client.enrol_share(
            clinic.session("pia"),
            clinic.paper.shares[clinic.id("pia")],
            password=PASSWORD,
            prf=b"\x01" * 32,
            assertion=b"",
        )
    with pytest.raises(NotAllowed):
        client.enrol_share(
            clinic.session("helmi"), "x", password=PASSWORD, prf=b"\x01" * 32, assertion=b""
        )


# --- pair_blobs ---


def test_a_copy_of_the_vault_and_one_share_open_nothing(breach: Breach) -> None:
    org, pia = breach.clinic.install.org, breach.clinic.id("pia")
    share = contact.read(breach.clinic.paper.shares[pia], org=org, officer=pia)
    mauri = breach.clinic.id("mauri")
    pair = contact.pair_of(pia, mauri)
    sealed = store.pair(*pair).sealed_seed
    for shares in ({pia: share}, {pia: share, mauri: share}, {pia: share, mauri: bytes(32)}):
        with pytest.raises(contact.Refused):
            contact.open_pair(sealed, shares, pair=pair, org=org)
    other = contact.read(breach.clinic.paper.shares[mauri], org=org, officer=mauri)
    seed = contact.open_pair(sealed, {pia: share, mauri: other}, pair=pair, org=org)
    assert recovery_keys.card_id(
        seed, org, RecoveryRole.CONTACT
    ) == breach.clinic.install.trust.recovery_card(RecoveryRole.CONTACT)


def test_a_seed_of_another_key_is_not_used(breach: Breach) -> None:
    # Attack: a DBA who knows two shares plants a pair with a seed of his own.
    clinic, case = breach.clinic, breach.open()
    org, two = clinic.install.org, [clinic.id("pia"), clinic.id("mauri")]
    shares = {one: contact.read(clinic.paper.shares[one], org=org, officer=one) for one in two}
    [(pair, planted)] = contact.seal_pairs(bytes(32), shares, org=org).items()
    from vaitiolo.keys.models import StoredPair  # noqa: PLC0415 - the hand of a DBA

    StoredPair.objects.using("vault").filter(first=pair[0], second=pair[1]).update(
        sealed_seed=planted
    )
    breach.join("pia", case)
    with pytest.raises(WrongShare):
        breach.join("mauri", case)
    assert not clinic.install.cases._cases
    assert protocol.JoinCase


# --- log_before_open, and a turn of the key service's epoch ---


def test_with_a_silent_ledger_nothing_of_a_case_goes_on(breach: Breach) -> None:
    case = breach.open()
    assert not breach.join("pia", case)
    touch = breach.fingers["mauri"].touch(
        breach.clinic.session("mauri"), client.over_joining(case.case, case.list_hash)
    )
    breach.clinic.install.recorder.stop()
    with pytest.raises(client.LedgerSilent):
        client.join_case(
            breach.clinic.session("mauri"),
            case.case,
            password=PASSWORD,
            prf=breach.fingers["mauri"].prf,
            assertion=touch,
        )
    with pytest.raises(client.LedgerSilent):
        breach.open()
    [running] = breach.clinic.install.cases._cases.values()
    assert not running.seed
    assert len(store.cases()) == 1


def test_with_a_silent_ledger_no_patient_is_handed_out(breach: Breach) -> None:
    case = breach.run()
    breach.clinic.install.recorder.stop()
    with pytest.raises(client.LedgerSilent):
        breach.next(case)
    [running] = breach.clinic.install.cases._cases.values()
    assert not running.listed


def test_a_share_outlives_a_turn_of_the_key_services_epoch(breach: Breach) -> None:
    clinic, case = breach.clinic, breach.open()
    keeper = epochs.open_keeper(clinic.home, demo=True)
    epochs.next_epoch(clinic.install, keeper, "slot")
    assert not breach.join("pia", case)
    found = [slots.parse(row.slot) for row in store.slots_of(clinic.id("pia"))]
    assert [one.kms_epoch for one in found if one.kind is SlotKind.SHARE] == [2]
    assert breach.join("mauri", case)


# --- what officers see of cases ---


def cases_seen(breach: Breach, name: str) -> list[KnownCase]:
    return list(client.list_cases(breach.clinic.session(name)))


def test_an_officer_sees_a_case_from_its_opening_to_its_end(breach: Breach) -> None:
    case = breach.open(but=1)
    [seen] = cases_seen(breach, "mauri")
    pia, mauri = (breach.clinic.install.directory.name_of(breach.clinic.id(one)) for one in TWO)
    assert (seen.case, seen.patients, seen.list_hash) == (case.case, 2, case.list_hash)
    assert (seen.reason, seen.opened_by) == ("Breach of 24 November", pia)
    assert len(set(seen.words)) > 1
    assert (seen.joined, seen.present, seen.is_running, seen.closed) == ((), (), False, 0)
    breach.join("pia", case)
    [waiting], [own] = cases_seen(breach, "mauri"), cases_seen(breach, "pia")
    assert (waiting.present, waiting.is_present, waiting.is_running) == ((pia,), False, False)
    assert own.is_present
    breach.join("mauri", case)
    [running] = cases_seen(breach, "pia")
    assert running.is_running
    assert set(running.present) == set(running.joined) == {pia, mauri}
    assert running.until > running.opened
    breach.next(case)
    client.close_case(breach.clinic.session("pia"), case.case)
    [closed] = cases_seen(breach, "pia")
    assert (closed.listed, closed.read, closed.present) == (2, 0, ())
    assert closed.closed >= closed.opened
    assert set(closed.joined) == {pia, mauri}


def test_a_case_whose_hour_is_over_is_seen_as_closed(breach: Breach) -> None:
    breach.next(breach.run())
    breach.clinic.clock.ahead += HOUR + 1
    breach.clinic.cookies.clear()
    [closed] = cases_seen(breach, "mauri")
    assert (closed.is_running, closed.listed) == (False, 3)
    assert closed.closed


def test_the_newest_case_comes_first(breach: Breach) -> None:
    opened = [breach.open(but=but).case for but in (0, 1, 2)]
    assert [one.case for one in cases_seen(breach, "pia")] == opened[::-1]


@pytest.mark.parametrize("name", ["helmi", "aino", "taito"])
def test_nobody_else_sees_that_there_is_a_case(breach: Breach, name: str) -> None:
    breach.open()
    with pytest.raises(NotAllowed):
        cases_seen(breach, name)


def test_a_planted_case_is_not_shown(breach: Breach) -> None:
    case = breach.open()
    from vaitiolo.keys.models import StoredCase  # noqa: PLC0415 - the hand of a DBA

    row = store.case(case.case)
    for planted in (uuid4(), breach.patients[0]):
        StoredCase.objects.using("vault").create(
            id=planted, compartment=uuid4(), sealed_list=row.sealed_list
        )
    assert len(store.cases()) == 3
    assert [one.case for one in cases_seen(breach, "pia")] == [case.case]


def test_an_officer_is_told_of_the_own_share_and_nobody_else_has_one(breach: Breach) -> None:
    told = {name: client.ask_own_share(breach.clinic.session(name)) for name in STAFF}
    assert {name: one.is_officer for name, one in told.items()} == {
        "pia": True,
        "mauri": True,
        "ritva": True,
        "helmi": False,
    }
    assert {name: one.keys for name, one in told.items()} == {
        "pia": 1,
        "mauri": 1,
        "ritva": 0,
        "helmi": 0,
    }
    enrol_officer(breach.clinic, "pia")
    assert client.ask_own_share(breach.clinic.session("pia")).keys == 2
