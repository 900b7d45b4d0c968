"""Everything that can be asked about a scope, by an officer and by those whom it is refused."""

from collections.abc import Iterator

from vaitiolo.warden import protocol
from vaitiolo.warden.client import scoping
from vaitiolo.warden.client.scoping import Loss, ScopeQuery
from vaitiolo.warden.protocol import Question
from vaitiolo.warden.session import Session

# Whoever may ask is refused what is no question; everybody else is refused as well.
NOBODYS = ScopeQuery(Loss.SESSION, 0, 1)


def scope_questions(cookie: bytes, name: str) -> Iterator[Question]:
    asks = NOBODYS if name in {"pia", "mauri"} else ScopeQuery(Loss.OPENED, 0, 1)
    yield protocol.AskScope(cookie, None, asks, "why")
    yield protocol.ListScope(cookie, None, 0, 0, 10, "")
    if name not in {"pia", "mauri"}:
        yield protocol.ListScopes(cookie, None)
    yield protocol.KeepScope(cookie, None, 0, "kept")
    yield protocol.CompareScope(cookie, None, 0)
    yield protocol.ProveScope(cookie, None, 0)


def ask_for_scopes(pia: Session) -> None:
    """Ask for a scope, look at it, keep it, ask again, and take the evidence away."""
    facts = scoping.ask_scope(pia, ScopeQuery(Loss.OPENED, 0, 2_000_000), reason="asked")
    assert scoping.list_scope(pia, facts.scope, start=0, count=10).total == 0
    scoping.keep_scope(pia, facts.scope, name="kept")
    assert [one.kept for one in scoping.list_scopes(pia)] == ["kept"]
    assert scoping.compare_scope(pia, facts.scope).is_repeatable
    assert scoping.prove_scope(pia, facts.scope)
