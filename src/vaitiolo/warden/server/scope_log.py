"""What one walk over the whole log gives a scope: who was touched, and the entries about keys.

Nothing of it is under seal, and nothing is believed before the walk has reached the signed root.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.scanning import Seen, Walk
from vaitiolo.warden.losses import Done

# Which part of a record an act shows, and what it does with it; part 0 is not told apart.
READING: Final[Mapping[int, tuple[int, Done]]] = {
    Act.OPEN_IDENTITY: (CompartmentClass.IDENTITY, Done.OPENED),
    Act.OPEN_CHART: (CompartmentClass.CHART, Done.OPENED),
    Act.OPEN_WORKING: (CompartmentClass.WORKING, Done.OPENED),
    Act.OPEN_SHARED: (CompartmentClass.SHARED, Done.OPENED),
    Act.OPEN_COPY: (CompartmentClass.COPY, Done.OPENED),
    Act.REOPEN_DRAFT: (CompartmentClass.CHART, Done.OPENED),
    Act.SEARCH_HIT: (CompartmentClass.CHART, Done.FOUND),
    Act.RELEASE: (CompartmentClass.CHART, Done.RELEASED),
    Act.REPORTED: (0, Done.OPENED),
    Act.PRINT: (0, Done.PRINTED),
    Act.EXPORT: (0, Done.EXPORTED),
}
ELSEWHERE: Final = frozenset(
    {Act.OPEN_PHONEBOOK, Act.OPEN_DIARY, Act.OPEN_DESK, Act.OPEN_CASE, Act.SEARCH}
)
BEGINS: Final = frozenset({Act.CREATE, Act.GRANT, Act.ROTATE_BEGIN})
ENDS: Final = frozenset({Act.REVOKE_GRANT, Act.ROTATE_COMMIT})
SIGNS: Final = frozenset({Act.SIGN_IN, Act.SIGN_OUT})
POST: Final = frozenset({Act.OUTBOX_PUT, Act.OUTBOX_SENT})
SINGLE: Final = frozenset({Act.ERASE, Act.STARTED, Act.CARD})
WANTED: Final = (
    frozenset(READING) | ELSEWHERE | BEGINS | ENDS | SIGNS | POST | SINGLE | {Act.REFUSED}
)


class Span(NamedTuple):
    """When somebody's deeds are asked for; not alone where another session ran beside it."""

    begin: int
    end: int
    session: str = ""
    is_alone: bool = True


Spans = Mapping[bytes, Iterable[Span]]


@dataclass(slots=True)
class Touch:
    """What was done with one part of one record, how often, and when first and last."""

    done: int
    count: int
    first: int
    last: int


@dataclass(slots=True)
class Log:
    """What was seen, by the tags of the chains; ``doubtful`` waits for its details to be read."""

    walk: Walk
    touched: dict[bytes, dict[int, Touch]] = field(default_factory=lambda: defaultdict(dict))
    elsewhere: dict[tuple[bytes, int], Touch] = field(default_factory=dict)
    refused: dict[bytes, int] = field(default_factory=lambda: defaultdict(int))
    doubtful: list[Seen] = field(default_factory=list)
    keyed: dict[bytes, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    when: dict[int, int] = field(default_factory=dict)
    signs: set[int] = field(default_factory=set)
    post: list[Seen] = field(default_factory=list)
    single: list[Seen] = field(default_factory=list)

    def count(self, seen: Seen) -> None:
        """Count a deed that is asked for."""
        if seen.act == Act.REFUSED:
            self.refused[seen.tag] += 1
        elif seen.act in READING:
            klass, done = READING[seen.act]
            kinds = self.touched[seen.tag]
            kinds[klass] = _added(kinds.get(klass), int(done), seen.time_us)
        else:
            key = (seen.tag, seen.act)
            self.elsewhere[key] = _added(self.elsewhere.get(key), int(Done.OPENED), seen.time_us)

    def keep(self, seen: Seen) -> None:
        """Keep an entry about keys, sessions, reminders or the ledger itself."""
        act = seen.act
        if act in BEGINS or act in ENDS:
            self.keyed[seen.tag].append(seen)
            self.when[seen.place] = seen.time_us
        elif act in SIGNS:
            self.signs.add(seen.place)
        elif act in POST:
            self.post.append(seen)
        else:
            self.single.append(seen)


def read(walk: Walk, *, since: int, until: int, spans: Spans | None) -> Log:
    """Walk the whole log; count what was done from one time to another, by whom where named.

    Raises LogBroken; then nothing was learnt.
    """
    log = Log(walk)
    deeds = frozenset(READING) | ELSEWHERE | {Act.REFUSED}
    count, keep, doubtful = log.count, log.keep, log.doubtful.append
    for seen in walk.entries(WANTED):
        if seen.act not in deeds:
            keep(seen)
        elif since <= seen.time_us <= until:
            sure = spans is None or _admits(spans, seen)
            if sure:
                count(seen)
            elif sure is None:
                doubtful(seen)
    return log


def _added(found: Touch | None, done: int, time_us: int) -> Touch:
    if found is None:
        return Touch(done, 1, time_us, time_us)
    found.done |= done
    found.count += 1
    # Order is the index: a clock that went back must not make the first later than it was.
    found.first, found.last = min(found.first, time_us), max(found.last, time_us)
    return found


def _admits(spans: Spans, seen: Seen) -> bool | None:
    """Say whether a deed falls into a span; none where another session may have done it."""
    found: bool | None = False
    for span in spans.get(seen.actor, ()):
        if span.begin <= seen.time_us <= span.end:
            if span.is_alone:
                return True
            found = None
    return found
