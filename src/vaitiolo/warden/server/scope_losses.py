"""What each loss comes to, by the table of adversaries: who was in it, what could be opened.

Rules alone, over what the log and the grants say; each names in words of ours why it is so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.slots import SlotKind
from vaitiolo.keys.store.whole import Belonging
from vaitiolo.keys.unit_compartments import OF_A_UNIT
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.ledger.verify import specials
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.losses import Loss, Says, Tier
from vaitiolo.warden.scope_parts import ScopeOther, ScopeQuery
from vaitiolo.warden.server import unit_cards
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.openings import A_PATIENTS, OPENING, budget_of
from vaitiolo.warden.server.recording import OUTBOX
from vaitiolo.warden.server.scope_found import Findings, Row
from vaitiolo.warden.server.scope_log import REFUSED, Log
from vaitiolo.warden.server.scope_reach import FOR_EVER, Reaching, When, Whose

DESKS: Final = frozenset({Role.RECEPTION, Role.BILLING})
WITH_BOTH: Final = frozenset({SlotKind.PASSWORD_AND_KEY, SlotKind.KEY, SlotKind.PASSWORD})


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a rule may look at."""

    install: Installation
    query: ScopeQuery
    log: Log
    reaching: Reaching
    belongings: list[Belonging]

    @property
    def when(self) -> When:
        """Return the time that is asked about."""
        return When(self.query.since, self.query.until)

    @property
    def person(self) -> UUID:
        """Return whose loss it is; the question was checked to name somebody."""
        return self.query.person or UUID(int=0)


def judge(facts: Facts) -> Findings:
    """Return what a loss comes to. Raises LogBroken, Refused."""
    findings = Findings()
    RULES[Loss(facts.query.loss)](facts, findings)
    if facts.install.trust.demo:
        findings.says.append(Says.DEMO)
    return findings


def _opened(facts: Facts, findings: Findings) -> None:
    """Take what the log says was done, exactly: nobody opens anything without an entry."""
    refused = facts.log.touched.get(REFUSED, {})
    findings.refused.update({tag: one.count for tag, one in refused.items()})
    for klass, by_tag in facts.log.touched.items():
        for tag, one in by_tag.items() if klass != REFUSED else ():
            findings.add(Row(tag, klass, Tier.READ, one.done, one.count, one.first, one.last))
    findings.others += [
        ScopeOther(facts.reaching.subject_of(tag), act, one.count, one.first, one.last)
        for act, by_tag in sorted(facts.log.elsewhere.items())
        for tag, one in sorted(by_tag.items())
    ]
    findings.says += [Says.SUPERSET, Says.PHONE_BOOK, Says.STATUS, Says.ROOT]


def _copied(facts: Facts, findings: Findings) -> None:
    """Take everybody of whom something stood in the databases at that moment, as ciphertext."""
    at, loss = facts.query.until, facts.query.loss
    classes = {one.creation_leaf: one.klass for one in facts.belongings}
    for tag, index in _created_by(facts, at):
        klass = classes.get(index, 0)
        if klass in A_PATIENTS or klass == 0:
            findings.add(Row(tag, klass, Tier.SEALED))
    findings.staff |= _staff_at(at)
    findings.adversary = "A1"
    findings.says.append(Says.CIPHERTEXT)
    if loss != Loss.COPY_OF_VAULT:
        findings.says.append(Says.READABLE_DEFAULT)
    if loss != Loss.COPY_OF_DEFAULT:
        findings.says.append(Says.READABLE_VAULT)
    findings.says += [Says.STATUS, Says.NOBODY_LEFT_OUT]


def _created_by(facts: Facts, at: int) -> Iterator[tuple[bytes, int]]:
    """Yield the entries by which something came to be before a time, but of those erased by then.

    Something that was erased since stood in the copy all the same; its row may be gone.
    """
    erased = _erased(facts)
    for tag, seen in facts.log.keyed.items():
        if erased.get(tag, FOR_EVER) > at:
            yield from (
                (tag, one.place) for one in seen if one.act == Act.CREATE and one.time_us <= at
            )


def _session(facts: Facts, findings: Findings) -> None:
    _opened(facts, findings)
    _held(facts, findings, _whose(facts))
    _at_its_pace(facts, findings)
    findings.adversary = "A5"


def _password(facts: Facts, findings: Findings) -> None:
    _way_in(facts, findings, opens={SlotKind.PASSWORD}, otherwise=Says.KEY_NEEDED)


def _security_key(facts: Facts, findings: Findings) -> None:
    _way_in(facts, findings, opens={SlotKind.KEY}, otherwise=Says.NOT_ALONE)


def _password_and_key(facts: Facts, findings: Findings) -> None:
    _way_in(facts, findings, opens=WITH_BOTH, otherwise=Says.NO_SLOT)


def _way_in(facts: Facts, findings: Findings, *, opens: Iterable[int], otherwise: Says) -> None:
    """See whether what was lost opens a slot of the time: then it is as a session, else nothing."""
    findings.staff.add(facts.person)
    if _slot_kinds(facts.install, facts.person, facts.when) & set(opens):
        _session(facts, findings)
    else:
        findings.says += [otherwise, Says.ROOT]
    findings.adversary = "A6"


def _holder_keys(facts: Facts, findings: Findings) -> None:
    """Take the seed itself and a copy of the databases: everything it holds, without an entry."""
    _opened(facts, findings)
    _held(facts, findings, _whose(facts))
    findings.staff.add(facts.person)
    findings.says.insert(0, Says.WITHOUT_BUDGET)
    findings.adversary = "A8"


def _kms(facts: Facts, findings: Findings) -> None:
    del facts
    findings.says.append(Says.KMS_ALONE)
    findings.adversary = "A8"


def _kms_and_copy(facts: Facts, findings: Findings) -> None:
    """As a copy; and whoever's password stands alone can be guessed, with all that it opens."""
    _copied(facts, findings)
    at = When(facts.query.until, facts.query.until)
    weak = [
        one
        for one in facts.install.directory.everyone()
        if SlotKind.PASSWORD in _slot_kinds(facts.install, one, at)
    ]
    if weak:
        _held(facts, findings, _whose_of(facts, weak, at), when=at)
    findings.says.insert(0, Says.KMS_GUESSES if weak else Says.KMS_LOCKED)
    findings.says.append(Says.REMINDERS)
    findings.reminders = _waiting(facts, at)
    findings.adversary = "A8"


def _role_card(facts: Facts, findings: Findings) -> None:
    _unit_card(facts, findings, is_desk=True)


def _duty_card(facts: Facts, findings: Findings) -> None:
    _unit_card(facts, findings, is_desk=False)


def _unit_card(facts: Facts, findings: Findings, *, is_desk: bool) -> None:
    """Take the seed of a unit's card and a copy of the databases."""
    own = frozenset(
        row.id
        for row in unit_cards.everyones(facts.install)
        if row.holder == facts.query.unit and (row.role in DESKS) is is_desk
    )
    if not own:
        findings.says.append(Says.NO_CARD)
        return
    # An entry names the unit where a grant went to its card for emergencies.
    unit = frozenset() if is_desk or facts.query.unit is None else frozenset({facts.query.unit})
    _held(facts, findings, Whose(own, unit))
    findings.says += [Says.ROLE_NEEDS_COPY, Says.WITHOUT_BUDGET]
    findings.adversary = "A8"


def _outbox_key(facts: Facts, findings: Findings) -> None:
    findings.reminders = _waiting(facts, facts.when)
    findings.says.append(Says.REMINDERS)
    findings.adversary = "A8"


# --- what the rules lean on --------------------------------------------------------------


def _held(facts: Facts, findings: Findings, whose: Whose, *, when: When | None = None) -> None:
    reach = facts.reaching.of(whose, when or facts.when)
    known = {one.compartment: one for one in facts.belongings}
    found = reach.held | reach.unknown
    for one in (known[compartment] for compartment in found if compartment in known):
        if one.klass in A_PATIENTS:
            findings.add(Row(facts.reaching.tag_of(one.subject), one.klass, Tier.COULD))
        elif one.klass in OF_A_UNIT:
            act = OPENING[CompartmentClass(one.klass)]
            findings.others.append(ScopeOther(one.subject, act, 0, 0, 0))
    findings.unknown += len(reach.unknown) + len(found - known.keys())
    if findings.unknown:
        findings.says.append(Says.UNKNOWN)
    if not facts.query.is_thorough:
        findings.says.append(Says.FROM_ROWS)


def _whose(facts: Facts) -> Whose:
    return _whose_of(facts, [facts.person], facts.when)


def _whose_of(facts: Facts, people: Iterable[UUID], when: When) -> Whose:
    """Return the cards of people, with those of their units' roles that they held at the time."""
    holders = frozenset(people)
    own = frozenset(row.id for one in holders for row in store.cards_of(one))
    units = {one.subject for one in facts.belongings if one.klass == CompartmentClass.ROLE}
    whose = Whose(own, holders)
    return Whose(own | facts.reaching.roles_of(whose, when, units=units), holders)


def _at_its_pace(facts: Facts, findings: Findings) -> None:
    colleague = facts.install.directory.find(facts.person)
    role = Role.THERAPIST if colleague is None else colleague.role
    budget, _alert = budget_of(facts.install, role)
    findings.pace = (budget.hour or 0, budget.day or 0)
    findings.staff.add(facts.person)
    findings.says.insert(0, Says.AT_ITS_PACE)


def _slot_kinds(install: Installation, person: UUID, when: When) -> set[int]:
    """Return the kinds of slots somebody had at some moment of a time, as their entries say."""
    found = store.find_audit_secret(person)
    stood: dict[str, tuple[int, int, int]] = {}
    for entry in queries.entries_of(found.tag) if found is not None else ():
        if entry.leaf.act not in {Act.SLOT_ADDED, Act.SLOT_REMOVED}:
            continue
        said, at = _detail(install, person, entry), entry.leaf.time_us
        slot = str(said.get("slot", ""))
        if entry.leaf.act is Act.SLOT_ADDED:
            stood[slot] = int(str(said["kind"])), at, FOR_EVER
        elif slot in stood:
            stood[slot] = *stood[slot][:2], at
    return {
        kind for kind, begin, end in stood.values() if begin <= when.until and end >= when.since
    }


def _waiting(facts: Facts, when: When) -> int:
    """Count the reminders that waited at some moment of a time."""
    stood: dict[str, tuple[int, int]] = {}
    entries = {one.index: one for one in queries.entries_at([one.place for one in facts.log.post])}
    for seen in facts.log.post:
        row = str(_detail(facts.install, OUTBOX, entries[seen.place])["row"])
        if seen.act == Act.OUTBOX_PUT:
            stood[row] = seen.time_us, FOR_EVER
        elif row in stood:
            stood[row] = stood[row][0], seen.time_us
    return sum(begin <= when.until and end >= when.since for begin, end in stood.values())


def _erased(facts: Facts) -> dict[bytes, int]:
    """Return when each chain was erased that was, as the public entries say."""
    places = [one.place for one in facts.log.single if one.act == Act.ERASE]
    return {
        bytes.fromhex(str(_special(entry)["tag"])): entry.leaf.time_us
        for entry in queries.entries_at(places)
    }


def _special(entry: Recorded) -> dict[str, str | int]:
    """Return what an entry about the ledger itself says. Raises SpecialBroken."""
    return specials.read(
        entry.leaf.act, entry.detail or b"", salt=entry.salt or b"", commit=entry.leaf.detail_commit
    )


def _staff_at(at: int) -> set[UUID]:
    """Return whose name and sign-in stood in the databases: everybody who had a card by then."""
    rows = [row for one in store.holders() for row in store.cards_of(one.id)]
    leaves = {row.leaf_index: row.holder for row in rows}
    found = queries.entries_at(leaves)
    return {leaves[entry.index] for entry in found if entry.leaf.time_us <= at}


def _detail(install: Installation, subject: UUID, entry: Recorded) -> dict[str, object]:
    if entry.salt is None or entry.detail is None:
        return {}
    commit = entry.leaf.detail_commit
    return install.recording.read(subject, commit=commit, salt=entry.salt, sealed=entry.detail)


RULES: Final[Mapping[Loss, Callable[[Facts, Findings], None]]] = {
    Loss.OPENED: _opened,
    Loss.COPY_OF_DEFAULT: _copied,
    Loss.COPY_OF_VAULT: _copied,
    Loss.COPY_OF_BOTH: _copied,
    Loss.SESSION: _session,
    Loss.PASSWORD: _password,
    Loss.SECURITY_KEY: _security_key,
    Loss.PASSWORD_AND_KEY: _password_and_key,
    Loss.HOLDER_KEYS: _holder_keys,
    Loss.KMS: _kms,
    Loss.KMS_AND_COPY: _kms_and_copy,
    Loss.ROLE_CARD: _role_card,
    Loss.DUTY_CARD: _duty_card,
    Loss.OUTBOX_KEY: _outbox_key,
}
