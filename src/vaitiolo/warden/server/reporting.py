"""Answers the privacy officer: who did what with a patient's record, from the ledger alone.

The making of a report is an entry on the patient's own chain before any line is returned. A chain
with a gap is no report: it is refused, and is an alarm.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.ledger import extents, queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.extents import Extent
from vaitiolo.ledger.heading import ChainCut
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.budgets import Budget, allows
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server import alarms, deciding, witnesses
from vaitiolo.warden.server.install import DAY, Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.openings import A_PATIENTS, HOUR
from vaitiolo.warden.server.recording import NO_TAG, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

PAGE: Final = 500
LONGEST_REASON: Final = 500
# What the law gives without a special ground.
TWO_YEARS: Final = 731 * DAY
MADE: Final = (Act.REPORTED, Act.PRINT)
# Their entries give a reason in somebody's own words.
REASONED: Final = (*MADE, Act.REPORT_DECIDED, Act.BREAK_GLASS)


@dataclass
class Reader:
    """Turns entries of one patient into lines; looks each actor and compartment up once."""

    install: Installation
    patient: UUID
    actors: dict[bytes, UUID | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = store.compartments_of(self.patient)
        self.classes = {row.id.hex: row.klass for row in rows}

    def line(self, entry: Recorded) -> parts.ReportLine:
        """Read one entry. Raises Refused when its detail is not what it committed to."""
        leaf, said = entry.leaf, self._detail(entry)
        person = self._actor(leaf.actor_tag)
        colleague = None if person is None else self.install.directory.find(person)
        other = self._other(said)
        return parts.ReportLine(
            index=entry.index,
            sequence=leaf.patient_seq,
            time_us=leaf.time_us,
            act=int(leaf.act),
            person=person,
            name="" if colleague is None else colleague.name,
            role=_number(said, "role", 0 if colleague is None else colleague.role),
            klass=_number(said, "class", self.classes.get(_text(said, "compartment"), 0)),
            purpose=_text(said, "outcome" if leaf.act is Act.REPORT_DECIDED else "for"),
            ground=_ground(leaf.act, said),
            other=other,
            other_name="" if other is None else self.install.directory.name_of(other),
            question=_text(said, "question"),
            reason=_text(said, "reason") if leaf.act is Act.REFUSED else "",
            is_erased=entry.salt is None or entry.detail is None,
        )

    def _detail(self, entry: Recorded) -> Mapping[str, Any]:
        if entry.salt is None or entry.detail is None:
            return {}
        commit = entry.leaf.detail_commit
        read = self.install.recording.read
        return read(self.patient, commit=commit, salt=entry.salt, sealed=entry.detail)

    def _actor(self, tag: bytes) -> UUID | None:
        if tag == NO_TAG:
            return None
        if tag not in self.actors:
            self.actors[tag] = store.subject_of(tag)
        return self.actors[tag]

    def _other(self, said: Mapping[str, Any]) -> UUID | None:
        """Return who got access, or lost it; a unit where it was a unit's role."""
        if to := _text(said, "to"):
            return UUID(hex=to)
        lost = said.get("from")
        if isinstance(lost, list) and lost:
            card = self.install.cards.known(bytes.fromhex(str(lost[0])))
            return None if card is None else card.holder
        return None


def report(install: Installation, question: protocol.AskReport) -> protocol.Reported:
    """Return a page of a patient's report. Raises No, Refused."""
    person = sit(install, question.cookie).person
    check(install, person, question)
    decisions = deciding.decisions_of(install, question.patient)
    given = deciding.in_force(decisions)
    if question.is_file:
        deciding.demand(given, patient=question.patient, older=question.older)
    # Before the next entry is written: it would take the number of one that was cut off.
    whole(install, question.patient)
    [index] = install.recording.record([_deed(person, question)])
    if question.is_file:
        witnesses.demand(install, index, subject=question.patient)
    tag = install.recording.tag(question.patient)
    extent = _extent(install, tag, patient=question.patient)
    earlier = earlier_of(install, tag, extent, older=question.older)
    after = max(question.after, earlier)
    found = list(islice(queries.entries_of(tag, after=after), PAGE))
    check_links(install, found, patient=question.patient)
    reader = Reader(install, question.patient)
    left_out = given.withheld if question.is_file else ()
    lines = tuple(reader.line(one) for one in found if one.leaf.patient_seq not in left_out)
    upto = found[-1].leaf.patient_seq if found else after
    is_more = upto < extent.last
    return protocol.Reported(
        lines,
        earlier,
        upto,
        is_more,
        tuple(decisions),
        given.withheld,
        install.trust.organisation.name,
        index,
    )


def check(
    install: Installation,
    person: Person,
    question: protocol.AskReport | protocol.AskBundle,
) -> None:
    """Return if somebody may have this report made now. Raises No."""
    check_officer(person, question.patient)
    said = (question.reason, question.older)
    if not question.reason.strip() or any(len(one) > LONGEST_REASON for one in said):
        raise No("question-broken", subject=question.patient, because="reason")
    _check_pace(install, person, question.patient)


def check_officer(person: Person, patient: UUID) -> None:
    """Return if this is the privacy officer, and the subject a patient here. Raises No."""
    classes = {row.klass for row in store.compartments_of(patient)}
    is_known = bool(classes & A_PATIENTS) and store.find_audit_secret(patient) is not None
    if person.role != Role.PRIVACY_OFFICER:
        subject = patient if is_known else person.id
        raise No("not-allowed", subject=subject, because="report")
    if not is_known:
        raise No("not-granted", subject=person.id, because="no such patient")


def _check_pace(install: Installation, person: Person, patient: UUID) -> None:
    """Whoever makes reports of one patient after the other is stopped as a therapist would be."""
    team = install.trust.budgets.care_team
    actor, now = install.recording.tag(person.id), install.clock()
    hour = queries.distinct_subjects(actor, MADE, since_us=now - HOUR)
    today = queries.distinct_subjects(actor, MADE, since_us=now - DAY)
    wanted = frozenset({install.recording.tag(patient)})
    if not allows(Budget(team.hour, team.day), wanted=wanted, this_hour=hour, today=today):
        raise No("over-budget", subject=person.id, because=f"reports {len(hour)} {len(today)}")


def _deed(person: Person, question: protocol.AskReport) -> Deed:
    detail = {
        "after": question.after,
        "network": person.network,
        "older": question.older.strip(),
        "person": person.id.hex,
        "reason": question.reason.strip(),
        "role": person.role,
        "what": "report",
    }
    return Deed(
        Act.PRINT if question.is_file else Act.REPORTED, question.patient, person.id, detail
    )


def whole(install: Installation, patient: UUID) -> Extent:
    """Return how far a patient's chain reaches, if none of it is missing, at its end neither.

    Raises No(report-incomplete), and cries out.
    """
    tag = install.recording.tag(patient)
    extent = _extent(install, tag, patient=patient)
    try:
        install.heads.check(tag)
    except ChainCut:
        raise incomplete(install, patient, missing=0) from None
    return extent


def _extent(install: Installation, tag: bytes, *, patient: UUID) -> Extent:
    extent = extents.extent_of(tag)
    if extent.missing or extent.first > 1:
        raise incomplete(install, patient, missing=extent.missing)
    return extent


def earlier_of(install: Installation, tag: bytes, extent: Extent, *, older: str) -> int:
    """Return how many entries are older than what is given without a special ground."""
    if older.strip():
        return 0
    first = extents.first_since(tag, install.clock() - TWO_YEARS)
    return extent.last if first is None else first - 1


def check_links(install: Installation, found: list[Recorded], *, patient: UUID) -> None:
    """Refuse a page in which an entry does not name the one before it. Raises No."""
    for before, after in pairwise(found):
        if after.leaf.patient_prev != before.leaf.hash:
            raise incomplete(install, patient, missing=0)


def incomplete(install: Installation, patient: UUID, *, missing: int) -> No:
    """Cry out, and return the refusal."""
    # The alarm goes to witnesses, so it says that a report has a gap and not whose.
    alarms.cry(install, "report incomplete", {"missing": missing})
    return No("report-incomplete", subject=patient, because=f"missing {missing}")


def _ground(act: Act, said: Mapping[str, Any]) -> str:
    """Return on what ground something was done; of an answer, what it was."""
    if act is Act.REVIEWED and "right" in said:
        return "all-right" if said["right"] else "not-all-right"
    return _text(said, "reason" if act in REASONED else "ground")


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name, "")
    return value if isinstance(value, str) else ""


def _number(said: Mapping[str, Any], name: str, otherwise: int) -> int:
    value = said.get(name, otherwise)
    return value if isinstance(value, int) else otherwise


def decide(install: Installation, question: protocol.DecideReport) -> protocol.ReportDecided:
    """Record what a privacy officer decided on a request for a report. Raises No, Refused."""
    person = sit(install, question.cookie).person
    check_officer(person, question.patient)
    whole(install, question.patient)
    return protocol.ReportDecided(deciding.record(install, person, question))


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.AskReport: report,
    protocol.DecideReport: decide,
}
