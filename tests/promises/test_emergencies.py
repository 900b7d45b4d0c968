"""Who is on call opens one record with a reason; a role, a page or a roster alone opens none."""

from uuid import uuid4

import pytest

from tests.cast import Clinic
from tests.warden.emergencies import REASON, WORDS, Night, a_night
from tests.warden.fingers import give_key
from tests.warden.hostile import make_chart
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client import NotGranted, NoTouch, OffCall
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.session import Session


class FlagOnARole:
    """A house in which an emergency is a box to tick, for whoever has the role."""

    def __init__(self, notes: dict[str, bytes]) -> None:
        self.notes = notes

    def open(self, patient: str, *, role: int, is_emergency: bool) -> bytes | None:
        return self.notes[patient] if is_emergency and role == Role.THERAPIST else None


def test_p70_a_role_a_page_or_a_roster_alone_opens_no_record_in_an_emergency(
    clinic: Clinic,
) -> None:
    night = a_night(clinic)
    naive = FlagOnARole({str(number): WORDS for number in range(20)})
    opened = [naive.open(one, role=Role.THERAPIST, is_emergency=True) for one in naive.notes]
    assert opened == [WORDS] * 20
    a_role(clinic)
    a_page(night)
    more_than_the_budget(night)


def a_role(clinic: Clinic) -> None:
    """Helmi is a therapist with a security key, and on no roster."""
    other, finger, helmi = uuid4(), give_key(clinic, "helmi"), clinic.session("helmi")
    make_chart(clinic, other, "otso")
    assertion = finger.touch(helmi, client.over_breaking(other, REASON))
    with pytest.raises(OffCall):
        client.break_glass(helmi, other, REASON, assertion=assertion)


def a_page(night: Night) -> None:
    """The pages have Otso's cookie, and no finger of his."""
    page = Session(night.otso.cookie, night.clinic.agent)
    for assertion in (b"", b"{}", night.touch("lupa katsoa pihalle")):
        with pytest.raises(NoTouch):
            client.break_glass(page, night.patient, REASON, assertion=assertion)
    with pytest.raises(NotGranted):
        night.read()
    assert Act.BREAK_GLASS not in night.acts()


def more_than_the_budget(night: Night) -> None:
    """Otso himself, who cannot stop: five records in four weeks, and each is an entry."""
    charts = [uuid4() for _ in range(6)]
    for patient in charts:
        make_chart(night.clinic, patient)
    for patient in charts[:5]:
        night.break_in(patient=patient)
        assert Act.BREAK_GLASS in night.acts(patient)
    with pytest.raises(client.GlassSpent):
        night.break_in(patient=charts[5])
    assert night.acts(charts[5])[-1] == Act.REFUSED
