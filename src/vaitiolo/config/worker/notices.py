"""Sends the notices that are due and takes in what came back; says in the log how many."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from vaitiolo.breach.telling import bounces, sending
from vaitiolo.breach.telling.access import LedgerSilent, WardenSilent
from vaitiolo.breach.telling.post import posting
from vaitiolo.breach.telling.sending import Opener
from vaitiolo.schedule import access as schedule
from vaitiolo.schedule.access import Whose
from vaitiolo.warden.transport import Transport

WARDEN_AWAY = "notices wait: the warden does not answer"
LEDGER_AWAY = "notices wait: the ledger cannot be written"
KEY_AWAY = "notices wait: the key service does not answer"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Notices:
    """What they are sent with: the outbox's key, a folder for text messages, one for bounces."""

    transport: Transport
    opener_for: Callable[[Whose], Opener]
    clock: Callable[[], datetime]
    sms: Path | None = None
    bounces: Path | None = None
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
        try:
            return self._send()
        except WardenSilent:
            return WARDEN_AWAY
        except LedgerSilent:
            return LEDGER_AWAY

    def _send(self) -> str:
        opener = self._opener()
        if not self.key_answers():
            return KEY_AWAY
        returned = 0
        if self.bounces is not None and self.bounces.is_dir():
            returned = bounces.take_in(self.transport, self.bounces, at=self.clock())
        with posting(self.sms) as ways:
            became = sending.Desk(self.transport, opener, ways, self.clock()).go()
        counts = {**asdict(became), "came back": returned}
        words = [f"{word.replace('_', ' ')} {count}" for word, count in counts.items() if count]
        return f"notices: {', '.join(words)}" if words else ""

    def _opener(self) -> Opener:
        if self.opener is None:
            self.opener = self.opener_for(schedule.ask_whose(self.transport))
        return self.opener
