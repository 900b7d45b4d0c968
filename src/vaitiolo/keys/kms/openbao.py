"""A key service in OpenBao or Vault: its transit engine, asked over TLS or a Unix socket.

Keys are of the type aes256-gcm96 and stay at version 1: an epoch is a key of its own name. Nothing
that was asked or answered is logged. Python's own HTTP is enough for three questions in JSON; a
client library would bring four packages into the warden for them.
"""

import base64
import binascii
import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from vaitiolo.keys.kms import KmsAway, KmsMisset, May, Operation, demand, family_of, place
from vaitiolo.keys.kms.private_files import read_private
from vaitiolo.keys.primitives import Readable
from vaitiolo.keys.refused import Refused

TIMEOUT: Final = 3.0
# After a silence nobody else waits for the time-out; soon enough it is tried again.
PAUSE: Final = 1.0
MAC_LENGTH: Final = 32

_PREFIX: Final = "vault:v1:"
_LONGEST: Final = 1 << 20
_TYPE: Final = "aes256-gcm96"
_NO_KEY: Final = "encryption key not found"

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Address:
    """Where the service answers, and what shows that it is the right one and who we are."""

    url: str
    mount: str = "transit"
    token_file: Path | None = None
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        """Refuse what would send a secret in clear. Raises KmsMisset."""
        parts = urlsplit(self.url)
        is_https = parts.scheme == "https" and parts.hostname and parts.path in {"", "/"}
        is_unix = parts.scheme == "unix" and parts.path and not parts.netloc
        if not (is_https or is_unix) or parts.username or parts.query:
            raise KmsMisset(
                "The key service's address is not like https://host:8200 or unix:/run/bao.sock."
            )
        if is_https and self.token_file is None:
            raise KmsMisset("The key service over https needs a file with a token.")


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=TIMEOUT)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket instead of a port."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT)
        self.sock.connect(self._path)


@dataclass(slots=True)
class Line:
    """Asks the service, keeps idle connections, and does not wait for it twice in a second."""

    address: Address
    # Appending and popping are one step each, so threads need no lock here.
    _idle: list[http.client.HTTPConnection] = field(init=False, default_factory=list)
    _connect: Callable[[], http.client.HTTPConnection] = field(init=False)
    _silent_until: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        """Read the certificates once. Raises KmsMisset."""
        self._connect = _connecting(self.address)
        self._token()

    def __del__(self) -> None:
        """Hang up with the line, as a test does that ends."""
        for connection in self._idle:
            connection.close()

    def ask(self, method: str, path: str, body: Body | None = None) -> dict[str, Any]:
        """Return the answer's data. Raises Refused when the service says that a request is wrong.

        Everything else that is not an answer is KmsAway: silence, a sealed service, a token that is
        no longer good, a path that is not there.
        """
        if time.monotonic() < self._silent_until:
            raise KmsAway("it did not answer a moment ago")
        url = f"/v1/{quote(self.address.mount)}/{path}"
        try:
            status, content = self._exchange(method, url, json.dumps(body or {}))
        except (OSError, http.client.HTTPException) as error:
            self._silent_until = time.monotonic() + PAUSE
            # The type alone: it says what is wrong with the line, and never what was sent.
            raise KmsAway(f"the line failed with {type(error).__name__}") from None
        return _read(status, content)

    def _exchange(self, method: str, url: str, body: str) -> tuple[int, bytes]:
        headers = self._headers()
        while self._idle:
            try:
                return self._over(self._idle.pop(), method, url, body=body, headers=headers)
            except (OSError, http.client.HTTPException):
                # A connection that was idle may have been closed at the other end since.
                continue
        return self._over(self._connect(), method, url, body=body, headers=headers)

    def _over(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        url: str,
        *,
        body: str,
        headers: dict[str, str],
    ) -> tuple[int, bytes]:
        try:
            connection.request(method, url, body=body, headers=headers)
            answer = connection.getresponse()
            content = answer.read(_LONGEST)
        except BaseException:
            connection.close()
            raise
        if answer.isclosed() and not answer.will_close:
            self._idle.append(connection)
        else:
            connection.close()
        return answer.status, content

    def _headers(self) -> dict[str, str]:
        token = self._token()
        known = {"Content-Type": "application/json", "X-Vault-Request": "true"}
        return {**known, "X-Vault-Token": token} if token else known

    def _token(self) -> str:
        # Read for each question: whoever renews the token writes the file anew.
        file = self.address.token_file
        return "" if file is None else read_private(file)


class BaoKms:
    """A `Kms` over the transit engine."""

    __slots__ = ("_line", "_may")

    def __init__(self, address: Address, *, may: May) -> None:
        """Do only what ``may`` says, ever; the service's own policy must say the same."""
        self._line = Line(address)
        self._may = may

    def mac(self, name: str, data: Readable) -> bytes:
        """Return HMAC-SHA-256 (RFC 2104), computed by the service."""
        demand(self._may, name, Operation.MAC)
        asked = {"input": _text(data), "key_version": 1}
        mac = _versioned(self._ask(f"hmac/{name}/sha2-256", asked), "hmac")
        if len(mac) != MAC_LENGTH:
            raise Refused("kms.answer")
        return mac

    def seal(self, name: str, aad: Readable, data: Readable) -> bytes:
        """Return nonce and AES-256-GCM ciphertext, bound to the name and to ``aad``."""
        demand(self._may, name, Operation.SEAL)
        asked = {"plaintext": _text(data), "associated_data": _text(place(name, aad))}
        return _versioned(self._ask(f"encrypt/{name}", {**asked, "key_version": 1}), "ciphertext")

    def open(self, name: str, aad: Readable, blob: Readable) -> bytearray:
        """Return what was sealed, or raise `Refused`."""
        demand(self._may, name, Operation.OPEN)
        asked = {
            "ciphertext": _PREFIX + _text(blob),
            "associated_data": _text(place(name, aad)),
        }
        return bytearray(_octets(self._ask(f"decrypt/{name}", asked).get("plaintext")))

    def _ask(self, path: str, body: Body) -> dict[str, Any]:
        try:
            return self._line.ask("POST", path, body)
        except KmsMisset as misset:
            raise KmsAway(str(misset)) from None


class BaoKeeper:
    """Makes and ends keys, with a token of its own that the warden never has."""

    __slots__ = ("_line",)

    def __init__(self, address: Address) -> None:
        self._line = Line(address)

    def names(self) -> tuple[str, ...]:
        """List the names of the engine's keys, sorted."""
        try:
            return tuple(sorted(self._line.ask("LIST", "keys").get("keys", ())))
        except _NothingThere:
            return ()

    def create(self, name: str) -> None:
        """Let the service draw a key that it never gives out. Raises FileExistsError."""
        family_of(name)
        if name in self.names():
            raise FileExistsError(name)
        # Otherwise the engine makes a key of any name that something is to be encrypted under, and
        # a destroyed one would come back as another.
        self._line.ask("POST", "config/keys", {"disable_upsert": True})
        self._line.ask("POST", f"keys/{name}", {"type": _TYPE, "exportable": False})

    def destroy(self, name: str) -> None:
        """End a key for ever, in this service; its snapshots are the operator's to end."""
        family_of(name)
        if name not in self.names():
            raise KmsMisset(f"The key service has no key {name}. Nothing was changed.")
        self._line.ask("POST", f"keys/{name}/config", {"deletion_allowed": True})
        self._line.ask("DELETE", f"keys/{name}")


class _NothingThere(KmsAway):
    """A path with nothing at it: an engine without keys, or no engine."""


def _connecting(address: Address) -> Callable[[], http.client.HTTPConnection]:
    parts = urlsplit(address.url)
    if parts.scheme == "unix":
        return lambda: _UnixConnection(parts.path)
    try:
        context = ssl.create_default_context(cafile=address.ca_file)
    except OSError:
        raise KmsMisset(f"{address.ca_file} holds no certificate that can be read.") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    host = parts.hostname or ""
    return lambda: http.client.HTTPSConnection(
        host, parts.port or 8200, timeout=TIMEOUT, context=context
    )


def _read(status: int, content: bytes) -> dict[str, Any]:
    if status == HTTPStatus.NO_CONTENT:
        return {}
    try:
        answer = json.loads(content)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise KmsAway(f"status {status}, and no answer in JSON")
    if status != HTTPStatus.OK:
        raise _trouble(status, answer.get("errors"))
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def _trouble(status: int, errors: object) -> Exception:
    if status == HTTPStatus.BAD_REQUEST:
        return Refused("kms.key" if errors == [_NO_KEY] else "kms.answer")
    if status == HTTPStatus.NOT_FOUND and not errors:
        return _NothingThere("there is nothing at this path")
    if status == HTTPStatus.FORBIDDEN:
        return KmsAway("it refuses this program's token")
    return KmsAway(f"it answers with status {status}")


def _versioned(data: Mapping[str, Any], what: str) -> bytes:
    value = data.get(what)
    if not isinstance(value, str) or not value.startswith(_PREFIX):
        raise Refused("kms.answer")
    return _octets(value.removeprefix(_PREFIX))


def _octets(value: object) -> bytes:
    try:
        return base64.b64decode(str(value).encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("kms.answer") from None


def _text(data: Readable) -> str:
    return base64.b64encode(data).decode("ascii")
