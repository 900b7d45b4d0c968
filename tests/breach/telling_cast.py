"""A breach whose people are to be told: eight patients with different needs, and two officers."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from uuid import UUID

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import timezone

from tests.breach.conftest import record
from tests.cast import Clinic
from tests.warden.fingers import PASSWORD, Finger, enrol_officer
from tests.warden.hostile import make_chart
from vaitiolo.breach.incidents import access as incidents
from vaitiolo.breach.models import Notice, Telling
from vaitiolo.breach.telling import access, post, sending, storing
from vaitiolo.breach.telling.sending import Round
from vaitiolo.notices import writing
from vaitiolo.people import actions, listed, sign_in
from vaitiolo.people.actor import Actor
from vaitiolo.people.records import IdentityRecord
from vaitiolo.warden import client
from vaitiolo.warden.client import scoping
from vaitiolo.warden.client.telling import (
    KnownTelling,
    TellingContact,
    TellingPlan,
    ToldOne,
    ToTell,
)
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.losses import Loss
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.outbox import Outbox

MAIL = record("Emma Mattila")
PEOPLE: dict[str, IdentityRecord] = {
    "emma": MAIL,
    "sami": replace(record("Sami Salo"), email="", language="sv"),
    "leena": replace(record("Leena Laine"), email="", phone="", language=""),
    "frida": replace(record("Frida Fors"), call_first=True, language="sv"),
    "hilda": replace(record("Hilda Halla"), is_hidden=True, safe_contact="safe@example.org"),
    "salla": replace(record("Salla Sarpo"), safe_contact="Only on Mondays, by my sister"),
    "milla": replace(record("Milla Mäki"), born_on=datetime.now(UTC).date() - timedelta(4_000)),
    "nora": replace(record("Nora Niemi"), email="", phone="", street=""),
}


@dataclass
class Sink:
    """A mail server that keeps what it was given, and answers as a test tells it."""

    answers: list[str] = field(default_factory=list)
    got: list[Message] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if address in self.bad:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.got.append(message_from_bytes(envelope.content))
            self.to += envelope.rcpt_tos
            self.paths.append(str(envelope.mail_from))
        return answer


@dataclass
class Breach:
    """An incident, its scope, its case and its telling; whose ids are whose."""

    practice: Clinic
    ids: dict[str, UUID]
    fingers: dict[str, Finger]
    incident: UUID
    scope: scoping.ScopeFacts
    case: UUID
    now: datetime = field(default_factory=lambda: timezone.now() + timedelta(hours=3))

    def actor(self, name: str) -> Actor:
        return sign_in.recognise(self.practice.session(name))

    def plan(self, **changed: object) -> TellingPlan:
        now, texts = int(timezone.now().timestamp()), writing.newest()
        plan = TellingPlan(
            scope=self.scope.scope,
            list_hash=self.scope.list_hash,
            case=self.case,
            texts=texts.version,
            texts_hash=texts.hash,
            address="apu.example.org/told",
            contact=TellingContact("09 000 0000", "klo 8-20", "PL 1, 00100 Helsinki"),
            helpers=(),
            calls_an_hour=60,
            first_at=now - 60,
            happened_from=now - 86_400 * 20,
            happened_to=now - 86_400,
            known_since=now - 3_600,
            untouched=(),
            audiences=("everyone",),
            followup=0,
        )
        return replace(plan, **changed)  # type: ignore[arg-type] - what a test changes

    def planned(self, **changed: object) -> KnownTelling:
        return access.plan(self.actor("pia"), self.incident, self.plan(**changed))

    def approved(self, **changed: object) -> KnownTelling:
        known = self.planned(**changed)
        made = access.approve(self.actor("mauri"), known.telling, plan_hash=known.plan_hash)
        storing.keep_telling(known.telling, self.incident, is_stopped=False)
        storing.keep_helpers(known.telling, made)
        self.run()
        return known

    def run(self) -> None:
        """Have both officers join the case."""
        for name, finger in self.fingers.items():
            session = self.practice.session(name)
            [known] = [one for one in client.list_cases(session) if one.case == self.case]
            if not known.is_running:
                over = client.over_joining(self.case, known.list_hash)
                touch = finger.touch(session, over)
                client.join_case(
                    session, self.case, password=PASSWORD, prf=finger.prf, assertion=touch
                )

    def to_tell(
        self, names: Iterable[str], *, at: datetime | None = None, **more: object
    ) -> list[ToTell]:
        ids = [self.ids[name] for name in names]
        sealed = listed.sealed_identities(ids)
        due = int((at or self.now).timestamp())
        plain = {"wave": 1, "due": due, "found": "", "state": b"", "without": (), **more}
        return [ToTell(patient=one, document=sealed.get(one), **plain) for one in ids]  # type: ignore[arg-type] - see above

    def tell(self, known: KnownTelling, *names: str, by: str = "pia") -> dict[str, ToldOne]:
        """Have notices made and stored; return what was made, by name."""
        chosen = names or tuple(self.ids)
        told = access.tell_some(self.actor(by), known.telling, self.to_tell(chosen))
        assert storing.keep(known.telling, told, waves={one.patient: 1 for one in told})
        return dict(zip(chosen, told, strict=True))

    def opener(self) -> sending.Opener:
        return Outbox(self.practice.home, org=self.practice.install.org, demo=True).open

    def send(self, *, later: timedelta = timedelta(0)) -> Round:
        """Go one round of a worker that has just been started."""
        agent = Agent(self.practice.install, caller=Caller.WORKER)
        with post.posting(self.sms) as ways:
            return sending.Desk(agent, self.opener(), ways, self.now + later).go()

    @property
    def sms(self) -> Path:
        folder = self.practice.home / "sms"
        folder.mkdir(exist_ok=True)
        return folder

    def texts(self) -> list[str]:
        """Return the text messages that were put out."""
        return [one.read_text(encoding="utf-8") for one in sorted(self.sms.iterdir())]

    def rows(self, name: str) -> dict[str, Notice]:
        rows = Notice.objects.filter(patient=self.ids[name]).order_by("rank")
        return {one.channel: one for one in rows}

    def hold(self, until: datetime | None) -> None:
        Telling.objects.update(not_before=until)


def breach(practice: Clinic, people: Iterable[str] = tuple(PEOPLE)) -> Breach:
    """Register people, lose a colleague's keys, ask whom it reached, open the case of these."""
    fingers = {name: enrol_officer(practice, name) for name in ("pia", "mauri")}
    aino = sign_in.recognise(practice.session("aino"))
    ids = {name: actions.register_patient(aino, PEOPLE[name], at=timezone.now()) for name in people}
    if "frida" in ids:
        make_chart(practice, ids["frida"])
    pia, helmi = (sign_in.recognise(practice.session(one)) for one in ("pia", "helmi"))
    incident = incidents.report(helmi, "message", {"text": "A mail.", "sign": "message"})
    incidents.let_in(pia, incident, practice.id("mauri"))
    query = scoping.ScopeQuery(Loss.HOLDER_KEYS, 0, practice.clock(), person=practice.id("aino"))
    scope = scoping.ask_scope(pia.session, query, reason="Stolen keys", incident=incident)
    scoping.keep_scope(pia.session, scope.scope, name="Told", incident=incident)
    case = client.open_case(pia.session, list(ids.values()), reason="To tell them")
    return Breach(practice, ids, fingers, incident, scope, case.case)
