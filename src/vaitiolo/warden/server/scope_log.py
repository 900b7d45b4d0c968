"""What one walk over the whole log gives a scope: who was touched, and the entries about keys.

Nothing of it is under seal, and nothing is believed before the walk has reached the signed root.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.scanning import Walk
from vaitiolo.warden.losses import Done

# Which part of a record an act shows, and what it does with it; part 0 is not told apart.
_READING: Final[Mapping[int, tuple[int, Done]]] = {
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
# Plain numbers: an enumeration's own operators would cost more than all the rest of a walk.
READING: Final = {int(act): (int(klass), int(done)) for act, (klass, done) in _READING.items()}
# Refusals are counted beside the parts, as one of their own.
REFUSED: Final = -1
READING[int(Act.REFUSED)] = (REFUSED, 0)
OPENED: Final = int(Done.OPENED)
ELSEWHERE: Final = frozenset(
    {Act.OPEN_PHONEBOOK, Act.OPEN_DIARY, Act.OPEN_DESK, Act.OPEN_CASE, Act.SEARCH}
)
# By their names: a grant to a duty card is an act of its own, where a house has such cards.
BEGINS: Final = frozenset(
    act for act in Act if act.name in {"CREATE", "GRANT", "DUTY_GRANT", "ROTATE_BEGIN"}
)
ENDS: Final = frozenset({Act.REVOKE_GRANT, Act.ROTATE_COMMIT})
SIGNS: Final = frozenset({Act.SIGN_IN, Act.SIGN_OUT})
POST: Final = frozenset({Act.OUTBOX_PUT, Act.OUTBOX_SENT})
SINGLE: Final = frozenset({Act.ERASE, Act.STARTED, Act.CARD})
DEEDS: Final = frozenset(map(int, frozenset(READING) | ELSEWHERE))
WANTED: Final = DEEDS | BEGINS | ENDS | SIGNS | POST | SINGLE


class Span(NamedTuple):
    """When somebody's deeds are asked for; not alone where another session ran beside it."""

    begin: int
    end: int
    session: str = ""
    is_alone: bool = True


Spans = Mapping[bytes, Iterable[Span]]


class Seen(NamedTuple):
    """An entry as its leaf has it."""

    place: int
    act: int
    time_us: int
    tag: bytes
    actor: bytes


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
    touched: dict[int, dict[bytes, Touch]] = field(default_factory=lambda: defaultdict(dict))
    elsewhere: dict[int, dict[bytes, Touch]] = field(default_factory=lambda: defaultdict(dict))
    doubtful: list[Seen] = field(default_factory=list)
    keyed: dict[bytes, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    when: dict[int, int] = field(default_factory=dict)
    signs: set[int] = field(default_factory=set)
    post: list[Seen] = field(default_factory=list)
    single: list[Seen] = field(default_factory=list)

    def count(self, act: int, time_us: int, tag: bytes) -> None:
        """Count a deed that is asked for. Runs a million times, so it looks nothing up twice."""
        reading = READING.get(act)
        if reading is not None:
            by_tag, done = self.touched[reading[0]], reading[1]
        else:
            by_tag, done = self.elsewhere[act], OPENED
        found = by_tag.get(tag)
        if found is None:
            by_tag[tag] = Touch(done, 1, time_us, time_us)
        else:
            found.done |= done
            found.count += 1
            # Order is the index: a clock that went back must not make the first later than it was.
            if time_us > found.last:
                found.last = time_us
            elif time_us < found.first:
                found.first = time_us

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
    count = log.count
    for place, act, time_us, tag, actor in walk.entries(WANTED):
        if act not in DEEDS:
            log.keep(Seen(place, act, time_us, tag, actor))
        elif since <= time_us <= until:
            sure = spans is None or _admits(spans, actor, time_us)
            if sure:
                count(act, time_us, tag)
            elif sure is None:
                log.doubtful.append(Seen(place, act, time_us, tag, actor))
    return log


def _admits(spans: Spans, actor: bytes, time_us: int) -> bool | None:
    """Say whether a deed falls into a span; none where another session may have done it."""
    found: bool | None = False
    for span in spans.get(actor, ()):
        if span.begin <= time_us <= span.end:
            if span.is_alone:
                return True
            found = None
    return found
