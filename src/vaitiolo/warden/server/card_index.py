"""Cards, judged: up to the pinned root, in date on the day of their leaf, not revoked.

What does not depend on the day is remembered by id; a revocation by another warden is noticed
within a few seconds, one by this warden at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final
from uuid import UUID

from vaitiolo.keys import cards, revocations, store, vouching
from vaitiolo.keys.cards import Card, TrustedCard
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import RevocationRow
from vaitiolo.keys.trust import Trust
from vaitiolo.keys.vouching import Authority, Moment, Revoked
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden.server import evidence
from vaitiolo.warden.server.recording import STAFF, Recording

FRESH: Final = 5_000_000  # microseconds

# A grant by its id, and what was said of its compartment when it was verified: id, class, subject.
Verified = tuple[bytes, UUID, int, UUID]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the newest entry of a holder's cards says: which card it is, and for which unit."""

    card: bytes
    unit: UUID | None


class CardIndex:
    """The warden's view of all cards."""

    def __init__(self, trust: Trust, recording: Recording, clock: Callable[[], int]) -> None:
        self._recording = recording
        self._clock = clock
        self._vouched: dict[bytes, TrustedCard] = {}
        self._moments: dict[bytes, Moment] = {}
        self._revoked: dict[bytes, tuple[int, Revoked | None]] = {}
        self._told: dict[bytes, Revoked] = {}
        self._standing: dict[UUID, Standing] = {}
        self._asked: set[tuple[str, str]] = set()
        self._declined: set[str] = set()
        self._told_upto = 0
        self._told_at = -FRESH
        self._telling = Lock()
        self.verified_grants: set[Verified] = set()
        self.authority = Authority(
            org=trust.org,
            root=trust.root,
            registrars_per_card=trust.cards.registrars_per_card,
            recovery=frozenset(map(trust.recovery_card, RecoveryRole)),
            card_of=self._card_of,
            recorded=self._recorded,
            revoked=self._revoked_of,
        )

    def trusted(self, card_id: bytes, *, at: Moment) -> TrustedCard:
        """Return a card that is vouched for and was valid at a moment. Raises Refused."""
        card = self._vouch(card_id)
        vouching.check_moment(card, self.authority, at=at)
        return card

    def present(self, card_id: bytes, *, at: Moment) -> TrustedCard:
        """Return a trusted card that no other of the same holder has followed. Raises Refused.

        A row that names an earlier card again would give back the role that came with it.
        """
        card = self.trusted(card_id, at=at)
        standing = self._standing_of(card.holder)
        if standing is None or standing.card != card.id:
            raise Refused("card.followed")
        return card

    def unit_of(self, holder: UUID) -> UUID | None:
        """Return the unit that somebody's card was recorded with. Raises Refused.

        Units stand in no card; what a row says of one could be altered.
        """
        standing = self._standing_of(holder)
        return None if standing is None else standing.unit

    def was_asked(self, card_id: bytes, holder: UUID) -> bool:
        """Return whether an entry asked for a card and none declined it. Raises Refused."""
        # An entry of this very moment counts: somebody waits for the card that was just made.
        self.read_on()
        self._read_ledger()
        asked = (card_id.hex(), holder.hex) in self._asked
        return asked and card_id.hex() not in self._declined

    def known(self, card_id: bytes) -> TrustedCard | None:
        """Return a card that leads to the root whatever the day, to name whose it is; or none."""
        try:
            return self._vouch(card_id)
        except Refused:
            return None

    def signing_key(self, card_id: bytes) -> bytes:
        """Return the Ed25519 key of a card that leads to the root. Raises Refused."""
        return self._vouch(card_id).ed25519

    def forget(self) -> None:
        """Forget what leans on cards being believed, as after a revocation."""
        self._vouched.clear()
        self._revoked.clear()
        self._told_at = -FRESH
        self.verified_grants.clear()

    def read_on(self) -> None:
        """Look at the ledger at the next question, as after a card was recorded."""
        self._told_at = -FRESH

    def _standing_of(self, holder: UUID) -> Standing | None:
        self._read_ledger()
        return self._standing.get(holder)

    def _vouch(self, card_id: bytes) -> TrustedCard:
        card = self._vouched.get(card_id)
        if card is None:
            card = vouching.vouched(self._card_of(card_id), self.authority)
            self._vouched[card_id] = card
        return card

    def _card_of(self, card_id: bytes) -> Card:
        row = store.card(card_id)
        if row is None:
            raise Refused("card.unknown")
        card = cards.parse(row.card)
        if card.id != card_id:
            raise Refused("card.id")
        return card

    def _recorded(self, card_id: bytes) -> Moment:
        if card_id not in self._moments:
            row = store.card(card_id)
            if row is None:
                raise Refused("card.unknown")
            self._moments[card_id] = evidence.moment_of(
                self._recording,
                row.leaf_index,
                subject=STAFF,
                acts={Act.CARD},
                says=("cards", card_id.hex()),
            )
        return self._moments[card_id]

    def _revoked_of(self, card_id: bytes) -> Revoked | None:
        self._read_ledger()
        # What was said in the ledger stays said, whatever becomes of the row.
        if card_id in self._told:
            return self._told[card_id]
        read_at, revoked = self._revoked.get(card_id, (-FRESH, None))
        if revoked is not None or self._clock() - read_at <= FRESH:
            return revoked
        row = store.revocations_of([card_id]).get(card_id)
        revoked = None if row is None else self._checked(row)
        if revoked is not None:
            # What was remembered may lean on a card that is no longer believed.
            self.forget()
        self._revoked[card_id] = (self._clock(), revoked)
        return revoked

    def _read_ledger(self) -> None:
        """Read the cards and revocations recorded since the last look; refuse an unreadable one.

        Rows can be deleted, entries cannot; so a card that was revoked once never lives again. An
        entry whose detail is gone might be anybody's, and then no card is believed at all.
        """
        with self._telling:
            if self._clock() - self._told_at <= FRESH:
                return
            tag, told = self._recording.tag(STAFF), len(self._told)
            telling = {
                Act.CARD: self._tell_card,
                Act.CARD_ASKED: self._tell_request,
                Act.CARD_DECLINED: self._tell_request,
                Act.CARD_REVOKED: self._tell,
            }
            for entry in queries.entries_of(tag, after=self._told_upto):
                if (tell := telling.get(Act(entry.leaf.act))) is not None:
                    tell(entry)
                self._told_upto = entry.leaf.patient_seq
            is_news = len(self._told) != told
            if is_news:
                self.forget()
            self._told_at = self._clock()

    def _tell(self, entry: Recorded) -> None:
        said = self._said(entry, "revoke.detail")
        day = entry.leaf.time_us // evidence.DAY
        since = said.get("since", day + 1)
        revoked = Revoked(entry.index, since if isinstance(since, int) else day + 1)
        self._told[bytes.fromhex(str(said["card"]))] = revoked

    def _tell_card(self, entry: Recorded) -> None:
        said = self._said(entry, "card.detail")
        unit = str(said.get("unit") or "")
        [card] = said["cards"] if isinstance(said["cards"], list) else []
        standing = Standing(bytes.fromhex(card), UUID(hex=unit) if unit else None)
        self._standing[UUID(hex=str(said["holder"]))] = standing

    def _tell_request(self, entry: Recorded) -> None:
        if entry.salt is None or entry.detail is None:
            # Not known any more, so not asked for. Nobody's card that stands hangs on it.
            return
        said = self._said(entry, "request.detail")
        card = str(said.get("card", ""))
        if entry.leaf.act is Act.CARD_DECLINED:
            self._declined.add(card)
        else:
            self._asked.add((card, str(said.get("holder", ""))))

    def _said(self, entry: Recorded, reason: str) -> dict[str, object]:
        if entry.salt is None or entry.detail is None:
            raise Refused(reason)
        commit = entry.leaf.detail_commit
        return self._recording.read(STAFF, commit=commit, salt=entry.salt, sealed=entry.detail)

    def _checked(self, row: RevocationRow) -> Revoked:
        word = revocations.parse(row.record)
        if word.card != row.card:
            raise Refused("revoke.card")
        revocations.verify(word, org=self.authority.org, registrar=self._vouch(word.registrar))
        return Revoked(row.leaf_index, word.since)
