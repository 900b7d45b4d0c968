import hashlib
import hmac

import pytest

from tests.ledger.logs import HELMI, SYSTEM
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.verify import specials
from vaitiolo.ledger.verify.specials import SpecialBroken, Values

SALT = b"s" * 32
HASH = "0a" * 32
EXAMPLES: dict[Act, Values] = {
    Act.HEADS: {"size": 3, "root": HASH, "covered": 70},
    Act.HEARTBEAT: {"every": 60},
    Act.ANCHOR: {"token": HASH, "size": 70, "root": HASH, "authority": "tsa.example"},
    Act.KEY: {"of": "witness", "state": "introduced", "key": "w1.example+00000000+AAAA"},
    Act.ERASE: {"tag": "0a" * 16, "details": 0, "basis": "GDPR 17(1)(b)"},
}


@pytest.mark.parametrize("act", EXAMPLES)
def test_published_values_are_bound_by_the_leaf(act: Act) -> None:
    made = specials.prepare(act, EXAMPLES[act], subject_tag=SYSTEM, actor_tag=HELMI, salt=SALT)
    found = specials.read(act, made.sealed_detail, salt=made.salt, commit=made.detail_commit)
    assert found == EXAMPLES[act]
    assert made.detail_commit == hmac.new(SALT, made.sealed_detail, hashlib.sha256).digest()


def test_there_is_one_way_to_write_them() -> None:
    written = specials.canonical(Act.HEADS, EXAMPLES[Act.HEADS])
    assert written == b'{"covered":70,"root":"' + HASH.encode() + b'","size":3}'
    for other in [written.replace(b",", b", "), written + b"\n", written.replace(b"70", b"70.0")]:
        with pytest.raises(SpecialBroken):
            specials.parse(Act.HEADS, other)


@pytest.mark.parametrize(
    "other", [b"", b"[]", b"3", b"{}", b"\xff", b'{"every":"60"}', b'{"every":true}']
)
def test_what_is_no_such_detail_is_refused(other: bytes) -> None:
    with pytest.raises(SpecialBroken):
        specials.parse(Act.HEARTBEAT, other)


@pytest.mark.parametrize(
    "values",
    [
        {"basis": "x", "details": -1, "tag": "0a" * 16},
        {"basis": "x", "details": 1 << 53, "tag": "0a" * 16},
        {"basis": "x", "details": 1, "tag": "0A" * 16},
        {"basis": "ä", "details": 1, "tag": "0a" * 16},
        {"basis": "", "details": 1, "tag": "0a" * 16},
        {"basis": "x", "details": 1},
        {"basis": "x", "details": 1, "tag": "0a" * 16, "more": 1},
    ],
)
def test_values_outside_the_form_are_refused(values: Values) -> None:
    with pytest.raises(SpecialBroken):
        specials.canonical(Act.ERASE, values)


def test_an_ordinary_act_has_no_public_values() -> None:
    with pytest.raises(SpecialBroken):
        specials.canonical(Act.OPEN_CHART, {})


def test_another_salt_or_another_detail_is_seen() -> None:
    made = specials.prepare(
        Act.HEARTBEAT, {"every": 60}, subject_tag=SYSTEM, actor_tag=HELMI, salt=SALT
    )
    for detail, salt in [(b'{"every":61}', SALT), (made.sealed_detail, b"t" * 32)]:
        with pytest.raises(SpecialBroken):
            specials.read(Act.HEARTBEAT, detail, salt=salt, commit=made.detail_commit)
