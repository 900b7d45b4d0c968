"""Codes by which somebody is asked to join, and what stands sealed beside them and beside requests.

The vault keeps a tag of a code, made by the key service: it can be compared and not be guessed at
without the service, and it opens nothing. Never keeps a code, and never puts one into an error.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Final
from uuid import UUID

from vaitiolo.keys import typed
from vaitiolo.keys.kms import Kms, Macs
from vaitiolo.keys.names import KEY_NAME
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

DAYS: Final = 7
_STEP: Final = 256
_LONGEST: Final = 2_048


@dataclass(frozen=True, slots=True)
class Terms:
    """Who is asked to be what: the name on screen, the role, the unit (empty for none)."""

    name: str = field(repr=False)
    role: int
    unit: str = ""


def code_tag(code: str, *, kms: Macs, org: UUID) -> bytes:
    """Return the 32 bytes under which the invitation of a code is found.

    Raises `Refused` for anything without the form of a code, before the key service is asked.
    """
    written = typed.code(code)
    if not typed.is_code(written):
        raise Refused("invitation.code")
    return kms.mac(KEY_NAME, b"vaitiolo/1/invitation-code" + org.bytes + written.encode("ascii"))


def seal_terms(terms: Terms, *, kms: Kms, org: UUID, subject: UUID) -> bytes:
    """Return terms sealed for one invitation or holder, their length hidden. Raises `Refused`."""
    body = typed.encoded(json.dumps(asdict(terms), ensure_ascii=False, sort_keys=True))
    if len(body) > _LONGEST:
        raise Refused("invitation.length")
    return kms.seal(KEY_NAME, _place(org, subject), body.ljust(-(-len(body) // _STEP) * _STEP))


def unseal_terms(sealed: Readable, *, kms: Kms, org: UUID, subject: UUID) -> Terms:
    """Return the terms; raise `Refused` when they were sealed for another, or are none."""
    body = bytes(kms.open(KEY_NAME, _place(org, subject), sealed))
    try:
        read = json.loads(body)
        return Terms(str(read["name"]), int(read["role"]), str(read["unit"]))
    except (ValueError, KeyError, TypeError):
        raise Refused("invitation.terms") from None


def _place(org: UUID, subject: UUID) -> bytes:
    return b"vaitiolo/1/staff-terms" + org.bytes + subject.bytes
