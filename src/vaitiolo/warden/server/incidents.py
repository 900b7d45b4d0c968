"""Incidents: opened by anybody, worked on by officers, closed by two of them, deleted by nobody.

Each deed is an entry on the incident's own chain before it is done, with a mark of what was signed:
an entry that is swapped or taken away later is found out. Words stand only inside seals.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from vaitiolo.keys import bodies
from vaitiolo.keys.bodies import ZERO, Place
from vaitiolo.keys.cards import TrustedCard
from vaitiolo.keys.fields import NO_END
from vaitiolo.keys.kinds import CompartmentClass, Kind
from vaitiolo.keys.octets import sha256
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.incident_parts import AddedEntry
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server import granting, incident_story
from vaitiolo.warden.server.granting import Made
from vaitiolo.warden.server.incident_story import (
    ALERT,
    ASK_CLOSE,
    CLOSE,
    INCIDENTS,
    NOTIFY,
    OPENED,
    REOPEN,
    RESUMED,
    Story,
)
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Held, Person, Seat
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.unlocked import Unlocked, unlocked

OFFICERS: Final = frozenset({Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR})
# Whom an officer may let in: nobody who treats, and no desk.
LET_IN: Final = OFFICERS | {Role.OPERATOR}
LARGEST_BODY: Final = 64 * 1024
LARGEST_FILE: Final = 20 * 1024 * 1024
CHUNK: Final = 1024 * 1024
LONGEST_CAUSE: Final = 40
ENOUGH: Final = 2

WORDS: Final = frozenset(
    {"note", "confirm", "task", "done", "role", "decision", "link", "clock", "severity", "scope"}
    | {"facts", "sent", "hold"}
)
OFFICERS_ALONE: Final = frozenset({NOTIFY, ASK_CLOSE, CLOSE, REOPEN})
STEPS: Final = WORDS | {"evidence", NOTIFY, ALERT, ASK_CLOSE, CLOSE, REOPEN}


@dataclass(frozen=True, slots=True)
class Found:
    """An incident that was just opened."""

    incident: UUID
    number: int
    compartment: UUID
    entry: AddedEntry | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Why an incident is opened: a word, and what it comes from."""

    cause: str
    patient: UUID | None = None
    alert: int | None = None
    resumes: UUID | None = None

    def said(self) -> dict[str, object]:
        """Return what the entry says of it."""
        detail: dict[str, object] = {"cause": self.cause}
        if self.patient is not None:
            detail["patient"] = self.patient.hex
        if self.alert is not None:
            detail["alert"] = self.alert
        return detail


def open_incident(
    install: Installation, question: protocol.OpenIncident
) -> protocol.IncidentOpened:
    """Open an incident for whoever reports it. Raises No(not-allowed) for an alert of officers."""
    person = sit(install, question.cookie).person
    if question.cause == "" or len(question.cause) > LONGEST_CAUSE or not question.body:
        raise No("not-allowed", subject=person.id, because="cause or report")
    for_officers = question.alert is not None or question.resumes is not None
    if for_officers and person.role not in OFFICERS:
        raise No("not-allowed", subject=person.id, because="officers alone")
    origin = Origin(question.cause, alert=question.alert, resumes=question.resumes)
    made = found(install, question.cookie, origin, body=question.body)
    return protocol.IncidentOpened(made.incident, made.number, made.compartment, made.entry)


def found(install: Installation, cookie: bytes, origin: Origin, *, body: bytes = b"") -> Found:
    """Open an incident in the name of whoever is signed in, who need not be able to read it.

    Its compartment is granted to the privacy officers, and to the registrars while those are fewer
    than two. T0 is the time of the entry, or of the alert that it comes from. ``body`` is a first
    report, sealed for them. For questions and for the warden's own answerers alike.
    """
    seat = sit(install, cookie)
    incident, person = origin.resumes or uuid4(), seat.person
    _check_origin(install, origin)
    with (
        install.turns[incident],
        install.memory.keys(cookie, seat) as keys,
        granting.make(
            install,
            CompartmentClass.CASE,
            incident,
            recipients=[(card, NO_END) for card in _recipients(install)],
            signer=keys,
            creator=person.card,
        ) as made,
    ):
        fresh = Held(made.id, made.klass, incident, 1, made.grants[0], None, ())
        compartment = Unlocked(install, fresh, made.dk, keys, person.card)
        entry = signed(compartment, body) if body else None
        leaves = install.recording.record(_opening(made, person, origin, entry=entry))
        granting.store_made([made], leaves[:1])
        stored = None if entry is None else added(compartment, entry, index=leaves[1])
    number = incident_story.find(install, incident).number
    return Found(incident, number, made.id, stored)


def add(install: Installation, question: protocol.AddToIncident) -> protocol.IncidentAdded:
    """Add an entry, signed by whoever is signed in and recorded before it is given out.

    Raises No(not-granted), No(incident-…) for what it does not take as it stands, No(too-large).
    """
    seat = sit(install, question.cookie)
    _check_size(seat.person, question)
    with install.turns[question.incident]:
        story = incident_story.find(install, question.incident)
        held = incident_story.held(install, seat.person, story)
        _check_officer(seat.person, question)
        _check_step(install, seat.person, story, question=question)
        with unlocked(install, seat, held, cookie=question.cookie) as compartment:
            body = _with_file(question) if question.file else question.body
            entry = signed(compartment, body)
            [index] = install.recording.record([_deed(seat, question, entry=entry)])
            return protocol.IncidentAdded(
                added(compartment, entry, index=index, file=question.file)
            )


def let_in(install: Installation, question: protocol.LetIntoIncident) -> protocol.Done:
    """Let an officer or an operator in; whoever is in stays in."""
    seat = sit(install, question.cookie)
    story = incident_story.find(install, question.incident)
    held = incident_story.held(install, seat.person, story)
    card = granting.person_card(install, question.person, CompartmentClass.CASE)
    if card.role not in LET_IN:
        raise No("not-allowed", subject=question.incident, because="role")
    with install.turns[held.compartment], install.memory.keys(question.cookie, seat) as keys:
        granting.give(install, seat.person, keys, compartment=held.compartment, card=card)
    return protocol.Done()


def mark(body: bytes) -> str:
    """Return what an entry of the ledger says of a signed body; it stays when a key is turned.

    A signature is inside what is hashed, so the hash confirms no guess of the words.
    """
    return sha256(b"vaitiolo/1/incident-entry", body).hex()


@dataclass(frozen=True, slots=True)
class SignedEntry:
    """A body that was signed for an incident, and where it is to be sealed."""

    place: Place
    body: bytes

    def said(self) -> dict[str, object]:
        """Return what the ledger says of it."""
        return {"mark": mark(self.body), "row": self.place.row.hex}


def place_of(install: Installation, compartment: UUID, row: UUID) -> Place:
    """Return where an entry of an incident is sealed."""
    return Place(install.org, compartment, Kind.EVIDENCE, row, 1)


def signed(compartment: Unlocked, body: bytes) -> SignedEntry:
    """Sign a body for a fresh row of an incident, in the name of whoever opened it."""
    place = place_of(compartment.install, compartment.held.compartment, uuid4())
    signed = bodies.sign_body(body, place, keys=compartment.keys, card=compartment.card, prev=ZERO)
    return SignedEntry(place, signed)


def added(
    compartment: Unlocked, entry: SignedEntry, *, index: int, file: bytes = b""
) -> AddedEntry:
    """Seal an entry that was recorded, with its file in pieces."""
    row = entry.place.row
    chunks = tuple(
        compartment.seal(parts.Plain(parts.Place(Kind.CHUNK, row, number), piece))
        for number, piece in enumerate(pieces(file), 1)
    )
    return AddedEntry(index, row, compartment.seal_body(entry.place, entry.body), chunks)


def pieces(file: bytes) -> list[bytes]:
    """Return a file in the pieces that are sealed each by itself."""
    return [file[at : at + CHUNK] for at in range(0, len(file), CHUNK)]


def _with_file(question: protocol.AddToIncident) -> bytes:
    """Return the words about a file with its size and SHA-256 (FIPS 180-4), computed here."""
    said = _json(question.body)
    facts = {"sha256": sha256(question.file).hex(), "size": len(question.file)}
    return bodies.canonical_json({**said, **facts, "chunks": len(pieces(question.file))})


def _json(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise No("not-allowed", because="entry")
    return said


def _opening(
    made: Made, person: Person, origin: Origin, *, entry: SignedEntry | None
) -> list[Deed]:
    """Return the entries of an opening: the key, the incident's own, and that of the register."""
    base = {"compartment": made.id.hex, "person": person.id.hex, **origin.said()}
    step = OPENED if origin.resumes is None else RESUMED
    detail = {**base, **(entry.said() if entry else {}), "step": step}
    deeds = [made.deed(person.id), Deed(Act.INCIDENT, made.subject, person.id, detail)]
    if origin.resumes is None:
        listed = {"incident": made.subject.hex}
        deeds.append(Deed(Act.INCIDENT, INCIDENTS, person.id, listed))
    return deeds


def _deed(seat: Seat, question: protocol.AddToIncident, *, entry: SignedEntry) -> Deed:
    act = Act.NOTIFICATION_DECIDED if question.step == NOTIFY else Act.INCIDENT
    detail = {"person": seat.person.id.hex, "step": question.step, **entry.said()}
    if question.alert is not None:
        detail["alert"] = question.alert
    return Deed(act, question.incident, seat.person.id, detail)


def _check_origin(install: Installation, origin: Origin) -> None:
    if origin.alert is not None and not incident_story.is_critical(install, origin.alert):
        raise No("not-allowed", because="no such alert")
    if origin.resumes is not None:
        story = incident_story.find(install, origin.resumes)
        if story.state != "cut-off":
            raise No("not-allowed", subject=origin.resumes, because="not cut off")


def _check_size(person: Person, question: protocol.AddToIncident) -> None:
    if len(question.body) > LARGEST_BODY or len(question.file) > LARGEST_FILE:
        raise No("too-large", subject=person.id)
    if question.step not in STEPS or bool(question.file) != (question.step == "evidence"):
        raise No("not-allowed", subject=person.id, because="step")


def _check_officer(person: Person, question: protocol.AddToIncident) -> None:
    """Refuse the officers' own steps to whoever was let in to help, and looks and notes."""
    if question.step in OFFICERS_ALONE and person.role not in OFFICERS:
        raise No("not-allowed", subject=question.incident, because=question.step)


def _check_step(
    install: Installation, person: Person, story: Story, *, question: protocol.AddToIncident
) -> None:
    """Refuse what an incident does not take as it stands. Raises No."""
    step, subject = question.step, story.incident
    if (story.state == "closed") != (step == REOPEN):
        raise No("incident-closed", subject=subject, because=step)
    if step in {ASK_CLOSE, CLOSE}:
        _check_closing(person, story, is_second=step == CLOSE)
    if step == NOTIFY:
        _check_decision(_json(question.body), subject=subject)
    is_about_alert = question.alert is not None
    if (step == ALERT) != is_about_alert:
        raise No("not-allowed", subject=subject, because="alert")
    if question.alert is not None and not incident_story.is_critical(install, question.alert):
        raise No("not-allowed", subject=subject, because="no such alert")


def _check_closing(person: Person, story: Story, *, is_second: bool) -> None:
    """Refuse to close what is undecided, or what no other officer asked to close as it stands."""
    if not story.decided_us:
        raise No("incident-undecided", subject=story.incident)
    asked = story.last(ASK_CLOSE) if story.state == "asked" else None
    if is_second and (asked is None or asked.id("person") == person.id):
        raise No("incident-second", subject=story.incident, because=story.state)


def _check_decision(said: Mapping[str, Any], *, subject: UUID) -> None:
    """Refuse a decision that does not say whom to tell or not, and on what ground."""
    told = [said.get("authority"), said.get("people")]
    if any(one not in {"yes", "no"} for one in told) or not str(said.get("ground", "")).strip():
        raise No("not-allowed", subject=subject, because="decision without a ground")


def _recipients(install: Installation) -> Sequence[TrustedCard]:
    """Return the cards an incident is for: two people at least, wherever there are two."""
    chosen = _in_role(install, Role.PRIVACY_OFFICER)
    for role in (Role.REGISTRAR, Role.MANAGER):
        if len(chosen) < ENOUGH:
            chosen += _in_role(install, role)
    return [granting.person_card(install, one, CompartmentClass.CASE) for one in chosen]


def _in_role(install: Installation, role: Role) -> list[UUID]:
    everyone = install.directory.everyone().values()
    return sorted(one.id for one in everyone if one.is_active and one.role == role)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.OpenIncident: open_incident,
    protocol.AddToIncident: add,
    protocol.LetIntoIncident: let_in,
}
