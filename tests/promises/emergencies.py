"""Every question there is about emergencies: aimed by a stranger, and asked by those who may."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

from tests.cast import KALLIO, Clinic
from tests.warden.hostile import make_chart
from vaitiolo.warden import client, protocol
from vaitiolo.warden.protocol import Question
from vaitiolo.warden.server import policies
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport

REASON = "puhui itsemurhasta"


def emergency_questions(cookie: bytes, patient: UUID, hetu: str) -> Iterator[Question]:
    yield protocol.SetRoster(cookie, uuid4(), (uuid4(),), b"")
    yield protocol.FindOnDuty(cookie, hetu, ())
    yield protocol.BreakGlass(cookie, patient, REASON, b"")
    yield protocol.NoteTold(cookie, 0, "none")
    yield protocol.ReviewGlass(cookie, 0, is_right=True, words="")
    yield protocol.BarGlass(cookie, patient, is_barred=True)


def have_an_emergency(clinic: Clinic, web: Transport, patient: UUID, *, hetu: str) -> None:
    """Ask for everything about emergencies; in a demo nobody without a key must touch one."""
    install = clinic.install
    install.trust = replace(install.trust, break_glass=policies.break_glass(enabled=True))
    ritva, helmi, otso = (
        Session(clinic.session(one).cookie, web) for one in ("ritva", "helmi", "otso")
    )
    client.set_roster(ritva, clinic.unit(KALLIO), [clinic.id("otso")], assertion=b"")
    client.settle_staff(ritva)
    assert client.ask_rosters(ritva).rosters
    client.due_rotations(helmi)
    assert client.ask_duty(otso).units
    assert client.find_on_duty(otso, hetu).candidates
    opening = client.break_glass(otso, patient, REASON, assertion=b"").opening
    client.note_told(otso, opening, way="none")
    client.end_glass(otso, patient)
    assert client.list_glasses(helmi)[0].is_askers
    client.review_glass(helmi, opening, is_right=True)
    other = uuid4()
    make_chart(clinic, other)
    client.bar_glass(helmi, other, is_barred=True)
    install.trust = replace(install.trust, break_glass=policies.break_glass(enabled=False))
