"""Ways in for the people of the clinic: a password, and security keys in software beside it."""

from uuid import UUID, uuid4

from tests.cast import Clinic
from tests.warden.authenticator import Authenticator
from vaitiolo.warden import client
from vaitiolo.warden.client import Touched
from vaitiolo.warden.protocol import Recognised
from vaitiolo.warden.session import Session

PASSWORD = "hiljaa kulkee pitkälle"
CODE = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV"
# The first key that a session added, by its cookie: whoever has a key proves a change with it.
KEYS: dict[bytes, Authenticator] = {}


def new_session(clinic: Clinic) -> Session:
    return Session(uuid4().bytes * 2, clinic.agent)


def with_password(clinic: Clinic, name: str = "helmi") -> Session:
    """Give somebody a password, and sign them in with it."""
    give = clinic.founding.give_password  # type: ignore[attr-defined]  # the cast adds it
    give(clinic.people[name], sign_in_name=name, password=PASSWORD)
    session = new_session(clinic)
    client.sign_in(session, name=name, password=PASSWORD, network="")
    return session


def prove(session: Session, deed: str, typed: str = "") -> None:
    """Prove a change by what is typed, by the key that this session added, or by the password."""
    key = KEYS.get(session.cookie)
    if typed or key is None:
        client.confirm_self(session, deed, password=typed or PASSWORD)
        return
    request = client.over_own_change(client.recognise(session).person, deed)
    client.confirm_self(session, deed, assertion=touch(session, key, request))


def add_key(
    session: Session,
    key: Authenticator,
    *,
    password: str = PASSWORD,
    label: str = "Blue",
    typed: str = "",
) -> None:
    prove(session, client.NEW_KEY, typed)
    put_key(session, key, password=password, label=label)


def put_key(
    session: Session, key: Authenticator, *, password: str = PASSWORD, label: str = "Blue"
) -> None:
    """Add a key with the proof that stands, if any."""
    asked = client.begin_own_key(session)
    made = Touched(key.make(asked.challenge), key.prf(asked.prf_salt))
    client.add_own_key(session, made, password=password, prf_salt=asked.prf_salt, label=label)
    KEYS.setdefault(session.cookie, key)


def add_code(session: Session, code: str) -> None:
    prove(session, client.NEW_CODE)
    client.add_own_code(session, code)


def remove(session: Session, slot: UUID, *, typed: str = "") -> None:
    prove(session, client.removal(slot), typed)
    client.remove_own_slot(session, slot)


def touched(clinic: Clinic, key: Authenticator, name: str = "helmi") -> Touched:
    """Answer the challenge for a name with a key; with no PRF when the key is not shown."""
    asked = client.ask_to_sign_in(clinic.agent, name)
    salt = next((one.prf_salt for one in asked.keys if one.id == key.id), bytes(32))
    return Touched(key.touch(asked.challenge), key.prf(salt))


def sign_in(
    clinic: Clinic,
    key: Authenticator,
    *,
    password: str = PASSWORD,
    name: str = "helmi",
    session: Session | None = None,
) -> Recognised:
    """Sign in with password and key, or with the key alone when the password is empty."""
    return client.sign_in(
        session or new_session(clinic),
        name=name,
        password=password,
        network="",
        kind=client.WITH_KEY if password else client.KEY_ALONE,
        touched=touched(clinic, key, name),
    )


def touch(session: Session, key: Authenticator, request: bytes) -> bytes:
    return key.touch(client.begin_touch(session, request).challenge)
