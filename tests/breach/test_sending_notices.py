"""Notices on bad days: killed workers, servers away, bounces, holds; nobody twice or missed."""

import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.header import decode_header, make_header
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings

from tests.breach.telling_cast import Breach, Sink, breach
from tests.cast import Clinic
from vaitiolo.breach.models import Notice, PublishedPage
from vaitiolo.breach.states import NoticeState
from vaitiolo.breach.telling import access, bounces, sending, storing
from vaitiolo.breach.telling.access import Became, NoticeBecame
from vaitiolo.breach.telling.post import Post, posting
from vaitiolo.breach.telling.sending import LEASE, NotEver, NotNow, Round
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.notices.mail import Mail
from vaitiolo.warden.client.telling import TellingHelper
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.server.agent import Agent

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PEOPLE = ("emma", "sami", "leena", "frida", "hilda", "salla")
MAILED = {"emma@example.org", "safe@example.org"}


class Killed(BaseException):
    """The process is gone between two steps."""


@dataclass
class Naive:
    """What sends without claiming: it writes to everybody, and after a death to all again."""

    ways: Post

    def go(self, opener: sending.Opener) -> None:
        for row in Notice.objects.exclude(sealed_row=b"").order_by("id"):
            self.ways.send(row.id, Mail.read(opener(row.id, bytes(row.sealed_row))))


@pytest.fixture
def sink(settings: LazySettings) -> Iterator[Sink]:
    sink = Sink()
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.DEFAULT_FROM_EMAIL = "Tiedotus <viestit@example.org>"
    yield sink
    controller.stop()


@pytest.fixture
def everybody(practice: Clinic) -> Breach:
    return breach(practice, PEOPLE)


@pytest.fixture
def told(practice: Clinic) -> Breach:
    return breach(practice, ("emma", "sami", "hilda"))


def became(told: Breach, name: str) -> list[str]:
    recording = told.practice.install.recording
    subject = told.ids[name]
    return [
        str(
            recording.read(
                subject,
                commit=entry.leaf.detail_commit,
                salt=entry.salt or b"",
                sealed=entry.detail or b"",
            )["became"]
        )
        for entry in queries.entries_of(recording.tag(subject))
        if entry.leaf.act is Act.NOTICE_BECAME
    ]


def one_of_each(sink: Sink, told: Breach) -> None:
    """Everybody who has an address got one mail, the fragile and the hidden none they must not."""
    counted = Counter(sink.to)
    assert set(counted) == MAILED
    assert max(counted.values()) == 1
    assert "frida@example.org" not in counted
    assert "hilda@example.org" not in counted
    assert "salla@example.org" not in counted
    assert len(told.texts()) == 1


def test_each_gets_one_message_that_gives_nothing_away(everybody: Breach, sink: Sink) -> None:
    told = everybody
    known = told.approved()
    told.tell(known)
    assert told.send() == Round(sent=3)
    one_of_each(sink, told)
    assert told.send(later=timedelta(days=3)) == Round()
    one_of_each(sink, told)
    for mail in sink.got:
        seen = " ".join(
            str(make_header(decode_header(str(mail[name])))) for name in ("Subject", "From")
        )
        for word in ("terap", "Mattila", "Kallio", "010190"):
            assert word.lower() not in seen.lower()
        assert len(str(mail["To"]).split(",")) == 1
    row = told.rows("emma")["email"]
    assert f"bounce+{row.id.hex}@example.org" in sink.paths
    assert (row.state, bytes(row.sealed_row)) == (NoticeState.SENT, b"")
    assert became(told, "emma") == ["sent"]
    assert told.rows("emma")["sms"].state == NoticeState.SPARE
    assert told.rows("leena")["letter"].state == NoticeState.TASK
    assert told.rows("frida")["email"].state == NoticeState.HELD


def test_a_stand_in_that_claims_nothing_repeats_and_writes_to_the_fragile(
    everybody: Breach, sink: Sink
) -> None:
    told = everybody
    known = told.approved()
    told.tell(known)
    opener = told.opener()
    naive = Naive(Post(told.sms))
    naive.go(opener)
    naive.go(opener)
    naive.ways.close()
    with pytest.raises(AssertionError):
        one_of_each(sink, told)
    assert Counter(sink.to)["frida@example.org"] == 2


def test_rows_that_were_edited_write_to_nobody_again_and_to_the_fragile_not_before_the_call(
    everybody: Breach, sink: Sink
) -> None:
    told = everybody
    known = told.approved()
    told.tell(known)
    kept = dict(Notice.objects.values_list("id", "sealed_row"))
    assert told.send() == Round(sent=3)
    for row in Notice.objects.exclude(channel__in=("call", "hand", "letter")):
        # Whoever may write in the database puts back what went, and begins what waits.
        changed = {"state": NoticeState.WAITING, "sealed_row": kept[row.id], "due_at": told.now}
        Notice.objects.filter(id=row.id).update(**changed)
    assert told.send(later=timedelta(hours=1)) == Round(waiting=6)
    one_of_each(sink, told)
    call = told.rows("frida")["call"]
    reached = NoticeBecame(call.id, told.ids["frida"], call.channel, Became.CALLED)
    access.mark(told.actor("helmi"), known.telling, [reached])
    Notice.objects.filter(patient=told.ids["frida"], channel="email").update(
        state=NoticeState.WAITING
    )
    assert told.send(later=timedelta(hours=2)) == Round(sent=1)
    assert sink.to.count("frida@example.org") == 1


def test_a_web_that_stores_two_officers_notices_has_one_of_them_sent(
    everybody: Breach, sink: Sink
) -> None:
    told = everybody
    known = told.approved()
    told.tell(known, "emma")
    [again] = access.tell_some(told.actor("mauri"), known.telling, told.to_tell(["emma"]))
    assert storing.keep(known.telling, [again], waves={told.ids["emma"]: 2})
    assert told.send() == Round(sent=1, waiting=1)
    assert sink.to == ["emma@example.org"]
    without = told.to_tell(["frida"], without=("call",))
    assert access.tell_some(told.actor("pia"), known.telling, without)[0].outcome == "call-first"


def test_an_address_that_no_server_can_be_told_stops_no_other(sink: Sink) -> None:
    with posting(None) as ways:
        with pytest.raises(NotEver):
            ways.send(uuid4(), Mail("email", "åke@example.org", "Subject", "Words"))
        ways.send(uuid4(), Mail("email", "emma@example.org", "Subject", "Words"))
    assert sink.to == ["emma@example.org"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_killed_at_the_letter_tells_nobody_twice_and_misses_nobody(
    told: Breach, sink: Sink, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    known = told.approved()
    told.tell(known, "emma")
    whole = Post._mail

    def dies(post: Post, row: UUID, mail: Mail) -> None:
        if when == "after":
            whole(post, row, mail)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Post, "_mail", dies)
        with pytest.raises(Killed):
            told.send()
    assert told.rows("emma")["email"].state == NoticeState.TAKEN
    # Another worker leaves it alone while its taker may live, and never sends it again after.
    assert told.send(later=LEASE / 2) == Round()
    assert told.send(later=LEASE) == Round(sent=1)
    assert Counter(sink.to) == ({"emma@example.org": 1} if when == "after" else {})
    assert told.rows("emma")["email"].state == NoticeState.UNCERTAIN
    assert len(told.texts()) == 1
    assert became(told, "emma") == ["uncertain", "sent"]


def test_killed_before_it_was_stored_is_made_again_and_sent_once(told: Breach, sink: Sink) -> None:
    known = told.approved()
    access.tell_some(told.actor("pia"), known.telling, told.to_tell(["emma"]))
    assert not Notice.objects.exists()
    assert not PublishedPage.objects.exists()
    assert told.send() == Round()
    assert storing.already(known.telling, [told.ids["emma"]], again=0) == frozenset()
    told.tell(known, "emma")
    told.send()
    assert sink.to == ["emma@example.org"]


def test_a_mail_server_that_is_away_costs_no_try_and_no_other_way(
    told: Breach, settings: LazySettings, sink: Sink
) -> None:
    known = told.approved()
    told.tell(known, "emma", "sami")
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    for hours in range(30):
        went = told.send(later=timedelta(hours=hours))
        assert (went.refused, went.uncertain) == (0, 0)
    row = told.rows("emma")["email"]
    assert (row.state, row.tries) == (NoticeState.WAITING, 0)
    assert len(told.texts()) == 1
    settings.EMAIL_PORT = port
    told.send(later=timedelta(hours=31))
    assert sink.to == ["emma@example.org"]


def test_what_is_refused_for_good_goes_the_next_way_and_for_now_later(
    told: Breach, sink: Sink
) -> None:
    known = told.approved()
    told.tell(known, "emma", "hilda")
    sink.bad.add("emma@example.org")
    sink.answers.append("451 come again")
    went = told.send()
    assert (went.refused, went.put_off) == (1, 1)
    assert told.rows("hilda")["email"].state == NoticeState.WAITING
    assert told.send(later=timedelta(hours=1)).sent >= 1
    assert sink.to == ["safe@example.org"]
    assert len(told.texts()) == 1
    assert became(told, "emma") == ["refused", "sent"]


def test_a_mail_that_comes_back_begins_the_next_way(
    told: Breach, sink: Sink, tmp_path: Path
) -> None:
    known = told.approved()
    told.tell(known, "emma", "hilda")
    told.send()
    emma, hilda = told.rows("emma")["email"], told.rows("hilda")["email"]
    box = tmp_path / "bounces"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    (box / "new" / "1").write_bytes(_returned(emma.id, "failed"))
    (box / "new" / "2").write_bytes(_returned(hilda.id, "delayed"))
    (box / "new" / "3").write_bytes(
        b"To: bounce+" + b"0" * 32 + b"@example.org\n\n" + b"\x00\xff" * 99
    )
    (box / "new" / "4").write_bytes(b'Content-Type: multipart/report; boundary="\n\n' * 50)
    (box / "new" / "5").write_bytes(_returned(UUID(int=5), "failed"))
    agent = Agent(told.practice.install, caller=Caller.WORKER)
    assert bounces.take_in(agent, box, at=told.now) == 1
    assert told.rows("emma")["email"].state == NoticeState.BOUNCED
    assert told.rows("hilda")["email"].state == NoticeState.SENT
    assert told.send(later=timedelta(minutes=1)).sent == 1
    assert "040" in told.texts()[0]
    assert became(told, "emma") == ["sent", "bounced", "sent"]
    # What was understood is gone; what was not is left for somebody to look at.
    assert bounces.take_in(agent, box, at=told.now) == 0
    assert len([*box.rglob("*:2,S"), *box.glob("new/*")]) == 3


def _returned(row: UUID, action: str) -> bytes:
    return (
        f"To: bounce+{row.hex}@example.org\r\n"
        "Subject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; emma@example.org\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
        "--b--\r\n"
    ).encode()


def test_a_hold_and_a_stop_keep_everything_and_lose_nothing(everybody: Breach, sink: Sink) -> None:
    told = everybody
    known = told.approved()
    told.tell(known)
    told.hold(told.now + timedelta(days=2))
    assert told.send(later=timedelta(days=1)) == Round()
    # A row that says nothing of the stop does not help: the warden is asked each time.
    access.stop(told.actor("mauri"), known.telling, reason="Wait.")
    assert told.send(later=timedelta(days=3)) == Round(waiting=3)
    assert sink.to == []
    access.go_on(told.actor("mauri"), known.telling, reason="Go.")
    assert told.send(later=timedelta(days=3)) == Round(sent=3)
    one_of_each(sink, told)


def test_a_row_that_was_altered_or_moved_is_not_sent_and_the_next_way_is(
    told: Breach, sink: Sink
) -> None:
    known = told.approved()
    told.tell(known, "emma", "hilda")
    emma, hilda = told.rows("emma")["email"], told.rows("hilda")["email"]
    Notice.objects.filter(id=emma.id).update(sealed_row=hilda.sealed_row)
    went = told.send()
    assert (went.sent, went.refused) == (2, 1)
    assert sink.to == ["safe@example.org"]
    assert became(told, "emma") == ["refused", "sent"]
    # A row that was deleted is made again: nobody on the list goes without.
    Notice.objects.filter(patient=told.ids["hilda"]).delete()
    assert storing.already(known.telling, [told.ids["hilda"]], again=0) == frozenset()


def test_those_who_help_know_two_hours_before_anybody(told: Breach, sink: Sink) -> None:
    helpers = (TellingHelper("Line", "line@example.net"), TellingHelper("Two", "two@example.net"))
    known = told.approved(helpers=helpers)
    told.tell(known, "emma")
    sent = told.send()
    assert (sent.sent, set(sink.to)) == (2, {"line@example.net", "two@example.net"})
    assert all("Emma" not in str(mail.get_payload(decode=True)) for mail in sink.got)
    assert told.send(later=timedelta(minutes=119)) == Round()
    assert told.send(later=timedelta(minutes=121)) == Round(sent=1)


def test_what_was_not_written_into_the_ledger_is_written_the_next_time(
    told: Breach, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = told.approved()
    told.tell(known, "emma")

    def dies(*_args: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(access, "became", dies)
        with pytest.raises(Killed):
            told.send()
    assert became(told, "emma") == []
    told.send(later=timedelta(minutes=1))
    assert became(told, "emma") == ["sent"]
    assert len(sink.to) == 1


def test_a_way_that_is_not_there_keeps_what_waits() -> None:
    ways = Post(None)
    assert not ways.has("sms")
    with pytest.raises(NotNow):
        ways.send(UUID(int=1), Mail("sms", "+358401234567", "", "x"))
