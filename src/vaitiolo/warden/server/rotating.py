"""Turning a compartment's key: asked for, begun, documents re-sealed, committed.

Two databases cannot change at once, so both epochs open until the last document is re-sealed; a
kill at any point loses nothing, and whoever holds the compartment can go on.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.rows import DueReason
from vaitiolo.warden.server.install import Installation


def ask(
    install: Installation,
    compartments: Iterable[UUID],
    *,
    why: DueReason,
    without: Sequence[bytes] = (),
) -> int:
    """Ask that compartments get a new key without these cards; return how many there are of them.

    Turned by whoever holds them and is next signed in. Asked twice it is one rotation. A unit's
    role card among ``without`` is followed by the unit's newest card of the same role.
    """
    return store.ask_rotation(compartments, without=without, why=why, on=install.today())
