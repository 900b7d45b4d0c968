"""A caseload is handed over: declared once with a touch, given one by one beside the figure."""

from uuid import UUID, uuid4

import pytest

from tests.cast import DAY, Clinic
from tests.warden.hostile import make_chart, open_chart
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client import NotAllowed, NotGranted, OverBudget


@pytest.fixture
def caseload(clinic: Clinic) -> dict[UUID, UUID]:
    """More patients of Helmi's than she could let somebody into in a minute, and their charts."""
    made: dict[UUID, UUID] = {}
    for _ in range(clinic.install.trust.budgets.new_grants_per_minute + 2):
        if len(made) % 6 == 0:
            clinic.clock.ahead += 61_000_000
        patient = uuid4()
        made[patient] = make_chart(clinic, patient)
    return made


def test_beyond_the_figure_only_what_was_declared_is_given(
    clinic: Clinic, caseload: dict[UUID, UUID]
) -> None:
    helmi, otso = clinic.session("helmi"), clinic.id("otso")
    *declared, other = caseload
    client.begin_hand_over(helmi, otso, declared, assertion=b"")
    for patient in declared:
        client.grant(helmi, caseload[patient], otso)
        assert open_chart(clinic, caseload[patient], "otso")
    client.grant(helmi, caseload[other], otso)
    acts = [one.leaf.act for one in queries.entries_from(0)]
    assert acts.count(Act.HAND_OVER) == 1
    assert acts.count(Act.GRANT) == len(caseload)


def test_a_declaration_is_for_one_colleague_and_for_a_day(
    clinic: Clinic, caseload: dict[UUID, UUID]
) -> None:
    helmi, charts = clinic.session("helmi"), list(caseload.values())
    client.begin_hand_over(helmi, clinic.id("otso"), list(caseload), assertion=b"")
    clinic.clock.ahead += DAY + 1_000_000
    clinic.seat("helmi")
    helmi = clinic.session("helmi")
    allowed = clinic.install.trust.budgets.new_grants_per_minute
    for chart in charts[:allowed]:
        client.grant(helmi, chart, clinic.id("otso"))
    with pytest.raises(OverBudget):
        client.grant(helmi, charts[allowed], clinic.id("otso"))


def test_only_the_own_caseload_is_handed_over_to_a_therapist(
    clinic: Clinic, caseload: dict[UUID, UUID]
) -> None:
    patients = list(caseload)
    with pytest.raises(NotGranted):
        client.begin_hand_over(clinic.session("otso"), clinic.id("helmi"), patients, assertion=b"")
    helmi = clinic.session("helmi")
    for to in ("aino", "helmi"):
        with pytest.raises(NotAllowed):
            client.begin_hand_over(helmi, clinic.id(to), patients, assertion=b"")
    with pytest.raises(NotAllowed):
        client.begin_hand_over(helmi, clinic.id("otso"), [], assertion=b"")


def test_who_hands_over_can_keep_reading_until_a_day(
    clinic: Clinic, caseload: dict[UUID, UUID]
) -> None:
    helmi, chart = clinic.session("helmi"), next(iter(caseload.values()))
    until = clinic.install.today() + 1
    client.begin_hand_over(helmi, clinic.id("otso"), list(caseload), assertion=b"")
    client.grant(helmi, chart, clinic.id("otso"))
    client.grant(helmi, chart, clinic.id("helmi"), until=until)
    client.withdraw(helmi, [chart], clinic.id("helmi"), keep=until)
    assert open_chart(clinic, chart, "helmi")
    clinic.clock.ahead += 3 * DAY
    for name in ("helmi", "otso"):
        clinic.seat(name)
    with pytest.raises(NotGranted):
        open_chart(clinic, chart, "helmi")
    assert open_chart(clinic, chart, "otso")
