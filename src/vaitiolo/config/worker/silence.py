"""Has the warden look for what nobody acts on, and writes to those who are to know of it.

A letter names numbers and an address of this house, never what happened. What fails to go out is
tried again; what the witnesses are told goes its own way and waits for no mail.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage

from vaitiolo.breach.incidents import access
from vaitiolo.kit.errors import Refusal
from vaitiolo.warden.transport import Transport

_SUBJECT: Final = "vaitiolo: look at the desk / katso työpöytää / se efter på skrivbordet"
# Whoever reads it may speak any of the house's languages.
_WHAT: Final = """\
Incidents that nobody has looked at yet: {waiting}
Critical alerts that nobody answered in time: {alerts}
Incidents without a decision whom to tell: {undecided}
Sign in as usual and open "Incidents" or "Log". This letter has no link, and never will have one.

Poikkeamat, joita kukaan ei ole vielä katsonut: {waiting}
Kriittiset hälytykset, joihin kukaan ei vastannut ajoissa: {alerts}
Poikkeamat, joista ilmoittamista ei ole päätetty: {undecided}
Kirjaudu kuten tavallisesti ja avaa "Poikkeamat" tai "Loki". Tässä viestissä ei ole linkkiä, eikä \
tule koskaan olemaan.

Incidenter som ingen har sett på än: {waiting}
Kritiska larm som ingen svarat på i tid: {alerts}
Incidenter utan beslut om vem som ska underrättas: {undecided}
Logga in som vanligt och öppna "Incidenter" eller "Logg". Detta brev har ingen länk, och kommer \
aldrig att ha någon.
"""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Silence:
    """Who is written to, and what they have not been written about yet."""

    transport: Transport
    to: Sequence[str]
    alerts: set[int] = field(default_factory=set, init=False)
    undecided: set[int] = field(default_factory=set, init=False)
    waiting: frozenset[int] = field(default=frozenset(), init=False)
    written: frozenset[int] = field(default=frozenset(), init=False)

    def go(self) -> None:
        """Look, and write about what is new."""
        try:
            told = access.escalate(self.transport)
        except Refusal as refused:
            log.error("nobody looked for silence: %s", type(refused).__name__)  # noqa: TRY400 - the type says it
            return
        self.alerts.update(told.alerts)
        self.undecided.update(told.undecided)
        self.waiting = frozenset(told.waiting)
        # What was cried out about as unseen is written about a second time.
        self.written = self.written & self.waiting - set(told.unseen)
        if self._is_news() and self.to and settings.EMAIL_HOST and self._sent():
            self.alerts.clear()
            self.undecided.clear()
            self.written = self.waiting

    def _is_news(self) -> bool:
        return bool(self.alerts or self.undecided or self.waiting - self.written)

    def _sent(self) -> bool:
        numbers = {"alerts": self.alerts, "undecided": self.undecided, "waiting": self.waiting}
        said = {name: ", ".join(map(str, sorted(some))) or "-" for name, some in numbers.items()}
        body = _WHAT.format(**said)
        message = EmailMessage(_SUBJECT, body, settings.DEFAULT_FROM_EMAIL, list(self.to))
        try:
            message.send()
        except (OSError, SMTPException) as problem:
            log.error("nobody was written to about silence: %s", type(problem).__name__)  # noqa: TRY400 - a server may repeat an address
            return False
        return True
