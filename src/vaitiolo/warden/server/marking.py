"""Records of what is signed: its fingerprints, sealed to the recovery card `incident` at once.

Made where the text is open anyway, stored in the transaction of the entry. A record opens on no
server. While a segment grows its key is in memory here, for half an hour and 64 records at most.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from vaitiolo.fingerprints import secret, texts
from vaitiolo.fingerprints.marks import MARK_LENGTH, fingerprints
from vaitiolo.fingerprints.secret import FingerprintKey
from vaitiolo.keys import kits, mark_chain, store
from vaitiolo.keys.bodies import Place
from vaitiolo.keys.kinds import CompartmentClass, Kind, RecoveryRole
from vaitiolo.keys.kits import SectionKind, Segment
from vaitiolo.keys.kms import Kms, KmsAway
from vaitiolo.keys.octets import random_bytes, wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import NewMark, SegmentRow
from vaitiolo.keys.trust import Trust
from vaitiolo.keys.vouching import Moment
from vaitiolo.warden.server.card_index import CardIndex

SEGMENT: Final = 64
SECOND: Final = 1_000_000
LONGEST: Final = 30 * 60 * SECOND
DAY: Final = 86_400 * SECOND
_TEXTS: Final = frozenset({Kind.NOTE, Kind.PLAN, Kind.MEASURE, Kind.LETTER, Kind.MESSAGE})
# A copy for supervision says what a record was made of already.
_CLASSES: Final = frozenset(
    {CompartmentClass.CHART, CompartmentClass.WORKING, CompartmentClass.SHARED}
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """A signed version before its record: whose, in which class of compartment, where, what."""

    patient: UUID
    klass: CompartmentClass
    place: Place
    body: bytes


@dataclass(slots=True)
class _Growing:
    segment: Segment
    row: SegmentRow
    since: int


def is_due(klass: CompartmentClass, kind: Kind) -> bool:
    """Return whether what is signed there gets a record."""
    if klass is CompartmentClass.IDENTITY:
        return kind is Kind.IDENTITY
    return klass in _CLASSES and kind in _TEXTS


def beside(made: Sequence[NewMark]) -> Callable[[BaseDatabaseWrapper], None] | None:
    """Return what stores records in the transaction of their entries, or nothing for none."""
    if not made:
        return None
    return lambda connection: store.append_marks(connection, made)


class Marking:
    """One warden's maker of records. A house that keeps no seed of `incident` gets none."""

    def __init__(
        self, trust: Trust, kms: Kms, *, cards: CardIndex, clock: Callable[[], int]
    ) -> None:
        self._trust = trust
        self._kms = kms
        self._cards = cards
        self._clock = clock
        self._lock = Lock()
        self._growing: dict[SectionKind, _Growing] = {}
        self._key: FingerprintKey | None = None
        self._is_kept = False

    def records(self, written: Sequence[Written]) -> list[NewMark]:
        """Return a record for everything that is due one, in the same order; nothing is stored.

        What keeps a record from being made is said in the log and never keeps a signature from
        being given: the nightly count finds what is without one. Raises Refused for a place that
        is none.
        """
        due = [one for one in written if is_due(one.klass, one.place.kind)]
        if not due or not self.is_kept():
            return []
        for one in due:
            one.place.encode()
        try:
            key = self.key()
            return [self._sealed(one, *self._text(one, key)) for one in due]
        except (Refused, KmsAway) as problem:
            log.critical("No record of %d signed texts: %s.", len(due), type(problem).__name__)
            return []

    def is_kept(self) -> bool:
        """Return whether two officers of this house can open what is recorded."""
        self._is_kept = self._is_kept or store.has_incident_key()
        return self._is_kept

    def key(self) -> FingerprintKey:
        """Return the house's fingerprint key, drawn when it is first needed. Raises as the KMS."""
        if self._key is None:
            self._key = FingerprintKey.from_bytes(bytes(self.raw_key()))
        return self._key

    def raw_key(self) -> bytearray:
        """Return the key as a kit holds it; the caller wipes it. Raises Refused, KmsAway."""
        org = self._trust.org
        sealed = store.mark_key()
        if sealed is None:
            drawn = random_bytes(secret.LENGTH)
            try:
                sealed = store.put_mark_key(mark_chain.seal_key(drawn, kms=self._kms, org=org))
            finally:
                wipe(drawn)
        return mark_chain.open_key(sealed, kms=self._kms, org=org)

    def card(self) -> tuple[bytes, bytes]:
        """Return id and X-Wing public key of the pinned card `incident`. Raises Refused."""
        card_id = self._trust.recovery_card(RecoveryRole.INCIDENT)
        card = self._cards.trusted(card_id, at=Moment(self._clock() // DAY))
        return card_id, card.xwing

    def close_old(self) -> None:
        """Wipe the keys of segments that have grown for long enough."""
        with self._lock:
            for kind, one in list(self._growing.items()):
                if self._is_over(one):
                    self._close(kind)

    def close(self) -> None:
        """Wipe every key."""
        with self._lock:
            for kind in list(self._growing):
                self._close(kind)
        self._key = None

    def _text(self, one: Written, key: FingerprintKey) -> tuple[SectionKind, bytes]:
        patient = one.patient.bytes
        if one.place.kind is Kind.IDENTITY:
            known = texts.identifiers_of(one.body, key)
            return SectionKind.IDENTIFIERS, kits.of_identifiers(patient, known)
        now = self._clock()
        marks = fingerprints(texts.text_of(one.body), key)
        text = kits.of_version(
            patient,
            one.place.row.bytes,
            one.place.version,
            held_on=texts.held_on(one.body, now // DAY),
            created=now // SECOND,
            marks=b"".join(mark.to_bytes(MARK_LENGTH, "little") for mark in marks),
        )
        return SectionKind.VERSIONS, text

    def _sealed(self, one: Written, kind: SectionKind, text: bytes) -> NewMark:
        with self._lock:
            growing = self._segment(kind)
            place, sealed = growing.segment.seal(text)
        at = one.place
        return NewMark(one.patient, at.kind, at.row, at.version, growing.row, place, sealed)

    def _segment(self, kind: SectionKind) -> _Growing:
        growing = self._growing.get(kind)
        if growing is not None and not self._is_over(growing):
            return growing
        self._close(kind)
        # Random, so that several wardens need not agree: 63 bits, as databases count.
        number = int.from_bytes(random_bytes(8)) >> 1
        segment = Segment(kind, number, org=self._trust.org, xwing=self.card()[1])
        row = SegmentRow(number, int(kind), segment.sealed_key)
        self._growing[kind] = _Growing(segment, row, self._clock())
        return self._growing[kind]

    def _is_over(self, one: _Growing) -> bool:
        return one.segment.count >= SEGMENT or self._clock() - one.since > LONGEST

    def _close(self, kind: SectionKind) -> None:
        growing = self._growing.pop(kind, None)
        if growing is not None:
            growing.segment.close()
