"""What a row says of a colleague and only an entry may decide: unit, present card, ways in."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from uuid import UUID

import pytest

from tests.cast import KALLIO, Clinic
from tests.warden.hostile import VAULT
from tests.warden.test_enrolling import join, sign, sign_in
from tests.warden.test_roles import make_chart_for, role_cards, second_registrar, settle_for
from vaitiolo.keys import store
from vaitiolo.keys.models import StoredHolder
from vaitiolo.warden import client
from vaitiolo.warden.client import CardEnded, NotAllowed, OverBudget, SignedOut, WrongSignIn
from vaitiolo.warden.kinds import Purpose, Role
from vaitiolo.warden.server.install import Turns
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import person_of


def move(clinic: Clinic, name: str, unit: UUID | None) -> None:
    """Write another unit into a colleague's row, as somebody with the database could."""
    rows = StoredHolder.objects.using(VAULT).filter(id=clinic.id(name))
    assert rows.update(unit=unit) == 1
    clinic.install.directory.forget()


def naive_members(unit: UUID) -> set[UUID]:
    """Who is of a unit as its rows say: what a house that believes rows would let in."""
    return {row.id for row in store.holders(unit=unit)}


def test_a_unit_written_into_a_row_lets_nobody_into_a_role(clinic: Clinic) -> None:
    move(clinic, "taito", clinic.unit(KALLIO))
    assert clinic.id("taito") in naive_members(clinic.unit(KALLIO))
    assert client.list_waiting_for_role(clinic.session("aino")) == ()
    with pytest.raises(NotAllowed):
        client.let_into_role(clinic.session("aino"), clinic.id("taito"))


def test_nor_does_it_have_a_role_card_exchanged_for_its_owner(clinic: Clinic) -> None:
    move(clinic, "taito", clinic.unit(KALLIO))
    move(clinic, "aino", None)
    assert clinic.id("aino") not in naive_members(clinic.unit(KALLIO))
    before = role_cards(clinic)
    client.settle_staff(clinic.session("ritva"))
    assert role_cards(clinic) == before


def test_an_earlier_card_in_the_row_gives_no_earlier_role_back(clinic: Clinic) -> None:
    assert sign(join(clinic))
    before = sign_in(clinic)[1]
    first = store.holder(before.person).card  # type: ignore[union-attr]  # it is there
    settle_for(clinic, Role.MANAGER, None)
    rows = StoredHolder.objects.using(VAULT).filter(id=before.person)
    assert rows.update(card=first, role=before.role) == 1
    clinic.install.directory.forget()
    assert clinic.install.cards.known(first).role == before.role, (  # type: ignore[union-attr]
        "vouched for and in date: a house that believes the row gives the role back"
    )
    with pytest.raises(CardEnded):
        sign_in(clinic)


def test_who_leaves_does_not_come_back_with_an_earlier_card(clinic: Clinic) -> None:
    assert sign(join(clinic))
    person = sign_in(clinic)[1].person
    first = store.holder(person).card  # type: ignore[union-attr]  # it is there
    slots = store.slots_of(person)
    settle_for(clinic, Role.MANAGER, None)
    client.revoke_card(clinic.session("ritva"), person, reason=1)
    store.put_slots(slots)
    StoredHolder.objects.using(VAULT).filter(id=person).update(card=first, state=1)
    clinic.install.directory.forget()
    with pytest.raises(WrongSignIn):
        sign_in(clinic)
    with pytest.raises(No) as no:
        person_of(clinic.install, person, is_weak=False, network="")
    assert (no.value.reason, no.value.because) == ("card-ended", "card.revoked")


def test_charts_kept_from_an_earlier_role_open_no_faster_than_before(clinic: Clinic) -> None:
    assert sign(join(clinic))
    person = sign_in(clinic)[1].person
    clinic.clock.ahead += 120_000_000
    charts = []
    for number in range(16):
        clinic.clock.ahead += 10_000_000 if number else 0
        charts.append(make_chart_for(clinic, person))
    settle_for(clinic, Role.MANAGER, None)
    session = sign_in(clinic)[0]
    for chart in charts[:15]:
        client.open_compartment(session, chart, purpose=Purpose.CARE)
    with pytest.raises(OverBudget):
        client.open_compartment(session, charts[15], purpose=Purpose.CARE)


def test_two_first_questions_at_once_take_turns() -> None:
    turns, whose = Turns(), UUID(int=7)
    with ThreadPoolExecutor(16) as pool:
        met = set(pool.map(lambda _: turns[whose], range(2_000)))
    assert len(met) == 1
    del met
    assert not turns._locks, "nobody waits, so nothing is kept"


class Overtaken:
    """A lock at which somebody else comes first."""

    def __init__(self, lock: Lock, others: list[Callable[[], None]]) -> None:
        self.lock, self.others = lock, others

    def __enter__(self) -> None:
        if self.others:
            self.others.pop()()
        self.lock.acquire()

    def __exit__(self, *raised: object) -> None:
        self.lock.release()


def test_of_two_registrars_who_end_each_other_one_remains(clinic: Clinic) -> None:
    second_registrar(clinic)
    ritva, rauha = clinic.session("ritva"), clinic.session("rauha")
    others = [lambda: client.revoke_card(rauha, clinic.id("ritva"), reason=1)]
    clinic.install.settling = Overtaken(clinic.install.settling, others)  # type: ignore[assignment]  # as good as a lock here
    with pytest.raises(SignedOut):
        client.revoke_card(ritva, clinic.id("rauha"), reason=1)
    alive = [one for one in clinic.install.directory.everyone().values() if one.is_active]
    assert [one.name for one in alive if one.role == Role.REGISTRAR] == ["Rauha Rinne"]
