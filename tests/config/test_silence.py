"""Who is written to when nobody acts: once about each thing, in numbers, later if it failed."""

import pytest
from django.conf import LazySettings
from django.core import mail

from tests.cast import HOUR, Clinic
from vaitiolo.config.worker.silence import Silence
from vaitiolo.warden.client.incidents import open_incident
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.server import alarms
from vaitiolo.warden.server.agent import Agent

TO = ("dpo@example.org", "outside@example.net")


@pytest.fixture
def silence(clinic: Clinic, settings: LazySettings) -> Silence:
    settings.EMAIL_HOST = "localhost"
    settings.DEFAULT_FROM_EMAIL = "house@example.org"
    return Silence(Agent(clinic.install, caller=Caller.WORKER), TO)


def test_a_report_is_told_at_once_and_silence_when_it_is_too_long(
    clinic: Clinic, silence: Silence
) -> None:
    silence.go()
    assert mail.outbox == []
    open_incident(clinic.session("helmi"), "lost", b'{"text":"hiljaisuus"}')
    for _ in range(2):
        silence.go()
    [letter] = mail.outbox
    assert letter.to == list(TO)
    assert "looked at yet: 1\n" in letter.body
    assert "hiljaisuus" not in letter.body
    assert "http" not in letter.body
    clinic.clock.ahead += 5 * HOUR
    silence.go()
    assert len(mail.outbox) == 2
    clinic.clock.ahead += 70 * HOUR
    silence.go()
    silence.go()
    assert len(mail.outbox) == 3
    assert "whom to tell: 1\n" in mail.outbox[-1].body


def test_what_could_not_be_sent_is_sent_later(
    clinic: Clinic, silence: Silence, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms.cry(clinic.install, "entries removed", {})
    clinic.clock.ahead += HOUR
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", _away)
        silence.go()
    assert mail.outbox == []
    silence.go()
    [letter] = mail.outbox
    assert "answered in time: -" not in letter.body


def _away(*_args: object, **_more: object) -> int:
    raise OSError
