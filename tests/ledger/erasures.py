"""Erasures for the ledger's tests: what is deleted beside the details is the tag's secret."""

import hashlib
import secrets
from uuid import UUID

from tests.ledger.logs import HELMI, SYSTEM
from vaitiolo.keys import store
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import Pending
from vaitiolo.ledger.recorder import Erasing
from vaitiolo.ledger.verify import specials

TAGS = [hashlib.sha256(bytes([number])).digest()[:16] for number in range(40)]


def entry_for(tag: bytes, details: int) -> Pending:
    values = {"basis": "retention-over", "details": details, "tag": tag.hex()}
    salt = secrets.token_bytes(32)
    return specials.prepare(Act.ERASE, values, subject_tag=SYSTEM, actor_tag=HELMI, salt=salt)


def erasing(tag: bytes) -> Erasing:
    return Erasing(
        tag,
        lambda details: entry_for(tag, details),
        lambda connection: store.remove_subject(connection, UUID(bytes=tag)),
    )
