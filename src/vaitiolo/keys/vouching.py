"""Whether a card is to be believed: vouched for up to the pinned root, in date, not revoked.

A date inside a row decides nothing: an act is judged by where its leaf stands in the ledger, and
whoever asks now is judged now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from vaitiolo.keys import cards, primitives
from vaitiolo.keys.cards import Card, CardClass, CardSignature, PublicKeys, RootKeys, TrustedCard
from vaitiolo.keys.fields import ZERO
from vaitiolo.keys.refused import Refused


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened: the day, and the number of its leaf. Without a leaf: now."""

    day: int
    leaf: int | None = None


@dataclass(frozen=True, slots=True)
class Revoked:
    """Since when a card is not believed: from its revocation's leaf on, and from the day named.

    Naming an earlier day takes back what was done with a stolen key before anybody noticed; naming
    the day after keeps what a colleague granted on her last morning.
    """

    leaf: int
    since: int

    def covers(self, at: Moment) -> bool:
        """Return whether something that happened then is no longer believed."""
        return at.leaf is None or at.leaf >= self.leaf or at.day >= self.since


@dataclass(frozen=True, slots=True)
class Authority:
    """What cards are judged by: what is pinned, and what vault and ledger say of a card's id.

    ``card_of`` and ``recorded`` raise `Refused` for an id they do not know. Where ``remembered`` is
    given, cards once vouched for are kept in it by id; whoever gives it empties it at a revocation.
    """

    org: UUID
    root: RootKeys
    registrars_per_card: int
    recovery: frozenset[bytes]
    card_of: Callable[[bytes], Card]
    recorded: Callable[[bytes], Moment]
    revoked: Callable[[bytes], Revoked | None]
    remembered: dict[bytes, TrustedCard] | None = None


def verify(card: Card, authority: Authority, *, at: Moment) -> TrustedCard:
    """Return the card, now trusted, when it is vouched for, in date and not revoked.

    Raises `Refused` otherwise. For whoever asks now, ``at`` is today; for an act of the past, the
    moment of its leaf.
    """
    trusted = vouched(card, authority)
    check_moment(card, authority, at=at)
    return trusted


def check_moment(card: Card, authority: Authority, *, at: Moment) -> None:
    """Return quietly when a card was in date and not revoked at a moment, else raise `Refused`."""
    if not card.terms.not_before <= at.day <= card.terms.not_after:
        raise Refused("card.date")
    revoked = authority.revoked(card.id)
    if revoked is not None and revoked.covers(at):
        raise Refused("card.revoked")


def vouched(card: Card, authority: Authority) -> TrustedCard:
    """Return a card whose signatures lead to the pinned root, or whose own id is pinned.

    Else `Refused`. The answer does not depend on when one asks, so it may be remembered until a
    registrar is revoked. Ed25519 (RFC 8032) and ML-DSA-65 (FIPS 204) must both verify.
    """
    if authority.remembered is None:
        return _vouched(card, authority)
    trusted = authority.remembered.get(card.id)
    if trusted is None:
        trusted = authority.remembered[card.id] = _vouched(card, authority)
    return trusted


def earlier_cards(card: TrustedCard, authority: Authority) -> frozenset[bytes]:
    """Return the ids of this card and of those it renews: same holder, generation and keys.

    A grant to any of them is good for whoever holds this card. Raises `Refused` when one of them is
    missing or was never vouched for.
    """
    ids = {card.id}
    prev = card.terms.prev
    while prev != ZERO:
        before = authority.card_of(prev)
        if before.id != prev or _lineage(before) != _lineage(card):
            break
        ids.add(vouched(before, authority).id)
        prev = before.terms.prev
    return frozenset(ids)


def check_request(card: Card, authority: Authority) -> None:
    """Return quietly when a card is of this organisation and signed by its own key, else refuse."""
    if card.terms.org != authority.org:
        raise Refused("card.org")
    self_signed = b"vaitiolo/1/card-self" + card.body()
    primitives.ed25519_verify(card.ed25519, self_signed, card.self_signature)


def check_signed(card: Card, registrar: TrustedCard) -> None:
    """Return quietly when a registrar, already trusted, has signed a card, else raise `Refused`."""
    own = [signature for signature in card.signatures if signature.signer == registrar.id]
    if registrar.klass is not CardClass.REGISTRAR or not own:
        raise Refused("card.registrar")
    check_signature(card, own[0], registrar.keys)


def renews(card: Card, before: Card) -> bool:
    """Return whether a card goes on from another: same holder, class, generation and keys."""
    return card.terms.prev == before.id and _lineage(card) == _lineage(before)


def _vouched(card: Card, authority: Authority) -> TrustedCard:
    check_request(card, authority)
    if card.klass is CardClass.RECOVERY:
        _check_pinned(card, authority)
    elif card.klass is CardClass.REGISTRAR:
        _check_root(card, authority.root)
    else:
        _check_registrars(card, authority)
    return TrustedCard(card)


def _check_pinned(card: Card, authority: Authority) -> None:
    if card.id not in authority.recovery:
        raise Refused("card.unpinned")


def _check_root(card: Card, root: RootKeys) -> None:
    if [signature.signer for signature in card.signatures] != [root.id]:
        raise Refused("card.root")
    keys = PublicKeys(b"", ed25519=root.ed25519, mldsa65=root.mldsa65)
    check_signature(card, card.signatures[0], keys)


def _check_registrars(card: Card, authority: Authority) -> None:
    if len(card.signatures) < max(1, authority.registrars_per_card):
        raise Refused("card.registrars")
    then = authority.recorded(card.id)
    for signature in card.signatures:
        registrar = authority.card_of(signature.signer)
        if registrar.klass is not CardClass.REGISTRAR or registrar.id != signature.signer:
            raise Refused("card.registrar")
        # A registrar who left later has not unmade anybody.
        verify(registrar, authority, at=then)
        check_signature(card, signature, registrar.keys)


def check_signature(card: Card, signature: CardSignature, keys: PublicKeys) -> None:
    """Return quietly when both signatures of a signer are good under these keys, else refuse."""
    signed = cards.statement(card)
    primitives.ed25519_verify(keys.ed25519, signed, signature.ed25519)
    primitives.mldsa65_verify(keys.mldsa65, signed, signature.mldsa65)


def _lineage(card: Card) -> tuple[object, ...]:
    terms = card.terms
    return terms.org, terms.holder, terms.klass, terms.generation, card.keys
