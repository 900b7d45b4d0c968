"""Handing a caseload over: declared once, with a touch, as an entry that says how many, to whom.

What is declared is given one by one after it, each with entries of its own; only the figure of new
grants a minute does not count it for a day. Nothing is given here.
"""

from collections.abc import Mapping
from typing import Any, Final

from vaitiolo.keys import store
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.protocol.touching import over
from vaitiolo.warden.server import granting, touches, witnesses
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

MOST: Final = 500


def begin(install: Installation, question: protocol.BeginHandOver) -> protocol.Done:
    """Record whom somebody hands over to whom. Raises No(not-granted) for a patient not theirs."""
    person = sit(install, question.cookie).person
    if not question.patients or len(question.patients) > MOST or question.person == person.id:
        raise No("not-allowed", subject=person.id, because="whom")
    granting.person_card(install, question.person, CompartmentClass.CHART)
    _check_own(person, question)
    request = over("hand-over", question.person, *question.patients)
    touch = touches.demand(install, question.cookie, over=request, assertion=question.assertion)
    # The entry raises a figure for a day by itself, so the witnesses hear of it before.
    witnesses.announce(install, "hand-over", actor=person.id, subject=person.id)
    detail = {
        "count": len(question.patients),
        # Tags and not ids: who is erased is not named here any more either.
        "patients": [install.recording.tag(one).hex() for one in question.patients],
        "to": question.person.hex,
        "touch": touches.said(touch),
    }
    install.recording.record([Deed(Act.HAND_OVER, person.id, person.id, detail)])
    return protocol.Done()


def _check_own(person: Person, question: protocol.BeginHandOver) -> None:
    charts = store.granted_to(person.cards, klass=CompartmentClass.CHART)
    if not set(question.patients) <= {row.subject for row in charts}:
        raise No("not-granted", subject=person.id, because="not of the own caseload")


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {protocol.BeginHandOver: begin}
