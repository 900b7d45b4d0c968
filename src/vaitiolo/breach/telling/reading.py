"""What both the deeds and the pages of a telling must know of it: its round, rows and times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet

from vaitiolo.breach.models import Notice
from vaitiolo.breach.scope import access as scopes
from vaitiolo.breach.telling import folding
from vaitiolo.breach.telling.access import KnownTelling
from vaitiolo.breach.telling.folding import A_ROUND
from vaitiolo.people.actor import Actor
from vaitiolo.warden.kinds import Role

# Scopes are for these two; another officer approves, stops, writes and prints all the same.
MAY_PLAN: Final = frozenset({Role.PRIVACY_OFFICER, Role.MANAGER})


@dataclass(frozen=True, slots=True)
class PlanSaid:
    """What an officer filled in for a plan. Times are in seconds since 1970."""

    happened_from: int
    happened_to: int
    known_since: int
    first_at: int
    phone: str
    hours: str
    post: str
    address: str
    audiences: tuple[str, ...]
    calls_an_hour: int
    helpers: tuple[tuple[str, str], ...]
    texts: str


def asked_in(actor: Actor, incident: UUID, scope: int) -> UUID | None:
    """Return the incident where a scope was asked in it; none where the house asked by itself."""
    own = scopes.list_asked(actor, incident=incident)
    return incident if any(one.scope == scope for one in own) else None


def starts_at(known: KnownTelling, *, at: datetime) -> datetime:
    """Return when the first wave of this round goes: as planned, or as soon as it may.

    Once notices are stored their own times decide, so that every step reckons with the same ones.
    """
    stored: datetime | None = of_round(known).aggregate(first=Min("due_at"))["first"]
    if stored is not None:
        return stored
    planned = folding.moment(known.plan.first_at)
    if not known.plan.helpers or not known.approved:
        return max(planned, at)
    return max(planned, at, folding.moment(known.approved) + folding.HELPERS_BEFORE)


def written(known: KnownTelling) -> int:
    """Return how many people have their notices in this round."""
    return of_round(known).aggregate(people=Count("patient", distinct=True))["people"] or 0


def newest_state(telling: UUID, patients: Sequence[UUID]) -> dict[UUID, bytes]:
    """Return what the last notice of each has sealed: with it the code stays the same."""
    rows = Notice.objects.filter(telling=telling, patient__in=patients)
    last = dict(rows.values_list("patient_id").annotate(last=Max("wave")))
    return {
        row.patient_id: bytes(row.sealed_state)
        for row in rows
        if row.patient_id is not None and row.wave == last[row.patient_id] and row.sealed_state
    }


def of_round(known: KnownTelling) -> QuerySet[Notice]:
    """Return the notices to people in the round that is planned now."""
    first = known.plan.followup * A_ROUND
    return Notice.objects.filter(
        telling=known.telling, patient__isnull=False, wave__range=(first, first + A_ROUND - 1)
    )
