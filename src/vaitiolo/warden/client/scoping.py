"""Whom a loss reached, for the officers: asked, listed, kept, asked again, proved."""

from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.losses import COPIES, OF_A_PERSON, OF_A_UNIT, Done, Loss, Says, Tier
from vaitiolo.warden.protocol import ScopeCompared, ScopeListed, ScopeProved
from vaitiolo.warden.scope_parts import KnownScope, ScopeFacts, ScopeKind, ScopePatient, ScopeQuery
from vaitiolo.warden.session import Session

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
    "ScopeProved",
    "ScopeQuery",
    "Tier",
    "ask_scope",
    "compare_scope",
    "keep_scope",
    "list_scope",
    "list_scopes",
    "prove_scope",
]


def ask_scope(
    session: Session, query: ScopeQuery, *, reason: str, incident: UUID | None = None
) -> ScopeFacts:
    """Return whom a loss reached. Raises NotAllowed, ScopeIncomplete, ScopeWrong."""
    question = protocol.AskScope(session.cookie, incident, query, reason)
    return ask(session.transport, question, protocol.ScopeFound).facts


def list_scope(
    session: Session,
    scope: int,
    *,
    start: int,
    count: int,
    controller: str = "",
    incident: UUID | None = None,
) -> ScopeListed:
    """Return some patients of a scope. Raises NotAllowed, NotGranted for an unknown scope."""
    question = protocol.ListScope(session.cookie, incident, scope, start, count, controller)
    return ask(session.transport, question, ScopeListed)


def list_scopes(session: Session, *, incident: UUID | None = None) -> tuple[KnownScope, ...]:
    """Return the scopes that were asked before, the newest first. Raises NotAllowed."""
    question = protocol.ListScopes(session.cookie, incident)
    return ask(session.transport, question, protocol.ScopesKnown).scopes


def keep_scope(session: Session, scope: int, *, name: str, incident: UUID | None = None) -> None:
    """Say that a scope is the one that counts. Raises NotAllowed, NotGranted."""
    question = protocol.KeepScope(session.cookie, incident, scope, name)
    ask(session.transport, question, protocol.Done)


def compare_scope(session: Session, scope: int, *, incident: UUID | None = None) -> ScopeCompared:
    """Ask the same question of the log as it stands now. Raises NotAllowed, ScopeIncomplete."""
    question = protocol.CompareScope(session.cookie, incident, scope)
    return ask(session.transport, question, ScopeCompared)


def prove_scope(session: Session, scope: int, *, incident: UUID | None = None) -> ScopeProved:
    """Return the evidence of a scope, and the entry of its taking. Raises NotAllowed, NoWitness."""
    question = protocol.ProveScope(session.cookie, incident, scope)
    return ask(session.transport, question, ScopeProved)
