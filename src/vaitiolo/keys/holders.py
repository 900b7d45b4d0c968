"""A holder's keys, made from one seed for the length of one question, and wiped after it.

Never gives a private key away, never outlives its `with` block, and has nothing to print.
"""

from types import TracebackType
from typing import Self
from uuid import UUID

from vaitiolo.keys import drops, grants, primitives
from vaitiolo.keys.cards import PublicKeys
from vaitiolo.keys.drops import Drop
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.primitives import Readable, SigningKey, XWingKey, hkdf
from vaitiolo.keys.refused import Refused


def master_part(master: Readable, org: UUID, *, part: str) -> bytearray:
    """Return the seed of `root` or of the `chart` recovery key, from the master seed on paper.

    HKDF-SHA-512 (RFC 5869) with salt org16 and the info "vaitiolo/1/master/" and the part's name.
    """
    if part not in {"root", "chart"}:
        raise Refused("master.part")
    return hkdf(master, org.bytes, b"vaitiolo/1/master/" + part.encode())


class HolderKeys:
    """What the warden can do for a holder while the seed is open: sign, and open what was sealed.

    Use it in a `with` block: leaving it wipes the derived seeds. The caller wipes its own seed.
    """

    __slots__ = ("_ed25519", "_live", "_mldsa65", "_org", "_signing", "_xwing", "_xwing_seed")

    def __init__(self, seed: Readable, org: UUID) -> None:
        if len(seed) != primitives.KEY_LENGTH:
            raise Refused("holder.seed")
        self._org = org
        self._xwing_seed = hkdf(seed, org.bytes, b"vaitiolo/1/seed/xwing")
        self._ed25519 = hkdf(seed, org.bytes, b"vaitiolo/1/seed/ed25519")
        self._mldsa65 = hkdf(seed, org.bytes, b"vaitiolo/1/seed/mldsa65")
        self._xwing: XWingKey | None = None
        self._signing: SigningKey | None = None
        self._live = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.wipe()

    def wipe(self) -> None:
        """Overwrite the derived seeds; every later use is refused."""
        self._live = False
        self._xwing = self._signing = None
        primitives.wipe(self._xwing_seed, self._ed25519, self._mldsa65)

    def public(self, *, mldsa65: bool = False) -> PublicKeys:
        """Return the public halves: X-Wing (a draft), Ed25519 (RFC 8032).

        ML-DSA-65 (FIPS 204) is for registrars and the root, and empty unless it is asked for.
        """
        self._demand_live()
        return PublicKeys(
            xwing=self._expanded().public(),
            ed25519=primitives.ed25519_public(self._ed25519),
            mldsa65=primitives.mldsa65_public(self._mldsa65) if mldsa65 else b"",
        )

    def sign(self, message: Readable) -> bytes:
        """Return the Ed25519 signature of a typed structure that this room has built."""
        self._demand_live()
        if self._signing is None:
            self._signing = primitives.signing_key(self._ed25519)
        return self._signing.sign(message)

    def sign_mldsa65(self, message: Readable) -> bytes:
        """Return the ML-DSA-65 signature that registrars and the root add on cards."""
        self._demand_live()
        return primitives.mldsa65_sign(self._mldsa65, message)

    def open_grant(self, grant: Grant) -> bytearray:
        """Return the compartment's key of a grant that was verified before, else `Refused`.

        HPKE base mode (RFC 9180), then the key's own commitment. The caller wipes what he gets.
        """
        self._demand_live()
        dk = self._expanded().open(grant.sealed_key, grants.hpke_info(grant, org=self._org))
        if len(dk) != primitives.KEY_LENGTH or not primitives.same(
            grants.commitment(dk), grant.dk_commit
        ):
            primitives.wipe(dk)
            raise Refused("grant.dk_commit")
        return dk

    def open_drop(self, drop: Drop) -> bytearray:
        """Return what somebody left on the holder's desk, whose signature was verified before."""
        self._demand_live()
        key = self._expanded().open(drop.sealed_key, drops.hpke_info(drop, org=self._org))
        try:
            return drops.unseal(drop, key, org=self._org)
        finally:
            primitives.wipe(key)

    def open_sealed_key(self, sealed: Readable, info: Readable) -> bytearray:
        """Return a key that was sealed to this holder (HPKE base mode), else `Refused`."""
        self._demand_live()
        return self._expanded().open(sealed, info)

    def _expanded(self) -> XWingKey:
        if self._xwing is None:
            self._xwing = XWingKey(self._xwing_seed)
        return self._xwing

    def _demand_live(self) -> None:
        if not self._live:
            raise Refused("holder.wiped")
