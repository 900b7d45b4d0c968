"""Keeps which exercises were asked for and what they came to: entries of the ledger, nothing else.

It opens no record, and no exercise runs here.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.drill_parts import KnownDrill
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import DRILLS, NOBODY, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

OFFICERS: Final = frozenset({Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR})
NONE: Final = -1
LONGEST_SCORE: Final = 16_384
# A worker that died in the middle of one does not keep the next from being made.
GIVEN_UP_AFTER: Final = 3_600_000_000
ASKED, BEGUN, DONE, BROKEN = "asked", "begun", "done", "broken-off"


def ask(install: Installation, question: protocol.AskDrill) -> protocol.DrillAsked:
    """Record that an exercise is wanted; while one waits or runs, it is that one. Raises No."""
    person = _officer(install, question.cookie)
    for one in _drills(install).values():
        if _is_open(install, one):
            return protocol.DrillAsked(one.drill)
    said = {"drill": ASKED, "person": person.id.hex}
    [drill] = install.recording.record([Deed(Act.OFFICER_ACT, DRILLS, person.id, said)])
    return protocol.DrillAsked(drill)


def list_all(install: Installation, question: protocol.ListDrills) -> protocol.DrillsListed:
    """Return every exercise, the newest first. Raises No."""
    _officer(install, question.cookie)
    return protocol.DrillsListed(tuple(reversed(_drills(install).values())))


def begin(install: Installation, question: protocol.BeginDrill) -> protocol.DrillAsked:
    """Hand the exercise that waits to the worker, recorded first."""
    del question
    waiting = [one.drill for one in _drills(install).values() if one.state == ASKED]
    if not waiting:
        return protocol.DrillAsked(NONE)
    said = {"asked": waiting[0], "drill": BEGUN}
    install.recording.record([Deed(Act.OFFICER_ACT, DRILLS, NOBODY, said)])
    return protocol.DrillAsked(waiting[0])


def end(install: Installation, question: protocol.EndDrill) -> protocol.Done:
    """Record a score, once. Raises No for an exercise that does not run, or what is no score."""
    known = _drills(install).get(question.drill)
    if known is None or known.state != BEGUN or not _is_score(question.score):
        raise No("question-broken", because="drill")
    state = DONE if question.score else BROKEN
    said = {"asked": question.drill, "drill": state, "score": question.score}
    install.recording.record([Deed(Act.OFFICER_ACT, DRILLS, NOBODY, said)])
    return protocol.Done()


def _officer(install: Installation, cookie: bytes) -> Person:
    person = sit(install, cookie).person
    if person.role not in OFFICERS:
        raise No("not-allowed", subject=person.id, because="drill")
    return person


def _is_open(install: Installation, one: KnownDrill) -> bool:
    is_late = install.clock() - one.at > GIVEN_UP_AFTER
    return one.state in {ASKED, BEGUN} and not (one.state == BEGUN and is_late)


def _is_score(text: str) -> bool:
    if not text:
        return True
    try:
        return len(text) <= LONGEST_SCORE and isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _drills(install: Installation) -> dict[int, KnownDrill]:
    """Fold the entries: by the number of each exercise, how it stands."""
    found: dict[int, KnownDrill] = {}
    for entry in queries.entries_of(install.recording.tag(DRILLS)):
        if entry.leaf.act is not Act.OFFICER_ACT or entry.salt is None or entry.detail is None:
            continue
        commit = entry.leaf.detail_commit
        said: Mapping[str, Any] = install.recording.read(
            DRILLS, commit=commit, salt=entry.salt, sealed=entry.detail
        )
        drill = int(said.get("asked", entry.index))
        before = found.get(drill)
        at = entry.leaf.time_us
        score = str(said.get("score", ""))
        begun = before.asked_at if before else at
        found[drill] = KnownDrill(drill, str(said["drill"]), begun, at, score)
    return found


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.AskDrill: ask,
    protocol.ListDrills: list_all,
    protocol.BeginDrill: begin,
    protocol.EndDrill: end,
}
