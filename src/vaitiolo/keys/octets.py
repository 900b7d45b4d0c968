"""Fresh octets, digests and wiping, for the warden: all that it may use of the primitives.

Holds no key and knows no format.
"""

from vaitiolo.keys.primitives import Readable, random_bytes, running_sha256, sha256, wipe
from vaitiolo.keys.primitives import sha256_of as digest

__all__ = ["Running", "digest", "random_bytes", "sha256", "wipe"]


class Running:
    """SHA-256 (FIPS 180-4) of parts that come one by one."""

    __slots__ = ("_digest",)

    def __init__(self) -> None:
        self._digest = running_sha256()

    def update(self, part: Readable) -> None:
        """Take the next part."""
        self._digest.update(part)

    def digest(self) -> bytes:
        """Return the hash of all parts so far."""
        return self._digest.digest()
