"""Looks whether something is wrong with a log, and tells whoever is to be told: mail, webhook.

What could not be told is told again; what lasts is told once a day. Names no person.
"""

import json
import logging
import smtplib
import ssl
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from vaitiolo.witness.answering import ROLLBACK, SILENCE, UNPROVEN, Witness
from vaitiolo.witness.keeping import Decision, Trouble

# A request out of order looks like a rollback until the next one; a true one is told within 60 s.
GRACE: Final = 30
DOUBTFUL: Final = frozenset({ROLLBACK, UNPROVEN})
AGAIN: Final = 24 * 3600
PATIENCE: Final = 20.0
SECURE: Final = 465
HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})

log = logging.getLogger(__name__)

Tell = Callable[[Trouble], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """After how many seconds a silent log, and an unanswered alert, are told."""

    silence: int
    alert: int


def look(witness: Witness, limits: Limits) -> list[Trouble]:
    """Bring the list of what is wrong up to this moment, and return it."""
    at = witness.clock()
    with witness.memory.deciding() as decision:
        for origin in witness.logs:
            _look_at(decision, origin, limits, at=at)
        known = [one for one in decision.troubles() if one.origin in witness.logs]
    return [one for one in known if one.kind not in DOUBTFUL or at - one.since >= GRACE]


def tell(witness: Witness, troubles: Sequence[Trouble], *, ways: Sequence[Tell]) -> None:
    """Tell what nobody was told of, and what lasts. One way's failure keeps no other back."""
    at = witness.clock()
    for trouble in troubles:
        if trouble.told is None or at - trouble.told >= AGAIN:
            log.critical("%s: %s since %s: %s", *_words(trouble))
            told = [way for way in ways if _told(way, trouble)]
            if told or not ways:
                with witness.memory.deciding() as decision:
                    decision.told(trouble, at=at)


@dataclass(frozen=True, slots=True)
class ByMail:
    """A mail server, and to whom alarms go."""

    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    user: str = ""
    password: str = field(default="", repr=False)

    def __call__(self, trouble: Trouble) -> None:
        """Send a trouble. Raises OSError or SMTPException."""
        message = EmailMessage()
        origin, kind, since, says = _words(trouble)
        message["Subject"] = f"[vaitiolo witness] {origin}: {kind}"
        message["From"], message["To"] = self.sender, ", ".join(self.to)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(f"Log: {origin}\nWhat: {kind}\nSince: {since}\n\n{says}\n")
        secure = ssl.create_default_context()
        if self.port == SECURE:
            with smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=secure) as post:
                self._send(post, message)
            return
        with smtplib.SMTP(self.host, self.port, timeout=PATIENCE) as post:
            # Nothing leaves this machine unencrypted.
            if self.host not in HERE:
                post.starttls(context=secure)
            self._send(post, message)

    def _send(self, post: smtplib.SMTP, message: EmailMessage) -> None:
        if self.user:
            post.login(self.user, self.password)
        post.send_message(message)


@dataclass(frozen=True, slots=True)
class ByWebhook:
    """An address that takes JSON."""

    url: str

    def __call__(self, trouble: Trouble) -> None:
        """Post a trouble. Raises OSError, which an answer of 400 and above is too."""
        origin, kind, since, says = _words(trouble)
        said = {"log": origin, "kind": kind, "since": since, "says": says}
        request = urllib.request.Request(  # noqa: S310 - the operator's own address, https or http
            self.url,
            data=json.dumps(said).encode(),
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310 - see above
            return


def read_password(file: Path) -> str:
    """Return the password that a file holds. Raises OSError."""
    return file.read_text(encoding="utf-8").strip()


def _look_at(decision: Decision, origin: str, limits: Limits, *, at: int) -> None:
    decision.watch(origin, at=at)
    heard = decision.last_heard(origin)
    if at - heard > limits.silence:
        says = f"no new checkpoint since {_moment(heard)}"
        decision.trouble(origin, SILENCE, says=says, at=heard)
    late = decision.unanswered(origin, before=at - limits.alert)
    for place, rule, came in late:
        says = f"alert {place} ({rule}), told at {_moment(came)}: nobody has taken note of it"
        decision.trouble(origin, f"alert {place}", says=says, at=came)
    open_kinds = {f"alert {place}" for place, _rule, _came in late}
    for one in decision.troubles():
        is_over = one.kind.startswith("alert ") and one.kind not in open_kinds
        if one.origin == origin and is_over:
            decision.settle(origin, one.kind)


def _told(way: Tell, trouble: Trouble) -> bool:
    try:
        way(trouble)
    except (OSError, smtplib.SMTPException) as problem:
        log.error("An alarm could not be told (%s).", type(problem).__name__)  # noqa: TRY400 - an answer may repeat an address
        return False
    return True


def _words(trouble: Trouble) -> tuple[str, str, str, str]:
    return trouble.origin, trouble.kind, _moment(trouble.since), trouble.says


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
