"""Fresh octets, digests and wiping, for the warden: all that it may use of the primitives.

Holds no key and knows no format.
"""

from vaitiolo.keys.primitives import RunningSha256 as Running
from vaitiolo.keys.primitives import random_bytes, sha256, wipe
from vaitiolo.keys.primitives import sha256_of as digest

__all__ = ["Running", "digest", "random_bytes", "sha256", "wipe"]
