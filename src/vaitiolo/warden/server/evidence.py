"""What the ledger says about an object in the vault: that it was recorded, when, and as what.

A row without its leaf is worth nothing: the date in a row is whatever the database's owner wrote.
"""

from collections.abc import Collection, Iterator
from typing import Final
from uuid import UUID

from vaitiolo.keys.refused import Refused
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import NO_PREVIOUS
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden.server.recording import Recording

DAY: Final = 86_400_000_000  # microseconds


def detail_of(
    recording: Recording, index: int, *, subject: UUID, acts: Collection[Act]
) -> tuple[int, dict[str, object]]:
    """Return the day and the detail of an entry of a subject. Raises Refused if it is another's."""
    entry = queries.entry(index)
    if entry is None or entry.leaf.act not in acts or entry.salt is None or entry.detail is None:
        raise Refused("leaf.missing")
    if entry.leaf.patient_tag != recording.tag(subject):
        raise Refused("leaf.subject")
    detail = recording.read(
        subject, commit=entry.leaf.detail_commit, salt=entry.salt, sealed=entry.detail
    )
    return entry.leaf.time_us // DAY, detail


def details_of(recording: Recording, subject: UUID, *, act: Act) -> Iterator[dict[str, object]]:
    """Yield what a subject's entries of one act say, in their order; the erased ones are left out.

    Raises Refused when a detail is not what its entry committed to.
    """
    for entry in queries.entries_of(recording.tag(subject)):
        if entry.leaf.act == act and entry.salt is not None and entry.detail is not None:
            yield recording.read(
                subject, commit=entry.leaf.detail_commit, salt=entry.salt, sealed=entry.detail
            )


class Chain:
    """A chain of the house's own, read as far as it goes; of these nothing is ever erased.

    For one thread at a time.
    """

    def __init__(self, recording: Recording, subject: UUID) -> None:
        self._recording, self._subject = recording, subject
        self._number, self._previous = 0, NO_PREVIOUS
        self._commits: set[bytes] = set()

    def newer(self) -> Iterator[tuple[Recorded, dict[str, object]]]:
        """Yield what came since the last time, with its detail.

        Raises Refused for an entry out of its place, said before under another number, or whose
        detail is gone: what is older would stand as if it were the newest.
        """
        tag = self._recording.tag(self._subject)
        for entry in queries.entries_of(tag, after=self._number):
            leaf = entry.leaf
            place = (leaf.patient_tag, leaf.patient_seq, leaf.patient_prev)
            if place != (tag, self._number + 1, self._previous):
                raise Refused("chain.place")
            if leaf.detail_commit in self._commits:
                raise Refused("chain.twice")
            if entry.salt is None or entry.detail is None:
                raise Refused("chain.detail")
            said = self._recording.read(
                self._subject, commit=leaf.detail_commit, salt=entry.salt, sealed=entry.detail
            )
            yield entry, said
            self._number, self._previous = leaf.patient_seq, leaf.hash
            self._commits.add(leaf.detail_commit)


def moment_of(
    recording: Recording,
    index: int,
    *,
    subject: UUID,
    acts: Collection[Act],
    says: tuple[str, str],
) -> Moment:
    """Return when an object was recorded; the entry's detail must name it. Raises Refused."""
    day, detail = detail_of(recording, index, subject=subject, acts=acts)
    name, value = says
    named = detail.get(name)
    if named != value and not (isinstance(named, list) and value in named):
        raise Refused("leaf.other")
    return Moment(day, index)
