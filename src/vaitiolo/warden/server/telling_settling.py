"""Records what the worker takes and what became of it, and what people say of letters and calls.

Nothing is taken for a telling that is stopped or not approved, whatever the rows say.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server import holding, telling, telling_story
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import NOBODY, OUTBOX, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.telling_parts import MOST_AT_ONCE, Became, NoticeBecame

BY_WORKER: Final = frozenset(
    {Became.SENT, Became.REFUSED, Became.UNCERTAIN, Became.BOUNCED, Became.OPENED}
)
BY_PEOPLE: Final = frozenset(Became) - BY_WORKER
BY_THERAPIST: Final = frozenset({Became.CALLED, Became.NOT_REACHED, Became.UNWANTED})


def take(install: Installation, question: protocol.TakeNotices) -> protocol.Done:
    """Record that rows are about to be opened; once settled or before its turn none of them is.

    Raises No for a telling stopped or not approved, No(telling-changed) for such a row.
    """
    telling_story.ready(install, question.telling)
    _check_count(question.telling, len(question.rows))
    if install.tellings.of(question.telling).strange(question.rows):
        raise No("telling-changed", subject=question.telling, because="rows")
    deeds = [
        Deed(Act.OUTBOX_TAKEN, OUTBOX, NOBODY, {"row": row.hex, "telling": question.telling.hex})
        for row in question.rows
    ]
    install.recording.record(deeds)
    return protocol.Done()


def became(install: Installation, question: protocol.NoticesBecame) -> protocol.Done:
    """Record what became of rows, each on the chain of the person it was for."""
    telling_story.find(install, question.telling)
    _check_count(question.telling, len(question.became))
    _check_words(question.telling, question.became, BY_WORKER)
    deeds = _deeds(question.became, question.telling, by=NOBODY)
    own = _own(question.became, question.telling, by=NOBODY)
    install.recording.record([*deeds, own])
    return protocol.Done()


def mark(install: Installation, question: protocol.MarkNotices) -> protocol.Done:
    """Record what an officer, or the patient's own therapist, says of it. Raises No."""
    story = telling_story.find(install, question.telling)
    person = sit(install, question.cookie).person
    _check_count(question.telling, len(question.became))
    if person.role == Role.THERAPIST:
        _check_words(question.telling, question.became, BY_THERAPIST)
        for one in question.became:
            _check_own(install, person, one.patient)
    else:
        telling.officer(install, question.cookie, story.incident)
        _check_words(question.telling, question.became, BY_PEOPLE)
    deeds = _deeds(question.became, question.telling, by=person.id)
    install.recording.record([*deeds, _own(question.became, question.telling, by=person.id)])
    return protocol.Done()


def _deeds(said: Iterable[NoticeBecame], telling_id: UUID, *, by: UUID) -> Iterator[Deed]:
    for one in said:
        # Of somebody erased meanwhile nothing is written on a chain that is closed.
        is_here = one.patient is not None and bool(
            store.compartments_of(one.patient, klass=CompartmentClass.IDENTITY)
        )
        detail = {
            "became": one.became,
            "channel": one.channel,
            "person": by.hex,
            "row": one.row.hex,
            "telling": telling_id.hex,
        }
        subject = one.patient if one.patient is not None and is_here else telling_id
        yield Deed(Act.NOTICE_BECAME, subject, by, detail)


def _own(said: Iterable[NoticeBecame], telling_id: UUID, *, by: UUID) -> Deed:
    """Return the telling's own entry, by which the warden knows whose turn is next."""
    rows = [[one.row.hex, one.became] for one in said]
    return Deed(Act.NOTICE_BECAME, telling_id, by, {"person": by.hex, "rows": rows})


def _check_count(telling_id: UUID, count: int) -> None:
    if not 1 <= count <= MOST_AT_ONCE:
        raise No("question-broken", subject=telling_id, because="how many")


def _check_words(telling_id: UUID, said: Iterable[NoticeBecame], known: frozenset[Became]) -> None:
    if not {one.became for one in said} <= known:
        raise No("not-allowed", subject=telling_id, because="became")


def _check_own(install: Installation, person: Person, patient: UUID | None) -> None:
    """Refuse a therapist who does not hold the patient's chart. Raises No(not-granted)."""
    charts = [] if patient is None else store.compartments_of(patient, klass=CompartmentClass.CHART)
    if not charts:
        raise No("not-granted", subject=person.id, because="no such patient")
    holding.find(install, person, charts[0].id)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.TakeNotices: take,
    protocol.NoticesBecame: became,
    protocol.MarkNotices: mark,
}
