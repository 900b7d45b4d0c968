"""What was decided on requests for a patient's report: recorded, read back, and held to.

The ledger is the one place where a decision stands. The newest is in force; all of them stay.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.ledger import extents, queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden import protocol
from vaitiolo.warden.parts import ReportDecision
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import NO_TAG, Deed
from vaitiolo.warden.server.refusing import No

GRANTED: Final = "granted"
PARTLY: Final = "partly"
REFUSED: Final = "refused"
# Why something is not given: no special ground for what is old; somebody's health or safety;
# the rights of another. Whatever is granted whole needs none.
GROUNDS: Final = frozenset({"age", "health", "others"})
LONGEST: Final = 2_000
MOST_WITHHELD: Final = 2_000
# Before anything was decided the law gives two years to whoever asks.
NOTHING_DECIDED: Final = ReportDecision(
    0, 0, "", GRANTED, "", request="", reason="", older=False, withheld=()
)


def record(
    install: Installation, person: Person, question: protocol.DecideReport
) -> ReportDecision:
    """Record a decision on the patient's chain and return it. Raises No(question-broken)."""
    _check(install, question)
    detail = {
        "ground": question.ground,
        "network": person.network,
        "older": question.older,
        "outcome": question.outcome,
        "person": person.id.hex,
        "reason": question.reason.strip(),
        "request": question.request.strip(),
        "role": person.role,
        "what": "report decided",
        "withheld": sorted(question.withheld),
    }
    deed = Deed(Act.REPORT_DECIDED, question.patient, person.id, detail)
    install.recording.record([deed])
    return decisions_of(install, question.patient)[-1]


def decisions_of(install: Installation, patient: UUID) -> list[ReportDecision]:
    """Return all decisions on a patient's report, the oldest first. Raises Refused."""
    tag = install.recording.tag(patient)
    found = queries.entries_on(tag, Act.REPORT_DECIDED)
    return [_read(install, patient, entry) for entry in found]


def in_force(decisions: Sequence[ReportDecision]) -> ReportDecision:
    """Return the newest decision; without any, what the law gives without one."""
    return decisions[-1] if decisions else NOTHING_DECIDED


def demand(given: ReportDecision, *, patient: UUID, older: str) -> None:
    """Return if a decision lets the report be given away. Raises No(report-refused)."""
    if given.outcome == REFUSED:
        raise No("report-refused", subject=patient, because="decision")
    if older.strip() and not given.older:
        raise No("report-refused", subject=patient, because="older")


def _check(install: Installation, question: protocol.DecideReport) -> None:
    is_whole = question.outcome == GRANTED
    extent = extents.extent_of(install.recording.tag(question.patient))
    said = (question.request, question.reason)
    is_right = (
        question.outcome in {GRANTED, PARTLY, REFUSED},
        question.ground in GROUNDS or (is_whole and not question.ground),
        all(one.strip() and len(one) <= LONGEST for one in said),
        not question.withheld or question.outcome == PARTLY,
        not question.older or question.outcome != REFUSED,
        len(question.withheld) <= MOST_WITHHELD,
        all(0 < one <= extent.last for one in question.withheld),
    )
    if not all(is_right):
        raise No("question-broken", subject=question.patient, because="decision")


def _read(install: Installation, patient: UUID, entry: Recorded) -> ReportDecision:
    """Read a decision; one whose detail was erased decides that nothing is given."""
    said: Mapping[str, Any] = {"outcome": REFUSED}
    if entry.salt is not None and entry.detail is not None:
        read, commit = install.recording.read, entry.leaf.detail_commit
        said = read(patient, commit=commit, salt=entry.salt, sealed=entry.detail)
    actor = None if entry.leaf.actor_tag == NO_TAG else store.subject_of(entry.leaf.actor_tag)
    return ReportDecision(
        sequence=entry.leaf.patient_seq,
        time_us=entry.leaf.time_us,
        name="" if actor is None else install.directory.name_of(actor),
        outcome=str(said["outcome"]),
        ground=str(said.get("ground", "")),
        request=str(said.get("request", "")),
        reason=str(said.get("reason", "")),
        older=said.get("older") is True,
        withheld=tuple(int(one) for one in said.get("withheld", ())),
    )
