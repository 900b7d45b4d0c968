"""Sealing documents anew where a key is turned: a little at each request, by whoever holds it.

Killed anywhere, nothing is lost: the next request, or the next colleague, goes on from the rows as
they stand. Nothing of any document is shown to whoever does it.
"""

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from vaitiolo.charts import access
from vaitiolo.charts.access import Turning
from vaitiolo.charts.sealed_rows import EVERYWHERE
from vaitiolo.people.actor import Actor
from vaitiolo.people.resealing import Behind, SealedRows, of_class

# What one request seals anew, so that it is over before anybody waits for it.
DOCUMENTS: Final = 200
COMPARTMENTS: Final = 10
# A chart's documents in one question; the largest of them fit into one frame together.
AT_ONCE: Final = 25
SETTLES_IN: Final = 30


@dataclass(frozen=True, slots=True)
class Progress:
    """How many compartments are left, and after how many seconds it is worth asking again."""

    left: int
    wait: int


def turn_some(actor: Actor) -> Progress:
    """Go on with what the actor can turn. Without anything to turn, nothing is left."""
    due = access.list_due(actor)
    # Those under way first: an old key is to live as short as it can.
    order = sorted(due.rotations, key=lambda one: (one.epoch is None, not one.is_settled))
    worked = documents = 0
    for turning in order:
        if worked >= COMPARTMENTS or documents >= DOCUMENTS:
            break
        passed = _go_on(actor, turning)
        worked += passed.has_moved
        documents += passed.resealed
    return Progress(due.total, 0 if worked or not due.total else SETTLES_IN)


@dataclass(frozen=True, slots=True)
class _Pass:
    """What one look through a compartment's rows did. ``overtaken`` were saved over meanwhile."""

    resealed: int = 0
    overtaken: int = 0
    is_whole: bool = True
    has_moved: bool = False


def _go_on(actor: Actor, turning: Turning) -> _Pass:
    """Take a compartment one step further."""
    epoch = turning.epoch
    if epoch is None:
        begun = access.begin_turn(actor, turning.compartment)
        return replace(_reseal(actor, turning, epoch=begun), has_moved=True)
    passed = _reseal(actor, turning, epoch=epoch)
    is_done = passed.is_whole and not passed.resealed and not passed.overtaken
    # Settled was said before the rows were read, so nothing older can come after them.
    if is_done and turning.is_settled:
        access.commit_turn(actor, turning.compartment)
        return replace(passed, has_moved=True)
    return replace(passed, has_moved=not is_done)


def _reseal(actor: Actor, turning: Turning, *, epoch: int) -> _Pass:
    """Seal rows anew, some at a time. What does not open stays as it stands, and is passed by."""
    resealed = overtaken = 0
    for table in of_class(EVERYWHERE, turning.klass):
        after = None
        while behind := table.list_behind(
            turning.compartment, epoch=epoch, most=AT_ONCE, after=after
        ):
            stood = _put(actor, turning.compartment, table, behind=behind)
            resealed += sum(stood)
            overtaken += stood.count(False)
            after = behind[-1].key
            if resealed >= DOCUMENTS:
                return _Pass(resealed, overtaken, is_whole=False)
    return _Pass(resealed, overtaken)


def _put(actor: Actor, compartment: UUID, table: SealedRows, *, behind: list[Behind]) -> list[bool]:
    """Store what was sealed anew; say of each whether its row still held what was read."""
    sealed = access.reseal(actor, compartment, [row.document for row in behind])
    return [table.put(row, new) for row, new in zip(behind, sealed, strict=True) if new]
