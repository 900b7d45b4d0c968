"""A house that is founded with real people, its keys in a token; and how its people come in."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from tests.cast import Clock, Paper
from tests.ceremony.conftest import Typing
from tests.warden.authenticator import Authenticator
from vaitiolo.ceremony import registering, shares
from vaitiolo.keys import registrations
from vaitiolo.warden import client
from vaitiolo.warden.client import Touched
from vaitiolo.warden.kinds import Caller, Role
from vaitiolo.warden.server import house, registrars, starting
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.house import Answers
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recovery_keys import Keeping
from vaitiolo.warden.session import Session

PASSWORD = "vesi vanhin voitehista"
PEOPLE = (
    ("Ritva Ranta", "ritva", int(Role.REGISTRAR)),
    ("Reino Rauta", "reino", int(Role.REGISTRAR)),
    ("Pia Puro", "pia", int(Role.PRIVACY_OFFICER)),
)
ANSWERS = Answers("Esimerkki", "records.example/ledger", ("Kallio", "Töölö"), PEOPLE, 1)


def new_session(install: Installation) -> Session:
    return Session(uuid4().bytes * 2, Agent(install, caller=Caller.WEB))


@dataclass
class Joined:
    """Somebody who has enrolled with a security key, and waits or works."""

    name: str
    key: Authenticator
    card: bytes
    session: Session

    def words(self) -> tuple[str, ...]:
        return client.enrolment(self.session, self.card).words


@dataclass
class House:
    """A founded house, its warden's memory, and the paper that its holders keep."""

    home: Path
    install: Installation
    made: house.House
    paper: Paper
    clock: Clock
    joined: dict[str, Joined] = field(default_factory=dict)

    @property
    def unit(self) -> UUID:
        return self.made.units[0].id

    def code(self, name: str) -> str:
        return next(code for said, _role, code, _until in self.made.codes if said == name)

    def enrol(self, code: str, name: str) -> Joined:
        """Enrol in a browser of one's own, with a new security key."""
        session, key = new_session(self.install), Authenticator()
        asked = client.begin_enrolment(session, code)
        attestation, prf = key.make(asked.challenge), key.prf(asked.prf_salt)
        card = client.enrol(session, code, PASSWORD, attestation=attestation, prf=prf)
        self.joined[name] = Joined(name, key, card, session)
        return self.joined[name]

    def sign_in(self, name: str) -> Session:
        """Sign in with password and key."""
        session, key = new_session(self.install), self.joined[name].key
        asked = client.ask_to_sign_in(session.transport, name)
        salt = next((one.prf_salt for one in asked.keys if one.id == key.id), bytes(32))
        touched = Touched(key.touch(asked.challenge), key.prf(salt))
        client.sign_in(
            session,
            name=name,
            password=PASSWORD,
            network="",
            kind=client.WITH_KEY,
            touched=touched,
        )
        return session

    def ceremony(self) -> bytes:
        """Take what waits to the room without network, say yes to all of it, return the answer."""
        waiting = registrars.waiting(self.install)
        raw = registrars.export(self.install, waiting)
        today, policy = self.install.today(), registering.read_policy(self.home)
        request = registering.read_request(raw, policy, today=today)
        five = shares.split(bytearray(self.paper.master))
        desk = Typing(["yes"] * len(request.cards) + five[:3])
        return registering.sign(request, policy, desk, made=today).encode()

    def let_registrars_in(self) -> None:
        for name, sign_in, role in PEOPLE:
            if role == Role.REGISTRAR:
                self.enrol(self.code(name), sign_in)
        registrars.admit(self.install, self.ceremony())

    def sign_card(self, registrar: Session, by: str, card: bytes) -> bool:
        over = client.over_card(card)
        assertion = self.joined[by].key.touch(client.begin_touch(registrar, over).challenge)
        return client.sign_card(registrar, card, assertion=assertion)

    def hire(self, registrar: Session, by: str, name: str, role: Role) -> Session:
        """Invite somebody to the unit, enrol, compare the words, sign; return the first session."""
        unit = self.unit if role in {Role.THERAPIST, Role.RECEPTION} else None
        code = client.invite(registrar, name=name.title(), role=role, unit=unit, sign_in=name).code
        newcomer = self.enrol(code, name)
        [shown] = [one for one in client.list_card_requests(registrar) if one.card == newcomer.card]
        assert shown.words == newcomer.words()
        assert self.sign_card(registrar, by, newcomer.card)
        return self.sign_in(name)


def keeping_on(paper: Paper) -> Callable[[tuple[UUID, ...]], Keeping]:
    return lambda officers: Keeping(officers, paper.keep_master, paper.keep_shares)


@contextmanager
def founded(home: Path, answers: Answers = ANSWERS) -> Iterator[House]:
    """Found a house, and run its warden until the block ends."""
    paper, clock = Paper(), Clock()
    made = house.found(home, answers, clock, keeping=keeping_on(paper))
    house.end(home)
    assert os.environ["VAITIOLO_KMS"] == "pkcs11"
    with starting.started(home, clock) as install:
        yield House(home, install, made, paper, clock)


def parsed(answer: bytes) -> registrations.Registration:
    return registrations.parse(answer)
