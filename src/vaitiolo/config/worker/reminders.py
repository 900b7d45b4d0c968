"""Sends the reminders that are due, and says in the log how many. It holds no key itself."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from vaitiolo.schedule import access, post, sending
from vaitiolo.schedule.access import LedgerSilent, WardenSilent, Whose
from vaitiolo.schedule.sending import Opener, Send
from vaitiolo.warden.transport import Transport

NO_SERVER = "reminders wait: no mail server is set"
WARDEN_AWAY = "reminders wait: the warden does not answer"
LEDGER_AWAY = "reminders wait: the ledger cannot be written"
KEY_AWAY = "reminders wait: the key service does not answer"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Reminders:
    """What they are sent with. `opener_for` is asked once, when the warden is there."""

    transport: Transport
    opener_for: Callable[[Whose], Opener]
    clock: Callable[[], datetime]
    send: Send = post.send_by_mail
    key_answers: Callable[[], bool] = lambda: True
    opener: Opener | None = field(default=None, init=False)
    said: str = field(default="", init=False)

    def go(self) -> None:
        """Send what is due; log what is new to say, in counts alone."""
        now = self._go()
        if now and now != self.said:
            log.info("%s", now)
        self.said = now

    def _go(self) -> str:
        if not post.has_server():
            return f"{NO_SERVER} ({sending.count_waiting()})"
        try:
            return self._send()
        except WardenSilent:
            return WARDEN_AWAY
        except LedgerSilent:
            return LEDGER_AWAY

    def _send(self) -> str:
        opener = self._opener()
        if not self.key_answers():
            # A row that does not open counts as a failed try, and too many tries end it.
            return KEY_AWAY
        return _said(sending.send_due(self.transport, opener, self.send, at=self.clock()))

    def _opener(self) -> Opener:
        if self.opener is None:
            self.opener = self.opener_for(access.ask_whose(self.transport))
        return self.opener


def _said(became: sending.Round) -> str:
    counts = {
        "sent": became.sent,
        "put off": became.put_off,
        "given up": became.given_up,
        "too late": became.too_late,
    }
    words = [f"{word} {count}" for word, count in counts.items() if count]
    return f"reminders: {', '.join(words)}" if words else ""
