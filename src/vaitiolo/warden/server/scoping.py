"""Answers the officers: whom did it reach, and with what of theirs. Never who anybody is.

The question is an entry before the log is read, and the list's hash is one before a line of the
list is returned. What was found can be found again: from the question and the size of the log.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import store, words
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.ledger import cosigning, queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden import protocol
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.losses import OF_A_PERSON, OF_A_UNIT, Loss
from vaitiolo.warden.scope_parts import (
    KnownScope,
    ScopeController,
    ScopeCount,
    ScopeFacts,
    ScopeKind,
    ScopePatient,
)
from vaitiolo.warden.server import holding, scope_finding, scope_proof, witnesses
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import SCOPES, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.scope_found import Found, as_json, from_json
from vaitiolo.warden.server.sign_ins import sit

ASKERS: Final = frozenset({Role.PRIVACY_OFFICER, Role.MANAGER})
LONGEST_REASON: Final = 500
LONGEST_NAME: Final = 100
MOST_AT_ONCE: Final = 2_000
ID_BYTES: Final = frozenset({0, 16, 32})
TAGS: Final = 1 << 16


def officer(install: Installation, cookie: bytes, incident: UUID | None) -> tuple[Person, UUID]:
    """Return who asks, and whose chain the entries join. The one place that decides it. Raises No.

    Without an incident the scope stands on a chain of the house's own.
    """
    person = sit(install, cookie).person
    if person.role not in ASKERS:
        raise No("not-allowed", subject=person.id, because="scope")
    if incident is None:
        return person, SCOPES
    own = store.compartments_of(incident, klass=CompartmentClass.CASE)
    if not own:
        raise No("not-granted", subject=person.id, because="no such incident")
    # Whoever is not let into the incident does not write on its chain either.
    holding.find(install, person, own[0].id)
    return person, incident


def ask(install: Installation, question: protocol.AskScope) -> protocol.ScopeFound:
    """Record the question, find the scope, record what it is, and return it. Raises No, Refused."""
    person, chain = officer(install, question.cookie, question.incident)
    _check(install, person, question)
    said = {
        "person": person.id.hex,
        "query": as_json(question.query),
        "reason": question.reason.strip(),
    }
    [asked] = install.recording.record([Deed(Act.SCOPE_ASKED, chain, person.id, said)])
    note = install.recorder.checkpoint_now()
    found = scope_finding.find(install, question.query, asked=asked, note=note)
    return protocol.ScopeFound(_facts(_record(install, person, found, chain=chain), found))


def list_some(install: Installation, question: protocol.ListScope) -> protocol.ScopeListed:
    """Return a page of a scope; the whole list is in the entry of its finding."""
    person, chain = officer(install, question.cookie, question.incident)
    if question.start < 0 or not 1 <= question.count <= MOST_AT_ONCE:
        raise No("question-broken", subject=person.id, because="how many")
    found = again(install, person, chain, scope=question.scope)
    whose = question.controller
    marks = [one for one in found.marks if not whose or whose in found.controllers.get(one, ())]
    some = marks[question.start : question.start + question.count]
    rows = _rows(found)
    patients = tuple(_patient(found, mark, rows[mark]) for mark in some)
    return protocol.ScopeListed(_facts(question.scope, found), patients, len(marks))


def list_all(install: Installation, question: protocol.ListScopes) -> protocol.ScopesKnown:
    """Return every scope of a chain, the newest first."""
    _person, chain = officer(install, question.cookie, question.incident)
    told = _told(install, chain)
    kept = {
        said["scope"]: str(said["name"]) for act, _, said in told.values() if act is Act.SCOPE_KEPT
    }
    known = [
        _known(install, (index, at, said), asked=told[said["asked"]][2], kept=kept.get(index, ""))
        for index, (act, at, said) in told.items()
        if act is Act.SCOPE_FOUND and said["asked"] in told
    ]
    return protocol.ScopesKnown(tuple(reversed(known)))


def keep(install: Installation, question: protocol.KeepScope) -> protocol.Done:
    """Record that a scope is the one that counts."""
    person, chain = officer(install, question.cookie, question.incident)
    name = question.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise No("question-broken", subject=person.id, because="name")
    said = _found_entry(install, person, chain, scope=question.scope)
    detail = {"list": said["list"], "name": name, "person": person.id.hex, "scope": question.scope}
    install.recording.record([Deed(Act.SCOPE_KEPT, chain, person.id, detail)])
    return protocol.Done()


def compare(install: Installation, question: protocol.CompareScope) -> protocol.ScopeCompared:
    """Ask an old question of the log as it stands; say what is different. Raises No, Refused."""
    person, chain = officer(install, question.cookie, question.incident)
    old = again(install, person, chain, scope=question.scope)
    entry = _found_entry(install, person, chain, scope=question.scope)
    said = {"again": question.scope, "person": person.id.hex, "query": as_json(old.query)}
    [asked] = install.recording.record([Deed(Act.SCOPE_ASKED, chain, person.id, said)])
    note = install.recorder.checkpoint_now()
    new = scope_finding.find(install, old.query, asked=asked, note=note)
    scope = _record(install, person, new, chain=chain)
    before, after = _rows(old), _rows(new)
    was, now = {*old.marks}, {*new.marks}
    return protocol.ScopeCompared(
        _facts(scope, new),
        came=_hexes(now - was),
        gone=_hexes(was - now),
        changed=_hexes({one for one in was & now if before[one] != after[one]}),
        is_repeatable=old.list_hash.hex() == entry["list"],
    )


def prove(install: Installation, question: protocol.ProveScope) -> protocol.ScopeProved:
    """Return the evidence of a scope; it is recorded and witnessed before it leaves. Raises No."""
    person, chain = officer(install, question.cookie, question.incident)
    found = again(install, person, chain, scope=question.scope)
    detail = {"list": found.list_hash.hex(), "person": person.id.hex, "scope": question.scope}
    [index] = install.recording.record([Deed(Act.SCOPE_TAKEN, chain, person.id, detail)])
    witnesses.demand(install, index, subject=chain)
    evidence = scope_proof.evidence(install, question.scope, found, chain=chain)
    return protocol.ScopeProved(evidence, index)


# --- the entries -------------------------------------------------------------------------


def _check(install: Installation, person: Person, question: protocol.AskScope) -> None:
    query = question.query
    if not question.reason.strip() or len(question.reason) > LONGEST_REASON:
        raise No("question-broken", subject=person.id, because="reason")
    is_whose = (query.loss not in OF_A_PERSON or query.person) and (
        query.loss not in OF_A_UNIT or query.unit
    )
    is_when = 0 <= query.since <= query.until <= install.clock()
    is_what = query.loss in set(Loss) and len(query.card) in ID_BYTES
    if not (is_whose and is_when and is_what and len(query.network) <= LONGEST_REASON):
        raise No("scope-wrong", subject=person.id, because="query")


def _record(install: Installation, person: Person, found: Found, *, chain: UUID) -> int:
    """Record what was found, in one entry with the list's hash, and remember it."""
    said = {
        "asked": found.asked,
        "list": found.list_hash.hex(),
        "patients": len(found.marks),
        "person": person.id.hex,
        "policy": install.trust.fingerprint.hex(),
        "root": found.root.hex(),
        "size": found.size,
    }
    [scope] = install.recording.record([Deed(Act.SCOPE_FOUND, chain, person.id, said)])
    install.scopes.keep(scope, found)
    return scope


def _told(install: Installation, chain: UUID) -> dict[int, tuple[Act, int, dict[str, Any]]]:
    acts = {Act.SCOPE_ASKED, Act.SCOPE_FOUND, Act.SCOPE_KEPT}
    return {
        entry.index: (entry.leaf.act, entry.leaf.time_us, _detail(install, chain, entry))
        for entry in queries.entries_of(install.recording.tag(chain))
        if entry.leaf.act in acts
    }


def chain_of(install: Installation, incident: UUID, *, scope: int) -> UUID:
    """Return whose chain a scope stands on: the incident's, or the house's own."""
    entry = queries.entry(scope) if scope >= 0 else None
    is_own = entry is not None and entry.leaf.patient_tag == install.recording.tag(incident)
    return incident if is_own else SCOPES


def is_kept(install: Installation, chain: UUID, *, scope: int, list_hash: bytes) -> bool:
    """Tell whether a scope of a chain was said to be the one that counts, with that list."""
    return any(
        act is Act.SCOPE_KEPT and (said["scope"], said["list"]) == (scope, list_hash.hex())
        for act, _at, said in _told(install, chain).values()
    )


def _found_entry(
    install: Installation, person: Person, chain: UUID, *, scope: int
) -> dict[str, Any]:
    """Return what the entry of a scope says. Raises No where it is none of this chain."""
    entry = queries.entry(scope) if scope >= 0 else None
    is_one = entry is not None and entry.leaf.act is Act.SCOPE_FOUND
    if entry is None or not is_one or entry.leaf.patient_tag != install.recording.tag(chain):
        raise No("not-granted", subject=person.id, because="no such scope")
    return _detail(install, chain, entry)


def again(install: Installation, person: Person, chain: UUID, *, scope: int) -> Found:
    """Return a scope: remembered, or found again in the log as it was then. Raises No, Refused."""
    said = _found_entry(install, person, chain, scope=scope)
    found = install.scopes.find(scope)
    if found is not None:
        return found
    asked = queries.entry(int(said["asked"]))
    note = cosigning.note_of(int(said["size"]))
    if asked is None or note is None:
        raise No("scope-incomplete", subject=chain, because="no question or checkpoint")
    query = from_json(_detail(install, chain, asked)["query"])
    found = scope_finding.find(install, query, asked=asked.index, note=note)
    install.scopes.keep(scope, found)
    return found


def _detail(install: Installation, chain: UUID, entry: Recorded) -> dict[str, Any]:
    if entry.salt is None or entry.detail is None:
        raise No("scope-incomplete", subject=chain, because="erased")
    commit = entry.leaf.detail_commit
    return install.recording.read(chain, commit=commit, salt=entry.salt, sealed=entry.detail)


def _known(
    install: Installation,
    one: tuple[int, int, Mapping[str, Any]],
    *,
    asked: Mapping[str, Any],
    kept: str,
) -> KnownScope:
    index, at, said = one
    return KnownScope(
        scope=index,
        query=from_json(asked["query"]),
        at=at,
        by=install.directory.name_of(UUID(hex=said["person"])),
        reason=str(asked.get("reason", "")),
        patients=int(said["patients"]),
        list_hash=bytes.fromhex(said["list"]),
        kept=kept,
    )


# --- the figures -------------------------------------------------------------------------


def _facts(scope: int, found: Found) -> ScopeFacts:
    findings, marks = found.findings, found.marks
    counts = Counter((row.klass, row.tier) for row in found.rows)
    whose = Counter(name for mark in marks for name in found.controllers.get(mark, ()))
    return ScopeFacts(
        scope=scope,
        query=found.query,
        asked=found.asked,
        size=found.size,
        list_hash=found.list_hash,
        words=words.of_card(found.list_hash),
        patients=len(marks),
        refused=sum(found.refused.values()),
        counts=tuple(ScopeCount(*key, n) for key, n in sorted(counts.items())),
        others=tuple(findings.others),
        controllers=tuple(ScopeController(*one) for one in sorted(whose.items())),
        staff=tuple(sorted(findings.staff)),
        says=tuple(map(str, dict.fromkeys(findings.says))),
        adversary=findings.adversary,
        pace_hour=findings.pace[0],
        pace_day=findings.pace[1],
        reminders=findings.reminders,
        erased=len(marks) - len(found.subjects),
        unknown=findings.unknown,
        perhaps_twice=len(found.twice),
        by_chance=_by_chance(len(marks)),
    )


def _by_chance(patients: int) -> int:
    """Return how many of so many strangers share a tag of sixteen bits with another."""
    return round(patients * (1 - (1 - 1 / TAGS) ** max(patients - 1, 0)))


def _rows(found: Found) -> defaultdict[bytes, list[ScopeKind]]:
    rows: defaultdict[bytes, list[ScopeKind]] = defaultdict(list)
    for row in found.rows:
        rows[row.of].append(ScopeKind(*row[1:]))
    return rows


def _patient(found: Found, mark: bytes, kinds: list[ScopeKind]) -> ScopePatient:
    return ScopePatient(
        patient=found.subjects.get(mark),
        mark=mark.hex(),
        controllers=found.controllers.get(mark, ()),
        perhaps_twice=mark in found.twice,
        refused=found.refused.get(mark, 0),
        kinds=tuple(kinds),
    )


def _hexes(marks: set[bytes]) -> tuple[str, ...]:
    return tuple(mark.hex() for mark in sorted(marks))


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.AskScope: ask,
    protocol.ListScope: list_some,
    protocol.ListScopes: list_all,
    protocol.KeepScope: keep,
    protocol.CompareScope: compare,
    protocol.ProveScope: prove,
}
