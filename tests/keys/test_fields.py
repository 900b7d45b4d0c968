from datetime import date
from uuid import UUID

import pytest

from vaitiolo.keys import fields
from vaitiolo.keys.fields import GRANT, ROTATION, Fields
from vaitiolo.keys.refused import Refused

RAW = b"VT\x02\x01" + bytes(range(32))


def whole(raw: bytes, kind: int = GRANT) -> bytes:
    read = Fields(raw, kind)
    taken = read.take(32)
    read.end()
    return taken


def reason(raw: bytes, kind: int = GRANT) -> str:
    with pytest.raises(Refused) as refusal:
        whole(raw, kind)
    return refusal.value.reason


def test_fields_are_read_in_order() -> None:
    read = Fields(RAW, GRANT)
    assert (read.take(2), read.number(2)) == (b"\x00\x01", 0x0203)
    assert read.id() == UUID(bytes=bytes(range(4, 20)))
    assert read.rest() == bytes(range(20, 32))
    read.end()


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "format.short"),
        (b"VT\x02", "format.short"),
        (b"VT\x02\x02" + bytes(32), "format.head"),
        (b"VT\x08\x01" + bytes(32), "format.head"),
        (b"vt\x02\x01" + bytes(32), "format.head"),
        (RAW[:-1], "format.short"),
        (RAW + b"\x00", "format.long"),
    ],
)
def test_another_type_version_or_length_is_refused(raw: bytes, why: str) -> None:
    assert reason(raw) == why


def test_one_object_is_never_read_as_another() -> None:
    assert whole(RAW) == bytes(range(32))
    assert reason(RAW, ROTATION) == "format.head"


def test_a_day_is_a_number() -> None:
    assert fields.day_number(date(1970, 1, 1)) == 0
    assert fields.day_number(date(2026, 11, 24)) == 20_781
