"""Finds a scope in the log of one size: the walk, the rules, and then who is who.

The same question over the same size of the log gives the same list, as long as nothing was erased.
"""

import gc
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.store import whole
from vaitiolo.keys.store.whole import Belonging
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.scanning import LogBroken, Walk
from vaitiolo.ledger.verify import checkpoints
from vaitiolo.warden.losses import OF_A_PERSON, Loss, Says
from vaitiolo.warden.scope_parts import ScopeQuery
from vaitiolo.warden.server import (
    alarms,
    scope_controllers,
    scope_log,
    scope_losses,
    scope_spans,
    unit_cards,
    witnesses,
)
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.openings import A_PATIENTS
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.scope_found import Findings, Found, Row, hash_of
from vaitiolo.warden.server.scope_log import Log
from vaitiolo.warden.server.scope_reach import Reaching
from vaitiolo.warden.server.scope_spans import Chosen

NOBODY_ASKED: Final = Chosen({})


@dataclass(slots=True)
class _House:
    """What is the same for every chain: whose it is, and what belongs to whom."""

    install: Installation
    belongings: list[Belonging] = field(default_factory=whole.belongings)
    subjects: dict[bytes, UUID] = field(default_factory=whole.subjects_by_tag)


def find(install: Installation, query: ScopeQuery, *, asked: int, note: str) -> Found:
    """Return a scope of the log that a signed checkpoint states.

    Raises No(scope-incomplete) with an alarm where an entry is missing or is not what was signed:
    there is no shorter list. Raises No(scope-wrong), Refused.
    """
    stated = checkpoints.read(note, witnesses.log_key(install))
    try:
        with no_collecting():
            return _find(install, query, asked=asked, note=note, stated=(stated.size, stated.root))
    except LogBroken as broken:
        alarms.cry(install, "scope incomplete", {"missing": broken.missing})
        raise No("scope-incomplete", because=f"missing {broken.missing}") from None


@contextmanager
def no_collecting() -> Iterator[None]:
    """Keep the collector of cycles from walking a million tuples again and again: none has one."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _find(
    install: Installation,
    query: ScopeQuery,
    *,
    asked: int,
    note: str,
    stated: tuple[int, bytes],
) -> Found:
    size, root = stated
    chosen = _chosen(install, query, size=size)
    log = scope_log.read(Walk(size, root), since=query.since, until=query.until, spans=chosen.spans)
    if chosen.read is not None and chosen.read != log.signs:
        # The sessions were looked up by a column that is not what the leaves say.
        raise LogBroken
    house = _House(install)
    _settle(house, chosen, log)
    reaching = Reaching(
        install,
        log,
        is_thorough=query.is_thorough,
        belongings=house.belongings,
        subjects=house.subjects,
    )
    facts = scope_losses.Facts(install, query, log, reaching, house.belongings)
    findings = scope_losses.judge(facts)
    return _found(house, facts, findings, asked=asked, note=note, stated=stated)


def _chosen(install: Installation, query: ScopeQuery, *, size: int) -> Chosen:
    if query.loss == Loss.OPENED or query.loss in OF_A_PERSON:
        return scope_spans.choose(install, query, size=size)
    return NOBODY_ASKED


def _settle(house: _House, chosen: Chosen, log: Log) -> None:
    """Open the entries that two sessions may have made, and count those of the one asked for.

    An entry that does not say its session is counted: a list is never shorter than what happened.
    """
    if not log.doubtful:
        return
    spans = (chosen.spans or {}).values()
    wanted = {span.session for some in spans for span in some}
    found = {one.index: one for one in queries.entries_at([one.place for one in log.doubtful])}
    for seen in log.doubtful:
        entry, subject = found[seen.place], house.subjects.get(seen.tag)
        said: dict[str, object] = {}
        if subject is not None and entry.salt is not None and entry.detail is not None:
            commit = entry.leaf.detail_commit
            read = house.install.recording.read
            said = read(subject, commit=commit, salt=entry.salt, sealed=entry.detail)
        if said.get("session") in {None, *wanted}:
            log.count(seen.act, seen.time_us, seen.tag)


def _found(
    house: _House,
    facts: scope_losses.Facts,
    findings: Findings,
    *,
    asked: int,
    note: str,
    stated: tuple[int, bytes],
) -> Found:
    query, install = facts.query, house.install
    rows, refused, listed = _marked(house, findings)
    identities = {
        one.compartment: one.subject
        for one in house.belongings
        if one.klass == CompartmentClass.IDENTITY
    }
    twice = _twice(identities, listed)
    if twice:
        findings.says.append(Says.TWICE)
    return Found(
        query=query,
        asked=asked,
        size=stated[0],
        root=stated[1],
        note=note,
        rows=rows,
        refused=refused,
        findings=findings,
        subjects=listed,
        controllers=_controllers(install, identities, listed),
        twice=twice,
        starts=tuple(
            one.place
            for one in facts.log.single
            if one.act == Act.STARTED and one.time_us <= query.until
        )[-1:],
        list_hash=hash_of(install.org, query, stated, rows=rows, refused=refused),
    )


def _marked(
    house: _House, findings: Findings
) -> tuple[tuple[Row, ...], dict[bytes, int], dict[bytes, UUID]]:
    """Return the patients' rows and refusals by their marks, and who each mark is.

    Whose rows in the vault are gone stays on the list: only what is known to be of a unit, a
    colleague or a case is left out.
    """
    subjects = house.subjects
    patients = {one.subject for one in house.belongings if one.klass in A_PATIENTS}
    others = {one.subject for one in house.belongings} - patients
    rows = [
        row
        for row in findings.rows.values()
        if row.klass in A_PATIENTS or subjects.get(row.of) not in others
    ]
    known = patients | {subjects.get(row.of) for row in rows}
    refused = {tag: n for tag, n in findings.refused.items() if subjects.get(tag) in known}
    marks = house.install.recording.marks({row.of for row in rows} | set(refused))
    listed = {mark: subjects[tag] for tag, mark in marks.items() if tag in subjects}
    if len(listed) < len(marks):
        findings.says.append(Says.ERASED)
    return (
        tuple(sorted(row._replace(of=marks[row.of]) for row in rows)),
        {marks[tag]: times for tag, times in refused.items()},
        listed,
    )


def _twice(identities: dict[UUID, UUID], listed: dict[bytes, UUID]) -> frozenset[bytes]:
    """Return who shares the tag of the identity code with somebody else on the list.

    A tag has sixteen bits, so strangers share one too: only a contact case can tell.
    """
    tags = {subject: tag for tag, subject in listed.items()}
    by_code: defaultdict[int, set[bytes]] = defaultdict(set)
    for identity, code in whole.hetu_tags().items():
        subject = identities.get(identity)
        if subject in tags:
            by_code[code].add(tags[subject])
    return frozenset(tag for same in by_code.values() if len(same) > 1 for tag in same)


def _controllers(
    install: Installation, identities: dict[UUID, UUID], listed: dict[bytes, UUID]
) -> dict[bytes, tuple[str, ...]]:
    """Return for whom each patient is kept: by the units whose role card holds the identity."""
    controllers = scope_controllers.read(install)
    if not controllers.names:
        return dict.fromkeys(listed, controllers.of(set()))
    units = {row.id: row.holder for row in unit_cards.everyones(install)}
    known: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for card, compartment in whole.compartments_by_card(units):
        if compartment in identities:
            known[identities[compartment]].add(units[card])
    return {tag: controllers.of(known[subject]) for tag, subject in listed.items()}
