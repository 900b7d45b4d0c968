"""The people every test can meet, in a founded clinic with real keys and a real ledger.

Helmi and Otso are therapists in Kallio, Aino is its receptionist; Taito keeps the desk in Töölö.
Ritva is the registrar, Mauri the manager, Pia the privacy officer. All are seated in the warden's
memory directly: only tests about signing in pay for Argon2.
"""

import base64
import itertools
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from vaitiolo.warden.client import recognise
from vaitiolo.warden.kinds import Caller, Role
from vaitiolo.warden.protocol import Recognised
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.founding import Charter, Founded, Newcomer, found
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recovery_keys import Keeping, printed_incident_share, printed_share
from vaitiolo.warden.server.sign_ins import person_of
from vaitiolo.warden.session import Session

KALLIO, TOOLO = "Kallio", "Töölö"
CAST = {
    "helmi": ("Helmi Halla", Role.THERAPIST, KALLIO),
    "otso": ("Otso Oja", Role.THERAPIST, KALLIO),
    "aino": ("Aino Aho", Role.RECEPTION, KALLIO),
    "taito": ("Taito Tuuri", Role.RECEPTION, TOOLO),
    "ritva": ("Ritva Ranta", Role.REGISTRAR, None),
    "mauri": ("Mauri Mäki", Role.MANAGER, None),
    "pia": ("Pia Puro", Role.PRIVACY_OFFICER, None),
}
# Who keep a share of the contact key each.
OFFICERS = ("pia", "mauri", "ritva")
HOUR = 3_600_000_000
DAY = 24 * HOUR


class Clock:
    """The warden's clock: runs, and can be moved by a test. Microseconds since 1970."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000 + self.ahead


@dataclass
class Paper:
    """What the officers of the clinic keep at home: the master seed, and each one's share."""

    master: bytes = b""
    shares: dict[UUID, str] = field(default_factory=dict)
    incident: dict[UUID, str] = field(default_factory=dict)

    def keep_master(self, master: bytearray, _org: UUID) -> None:
        self.master = bytes(master)

    def keep_shares(self, shares: Mapping[UUID, bytearray], org: UUID) -> None:
        self.shares = {
            officer: printed_share(share, org=org, officer=officer)
            for officer, share in shares.items()
        }

    def keep_incident(self, shares: Mapping[UUID, bytearray], org: UUID) -> None:
        self.incident = {
            officer: printed_incident_share(share, org=org, officer=officer)
            for officer, share in shares.items()
        }


@dataclass
class Clinic:
    """A founded clinic, its agent, and everybody in it."""

    install: Installation
    agent: Agent
    console: Agent
    clock: Clock
    founded: Founded
    people: dict[str, Newcomer]
    units: dict[str, UUID]
    cookies: dict[str, bytes] = field(default_factory=dict)
    home: Path = Path()
    paper: Paper = field(default_factory=Paper)

    def id(self, name: str) -> UUID:
        return self.people[name].id

    def unit(self, name: str) -> UUID:
        return self.units[name]

    def phonebook(self, unit: str = KALLIO) -> UUID:
        return next(one.phonebook for one in self.founded.units if one.id == self.units[unit])

    def diary(self, unit: str = KALLIO) -> UUID:
        return next(one.diary for one in self.founded.units if one.id == self.units[unit])

    def desk(self, name: str) -> UUID:
        return self.founded.desks[self.id(name)]

    def session(self, name: str) -> Session:
        """Seat somebody, once, and return the session."""
        if name not in self.cookies:
            self.seat(name)
        return Session(self.cookies[name], self.agent)

    def seat(self, name: str) -> bytes:
        """Begin a new session without a password; return its cookie."""
        cookie = secrets.token_bytes(32)
        person = person_of(self.install, self.id(name), is_weak=False, network="test")
        self.install.memory.seat(
            person, bytearray(self.people[name].seed), cookie=cookie, now=self.clock()
        )
        self.cookies[name] = cookie
        return cookie

    def cookie(self, name: str) -> str:
        """Return what the browser would hold."""
        self.session(name)
        return base64.urlsafe_b64encode(self.cookies[name]).decode().rstrip("=")

    def recognised(self, name: str) -> Recognised:
        return recognise(self.session(name))


_serial = itertools.count()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test with a clinic both databases; the ledger commits from its own thread."""
    for item in items:
        if "clinic" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db(transaction=True, databases=["default", "vault"]))


@pytest.fixture
def clinic(settings: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clinic]:
    """A clinic of two units, founded anew; its ledger and keys end with the test."""
    home = tmp_path / f"clinic-{next(_serial)}"
    home.mkdir(mode=0o700)
    units = {name: uuid4() for name in (KALLIO, TOOLO)}
    people = {
        key: Newcomer(
            uuid4(), name, role, units[unit] if unit else None, bytearray(secrets.token_bytes(32))
        )
        for key, (name, role, unit) in CAST.items()
    }
    charter = Charter(
        "Esimerkki", "ledger.tests.example/1", tuple(units.values()), tuple(people.values())
    )
    clock = Clock()
    paper = Paper()
    officers = tuple(people[name].id for name in OFFICERS)
    keeping = Keeping(officers, paper.keep_master, paper.keep_shares, paper.keep_incident)
    with found(home, charter, clock, keeping=keeping) as founding:
        founded = founding.enrol_all()
        install = founding.install
        agent = Agent(install, caller=Caller.WEB)
        settings.WARDEN = agent  # type: ignore[attr-defined]
        clinic = Clinic(
            install,
            agent,
            Agent(install, caller=Caller.CONSOLE),
            clock,
            founded,
            people,
            units,
            home=home,
            paper=paper,
        )
        clinic.founding = founding  # type: ignore[attr-defined]
        yield clinic
    shutil.rmtree(home, ignore_errors=True)
