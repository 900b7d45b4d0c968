"""What is done to scopes: asked, asked again, kept. Each is an entry of the ledger."""

from uuid import UUID

from vaitiolo.breach.scope import access
from vaitiolo.breach.scope.access import ScopeCompared, ScopeQuery
from vaitiolo.people.actor import Actor


def ask(actor: Actor, query: ScopeQuery, *, reason: str, incident: UUID | None = None) -> int:
    """Ask whom something reached; return the number of the answer. Raises ScopeIncomplete."""
    return access.ask(actor, query, reason=reason, incident=incident).scope


def keep(actor: Actor, number: int, *, name: str, incident: UUID | None = None) -> None:
    """Keep a list under a name. Raises ScopeNotFound."""
    access.keep(actor, number, name=name, incident=incident)


def ask_again(actor: Actor, number: int, *, incident: UUID | None = None) -> ScopeCompared:
    """Ask the same question of the ledger as it stands now. Raises ScopeNotFound."""
    return access.compare(actor, number, incident=incident)
