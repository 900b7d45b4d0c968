"""A compartment whose key is open for one question: what can be done while it is.

Whatever sees plaintext in the warden has one of these. It cannot outlive the block that made it.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

from vaitiolo.keys import bodies, envelope
from vaitiolo.keys.bodies import ZERO, Place
from vaitiolo.keys.envelope import Padding, Sealer
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass, Kind, kind_of, signed_kinds
from vaitiolo.keys.octets import wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.warden import parts
from vaitiolo.warden.server import holding
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Held, Seat

_CLINICAL: Final = frozenset(
    {Kind.NOTE, Kind.DRAFT, Kind.PLAN, Kind.MEASURE, Kind.LETTER, Kind.MANIFEST, Kind.CHUNK}
)
BELONGS: Final[Mapping[CompartmentClass, frozenset[Kind]]] = {
    CompartmentClass.IDENTITY: frozenset({Kind.IDENTITY, Kind.CONSENT, Kind.INVOICE}),
    CompartmentClass.CHART: _CLINICAL,
    CompartmentClass.WORKING: frozenset({Kind.NOTE, Kind.DRAFT}),
    CompartmentClass.SHARED: _CLINICAL | {Kind.MESSAGE},
    CompartmentClass.PHONEBOOK: frozenset({Kind.PHONEBOOK}),
    CompartmentClass.DIARY: frozenset({Kind.DIARY}),
    CompartmentClass.DESK: frozenset({Kind.DESK}),
    CompartmentClass.COPY: frozenset({Kind.NOTE}),
    CompartmentClass.CASE: frozenset({Kind.EVIDENCE, Kind.MANIFEST, Kind.CHUNK}),
}


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A compartment, its key, and who signs (keys and card)."""

    install: Installation
    held: Held
    dk: bytearray = field(repr=False)
    keys: HolderKeys = field(repr=False)
    card: bytes
    # The key of the next epoch, while the key is being turned.
    coming: bytearray | None = field(default=None, repr=False)
    # Seals with the newest key there is. Without one, each text derives its hedge for itself.
    sealer: Sealer | None = field(default=None, repr=False)

    def unseal(self, document: parts.Sealed) -> tuple[Place, bytearray]:
        """Open one document's seal; a signed body still has its signature. Raises Refused."""
        place = place_of(self.install, self.held, document.place)
        epoch, dk = self._key_for(envelope.epoch_of(document.sealed))
        body = envelope.unseal(
            dk,
            envelope.document_context(place, epoch=epoch),
            document.sealed,
            epoch=epoch,
            padding=padding_of(place.kind),
        )
        return place, body

    def seal(self, document: parts.Plain) -> bytes:
        """Seal one document; one of a signed kind is signed inside the seal. Raises Refused."""
        place = place_of(self.install, self.held, document.place)
        body = document.body
        if place.kind in signed_kinds:
            prev = self._hash_before(document)
            body = bodies.sign_body(body, place, keys=self.keys, card=self.card, prev=prev)
        return self.seal_body(place, body)

    def seal_body(self, place: Place, body: bytes | bytearray) -> bytes:
        """Seal what stands inside the seal as it is, at the newest epoch there is."""
        epoch, dk = self._key_for(holding.newest(self.held).epoch)
        context = envelope.document_context(place, epoch=epoch)
        padding = padding_of(place.kind)
        if self.sealer is not None:
            return self.sealer.seal(context, body, epoch=epoch, padding=padding)
        return envelope.seal(dk, context, body, epoch=epoch, padding=padding)

    def _key_for(self, epoch: int) -> tuple[int, bytearray]:
        """Return the key of an epoch; of one that is not open, the present one, which refuses."""
        coming = self.held.coming
        if coming is not None and self.coming is not None and epoch == coming.epoch:
            return epoch, self.coming
        return self.held.epoch, self.dk

    def _hash_before(self, document: parts.Plain) -> bytes:
        """Return the hash of the version before, which the asker brings along sealed."""
        here = document.place
        if here.version == 1:
            return ZERO
        earlier = parts.Place(here.kind, here.row, here.version - 1)
        place, body = self.unseal(parts.Sealed(earlier, document.previous))
        try:
            bodies.check_body(body, place, public_key_of=self.install.cards.signing_key)
            return bodies.predecessor_hash(body)
        finally:
            wipe(body)


@contextmanager
def unlocked(install: Installation, seat: Seat, held: Held, *, cookie: bytes) -> Iterator[Unlocked]:
    """Open a held compartment for one question; seed and keys are wiped after the block."""
    held = holding.refreshed(install, seat.person, held)
    with ExitStack() as stack:
        keys = stack.enter_context(install.memory.keys(cookie, seat))
        dk = stack.enter_context(holding.key_of(install, keys, held))
        coming = None
        if held.coming is not None:
            coming = stack.enter_context(holding.key_of(install, keys, held.coming))
        sealer = stack.enter_context(Sealer(dk if coming is None else coming))
        yield Unlocked(install, held, dk, keys, seat.person.card, coming, sealer)


def place_of(install: Installation, held: Held, place: parts.Place) -> Place:
    """Return where a document belongs, with what the asker cannot choose. Raises Refused."""
    kind = kind_of(place.kind)
    if kind not in BELONGS[held.klass]:
        raise Refused("kind.compartment")
    return Place(install.org, held.compartment, kind, place.row, place.version)


def padding_of(kind: Kind) -> Padding:
    """Return how far the length of such a document is hidden."""
    return Padding.PHONEBOOK if kind is Kind.PHONEBOOK else Padding.DOCUMENT
