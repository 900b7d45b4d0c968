"""Opening a record in an emergency, and telling the patient of it at once."""

from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, pgettext

from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import PatientId
from vaitiolo.people import access as people_access
from vaitiolo.people import emergencies
from vaitiolo.people import queries as people
from vaitiolo.people.actor import Actor
from vaitiolo.people.records import IdentityRecord
from vaitiolo.schedule.actions.telling import put_notice
from vaitiolo.schedule.reminders import Reminder
from vaitiolo.warden.kinds import Purpose


def open_in_emergency(
    actor: Actor, patient_id: PatientId, reason: str, *, assertion: bytes, at: datetime
) -> None:
    """Open a record, recorded first, and tell the patient. Raises as `emergencies.break_open`.

    A patient who cannot be told by e-mail is for the privacy officer to tell; so is one of whom
    the message could not be made. The record is open all the same.
    """
    opening = emergencies.break_open(actor, patient_id, reason, assertion=assertion)
    way = _tell(actor, patient_id, opening, at=at)
    emergencies.note_told(actor, opening, way=way)


def _tell(actor: Actor, patient_id: PatientId, opening: int, *, at: datetime) -> str:
    try:
        identity = people_access.open_identity(actor, patient_id, purpose=Purpose.CARE)
        record = people.read_identity(identity).record
        # Who said how they can be reached safely is not written to unasked.
        if not record.email or record.safe_contact:
            return emergencies.NONE
        put_notice(actor, emergencies.notice_of(opening), compose(record), at=at)
    except Refusal:
        return emergencies.NONE
    return emergencies.EMAIL


def compose(record: IdentityRecord) -> Reminder:
    """Return the neutral words in the patient's language: no clinic, not a word of treatment."""
    known = dict(settings.LANGUAGES)
    language = record.language if record.language in known else settings.LANGUAGE_CODE
    with translation.override(language):
        text = gettext(
            "Your details were opened in an urgent situation by somebody who does not usually see "
            "them. It was recorded and is checked. Questions: ask your practice."
        )
        return Reminder(record.email, pgettext("subject of a message", "Notice"), text)
