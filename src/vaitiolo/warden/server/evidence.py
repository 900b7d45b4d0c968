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
