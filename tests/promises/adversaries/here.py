"""An installation that runs, as its adversaries meet it: its databases, its folder, its sockets.

Asking at the web's socket is what code in the web process can do, so it stands for all of it.
"""

import contextlib
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from uuid import UUID

from tests.live import LiveClinic
from tests.promises.adversaries.rows import Rows, id_of
from vaitiolo.config.demo.main import PASSWORD
from vaitiolo.keys import trust
from vaitiolo.keys.trust import Trust
from vaitiolo.warden import client
from vaitiolo.warden.client import REFUSALS, Place, Sealed
from vaitiolo.warden.kinds import Kind, Purpose
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import OverSocket, WardenAway

NO = tuple(REFUSALS.values())
SECONDS_TO_START = 60.0


@dataclass(frozen=True, slots=True)
class Patient:
    """What the rows say of a patient: three random ids."""

    id: UUID
    identity: UUID
    chart: UUID


def name_in(body: bytes) -> str:
    record = json.loads(body)
    return f"{record['given_name']} {record['family_name']}"


def mark(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_ino, status.st_mtime_ns


@dataclass
class Here:
    """The installation, and whoever was signed in through it."""

    live: LiveClinic
    sessions: dict[str, Session] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.live.home

    @cached_property
    def trust(self) -> Trust:
        return trust.load(self.home)

    @cached_property
    def web(self) -> OverSocket:
        return OverSocket(self.home / "run" / "web.sock")

    def rows(self, alias: str) -> Rows:
        name = {"default": "VAITIOLO_DATABASE_OWNER", "vault": "VAITIOLO_VAULT_OWNER"}[alias]
        return Rows(self.live.databases.get(name) or self.home / "db" / f"{alias}.sqlite3")

    @cached_property
    def default(self) -> Rows:
        return self.rows("default")

    @cached_property
    def vault(self) -> Rows:
        return self.rows("vault")

    def name_of(self, role: str, turn: int = 0) -> str:
        those = [one for one in self.live.clinic.members if one.role == role]
        return those[turn].sign_in_name

    def sign_in(self, name: str, password: str = PASSWORD) -> Session:
        session = Session(secrets.token_bytes(32), self.web)
        client.sign_in(session, name=name, password=password, network="")
        return session

    def session(self, role: str, turn: int = 0) -> Session:
        """Return somebody's session, who signs in where that has not happened yet."""
        name = self.name_of(role, turn)
        try:
            client.recognise(self.sessions[name])
        except (KeyError, *NO):
            self.sessions[name] = self.sign_in(name)
        return self.sessions[name]

    def restart_warden(self) -> None:
        """Kill the warden and wait for the next one; whoever was signed in is not any more."""
        before = mark(self.web.path)
        self.live.kill("warden")
        until = time.monotonic() + SECONDS_TO_START
        while not self._is_new(before):
            assert time.monotonic() < until, "the warden did not come back"
            time.sleep(0.05)
        self.sessions.clear()

    def _is_new(self, before: tuple[int, int]) -> bool:
        try:
            if mark(self.web.path) == before:
                return False
            self.web.close()
            client.check(self.web)
        except (OSError, WardenAway, *NO):
            return False
        return True

    def patients(self) -> list[Patient]:
        rows = self.default.ask(
            "SELECT id, identity, chart FROM people_patient WHERE chart IS NOT NULL ORDER BY id"
        )
        return [Patient(*(id_of(one) for one in row)) for row in rows]

    def notes(self, chart: UUID) -> list[Sealed]:
        rows = self.default.ask(
            "SELECT n.id, v.version, v.sealed_body FROM charts_noteversion v"
            " JOIN charts_note n ON n.id = v.note_id WHERE n.chart_id = ? ORDER BY n.id, v.version",
            chart,
        )
        return [
            Sealed(Place(Kind.NOTE, id_of(note), version), bytes(body))
            for note, version, body in rows
        ]

    def identities(self, patient: UUID) -> list[Sealed]:
        rows = self.default.ask(
            "SELECT version, sealed_body FROM people_identityversion WHERE patient_id = ?", patient
        )
        return [
            Sealed(Place(Kind.IDENTITY, patient, version), bytes(body)) for version, body in rows
        ]

    def read_chart(self, session: Session, patient: Patient) -> list[bytes]:
        """Do what the pages do to show a chart."""
        opened = client.open_compartment(session, patient.chart, purpose=Purpose.CARE)
        return [one.body for one in opened.unseal(self.notes(patient.chart))]

    def read_identity(self, session: Session, patient: Patient) -> str:
        opened = client.open_compartment(session, patient.identity, purpose=Purpose.RECEPTION)
        read = opened.unseal(self.identities(patient.id))
        return name_in(read[-1].body)

    def sweep(self, sessions: Sequence[Session]) -> tuple[int, int]:
        """Ask for every patient in every session; say how many names and how many charts came."""
        names, charts = set(), set()
        for session in sessions:
            for patient in self.patients():
                with contextlib.suppress(*NO):
                    names.add((patient.id, self.read_identity(session, patient)))
                with contextlib.suppress(*NO):
                    charts.add((patient.id, bool(self.read_chart(session, patient))))
        return len(names), len(charts)
