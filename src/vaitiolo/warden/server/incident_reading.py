"""Reading incidents: the looking is recorded first, and every entry is compared with the ledger.

An entry that is not stored is told as missing, one that is not what was signed as broken; one that
the ledger does not know is not shown at all.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import bodies
from vaitiolo.keys.kinds import Kind
from vaitiolo.keys.octets import sha256
from vaitiolo.keys.refused import Refused
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.incident_parts import IncidentLine, KnownIncident
from vaitiolo.warden.server import incident_story
from vaitiolo.warden.server.incident_story import SECOND, TAKEN, Step, Story
from vaitiolo.warden.server.incidents import OFFICERS, mark
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Held, Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.unlocked import Unlocked, unlocked

# The steps that have a file: what was handed over, and the result of a search.
WITH_FILES: Final = frozenset({"evidence", "leak"})


def listed(install: Installation, question: protocol.ListIncidents) -> protocol.IncidentsListed:
    """Return what there is for the asker: what one holds, and the receipts of one's own reports.

    One that was cut off nobody holds: every officer is told of it, to resume it.
    """
    person = sit(install, question.cookie).person
    every = (
        incident_story.known(install, person, story) for story in incident_story.everyone(install)
    )
    told = [one for one in every if one.is_held or one.is_own or _may_resume(person, one)]
    return protocol.IncidentsListed(tuple(reversed(told)))


def _may_resume(person: Person, one: KnownIncident) -> bool:
    return one.state == "cut-off" and person.role in OFFICERS


def read(install: Installation, question: protocol.ReadIncident) -> protocol.IncidentRead:
    """Record the looking, then answer with every deed and its words. Raises No(not-granted)."""
    seat = sit(install, question.cookie)
    story = incident_story.find(install, question.incident)
    held = incident_story.held(install, seat.person, story)
    install.recording.record([looking(seat.person, story, held)])
    brought = {one.place.row: one for one in question.entries}
    with unlocked(install, seat, held, cookie=question.cookie) as compartment:
        lines = tuple(_line(compartment, step, brought) for step in story.steps)
    told = {one.id("row") for one in story.steps}
    known = incident_story.known(install, seat.person, story)
    return protocol.IncidentRead(known, lines, len(question.entries) - len(set(brought) & told))


def take(install: Installation, question: protocol.TakeEvidence) -> protocol.EvidenceTaken:
    """Record that a file is taken out, and by whom; then give it, if it is what was put in.

    Raises No(not-granted), Refused when entry or file is not what was sealed and signed.
    """
    seat = sit(install, question.cookie)
    story = incident_story.find(install, question.incident)
    held = incident_story.held(install, seat.person, story)
    step = file_step(story, question.entry.place.row)
    detail = {"person": seat.person.id.hex, "row": question.entry.place.row.hex, "step": TAKEN}
    install.recording.record([Deed(Act.INCIDENT, story.incident, seat.person.id, detail)])
    with unlocked(install, seat, held, cookie=question.cookie) as compartment:
        body, file = opened_file(compartment, step, question.entry, chunks=question.chunks)
    return protocol.EvidenceTaken(body, file)


def opened_file(
    compartment: Unlocked, step: Step, entry: parts.Sealed, *, chunks: Sequence[parts.Sealed]
) -> tuple[bytes, bytes]:
    """Return an entry's words and its file, if they are what was put in. Raises Refused."""
    body = _entry(compartment, step, entry)
    file = _file(compartment, entry.place.row, chunks)
    if json.loads(body).get("sha256") != sha256(file).hex():
        raise Refused("incident.file")
    return body, file


def looking(person: Person, story: Story, held: Held) -> Deed:
    """Return the entry of somebody's looking at an incident."""
    detail = {
        "compartment": held.compartment.hex,
        "network": person.network,
        "person": person.id.hex,
        "role": person.role,
    }
    return Deed(Act.OPEN_CASE, story.incident, person.id, detail)


def _line(compartment: Unlocked, step: Step, brought: Mapping[UUID, parts.Sealed]) -> IncidentLine:
    row = None if step.step == TAKEN else step.id("row")
    state, body = "none", b""
    if row is not None:
        state, body = _state_of(compartment, step, brought.get(row))
    person, other = step.id("person"), step.id("to")
    name_of = compartment.install.directory.name_of
    return IncidentLine(
        index=step.index,
        time=step.time_us // SECOND,
        step=step.step,
        row=step.id("row"),
        person=person,
        name=name_of(person) if person else "",
        other=other,
        other_name=name_of(other) if other else "",
        state=state,
        body=body,
    )


def _state_of(compartment: Unlocked, step: Step, sealed: parts.Sealed | None) -> tuple[str, bytes]:
    if sealed is None:
        return "missing", b""
    try:
        return "whole", _entry(compartment, step, sealed)
    except Refused:
        return "broken", b""


def _entry(compartment: Unlocked, step: Step, sealed: parts.Sealed) -> bytes:
    """Return the words of an entry that is what the ledger has a mark of. Raises Refused."""
    if sealed.place.kind != Kind.EVIDENCE:
        raise Refused("incident.kind")
    place, body = compartment.unseal(sealed)
    if mark(bytes(body)) != step.said.get("mark"):
        raise Refused("incident.mark")
    cards = compartment.install.cards
    signed = bodies.check_body(body, place, public_key_of=cards.signing_key)
    author = cards.known(signed.author)
    if author is None or author.holder != step.id("person"):
        raise Refused("incident.author")
    return signed.text


def _file(compartment: Unlocked, row: UUID, chunks: Sequence[parts.Sealed]) -> bytes:
    pieces = []
    for number, chunk in enumerate(chunks, 1):
        place = parts.Place(Kind.CHUNK, row, number)
        if chunk.place != place:
            raise Refused("incident.chunk")
        pieces.append(bytes(compartment.unseal(chunk)[1]))
    return b"".join(pieces)


def file_step(story: Story, row: UUID) -> Step:
    """Return the step that put a file in. Raises No(not-granted)."""
    found = (one for one in story.steps if one.id("row") == row and one.step in WITH_FILES)
    step = next(found, None)
    if step is None:
        raise No("not-granted", subject=story.incident, because="no such evidence")
    return step


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.ListIncidents: listed,
    protocol.ReadIncident: read,
    protocol.TakeEvidence: take,
}
