"""Who holds which keys, for the operator at the console."""

from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.parts import HeldCompartment
from vaitiolo.warden.protocol import Surveyed
from vaitiolo.warden.transport import Transport


def survey(transport: Transport) -> Surveyed:
    """Return everyone who has a card, and what would be exposed with each. Recorded."""
    return ask(transport, protocol.Survey(), Surveyed)


def survey_one(transport: Transport, subject: UUID) -> tuple[HeldCompartment, ...]:
    """Return who can open what belongs to one patient, unit or holder. Recorded."""
    return ask(transport, protocol.SurveyOne(subject), protocol.SurveyedOne).compartments
