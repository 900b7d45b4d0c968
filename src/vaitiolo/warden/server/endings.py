"""The entries of sessions that have ended: which, from where, and why.

An end opens nothing, so it does not wait for its entry: a ledger that cannot be written must not
be able to keep a session alive.
"""

from collections.abc import Iterable

from vaitiolo.ledger.acts import Act
from vaitiolo.warden.parts import Seated
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Seat
from vaitiolo.warden.server.recording import SIGN_INS, Deed


def ended(install: Installation, which: Iterable[Seat | Seated], *, by: Seat) -> None:
    """Record that sessions have ended, asked for in one of the same person's; close their books."""
    deeds = [_deed(one, by) for one in which]
    install.close_unused_books()
    if deeds:
        install.recording.record(deeds)


def _deed(one: Seat | Seated, by: Seat) -> Deed:
    session = one.way.session if isinstance(one, Seat) else one.session
    detail = {"session": session.hex, "from": by.way.session.hex}
    return Deed(Act.SIGN_OUT, SIGN_INS, by.person.id, detail)
