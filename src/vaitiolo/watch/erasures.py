"""Erasures as officers see them: what waits, what was done, on which ground, what goes and stays.

Counts and times alone; nobody's record is opened to show them.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.people import erasing
from vaitiolo.people.actor import Actor
from vaitiolo.warden.kinds import Basis, Role
from vaitiolo.watch import access
from vaitiolo.watch.access import ErasureAsked, ErasureDone, Substance

SECOND: Final = 1_000_000
BASES: Final[dict[str, str | Promise]] = {
    Basis.RETENTION_OVER: _("The time is over for which the law wants the record kept"),
    Basis.NEVER_A_PATIENT: _("Made by mistake: nobody was treated under this number"),
    Basis.WRONG_PERSON: _("Made for the wrong person; what is right stands in another record"),
    Basis.ORDERED: _("A court or an authority has ordered it"),
    Basis.LOG_RETENTION_OVER: _("Left the house, and the time is over for which logs are kept"),
}


class ErasureNotFound(Refusal):
    """Nothing waits under this number."""

    status = HTTPStatus.NOT_FOUND
    message = _(
        "This erasure does not wait any more: it was done, taken back or declined. Nothing was "
        "changed; look at the list again."
    )


@dataclass(frozen=True, slots=True)
class Gone:
    """What an erasure takes."""

    said: Substance
    first: datetime | None
    last: datetime | None

    @property
    def stay(self) -> int:
        """How many entries stay, without what they said."""
        return self.said.entries


@dataclass(frozen=True, slots=True)
class Waiting:
    """An erasure that waits for a second person."""

    asked: ErasureAsked = field(repr=False)
    at: datetime
    ground: str | Promise
    gone: Gone
    over: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Done:
    """An erasure that was done."""

    said: ErasureDone = field(repr=False)
    at: datetime
    ground: str | Promise


@dataclass(frozen=True, slots=True)
class Erasures:
    """What the list shows; ``left`` counts patients whose rows a failure may have left behind."""

    waiting: tuple[Waiting, ...]
    done: tuple[Done, ...]
    left: int
    may_ask: bool


def show(actor: Actor) -> Erasures:
    """Return all erasures. Raises NotAllowed."""
    found = access.list_erasures(actor)
    return Erasures(
        tuple(map(_waiting, found.waiting)),
        tuple(map(_done, found.done)),
        len(erasing.list_begun()),
        actor.role == Role.PRIVACY_OFFICER,
    )


def get_waiting(actor: Actor, request: int) -> Waiting:
    """Return one that waits. Raises NotAllowed, ErasureNotFound."""
    for one in access.list_erasures(actor).waiting:
        if one.request == request:
            return _waiting(one)
    raise ErasureNotFound


def gone(said: Substance) -> Gone:
    """Return what an erasure takes, with its times as pages show them."""
    return Gone(said, _moment(said.first_us // SECOND), _moment(said.last_us // SECOND))


def _waiting(one: ErasureAsked) -> Waiting:
    ground = BASES.get(one.basis, one.basis)
    at = datetime.fromtimestamp(one.asked, UTC)
    return Waiting(one, at, ground, gone(one.gone), access.approving_request(one))


def _done(one: ErasureDone) -> Done:
    return Done(one, datetime.fromtimestamp(one.time, UTC), BASES.get(one.basis, one.basis))


def _moment(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
