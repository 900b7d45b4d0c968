"""Puts the ledger's fingerprint under every letter: thousands of copies that nobody can recall.

A letter is never kept back for want of one.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from vaitiolo.kit.errors import Refusal
from vaitiolo.schedule.reminders import Reminder
from vaitiolo.schedule.sending import Send
from vaitiolo.warden.transport import Transport
from vaitiolo.watch import access

# In no language more than another: the letter above it is in the reader's own.
LINE = "Tarkistusmerkki / Kontrollmärke / Check mark: {mark}"


@dataclass(frozen=True, slots=True)
class Marked:
    """A way of sending, with the mark added."""

    transport: Transport
    send: Send

    def __call__(self, row: UUID, reminder: Reminder) -> None:
        """Send a reminder with the ledger's fingerprint of this moment; raises as `send` does."""
        try:
            line = LINE.format(mark=access.ask_standing(self.transport).fingerprint)
        except Refusal:
            line = ""
        text = f"{reminder.text.rstrip()}\n\n{line}\n" if line else reminder.text
        self.send(row, replace(reminder, text=text))
