import pytest

from tests.keys.clinic import id_of, named
from tests.keys.mutations import refuses_all_but
from vaitiolo.keys import sessions
from vaitiolo.keys.refused import Refused

ORG, HELMI = id_of("clinic"), id_of("Helmi")
SEED, COOKIE = named("a seed"), named("a cookie")


def sealed() -> bytes:
    return sessions.seal_seed(SEED, COOKIE, org=ORG, holder=HELMI)


def test_only_the_cookie_opens_the_seed_of_a_session() -> None:
    assert sessions.open_seed(sealed(), COOKIE, org=ORG, holder=HELMI) == SEED
    for cookie in (named("another cookie"), sessions.fingerprint(COOKIE)):
        with pytest.raises(Refused):
            sessions.open_seed(sealed(), cookie, org=ORG, holder=HELMI)


def test_a_session_is_its_holders() -> None:
    for place in ({"org": ORG, "holder": id_of("Otso")}, {"org": id_of("x"), "holder": HELMI}):
        with pytest.raises(Refused):
            sessions.open_seed(sealed(), COOKIE, **place)


def test_a_cookie_is_32_bytes() -> None:
    with pytest.raises(Refused):
        sessions.seal_seed(SEED, COOKIE[:31], org=ORG, holder=HELMI)


def test_every_flipped_missing_or_added_byte_is_refused() -> None:
    raw = sealed()

    def opens(wrong: bytes) -> bytearray:
        return sessions.open_seed(wrong, COOKIE, org=ORG, holder=HELMI)

    assert refuses_all_but(raw, opens) > 2 * len(raw)
