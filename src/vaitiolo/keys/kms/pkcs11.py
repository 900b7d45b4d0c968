"""A key service in a PKCS#11 token (HSM, smart card, TPM): its keys never leave the token.

A named key is a generic secret with the name as its label, and the token computes HMAC-SHA-256 with
it. Nothing is kept on disk and nothing is logged. PKCS #11 v2.40 is what is used of the standard.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass, PKCS11Error

from vaitiolo.keys import envelope, primitives
from vaitiolo.keys.kms import KmsAway, KmsMisset, May, Operation, demand, family_of, place
from vaitiolo.keys.kms.private_files import read_private
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

T = TypeVar("T")

_MAC: Final = b"vaitiolo/1/kms-mac"
_SEAL: Final = b"vaitiolo/1/kms-seal"
_SALT_LENGTH: Final = 32
_BITS: Final = 256
# A wrong PIN is not tried twice: a token locks itself after a few.
_WRONG_PIN: Final = (pkcs11.PinIncorrect, pkcs11.PinLocked, pkcs11.PinExpired, pkcs11.PinInvalid)
_UNREADABLE: Final = {
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
    Attribute.PRIVATE: True,
    Attribute.MODIFIABLE: False,
}


@dataclass(frozen=True, slots=True)
class Socket:
    """Where a token is: the module that speaks to it, the token's label, the file with its PIN."""

    module: Path
    token: str
    pin_file: Path


@dataclass(slots=True)
class Connection:
    """One session with a token, shared by all threads, one at a time, and opened anew if lost."""

    socket: Socket
    may_write: bool = False
    _lock: Lock = field(init=False, default_factory=Lock)
    _session: Any = field(init=False, default=None)
    _refused_pin: bool = field(init=False, default=False)

    def use(self, deed: Callable[[Any], T]) -> T:
        """Do something in the session. Raises KmsAway, KmsMisset, and what the deed raises.

        A session that was lost, or in which the key is missing, is opened anew once: after a token
        was taken out and put back, its old handles lead nowhere.
        """
        with self._lock:
            try:
                return deed(self._opened())
            except PKCS11Error:
                self._close()
            return self._second_try(deed)

    def _second_try(self, deed: Callable[[Any], T]) -> T:
        try:
            return deed(self._opened())
        except pkcs11.NoSuchKey:
            raise
        except PKCS11Error as error:
            self._close()
            raise KmsAway(f"the token failed with {type(error).__name__}") from None

    def _opened(self) -> Any:
        if self._session is None:
            self._session = self._open()
        return self._session

    def _open(self) -> Any:
        if self._refused_pin:
            raise KmsMisset("The token refused the PIN before, so it is not tried again.")
        pin = read_private(self.socket.pin_file)
        try:
            return self._log_in_anew(pin)
        except _WRONG_PIN as error:
            self._refused_pin = True
            raise KmsMisset(f"The token refuses the PIN ({type(error).__name__}).") from None
        except PKCS11Error as error:
            raise KmsAway(f"the token cannot be reached ({type(error).__name__})") from None

    def _log_in_anew(self, pin: str) -> Any:
        try:
            return self._log_in(pin)
        except _WRONG_PIN:
            raise
        except PKCS11Error:
            # A module remembers which tokens it saw when it was loaded.
            _library(self.socket.module).reinitialize()
            return self._log_in(pin)

    def _log_in(self, pin: str) -> Any:
        token = _library(self.socket.module).get_token(token_label=self.socket.token)
        try:
            return token.open(user_pin=pin, rw=self.may_write)
        except pkcs11.UserAlreadyLoggedIn:
            # Sessions of one process share their login.
            return token.open(rw=self.may_write)

    def _close(self) -> None:
        session, self._session = self._session, None
        with suppress(PKCS11Error):
            if session is not None:
                session.close()


class TokenKms:
    """A `Kms` over one token."""

    __slots__ = ("_connection", "_may")

    def __init__(self, socket: Socket, *, may: May) -> None:
        """Do only what ``may`` says, ever, in a session that cannot make or end a key."""
        self._connection = Connection(socket)
        self._may = may

    def mac(self, name: str, data: Readable) -> bytes:
        """Return HMAC-SHA-256 (RFC 2104), computed in the token."""
        demand(self._may, name, Operation.MAC)
        return self._compute(name, b"".join((_MAC, data)))

    def seal(self, name: str, aad: Readable, data: Readable) -> bytes:
        """Return salt 32 and a SEALED under a key for this message alone (`docs/formats.md`)."""
        demand(self._may, name, Operation.SEAL)
        salt = bytes(primitives.random_bytes(_SALT_LENGTH))
        with self._message_key(name, salt) as key:
            sealed = envelope.seal(
                key, place(name, aad), data, epoch=0, padding=envelope.Padding.NONE
            )
        return salt + sealed

    def open(self, name: str, aad: Readable, blob: Readable) -> bytearray:
        """Return what was sealed, or raise `Refused`."""
        demand(self._may, name, Operation.OPEN)
        with self._message_key(name, bytes(blob[:_SALT_LENGTH])) as key:
            return envelope.unseal(
                key,
                place(name, aad),
                blob[_SALT_LENGTH:],
                epoch=0,
                padding=envelope.Padding.NONE,
            )

    @contextmanager
    def _message_key(self, name: str, salt: bytes) -> Iterator[bytearray]:
        key = bytearray(self._compute(name, _SEAL + salt))
        try:
            yield key
        finally:
            primitives.wipe(key)

    def _compute(self, name: str, data: bytes) -> bytes:
        def compute(session: Any) -> bytes:
            made: bytes = _find(session, name).sign(data, mechanism=Mechanism.SHA256_HMAC)
            return made

        try:
            return self._connection.use(compute)
        except pkcs11.NoSuchKey:
            raise Refused("kms.key") from None
        except KmsMisset as misset:
            raise KmsAway(str(misset)) from None


class TokenKeeper:
    """Makes and ends the keys of a token, for an operator at a console."""

    __slots__ = ("_connection",)

    def __init__(self, socket: Socket) -> None:
        """Take a session of its own, the only one that may write."""
        self._connection = Connection(socket, may_write=True)

    def names(self) -> tuple[str, ...]:
        """List the labels of the token's secret keys, sorted."""
        return self._connection.use(
            lambda session: tuple(sorted(str(key.label) for key in session.get_objects(_SECRETS)))
        )

    def create(self, name: str) -> None:
        """Let the token draw a key that it never gives out. Raises FileExistsError."""
        family_of(name)
        if name in self.names():
            raise FileExistsError(name)
        self._connection.use(lambda session: _generate(session, name))

    def destroy(self, name: str) -> None:
        """End a key for ever, in this token; a token's own backup is the operator's to end."""
        family_of(name)
        try:
            self._connection.use(lambda session: _find(session, name).destroy())
        except pkcs11.NoSuchKey:
            raise KmsMisset(f"The token has no key {name}. Nothing was changed.") from None


_SECRETS: Final = {Attribute.CLASS: ObjectClass.SECRET_KEY}


def check(socket: Socket) -> None:
    """Raise KmsMisset when the module is missing or the PIN's file is not as it must be."""
    read_private(socket.pin_file)
    try:
        _library(socket.module)
    except PKCS11Error as error:
        # The system's loader has no class of its own; the classes below are the module's answers.
        if type(error) is PKCS11Error:
            raise KmsMisset(f"{socket.module} is no PKCS#11 module of this machine.") from None


def _library(module: Path) -> Any:
    return pkcs11.lib(str(module))


def _find(session: Any, name: str) -> Any:
    """Return the one key of a name; two of a name are none."""
    # Read to the end: a search that is broken off keeps the session busy.
    found = list(session.get_objects({**_SECRETS, Attribute.LABEL: name}))
    if len(found) != 1:
        raise pkcs11.NoSuchKey
    return found[0]


def _generate(session: Any, name: str) -> None:
    session.generate_key(
        KeyType.GENERIC_SECRET,
        _BITS,
        label=name,
        store=True,
        capabilities=MechanismFlag.SIGN,
        template=_UNREADABLE,
    )
