"""When somebody's deeds are asked for: by person, session, place of sign-in, card or slot.

Sessions are read from the entries of signing in and out; their details alone are opened.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.cards import CardClass
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden.scope_parts import ScopeQuery
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import ABSOLUTE
from vaitiolo.warden.server.recording import SIGN_INS
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.scope_log import SIGNS, Span

LATEST: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Session:
    """One session as the ledger has it: who, from where, by which slot, from when until when."""

    actor: bytes
    session: str
    network: str
    slot: str
    begin: int
    end: int

    def meets(self, other: "Session") -> bool:
        """Say whether two sessions of one person ran at the same time."""
        return self.begin <= other.end and other.begin <= self.end


@dataclass(frozen=True, slots=True)
class Chosen:
    """The spans that are asked for, and the entries they were read from; none for everybody."""

    spans: dict[bytes, list[Span]] | None
    read: frozenset[int] | None = None


def choose(install: Installation, query: ScopeQuery, *, size: int) -> Chosen:
    """Return when whose deeds are asked for, in the log of a size. Raises No for nobody's card."""
    by_session = bool(query.session or query.network or len(query.card) == UUID_BYTES)
    if by_session:
        return _by_session(install, query, size=size)
    if query.card:
        return Chosen(_by_card(install, query.card))
    if query.person is None:
        return Chosen(None)
    return Chosen({_tag(query.person): [Span(0, LATEST)]})


UUID_BYTES: Final = 16


def _tag(subject: UUID) -> bytes:
    """Return whose deeds, by tag, without making one for somebody who never did anything."""
    found = store.find_audit_secret(subject)
    return b"" if found is None else found.tag


def _by_card(install: Installation, card_id: bytes) -> dict[bytes, list[Span]]:
    card = install.cards.known(card_id)
    if card is None:
        raise No("scope-wrong", because="card")
    if card.klass is CardClass.ROLE:
        # A role card acts through whoever holds its seed, so everybody of that unit counts.
        people = [one.id for one in store.holders(unit=card.holder)]
        return {_tag(one): [Span(0, LATEST)] for one in people}
    times = [(row.id, _time(row.leaf_index)) for row in store.cards_of(card.holder)]
    begin = next((at for one, at in times if one == card_id), 0)
    later = [at for _one, at in times if at > begin]
    return {_tag(card.holder): [Span(begin, min(later, default=LATEST))]}


def _time(index: int) -> int:
    entry = queries.entry(index)
    return 0 if entry is None else entry.leaf.time_us


def _by_session(install: Installation, query: ScopeQuery, *, size: int) -> Chosen:
    read: set[int] = set()
    sessions = _sessions(install, query, size=size, read=read)
    whose = None if query.person is None else _tag(query.person)
    fits = _fitting(query)
    by_actor: defaultdict[bytes, list[Session]] = defaultdict(list)
    for one in sessions:
        by_actor[one.actor].append(one)
    spans: defaultdict[bytes, list[Span]] = defaultdict(list)
    for one in sessions:
        if fits(one) and whose in {None, one.actor}:
            beside = [two for two in by_actor[one.actor] if two is not one and two.meets(one)]
            is_alone = all(map(fits, beside))
            spans[one.actor].append(Span(one.begin, one.end, one.session, is_alone))
    return Chosen(dict(spans), frozenset(read))


def _fitting(query: ScopeQuery) -> Callable[[Session], bool]:
    slot = UUID(bytes=query.card).hex if query.card else ""
    session = query.session.hex if query.session else ""

    def fits(one: Session) -> bool:
        return (
            one.session == (session or one.session)
            and one.network == (query.network or one.network)
            and one.slot == (slot or one.slot)
        )

    return fits


def _sessions(
    install: Installation, query: ScopeQuery, *, size: int, read: set[int]
) -> list[Session]:
    """Return the sessions that may reach into the time asked for, and note what was read."""
    begun: list[Session] = []
    ended: dict[str, int] = {}
    for entry in _signs(install, size=size):
        read.add(entry.index)
        leaf = entry.leaf
        if not query.since - ABSOLUTE <= leaf.time_us <= query.until + ABSOLUTE:
            continue
        said = _detail(install, entry)
        session = str(said.get("session", ""))
        if leaf.act is Act.SIGN_OUT:
            ended[session] = leaf.time_us
        elif "network" in said:
            network, slot = str(said["network"]), str(said.get("slot", ""))
            end = leaf.time_us + ABSOLUTE
            begun.append(Session(leaf.actor_tag, session, network, slot, leaf.time_us, end))
    return [replace(one, end=min(one.end, ended.get(one.session, one.end))) for one in begun]


def _signs(install: Installation, *, size: int) -> Iterator[Recorded]:
    for entry in queries.entries_of(install.recording.tag(SIGN_INS)):
        if entry.leaf.act in SIGNS and entry.index < size:
            yield entry


def _detail(install: Installation, entry: Recorded) -> dict[str, object]:
    if entry.salt is None or entry.detail is None:
        return {}
    commit = entry.leaf.detail_commit
    return install.recording.read(SIGN_INS, commit=commit, salt=entry.salt, sealed=entry.detail)
