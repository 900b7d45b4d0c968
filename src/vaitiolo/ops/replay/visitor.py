"""A browser without a screen: it signs in, follows links and sends forms, and knows no short cut.

It speaks to this machine alone, and keeps what a browser would keep: cookies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as kept
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit
from uuid import uuid4

from vaitiolo.ops.replay.pages import Form, Page, read

HOST: Final = "localhost"
SECONDS: Final = 60
MOST_MOVES: Final = 5

Values = Mapping[str, str | Sequence[str]]


class Unexpected(Exception):
    """A page answered otherwise than the play expects; what was measured so far is void."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a form sends."""

    box: str
    name: str
    content: bytes = kept(repr=False)


@dataclass(slots=True)
class Visitor:
    """Somebody at a browser: the installation's port, and the cookies so far."""

    port: int
    cookies: dict[str, str] = kept(default_factory=dict, repr=False)

    def sign_in(self, name: str, password: str) -> None:
        """Sign in with a password, as the page of a demo offers it. Raises Unexpected."""
        page = self.get("/sign-in/")
        form = page.form("name", "password")
        there = self.send(page, form, {"name": name, "password": password, "way": "password"})
        if there.where.startswith("/sign-in/"):
            raise Unexpected(f"{name} could not sign in")

    def get(self, where: str) -> Page:
        """Open a page, and whatever it leads to."""
        return self._ask("GET", where)

    def open(self, where: str) -> Page:
        """Open a page that has to be there. Raises Unexpected."""
        page = self.get(where)
        if page.status != 200:  # noqa: PLR2004 - HTTP's own number
            raise Unexpected(f"{where} answered {page.status}")
        return page

    def send(self, page: Page, form: Form, values: Values, *, upload: Upload | None = None) -> Page:
        """Send a form with some of its fields filled in."""
        kept = [one for one in form.fields if one[0] not in values]
        given = [(name, one) for name, some in values.items() for one in _each(some)]
        where = urljoin(page.where, form.action) if form.action else page.where
        if form.is_multipart or upload:
            body, kind = _multipart([*kept, *given], upload)
        else:
            body, kind = urlencode([*kept, *given]).encode(), "application/x-www-form-urlencoded"
        return self._ask("POST", where, body=body, kind=kind)

    def _ask(self, method: str, where: str, *, body: bytes = b"", kind: str = "") -> Page:
        for _move in range(MOST_MOVES):
            status, leads, answer = self._once(method, where, body=body, kind=kind)
            if not leads:
                return read(status, where, answer)
            method, where, body, kind = "GET", urljoin(where, _path(leads)), b"", ""
        raise Unexpected(f"{where} leads nowhere")

    def _once(self, method: str, where: str, *, body: bytes, kind: str) -> tuple[int, str, bytes]:
        connection = HTTPConnection(HOST, self.port, timeout=SECONDS)
        headers = {"Host": f"{HOST}:{self.port}", "Accept-Language": "en"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={one}" for name, one in self.cookies.items())
        if kind:
            headers["Content-Type"] = kind
        try:
            connection.request(method, where, body or None, headers)
            answer = connection.getresponse()
            content = answer.read()
            self._keep(answer.headers.get_all("Set-Cookie") or [])
            leads = answer.headers.get("Location", "") if answer.status in {302, 303} else ""
            return answer.status, leads, content
        finally:
            connection.close()

    def _keep(self, lines: Sequence[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.coded_value


def _each(some: str | Sequence[str]) -> Sequence[str]:
    return [some] if isinstance(some, str) else some


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _multipart(fields: Sequence[tuple[str, str]], upload: Upload | None) -> tuple[bytes, str]:
    edge = uuid4().hex
    pieces = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    if upload is not None:
        head = f'form-data; name="{upload.box}"; filename="{upload.name}"'
        kind = "Content-Type: application/octet-stream"
        pieces += [f"--{edge}\r\nContent-Disposition: {head}\r\n{kind}\r\n\r\n".encode()]
        pieces += [upload.content, b"\r\n"]
    pieces.append(f"--{edge}--\r\n".encode())
    return b"".join(pieces), f"multipart/form-data; boundary={edge}"
