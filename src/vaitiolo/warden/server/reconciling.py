"""Which documents the ledger says were signed: for setting them beside the rows that there are.

Says random ids and versions only; no patient, no author, no text.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.kinds import CompartmentClass, Kind
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import NOBODY, SYSTEM, Deed

# A document brought in with a register stands in the creation of its compartment.
SIGNING: Final = frozenset({Act.SIGN, Act.AMEND, Act.CREATE})
PAGE: Final = 500
# The row follows its entry within one request; a younger entry may have it on the way.
SETTLED: Final = 10_000_000  # microseconds


def list_signed(install: Installation, question: protocol.ListSigned) -> protocol.SignedListed:
    """Answer with some entries' documents, in the order of the ledger. Raises Refused."""
    size = (queries.last_batch() or (0, b""))[0]
    found = queries.entries_with(SIGNING, since=question.since, before=size, most=PAGE)
    deeds: list[parts.SignedDeed] = []
    erased = 0
    for entry in found:
        detail = _detail(install, entry)
        if detail is None:
            erased += 1
            continue
        is_settled = install.clock() - entry.leaf.time_us > SETTLED
        for kind, row, version in _documents(entry.leaf.act, detail):
            deeds.append(parts.SignedDeed(entry.index, kind, row, version, is_settled))
    following = found[-1].index + 1 if len(found) == PAGE else size
    return protocol.SignedListed(tuple(deeds), erased, following, size)


def note(install: Installation, question: protocol.NoteReconciled) -> protocol.Done:
    """Record the outcome; a row without an entry is an alert each time it is found."""
    detail = {
        "dangling": question.dangling,
        "entries": question.entries,
        "missing": question.missing,
        "rows": question.rows,
        "what": "reconciliation",
    }
    deeds = [Deed(Act.DOCTOR_RUN, SYSTEM, NOBODY, detail)]
    if question.missing:
        rule = {"count": question.missing, "rule": "rows-without-an-entry"}
        deeds.append(Deed(Act.ALERT, SYSTEM, NOBODY, rule))
    install.recording.record(deeds)
    return protocol.Done()


def _detail(install: Installation, entry: Recorded) -> dict[str, Any] | None:
    """Return what an entry says, or nothing where its subject or its detail was erased."""
    subject = store.subject_of(entry.leaf.patient_tag)
    if subject is None or entry.salt is None or entry.detail is None:
        return None
    commit = entry.leaf.detail_commit
    return install.recording.read(subject, commit=commit, salt=entry.salt, sealed=entry.detail)


def _documents(act: Act, detail: Mapping[str, Any]) -> Iterator[tuple[int, UUID, int]]:
    if act != Act.CREATE:
        yield int(detail["kind"]), UUID(hex=detail["row"]), int(detail["version"])
        return
    kinds = {CompartmentClass.IDENTITY: Kind.IDENTITY, CompartmentClass.CHART: Kind.NOTE}
    for row in detail.get("rows", ()):
        yield int(kinds[CompartmentClass(detail["class"])]), UUID(hex=row), 1


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.ListSigned: list_signed,
    protocol.NoteReconciled: note,
}
