"""How the ledger stands, as its officers see it. Reads no record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from vaitiolo.people.actor import Actor
from vaitiolo.watch import access
from vaitiolo.watch.access import Alert, Standing, Witnessed

# As long as a witness waits before it cries out.
STALE_AFTER: Final = timedelta(minutes=10)
ANCHOR_STALE_AFTER: Final = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Seen:
    """A witness, and whether it has fallen silent."""

    witness: Witnessed
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Cried:
    """A critical alert in two parts: which rule, and what about."""

    alert: Alert
    rule: str
    about: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows."""

    standing: Standing
    witnesses: tuple[Seen, ...]
    alerts: tuple[Cried, ...]
    is_anchor_old: bool

    @property
    def is_well(self) -> bool:
        """Whether as many witnesses as the policy wants have spoken lately, and nothing is open."""
        awake = sum(not one.is_silent for one in self.witnesses)
        return awake >= self.standing.quorum and not self.alerts


def show(actor: Actor, *, at: datetime) -> Shown:
    """Return how the ledger stands at a moment. Raises NotAllowed, NoCheckpoint."""
    standing = access.read_standing(actor)
    anchored = standing.anchored_at
    return Shown(
        standing,
        tuple(Seen(one, _is_older(one.seen_at, STALE_AFTER, at)) for one in standing.witnesses),
        tuple(Cried(one, *_parts(one.rule)) for one in standing.alerts),
        _is_older(anchored, ANCHOR_STALE_AFTER, at) if anchored else False,
    )


def _is_older(moment: datetime | None, age: timedelta, at: datetime) -> bool:
    return moment is None or at - moment > age


def _parts(rule: str) -> tuple[str, str]:
    code, _, about = rule.partition(": ")
    return code, about
