"""A day on which somebody joins, changes roles and is let in: what registrars and newcomers ask."""

import secrets

from tests.cast import KALLIO, Clinic
from vaitiolo.warden import client
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport

PASSWORD = "vesi vanhin voitehista"


def let_somebody_join(clinic: Clinic, web: Transport) -> None:
    """Ask everything there is about joining, each in the name of somebody who may."""
    ritva = Session(clinic.session("ritva").cookie, web)
    aino = Session(clinic.session("aino").cookie, web)
    unit = clinic.unit(KALLIO)
    code = _invite(clinic, ritva)
    browser = Session(secrets.token_bytes(32), web)
    assert client.begin_enrolment(browser, code).role == Role.RECEPTION
    card = client.enrol(browser, code, PASSWORD)
    assert len(client.enrolment(browser, card).words) == 8
    [request] = client.list_card_requests(ritva)
    assert client.sign_card(ritva, request.card, assertion=b"")
    client.settle_staff(ritva)
    [new] = client.list_waiting_for_role(aino)
    client.let_into_role(aino, new.person)
    client.propose_role(ritva, new.person, role=Role.BILLING, unit=unit)
    client.left_behind(ritva, clinic.id("otso"))
    _invite(clinic, ritva, "second")
    [open_one] = client.list_invitations(ritva)
    client.withdraw_invitation(ritva, open_one.id)
    third = _invite(clinic, ritva, "third")
    client.refuse_card(ritva, client.enrol(browser, third, PASSWORD))


def _invite(clinic: Clinic, ritva: Session, sign_in: str = "first") -> str:
    unit = clinic.unit(KALLIO)
    return client.invite(
        ritva, name="Uuno Uusi", role=Role.RECEPTION, unit=unit, sign_in=sign_in
    ).code
