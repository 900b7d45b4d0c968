"""The morning after: who is told of an opening in an emergency, and who says whether it was right.

Everything here is read from the ledger, so that neither a page nor a row can leave an opening out.
An answer is an entry on the patient's chain; one that says not all right opens an incident.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.refused import Refused
from vaitiolo.kit.dates import day_of
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.emergency_parts import GlassOpening
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server import evidence, incidents
from vaitiolo.warden.server.glasses import GLASSES, Opening
from vaitiolo.warden.server.incidents import Origin
from vaitiolo.warden.server.install import DAY, SECOND, Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

WORKING_DAYS: Final = 3
SHOWN_FOR: Final = 60 * DAY
MOST_SHOWN: Final = 200
LONGEST: Final = 1_000
LEAST_LETTERS: Final = 10
SATURDAY: Final = 5

WAITS, RIGHT, WRONG, NO_ANSWER = "waits", "right", "wrong", "no-answer"
WAYS: Final = frozenset({"email", "sms", "none"})


def listed(install: Installation, question: protocol.ListGlasses) -> protocol.GlassesListed:
    """Return the openings that concern the asker, the newest first."""
    person = sit(install, question.cookie).person
    since = install.clock() - SHOWN_FOR
    found = [
        one
        for one in reversed(install.glasses.everyones().values())
        if _concerns(one, person) and (one.at >= since or one.is_right is None)
    ]
    return protocol.GlassesListed(
        tuple(_as_told(install, one, person) for one in found[:MOST_SHOWN])
    )


def note_told(install: Installation, question: protocol.NoteTold) -> protocol.Done:
    """Record how the patient is told of an opening of the asker's own. Raises No(not-allowed)."""
    person = sit(install, question.cookie).person
    opening = _demand(install, person, question.opening)
    if opening.opener != person.id or question.way not in WAYS or opening.told:
        raise No("not-allowed", subject=person.id, because="told")
    patient = _patient(opening, person)
    detail = {"opening": opening.index, "way": question.way}
    install.recording.record(
        [
            Deed(Act.BREAK_GLASS_TOLD, patient, person.id, detail),
            Deed(Act.BREAK_GLASS_TOLD, GLASSES, person.id, detail),
        ]
    )
    return protocol.Done()


def review(install: Installation, question: protocol.ReviewGlass) -> protocol.GlassReviewed:
    """Record whether an opening was all right; where it was not, open an incident.

    Raises No(not-allowed) for one who is not asked, for the opener, and where it is answered;
    No(no-reason) for a no without a sentence.
    """
    person = sit(install, question.cookie).person
    with install.turns[GLASSES]:
        opening = _demand(install, person, question.opening)
        if opening.is_right is not None or not _is_asked(install, opening, person):
            raise No("not-allowed", subject=person.id, because="review")
        words = question.words.strip()
        _check_words(question, words, person=person)
        patient = _patient(opening, person)
        # Before the answer: an answer that says not all right never stands without its incident.
        incident = None if question.is_right else _incident(install, question, patient=patient)
        said = {
            "by": person.id.hex,
            "incident": "" if incident is None else incident.hex,
            "opening": opening.index,
            "right": question.is_right,
        }
        deed = Deed(Act.REVIEWED, patient, person.id, {**said, "words": words})
        [entry] = install.recording.record([deed])
        install.recording.record([Deed(Act.REVIEWED, GLASSES, person.id, {**said, "entry": entry})])
    return protocol.GlassReviewed(incident)


def _incident(install: Installation, question: protocol.ReviewGlass, *, patient: UUID) -> UUID:
    origin = Origin("break-glass", patient=patient)
    return incidents.found(install, question.cookie, origin).incident


def _check_words(question: protocol.ReviewGlass, words: str, *, person: Person) -> None:
    letters = sum(one.isalpha() for one in words)
    if len(words) > LONGEST or (not question.is_right and letters < LEAST_LETTERS):
        raise No("no-reason", subject=person.id, because=f"{letters} letters")


def _demand(install: Installation, person: Person, index: int) -> Opening:
    opening = install.glasses.everyones().get(index)
    if opening is None or not _concerns(opening, person):
        raise No("not-allowed", subject=person.id, because="no such opening")
    return opening


def _patient(opening: Opening, person: Person) -> UUID:
    patient = store.subject_of(opening.patient)
    if patient is None:
        raise No("not-allowed", subject=person.id, because="erased")
    return patient


def _concerns(opening: Opening, person: Person) -> bool:
    is_officer = person.role == Role.PRIVACY_OFFICER
    return is_officer or person.id == opening.opener or person.id in opening.team


def _is_asked(install: Installation, opening: Opening, person: Person) -> bool:
    """Return whether somebody is to answer: the care team; after three working days the officer.

    The opener never. The officer at once where nobody else of the team works here any more.
    """
    if person.id == opening.opener:
        return False
    if person.role == Role.PRIVACY_OFFICER:
        return _is_late(install, opening) or not _askable(install, opening)
    return person.id in opening.team


def _askable(install: Installation, opening: Opening) -> list[UUID]:
    everyone = install.directory.everyone()
    others = (everyone.get(one) for one in opening.team if one != opening.opener)
    return [one.id for one in others if one is not None and one.is_active]


def _is_late(install: Installation, opening: Opening) -> bool:
    # A public holiday counts as a working day: the officer is asked sooner, never later.
    day, left = day_of(_moment(opening.at)), WORKING_DAYS
    today = day_of(_moment(install.clock()))
    while day < today and left >= 0:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return left < 0


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds // SECOND, UTC)


def _as_told(install: Installation, opening: Opening, person: Person) -> GlassOpening:
    patient = store.subject_of(opening.patient)
    name_of = install.directory.name_of
    is_open = opening.is_right is None
    return GlassOpening(
        opening=opening.index,
        at=opening.at // SECOND,
        until=opening.until // SECOND,
        opener=opening.opener,
        opener_name=name_of(opening.opener),
        patient=patient,
        unit=opening.unit,
        reason=_said(install, opening.entry, patient, act=Act.BREAK_GLASS, name="reason"),
        team=tuple(name_of(one) for one in opening.team),
        state=_state(install, opening),
        by_name="" if opening.by is None else name_of(opening.by),
        words=_said(install, opening.answer, patient, act=Act.REVIEWED, name="words"),
        incident=opening.incident,
        told=opening.told,
        is_askers=is_open and _is_asked(install, opening, person),
        is_own=person.id == opening.opener,
    )


def _state(install: Installation, opening: Opening) -> str:
    if opening.is_right is not None:
        return RIGHT if opening.is_right else WRONG
    return NO_ANSWER if _is_late(install, opening) else WAITS


def _said(
    install: Installation, index: int | None, patient: UUID | None, *, act: Act, name: str
) -> str:
    """Return words that stand on a patient's chain; none where they were erased."""
    if index is None or patient is None:
        return ""
    try:
        _, said = evidence.detail_of(install.recording, index, subject=patient, acts={act})
    except Refused:
        return ""
    return str(said.get(name, ""))


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.ListGlasses: listed,
    protocol.NoteTold: note_told,
    protocol.ReviewGlass: review,
}
