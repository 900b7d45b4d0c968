"""Starting the warden, founding, and what a second warden sees of the first."""

from pathlib import Path
from uuid import uuid4

import pytest

from tests.cast import KALLIO, Clinic
from tests.warden.hostile import (
    VAULT,
    card_of,
    change_compartment,
    forge,
    make_chart,
    open_chart,
    store_grant,
)
from vaitiolo.keys.models import (
    AuditSecret,
    RoleSeed,
    StoredCard,
    StoredCompartment,
    StoredGrant,
    StoredRevocation,
)
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client import CardEnded, NotGranted, SealBroken
from vaitiolo.warden.kinds import Caller, CompartmentClass, Purpose, Role
from vaitiolo.warden.server import founding, holding, openings, recording, starting
from vaitiolo.warden.server.agent import Agent, read_clock
from vaitiolo.warden.server.founding import CannotBeFounded, Charter, Newcomer
from vaitiolo.warden.server.sign_ins import person_of
from vaitiolo.warden.server.starting import CannotStart
from vaitiolo.warden.session import Session


def acts() -> list[Act]:
    return [one.leaf.act for one in queries.entries_from(0)]


def test_start_and_stop_are_entries_and_the_checkpoint_is_published(clinic: Clinic) -> None:
    clinic.install.recorder.stop()
    with starting.started(clinic.home, clinic.clock) as install:
        assert install.trust == clinic.install.trust
    assert acts()[-2:] == [Act.STARTED, Act.STOPPED]
    assert f"\n{len(acts())}\n" in starting.read_checkpoint(clinic.home)
    assert abs(read_clock() - clinic.clock()) < 60_000_000


@pytest.mark.parametrize("broken", ["trust.toml", "kms/slot-1", "ledger/checkpoint"])
def test_a_warden_does_not_start_on_what_is_not_as_it_must_be(clinic: Clinic, broken: str) -> None:
    clinic.install.recorder.checkpoint_now()
    clinic.install.recorder.stop()
    file = clinic.home / broken
    if broken.startswith("kms"):
        file.parent.chmod(0o755)
    else:
        file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(CannotStart):
        begin(clinic)


def begin(clinic: Clinic) -> None:
    with starting.started(clinic.home, clinic.clock):
        raise AssertionError


def test_an_organisation_is_founded_once_and_by_those_it_needs(
    clinic: Clinic, tmp_path: Path
) -> None:
    people = tuple(clinic.people.values())
    whole = Charter("Esimerkki", "ledger.tests.example/2", (), people)
    for home, charter in (
        (clinic.home, whole),
        (tmp_path, Charter("Esimerkki", "ledger.tests.example/2", (), people[:1])),
    ):
        with pytest.raises(CannotBeFounded):
            found(home, charter, clinic)


def found(home: Path, charter: Charter, clinic: Clinic) -> None:
    with founding.found(home, charter, clinic.clock):
        raise AssertionError


def test_seeds_are_drawn_and_wiped() -> None:
    one = Newcomer(uuid4(), "", Role.MANAGER, None, founding.draw_seed())
    assert any(one.seed)
    founding.wipe_seeds(Charter("", "", (), (one,)))
    assert not any(one.seed)


def test_another_warden_notices_a_revocation_within_seconds(clinic: Clinic) -> None:
    with starting.running(clinic.home, clinic.install.trust, clinic.clock) as other:
        person = person_of(other, clinic.id("helmi"), is_weak=False, network="")
        seed = bytearray(clinic.people["helmi"].seed)
        other.memory.seat(person, seed, cookie=bytes(32), now=clinic.clock())
        there = Session(bytes(32), Agent(other, caller=Caller.WEB))
        client.recognise(there)
        client.revoke_card(clinic.session("ritva"), clinic.id("helmi"), reason=1)
        clinic.clock.ahead += 6_000_000
        with pytest.raises(CardEnded):
            client.recognise(there)
        with pytest.raises(CardEnded):
            client.recognise(there)


def test_a_revocation_that_was_exchanged_closes_the_card_it_stands_at(clinic: Clinic) -> None:
    """Whoever writes in the vault can lock somebody out. Guessing which word was meant is worse."""
    clinic.session("helmi")
    client.revoke_card(clinic.session("ritva"), clinic.id("otso"), reason=1)
    rows = StoredRevocation.objects.using(VAULT)
    rows.update(card=card_of(clinic, "helmi").id)
    clinic.install.cards.forget()
    with pytest.raises(CardEnded):
        client.recognise(clinic.session("helmi"))


def test_a_card_is_believed_for_its_own_entry_alone(clinic: Clinic) -> None:
    card = card_of(clinic, "otso").id
    rows = StoredCard.objects.using(VAULT)
    index = rows.get(id=card).leaf_index
    at = Moment(clinic.install.today())
    for wrong in (index - 1, 0, 1 << 40):
        clinic.install.cards.forget()
        clinic.install.cards._moments.clear()
        rows.filter(id=card).update(leaf_index=wrong)
        with pytest.raises(Refused):
            clinic.install.cards.trusted(card, at=at)
    with pytest.raises(Refused):
        clinic.install.cards._recorded(b"nobody's")
    assert clinic.install.cards.known(b"nobody's") is None


def test_a_card_under_anothers_id_is_not_believed(clinic: Clinic) -> None:
    rows = StoredCard.objects.using(VAULT)
    ids = [card_of(clinic, name).id for name in ("otso", "helmi")]
    rows.filter(id=ids[0]).update(card=rows.get(id=ids[1]).card)
    clinic.install.cards.forget()
    assert clinic.install.cards.known(ids[0]) is None


def test_a_compartment_needs_the_entry_of_its_own_making(clinic: Clinic) -> None:
    patient = uuid4()
    one = make_chart(clinic, patient)
    leaf = StoredCompartment.objects.using(VAULT).get(id=one).creation_leaf
    other = make_chart(clinic, uuid4())
    change_compartment(other, creation_leaf=leaf)
    with pytest.raises(SealBroken):
        open_chart(clinic, other)
    change_compartment(other, subject=patient)
    with pytest.raises(SealBroken):
        open_chart(clinic, other)


def test_a_role_without_its_seed_or_grant_opens_nothing(clinic: Clinic) -> None:
    aino = clinic.session("aino")
    role = next(
        row.id
        for row in StoredCompartment.objects.using(VAULT).filter(klass=CompartmentClass.ROLE)
        if row.subject == clinic.unit(KALLIO)
    )
    seeds = RoleSeed.objects.using(VAULT).filter(compartment=role)
    sealed = bytes(seeds.get().sealed_seed)
    book = client.open_compartment(aino, clinic.phonebook(), purpose=Purpose.RECEPTION)
    seeds.delete()
    with pytest.raises(SealBroken):
        book.load_book([])
    RoleSeed.objects.using(VAULT).create(compartment=role, sealed_seed=sealed)
    StoredGrant.objects.using(VAULT).filter(compartment=role).delete()
    with pytest.raises(NotGranted):
        book.load_book([])


def test_a_unit_without_reception_has_a_card_all_the_same(clinic: Clinic) -> None:
    made = clinic.founding  # type: ignore[attr-defined]  # the cast adds it
    registrar, card = clinic.people["ritva"], card_of(clinic, "ritva")
    with holding.HolderKeys(registrar.seed, clinic.install.org) as keys:
        role = made._make_role_card(uuid4(), founding.draw_seed(), keys, signer=card)
    assert role.role == Role.RECEPTION


def test_two_keys_of_one_compartment_are_both_refused(clinic: Clinic) -> None:
    """Such a pair cannot come about by our own means, so it is put there as if verified."""
    patient = uuid4()
    chart = make_chart(clinic, patient)
    open_chart(clinic, chart)
    other = forge(clinic, chart, b"k" * 32, by="aino", to="helmi")
    mark = (other.id, chart, int(CompartmentClass.CHART), patient)
    clinic.install.cards.verified_grants.add(mark)
    store_grant(other)
    with pytest.raises(SealBroken):
        open_chart(clinic, chart)


def test_what_is_remembered_has_an_end(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "MOST_REMEMBERED", 1)
    monkeypatch.setattr(recording, "REMEMBERED", 2)
    charts = [make_chart(clinic, uuid4()) for _ in range(3)]
    for chart in (*charts, *charts):
        assert open_chart(clinic, chart)
    assert len(clinic.install.recording._known) == 2


def test_an_erased_subject_is_nobodys_any_more(clinic: Clinic) -> None:
    patient = uuid4()
    chart = make_chart(clinic, patient)
    before = clinic.install.recording.tag(patient)
    AuditSecret.objects.using(VAULT).filter(subject=patient).delete()
    clinic.install.recording._known.clear()
    assert clinic.install.recording.tag(patient) != before
    with pytest.raises(SealBroken):
        open_chart(clinic, chart)


def test_a_person_of_billing_has_billings_budget(clinic: Clinic) -> None:
    billing = openings.budget_of(clinic.install, Role.BILLING)
    assert billing[0].day == clinic.install.trust.budgets.billing.identity_day
