"""The door to a scope: the warden answers it from the ledger, and records that it was asked.

Opens nothing. Whom a random id belongs to is told by a contact case alone.
"""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.people.actor import Actor
from vaitiolo.warden.client import NotGranted, scoping
from vaitiolo.warden.client.scoping import (
    COPIES,
    OF_A_PERSON,
    OF_A_UNIT,
    Done,
    KnownScope,
    Loss,
    Says,
    ScopeCompared,
    ScopeFacts,
    ScopeKind,
    ScopeListed,
    ScopePatient,
    ScopeQuery,
    Tier,
)

__all__ = [
    "COPIES",
    "OF_A_PERSON",
    "OF_A_UNIT",
    "Done",
    "KnownScope",
    "Loss",
    "Says",
    "ScopeCompared",
    "ScopeFacts",
    "ScopeKind",
    "ScopeListed",
    "ScopePatient",
    "ScopeQuery",
    "Tier",
]

MOST_AT_ONCE = 2_000


class ScopeNotFound(Refusal):
    """Nobody asked for such a scope here."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is no such answer here. Nothing was opened.")


def ask(actor: Actor, query: ScopeQuery, *, reason: str, incident: UUID | None) -> ScopeFacts:
    """Ask whom something reached. Raises NotAllowed, ScopeWrong, ScopeIncomplete."""
    return scoping.ask_scope(actor.session, query, reason=reason, incident=incident)


def list_asked(actor: Actor, *, incident: UUID | None) -> tuple[KnownScope, ...]:
    """Return what was asked before, the newest first. Raises NotAllowed."""
    return scoping.list_scopes(actor.session, incident=incident)


def list_some(
    actor: Actor, scope: int, *, start: int, count: int, controller: str, incident: UUID | None
) -> ScopeListed:
    """Return some patients of a scope. Raises ScopeNotFound."""
    try:
        return scoping.list_scope(
            actor.session,
            scope,
            start=start,
            count=count,
            controller=controller,
            incident=incident,
        )
    except NotGranted:
        raise ScopeNotFound from None


def list_everybody(
    actor: Actor, scope: int, *, controller: str, incident: UUID | None
) -> Iterator[ScopePatient]:
    """Yield all patients of a scope. Raises ScopeNotFound."""
    start = 0
    while True:
        page = list_some(
            actor,
            scope,
            start=start,
            count=MOST_AT_ONCE,
            controller=controller,
            incident=incident,
        )
        yield from page.patients
        start += MOST_AT_ONCE
        if start >= page.total:
            return


def keep(actor: Actor, scope: int, *, name: str, incident: UUID | None) -> None:
    """Say that a scope is the one that counts. Raises ScopeNotFound."""
    try:
        scoping.keep_scope(actor.session, scope, name=name, incident=incident)
    except NotGranted:
        raise ScopeNotFound from None


def compare(actor: Actor, scope: int, *, incident: UUID | None) -> ScopeCompared:
    """Ask the same question of the ledger as it stands now. Raises ScopeNotFound."""
    try:
        return scoping.compare_scope(actor.session, scope, incident=incident)
    except NotGranted:
        raise ScopeNotFound from None


def prove(actor: Actor, scope: int, *, incident: UUID | None) -> tuple[dict[str, Any], int]:
    """Return a scope's evidence and the entry of its taking. Raises ScopeNotFound, NoWitness."""
    try:
        proved = scoping.prove_scope(actor.session, scope, incident=incident)
    except NotGranted:
        raise ScopeNotFound from None
    return json.loads(proved.evidence), proved.taken
