"""Which accounts a leak is consistent with: who opened what leaked, before it was out. No proof.

Reads the whole log up to a signed state, as a scope does. A copy of a database, or whoever has the
server in hand, makes no entry: then nobody fits, and the answer says so by having nobody.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.bodies import canonical_json
from vaitiolo.keys.octets import sha256
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.ledger.scanning import LogBroken, Walk
from vaitiolo.ledger.verify import checkpoints
from vaitiolo.warden import protocol
from vaitiolo.warden.leak_parts import Account, AccountSession, ConsistentFacts, LeakedPatient
from vaitiolo.warden.server import alarms, scope_finding, scoping, witnesses
from vaitiolo.warden.server.incident_story import ACCOUNTS
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import NO_TAG, Deed
from vaitiolo.warden.server.refusing import No

WROTE: Final = frozenset(map(int, {Act.SIGN, Act.AMEND}))
# What shows somebody the words, and what shows who the patient is.
WORDS: Final = WROTE | frozenset(
    map(
        int,
        {
            Act.OPEN_CHART,
            Act.OPEN_COPY,
            Act.REOPEN_DRAFT,
            Act.SEARCH_HIT,
            Act.RELEASE,
            Act.EXPORT,
        },
    )
)
WHO: Final = frozenset(map(int, {Act.OPEN_IDENTITY, Act.EXPORT}))
SHOWN: Final = WORDS | WHO
MOST_PATIENTS: Final = 50_000
MOST_ACCOUNTS: Final = 50
MOST_MISSING: Final = 20
MOST_SESSIONS: Final = 8
# So many sealed details are opened to date versions, and to tell sessions apart.
MOST_DETAILS: Final = 20_000


class _Touch(NamedTuple):
    place: int
    act: int
    time_us: int
    tag: bytes


@dataclass(slots=True)
class _Seen:
    """What one walk gives: who opened which leaked patients, and how many patients at all."""

    size: int
    touched: dict[bytes, list[_Touch]] = field(default_factory=lambda: defaultdict(list))
    opened: dict[bytes, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    written: dict[bytes, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class _Leak:
    """What leaked, by the tags of the ledger; of those who were erased nothing is known any more.

    ``since`` is when the newest leaked version of a patient's was signed: who looked only before
    cannot have had it.
    """

    by_tag: Mapping[bytes, LeakedPatient]
    since: dict[bytes, int] = field(default_factory=dict)

    def shows(self, touch: _Touch) -> bool:
        """Say whether a deed shows what leaked of its patient."""
        shown = WORDS if self.by_tag[touch.tag].is_noted else WHO
        return touch.act in shown and touch.time_us >= self.since.get(touch.tag, 0)


def ask(install: Installation, question: protocol.AskConsistent) -> protocol.ConsistentFound:
    """Record the question, read the log, and return the accounts. Raises No.

    Raises No(scope-incomplete) with an alarm where an entry is missing or is not what was signed.
    """
    person, incident = scoping.officer(install, question.cookie, question.incident)
    _check(install, person, question)
    [asked] = install.recording.record([_deed(person, incident, question)])
    note = install.recorder.checkpoint_now()
    leak = _leak(question.patients)
    try:
        with scope_finding.no_collecting():
            seen = _walked(install, leak, question, note=note)
    except LogBroken as broken:
        alarms.cry(install, "scope incomplete", {"missing": broken.missing})
        raise No("scope-incomplete", because=f"missing {broken.missing}") from None
    dated = _date(install, leak, seen)
    return protocol.ConsistentFound(
        _facts(install, question, _Reckoned(leak, seen, dated), asked=asked)
    )


def _check(install: Installation, person: Person, question: protocol.AskConsistent) -> None:
    is_when = 0 <= question.since <= question.until <= install.clock()
    if not is_when or not 0 < len(question.patients) <= MOST_PATIENTS:
        raise No("scope-wrong", subject=person.id, because="query")


def _deed(person: Person, incident: UUID, question: protocol.AskConsistent) -> Deed:
    listed = canonical_json(
        [
            [one.patient.hex, one.is_noted, *sorted((v.note.hex, v.version) for v in one.versions)]
            for one in sorted(question.patients, key=lambda one: one.patient)
        ]
    )
    detail = {
        "list": sha256(listed).hex(),
        "patients": len(question.patients),
        "person": person.id.hex,
        "since": question.since,
        "step": ACCOUNTS,
        "until": question.until,
    }
    return Deed(Act.INCIDENT, incident, person.id, detail)


def _leak(patients: Sequence[LeakedPatient]) -> _Leak:
    secrets = store.audit_secrets({one.patient for one in patients})
    known = (one for one in patients if one.patient in secrets)
    return _Leak({secrets[one.patient].tag: one for one in known})


def _walked(
    install: Installation, leak: _Leak, question: protocol.AskConsistent, *, note: str
) -> _Seen:
    stated = checkpoints.read(note, witnesses.log_key(install))
    seen, wanted = _Seen(stated.size), leak.by_tag
    since, until = question.since, question.until
    touched, opened, written = seen.touched, seen.opened, seen.written
    for place, act, time_us, tag, actor in Walk(stated.size, stated.root).entries(SHOWN):
        is_wanted = tag in wanted
        if is_wanted and act in WROTE:
            written[tag].append(place)
        if not since <= time_us <= until or actor == NO_TAG:
            continue
        opened[actor].add(tag)
        if is_wanted:
            touched[actor].append(_Touch(place, act, time_us, tag))
    return seen


def _date(install: Installation, leak: _Leak, seen: _Seen) -> int:
    """Find when the newest leaked version of each was signed; return how many versions were found.

    Of a leak with more entries to open than are opened, none is dated: that leaves more accounts.
    """
    wanted = {tag: one for tag, one in leak.by_tag.items() if one.versions}
    places = {place: tag for tag in wanted for place in seen.written[tag]}
    if len(places) > MOST_DETAILS:
        return 0
    dated = 0
    for entry in queries.entries_at(list(places)):
        tag = places[entry.index]
        said = _detail(install, wanted[tag].patient, entry)
        versions = {(one.note.hex, one.version) for one in wanted[tag].versions}
        if (said.get("row"), said.get("version")) in versions:
            dated += 1
            leak.since[tag] = max(leak.since.get(tag, 0), entry.leaf.time_us)
    return dated


def _detail(install: Installation, subject: UUID, entry: Recorded) -> Mapping[str, Any]:
    if entry.salt is None or entry.detail is None:
        return {}
    commit = entry.leaf.detail_commit
    return install.recording.read(subject, commit=commit, salt=entry.salt, sealed=entry.detail)


@dataclass(frozen=True, slots=True)
class _Reckoned:
    leak: _Leak
    seen: _Seen
    dated: int


def _facts(
    install: Installation, question: protocol.AskConsistent, made: _Reckoned, *, asked: int
) -> ConsistentFacts:
    leak, seen = made.leak, made.seen
    fitting = {
        actor: [one for one in touches if leak.shows(one)]
        for actor, touches in seen.touched.items()
    }
    covered = {actor: {one.tag for one in some} for actor, some in fitting.items() if some}

    def rank(actor: bytes) -> tuple[int, int, bytes]:
        # Of those who opened as much, whoever opened the fewest others fits best.
        return -len(covered[actor]), len(seen.opened[actor]), actor

    ordered = sorted(covered, key=rank)
    listed = ordered[:MOST_ACCOUNTS]
    sessions = _sessions(install, leak, {one: fitting[one] for one in listed})
    return ConsistentFacts(
        asked=asked,
        size=seen.size,
        patients=len(question.patients),
        erased=len(question.patients) - len(leak.by_tag),
        versions=made.dated,
        whole=sum(len(covered[one]) == len(leak.by_tag) for one in ordered),
        total=len(ordered),
        accounts=tuple(
            _account(install, made, actor, touches=fitting[actor], sessions=sessions[actor])
            for actor in listed
        ),
    )


def _account(
    install: Installation,
    made: _Reckoned,
    actor: bytes,
    *,
    touches: Sequence[_Touch],
    sessions: tuple[AccountSession, ...],
) -> Account:
    person = store.subject_of(actor)
    colleague = None if person is None else install.directory.find(person)
    covered = {one.tag for one in touches}
    missing = [one.patient for tag, one in made.leak.by_tag.items() if tag not in covered]
    return Account(
        person=person,
        name="" if colleague is None else colleague.name,
        role=0 if colleague is None else colleague.role,
        unit=None if colleague is None else colleague.unit,
        covered=len(covered),
        others=len(made.seen.opened[actor] - made.leak.by_tag.keys()),
        first=min(one.time_us for one in touches),
        last=max(one.time_us for one in touches),
        missing=tuple(sorted(missing)[:MOST_MISSING]),
        sessions=sessions,
    )


def _sessions(
    install: Installation, leak: _Leak, fitting: Mapping[bytes, Sequence[_Touch]]
) -> dict[bytes, tuple[AccountSession, ...]]:
    """Return in which sessions each account opened what leaked, as far as entries say a session."""
    found: dict[bytes, tuple[AccountSession, ...]] = {}
    left = MOST_DETAILS
    for actor, touches in fitting.items():
        some = {one.place: one for one in touches[:left]}
        left -= len(some)
        by_session: defaultdict[tuple[str, str], list[_Touch]] = defaultdict(list)
        for entry in queries.entries_at(list(some)):
            touch = some[entry.index]
            said = _detail(install, leak.by_tag[touch.tag].patient, entry)
            if session := said.get("session"):
                by_session[str(session), str(said.get("network", ""))].append(touch)
        listed = [_session(*named, touches=some) for named, some in by_session.items()]
        listed.sort(key=lambda one: (-one.patients, one.first))
        found[actor] = tuple(listed[:MOST_SESSIONS])
    return found


def _session(session: str, network: str, *, touches: Sequence[_Touch]) -> AccountSession:
    times = [one.time_us for one in touches]
    return AccountSession(
        session=session,
        network=network,
        patients=len({one.tag for one in touches}),
        first=min(times),
        last=max(times),
    )


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {protocol.AskConsistent: ask}
