"""A person's own sessions: named by the browser, listed, and ended from any of them.

Nobody else's session can be seen or ended here, and nothing of a session is ever stored.
"""

from collections.abc import Mapping
from typing import Any, Final

from vaitiolo.warden import protocol
from vaitiolo.warden.server.endings import ended
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

LONGEST_WORDS: Final = 60


def name(install: Installation, question: protocol.NameSession) -> protocol.SessionNamed:
    """Keep which browser a session is in, once. Raises No(not-allowed, question-broken)."""
    seat = sit(install, question.cookie)
    if seat.words is not None:
        raise No("not-allowed", subject=seat.person.id, because="named already")
    if len(question.words) > LONGEST_WORDS or not question.words.isprintable():
        raise No("question-broken", subject=seat.person.id, because="words of a session")
    seat.words = question.words
    return protocol.SessionNamed(() if seat.gave_way is None else (seat.gave_way,))


def list_own(install: Installation, question: protocol.ListSessions) -> protocol.SessionsListed:
    """Return the asker's living sessions."""
    seat = sit(install, question.cookie)
    mine = install.memory.seats_of(seat.person.id, now=install.clock())
    return protocol.SessionsListed(tuple(one.as_told(to=seat) for one in mine))


def end(install: Installation, question: protocol.EndSession) -> protocol.Done:
    """End one of the asker's sessions; one that has ended already is no fault. Raises No."""
    seat = sit(install, question.cookie)
    owner = install.memory.owner(question.session)
    if owner not in {None, seat.person.id}:
        raise No("not-granted", subject=seat.person.id, because="session of another")
    gone = install.memory.end_some_of(seat.person.id, [question.session])
    ended(install, gone, by=seat)
    return protocol.Done()


def end_all(install: Installation, question: protocol.EndAllSessions) -> protocol.Done:
    """End the asker's sessions everywhere, or everywhere else."""
    seat = sit(install, question.cookie)
    mine = install.memory.seats_of(seat.person.id, now=install.clock())
    named = [one.way.session for one in mine if not (question.but_this and one is seat)]
    ended(install, install.memory.end_some_of(seat.person.id, named), by=seat)
    return protocol.Done()


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.NameSession: name,
    protocol.ListSessions: list_own,
    protocol.EndSession: end,
    protocol.EndAllSessions: end_all,
}
