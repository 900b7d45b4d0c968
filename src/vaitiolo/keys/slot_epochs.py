"""How many slots are of which epoch of the key service. Reads headers alone, changes nothing."""

from collections import Counter

from vaitiolo.keys import slots
from vaitiolo.keys.models import StoredSlot
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.store import VAULT

_AT_ONCE = 500


def count_slots() -> Counter[int]:
    """Return the number of stored slots by epoch; a row that is no slot counts under epoch 0."""
    stored = StoredSlot.objects.using(VAULT).values_list("slot", flat=True)
    return Counter(_epoch(bytes(slot)) for slot in stored.iterator(chunk_size=_AT_ONCE))


def _epoch(stored: bytes) -> int:
    try:
        return slots.parse(stored).kms_epoch
    except Refused:
        return 0
