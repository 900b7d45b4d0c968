"""Hands notices to a mail server and to a way for text messages. Keeps nothing and logs nothing.

One message has one recipient. Where a mail that came back belongs stands in its return path.
"""

import os
import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from vaitiolo.breach.telling.sending import NotEver, NotNow, ServerAway
from vaitiolo.notices.mail import Mail

FOR_GOOD: Final = 500
DONE: Final = range(200, 300)
BOUNCE: Final = "bounce+"
_LINE_END: Final = re.compile(rb"\r?\n")


@dataclass(slots=True)
class Post:
    """A round's ways of sending: one connection to the mail server, and a folder for messages."""

    sms: Path | None = None
    connection: Any = field(default=None, init=False)

    def has(self, channel: str) -> bool:
        """Tell whether there is a server, or a folder, to send by."""
        return self.sms is not None if channel == "sms" else bool(settings.EMAIL_HOST)

    def send(self, row: UUID, mail: Mail) -> None:
        """Send one message. Raises NotNow, NotEver, and OSError when nobody knows."""
        if mail.channel == "sms":
            self._drop(mail)
        else:
            self._mail(row, mail)

    def close(self) -> None:
        """Hang up; what was accepted stays accepted."""
        connection, self.connection = self.connection, None
        if connection is not None:
            with suppress(OSError):
                connection.close()

    def _mail(self, row: UUID, mail: Mail) -> None:
        message = written(row, mail)
        server = self._server()
        try:
            _say(server, message, to=mail.to)
        except (NotNow, NotEver):
            # The next letter begins afresh on the same line, or on a new one.
            with suppress(OSError):
                server.rset()
            raise
        except OSError:
            self.close()
            raise

    def _server(self) -> smtplib.SMTP:
        if self.connection is None:
            connection = get_connection()
            try:
                connection.open()
            except OSError:
                raise ServerAway from None
            self.connection = connection
        server: smtplib.SMTP = self.connection.connection
        return server

    def _drop(self, mail: Mail) -> None:
        """Put a text message into the gateway's folder, whole or not at all."""
        if self.sms is None:
            raise NotNow
        name = uuid4().hex
        being_written = self.sms / f".{name}"
        try:
            handle = os.open(being_written, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(f"{mail.to}\n\n{mail.text}\n")
        except OSError:
            raise NotNow from None
        # From here on it may have been taken up.
        being_written.rename(self.sms / name)


@contextmanager
def posting(sms: Path | None) -> Iterator[Post]:
    """Give a round's ways of sending; the line is hung up at its end."""
    post = Post(sms)
    try:
        yield post
    finally:
        post.close()


def written(row: UUID, mail: Mail) -> EmailMessage:
    """Return the letter: the same Message-ID for a row always, and a return path of its own."""
    sender = settings.DEFAULT_FROM_EMAIL
    domain = parseaddr(sender)[1].rpartition("@")[2]
    headers = {
        "From": sender,
        "Message-ID": f"<{row}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    path = f"{BOUNCE}{row.hex}@{domain}"
    return EmailMessage(mail.subject, mail.text, path, [mail.to], headers=headers)


def _say(server: smtplib.SMTP, message: EmailMessage, *, to: str) -> None:
    """Speak RFC 5321 step by step, so that what was certainly not taken is told from the rest."""
    try:
        server.ehlo_or_helo_if_needed()
        letter = _LINE_END.sub(b"\r\n", message.message().as_bytes())
        for code, _text in (server.mail(message.from_email), server.rcpt(to)):
            _check(code)
    except ValueError:
        # Not in letters that this server is told addresses in: no other letter waits for it.
        raise NotEver from None
    except OSError:
        # No word of the letter was said yet.
        raise NotNow from None
    try:
        code, _text = server.data(letter)
    except smtplib.SMTPDataError as refused:
        _check(refused.smtp_code)
        raise
    _check(code)


def _check(code: int) -> None:
    if code in DONE:
        return
    raise NotEver if code >= FOR_GOOD else NotNow
