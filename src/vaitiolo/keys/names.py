"""Names people sign in with, and names shown on screen: a tag of the one, a seal over the other.

Both use the key service, so that a stolen vault holds no name and no list of names can be tried
against it. Never keeps a name, and never puts one into an error.
"""

import unicodedata
from typing import Final
from uuid import UUID

from vaitiolo.keys import typed
from vaitiolo.keys.kms import Kms, Macs
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

TAG_LENGTH: Final = 16
KEY_NAME: Final = "staff-1"
_STEP: Final = 64
_LONGEST: Final = 1024


def normal(name: str) -> bytes:
    """Return a sign-in name in the one form that is compared: NFKC, casefolded, single spaces."""
    if len(name) > _LONGEST:
        raise Refused("name.length")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return typed.encoded(" ".join(folded.split()))


def name_tag(name: str, *, kms: Macs, org: UUID) -> bytes:
    """Return the 16 bytes under which the slots of a sign-in name are found.

    The key outlives the epochs of slots: a name must be found after a turn of the epoch too.
    """
    label = b"vaitiolo/1/name-tag" + org.bytes
    return kms.mac(KEY_NAME, label + normal(name))[:TAG_LENGTH]


def seal_name(name: str, *, kms: Kms, org: UUID, holder: UUID) -> bytes:
    """Return a holder's name as shown on screen, sealed for this holder, its length hidden."""
    body = typed.encoded(name)
    if len(body) > _LONGEST:
        raise Refused("name.length")
    length = 2 + len(body)
    padded = len(body).to_bytes(2, "big") + body + bytes(-length % _STEP)
    return kms.seal(KEY_NAME, _place(org, holder), padded)


def unseal_name(sealed: Readable, *, kms: Kms, org: UUID, holder: UUID) -> str:
    """Return the name of a holder; raise `Refused` when it was sealed for another."""
    padded = kms.open(KEY_NAME, _place(org, holder), sealed)
    end = 2 + int.from_bytes(padded[:2], "big")
    if end > len(padded) or any(padded[end:]):
        raise Refused("name.padding")
    try:
        return padded[2:end].decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("name.text") from None


def _place(org: UUID, holder: UUID) -> bytes:
    return b"vaitiolo/1/staff-name" + org.bytes + holder.bytes
