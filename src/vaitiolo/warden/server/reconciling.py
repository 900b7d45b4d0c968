"""What the ledger says was signed, copied, sent and erased: to be set beside the rows there are.

Says random ids and versions only; no patient, no author, no text.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.kinds import CompartmentClass, Kind
from vaitiolo.ledger import extents, queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.ledger.verify import specials
from vaitiolo.warden import erasure_parts, parts, protocol
from vaitiolo.warden.kinds import Mark
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import NOBODY, SYSTEM, Deed

# A document brought in with a register stands in the creation of its compartment.
SIGNING: Final = frozenset({Act.SIGN, Act.AMEND, Act.CREATE})
OTHERS: Final = frozenset(
    {Act.RELEASE, Act.OUTBOX_PUT, Act.OUTBOX_TAKEN, Act.OUTBOX_SENT, Act.ERASE}
)
PAGE: Final = 500
# The row follows its entry within one request; a younger entry may have it on the way.
SETTLED: Final = 10_000_000  # microseconds


def list_signed(install: Installation, question: protocol.ListSigned) -> protocol.SignedListed:
    """Answer with some entries' documents, in the order of the ledger. Raises Refused."""
    size = (queries.last_batch() or (0, b""))[0]
    found = queries.entries_with(SIGNING, since=question.since, before=size, most=PAGE)
    said = [(entry, _detail(install, entry)) for entry in found]
    there = store.marked(
        document
        for entry, detail in said
        if detail is not None and "marked" in detail
        for document in _documents(entry.leaf.act, detail)
    )
    deeds: list[parts.SignedDeed] = []
    erased = 0
    for entry, detail in said:
        if detail is None:
            erased += 1
            continue
        is_settled = install.clock() - entry.leaf.time_us > SETTLED
        for document in _documents(entry.leaf.act, detail):
            mark = _mark(entry, detail, is_there=document in there)
            deeds.append(parts.SignedDeed(entry.index, *document, is_settled, mark))
    following = found[-1].index + 1 if len(found) == PAGE else size
    return protocol.SignedListed(tuple(deeds), erased, following, size)


def _mark(entry: Recorded, detail: Mapping[str, Any], *, is_there: bool) -> Mark:
    if "marked" not in detail:
        return Mark.NONE
    if is_there:
        return Mark.THERE
    # Who was erased after the entry was read took the records along.
    return Mark.NONE if store.subject_of(entry.leaf.patient_tag) is None else Mark.LOST


def list_others(install: Installation, question: protocol.ListOthers) -> protocol.OthersListed:
    """Answer with some copies, steps of reminders and erasures, in their order. Raises Refused."""
    size = (queries.last_batch() or (0, b""))[0]
    found = queries.entries_with(OTHERS, since=question.since, before=size, most=PAGE)
    deeds, lies = [], []
    for entry in found:
        if entry.leaf.act is Act.ERASE:
            if _is_a_lie(entry):
                lies.append(entry.index)
            continue
        detail = _detail(install, entry)
        named = (detail or {}).get("copy" if entry.leaf.act is Act.RELEASE else "row")
        if named is not None:
            row = UUID(hex=named)
            time_us, act = entry.leaf.time_us, int(entry.leaf.act)
            is_settled = install.clock() - time_us > SETTLED
            deeds.append(erasure_parts.OtherDeed(entry.index, act, row, time_us, is_settled))
    following = found[-1].index + 1 if len(found) == PAGE else size
    return protocol.OthersListed(tuple(deeds), tuple(lies), following, size)


def _is_a_lie(entry: Recorded) -> bool:
    """Return whether somebody who is said to be erased still has details, or leads to them."""
    try:
        tag = bytes.fromhex(str(specials.parse(Act.ERASE, entry.detail or b"")["tag"]))
    except specials.SpecialBroken:
        return True
    return store.subject_of(tag) is not None or extents.substance_of(tag).details > 0


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
    protocol.ListOthers: list_others,
    protocol.NoteReconciled: note,
}
