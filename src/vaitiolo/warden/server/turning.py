"""One turn of a key: the record of it, and the first grants of the next epoch.

Everything is made and checked first, then recorded, then stored. The recovery card is never left
out, whatever was asked.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from vaitiolo.keys import envelope, grants, rotations, store, vouching
from vaitiolo.keys.cards import CardClass, TrustedCard
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.grants import Grant, Terms
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.octets import random_bytes, wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rotations import Rotation
from vaitiolo.keys.rows import RotationRow
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.server import duty_cards, granting, holding
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Held, Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No

Recipients = dict[bytes, tuple[TrustedCard, int]]


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that was made, not yet recorded or stored."""

    rotation: Rotation
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Turner:
    """Somebody who turns keys, with the own ones open."""

    install: Installation
    person: Person
    keys: HolderKeys = field(repr=False)

    def turn(self, compartment: UUID, *, without: Collection[bytes] = ()) -> int:
        """Begin the next epoch of a compartment and return it; recorded before it is stored."""
        # Read before it is judged who remains: what is granted in between is not to be lost.
        seen = [row.id for row in store.grants_of(compartment)]
        held = holding.find(self.install, self.person, compartment)
        if held.coming is not None:
            return held.coming.epoch
        with self._made(held, without=without) as turn:
            leaf = self._record(held, turn)
            _store(turn, leaf, seen=seen)
            return turn.rotation.epoch

    def finish_role(self, compartment: UUID) -> None:
        """Seal a role card's seed, the one document of its compartment, anew, and commit."""
        held = holding.find(self.install, self.person, compartment)
        sealed = store.role_seed(compartment)
        if held.coming is None or sealed is None:
            raise Refused("role.missing")
        resealed = self._reseal_seed(held, held.coming, sealed=sealed)
        record_commit(self.install, self.person, held)
        with transaction.atomic(using=store.VAULT):
            store.replace_role_seed(compartment, resealed)
            commit(held)

    @contextmanager
    def _made(self, held: Held, *, without: Collection[bytes]) -> Iterator[Turn]:
        install, new = self.install, random_bytes(32)
        recipients = _recipients(install, held, without=without)
        rotator = self._rotator(held, recipients)
        try:
            with (
                # Opened only to see that it opens: who cannot read does not turn.
                holding.key_of(install, self.keys, held),
                granting.signer_of(install, self.keys, held) as signer,
            ):
                step = rotations.make(
                    new, held.grant, org=install.org, rotator=rotator.id, keys=signer
                )
                owned = vouching.earlier_cards(rotator, install.cards.authority)
                rotations.verify(step, held.grant, org=install.org, rotator=rotator, owned=owned)
                made = tuple(
                    grants.make(
                        new,
                        Terms(held.compartment, step.epoch, step.id, until),
                        org=install.org,
                        recipient=card,
                        keys=signer,
                        grantor=rotator.id,
                    )
                    for card, until in recipients.values()
                )
                yield Turn(step, made)
        finally:
            wipe(new)

    def _rotator(self, held: Held, recipients: Recipients) -> TrustedCard:
        """Return the card that signs. Nobody turns a key that is not for him afterwards."""
        card_id = self.person.card if held.role is None else held.role.card
        card = self.install.cards.trusted(card_id, at=Moment(self.install.today()))
        if not self.person.recipients & recipients.keys():
            raise No("not-allowed", subject=held.subject, because="would turn oneself away")
        return card

    def _record(self, held: Held, turn: Turn) -> int:
        step = turn.rotation
        detail = {
            "cards": [grant.recipient.hex() for grant in turn.grants],
            "compartment": held.compartment.hex,
            "epoch": step.epoch,
            "grants": [grant.id.hex() for grant in turn.grants],
            "rotation": step.id.hex(),
        }
        deed = Deed(Act.ROTATE_BEGIN, held.subject, self.person.id, detail)
        return self.install.recording.record([deed])[0]

    def _reseal_seed(self, held: Held, coming: Held, *, sealed: bytes) -> bytes:
        place = holding.role_seed_place(self.install.org, held.compartment)
        was = envelope.document_context(place, epoch=held.epoch)
        becomes = envelope.document_context(place, epoch=coming.epoch)
        with (
            holding.key_of(self.install, self.keys, held) as old,
            holding.key_of(self.install, self.keys, coming) as new,
        ):
            seed = envelope.unseal(old, was, sealed, epoch=held.epoch, padding=Padding.NONE)
            try:
                return envelope.seal(new, becomes, seed, epoch=coming.epoch, padding=Padding.NONE)
            finally:
                wipe(seed)


def record_commit(install: Installation, person: Person, held: Held) -> None:
    """Record that a compartment's next epoch becomes the present one."""
    detail = {"compartment": held.compartment.hex, "epoch": holding.newest(held).epoch}
    install.recording.record([Deed(Act.ROTATE_COMMIT, held.subject, person.id, detail)])


def commit(held: Held) -> None:
    """Store that an epoch is the present one; what it settles is not due any more."""
    epoch = holding.newest(held).epoch
    try:
        with transaction.atomic(using=store.VAULT):
            store.commit_rotation(held.compartment, epoch=epoch)
            store.settle_due(held.compartment, epoch=epoch)
    except store.RotationRefused:
        # Another warden committed the same meanwhile.
        raise No("not-allowed", subject=held.subject, because="committed") from None


def _store(turn: Turn, leaf: int, *, seen: Collection[bytes]) -> None:
    step = turn.rotation
    row = RotationRow(step.id, step.compartment, step.epoch, step.encode(), leaf_index=leaf)
    rows = [granting.grant_row(grant, leaf) for grant in turn.grants]
    try:
        store.begin_rotation(row, rows, seen=seen)
    except store.RotationRefused:
        raise No("not-allowed", because="turned or granted meanwhile") from None


def _recipients(install: Installation, held: Held, *, without: Collection[bytes]) -> Recipients:
    """Return who the next key is for, each until the day that was theirs before."""
    kept: Recipients = {
        card.id: (card, until) for card, until in granting.recovery_card(install, held.klass)
    }
    for grant in held.others:
        card = _present(install, grant, held, without=without)
        if card is not None:
            until = max(grant.until, kept[card.id][1]) if card.id in kept else grant.until
            kept[card.id] = card, until
    return kept


def _present(
    install: Installation, grant: Grant, held: Held, *, without: Collection[bytes]
) -> TrustedCard | None:
    """Return the card that a recipient has now, or none for one who does not remain."""
    known = install.cards.known(grant.recipient)
    if known is None or known.klass is CardClass.RECOVERY:
        return None
    today = Moment(install.today())
    try:
        if known.klass is CardClass.ROLE and known.id in without:
            card = _next_role_card(install, known, held)
        else:
            card = install.cards.trusted(_renewed(install, known), at=today)
    except (Refused, No):
        return None
    return None if card.id in without else card


def _next_role_card(install: Installation, known: TrustedCard, held: Held) -> TrustedCard:
    """Return the card that follows an exchanged one. Raises No, Refused where none does."""
    if not duty_cards.is_duty(known):
        return granting.role_card(install, known.holder, held.klass)
    following = duty_cards.of_units(install, [known.holder])
    if not following or held.klass not in duty_cards.REACHED:
        raise Refused("role.missing")
    return following[0]


def _renewed(install: Installation, card: TrustedCard) -> bytes:
    """Return the newest renewal of a card: same keys. A new seed is for the holders to grant to."""
    colleague = install.directory.find(card.holder)
    if colleague is None or colleague.card == card.id:
        return card.id
    present = install.cards.known(colleague.card)
    if present is None or present.holder != card.holder:
        return card.id
    earlier = vouching.earlier_cards(present, install.cards.authority)
    return present.id if card.id in earlier else card.id
