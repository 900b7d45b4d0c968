"""A build with the sealing replaced by nothing, so that its price is a ratio from one run.

A copy of the source with other primitives, made here and nowhere else: no setting leads to it.
"""

import shutil
from pathlib import Path

from bench.live import Build

SOURCE = Path(__file__).parents[1] / "src"
# Put behind the real primitives: formats and lengths stay, nothing is enciphered or signed. One
# cheap hash stands where keys were derived, so that tags still differ.
NOTHING = """

def hkdf(ikm, salt, info, *, length=32):
    return bytearray(hashlib.shake_128(bytes(ikm) + bytes(salt) + bytes(info)).digest(length))

def hkdf_pair(ikm, salt, infos):
    return [hkdf(ikm, salt, info) for info in infos]

def aead_seal(key, plaintext, *, nonce, aad):
    return bytes(plaintext) + bytes(16)

def aead_open(key, sealed, *, nonce, aad):
    return bytearray(sealed[:-16])

class XWingKey:
    def __init__(self, seed):
        self._seed = bytes(seed)
    def public(self):
        return (self._seed * 38)[:1216]
    def open(self, sealed, info):
        return bytearray(sealed[1120:-16])

def recipient_key(public):
    return public

def hpke_seal(plaintext, public, info):
    return bytes(1120) + bytes(plaintext) + bytes(16)

class signing_key:
    def __init__(self, seed):
        pass
    def sign(self, message):
        return bytes(64)

def ed25519_sign(seed, message):
    return bytes(64)

def ed25519_verify(public, message, signature):
    return None
"""


def unsealed_build(folder: Path) -> Build:
    """Make the copy anew and return it."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCE, folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    primitives = folder / "src" / "vaitiolo" / "keys" / "primitives.py"
    primitives.write_text(primitives.read_text() + NOTHING)
    return Build("unsealed", folder / "src")
