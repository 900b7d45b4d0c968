"""What is kept of a notice so that it can be written again: codes, language, name, details.

Sealed for the officers of its contact case; in front stands which case that is.
"""

import json
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.bodies import Place, canonical_json
from vaitiolo.keys.kinds import CompartmentClass, Kind
from vaitiolo.keys.octets import sha256
from vaitiolo.keys.refused import Refused
from vaitiolo.notices.codes import CodeWrong, read
from vaitiolo.warden import parts
from vaitiolo.warden.server import holding
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Held, Seat
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.unlocked import Unlocked

ID: Final = 16


@dataclass(frozen=True, slots=True)
class State:
    """What a notice was written with."""

    code: str = field(repr=False)
    certificate: str = field(repr=False)
    language: str
    name: str = field(repr=False)
    fields: tuple[str, ...]
    found: str


def held(install: Installation, seat: Seat, case: UUID) -> Held:
    """Return what somebody holds of a contact case. Raises No(not-granted), Refused."""
    row = store.case(case)
    if row is None:
        raise No("not-granted", because="no such case")
    found = holding.find(install, seat.person, row.compartment)
    if found.klass is not CompartmentClass.CASE or found.subject != case:
        raise Refused("case.compartment")
    return found


def seal(case: Unlocked, telling: UUID, patient: UUID, *, state: State) -> bytes:
    """Seal what a notice was written with, for this telling and this patient."""
    said = {
        "certificate": state.certificate,
        "code": state.code,
        "fields": list(state.fields),
        "found": state.found,
        "language": state.language,
        "name": state.name,
    }
    place = _place(case, telling, patient)
    return case.held.subject.bytes + case.seal_body(place, canonical_json(said))


def open_state(case: Unlocked, telling: UUID, patient: UUID, *, sealed: bytes) -> State:
    """Return what was sealed. Raises Refused for another's, and for anything altered."""
    if sealed[:ID] != case.held.subject.bytes:
        raise Refused("telling.state")
    place = _place(case, telling, patient)
    document = parts.Sealed(parts.Place(place.kind, place.row, place.version), sealed[ID:])
    _place_of, body = case.unseal(document)
    return _read(bytes(body))


def case_of(sealed: bytes) -> UUID | None:
    """Return which case a state is sealed for; none for no state."""
    return UUID(bytes=sealed[:ID]) if len(sealed) > ID else None


def _read(body: bytes) -> State:
    try:
        said: dict[str, Any] = json.loads(body)
        return State(
            code=read(said["code"]),
            certificate=read(said["certificate"]),
            language=str(said["language"]),
            name=str(said["name"]),
            fields=tuple(map(str, said["fields"])),
            found=str(said["found"]),
        )
    except (ValueError, TypeError, KeyError, CodeWrong):
        raise Refused("telling.state") from None


def _place(case: Unlocked, telling: UUID, patient: UUID) -> Place:
    """Return a place that is of this telling and this patient, and of no other pair."""
    row = UUID(bytes=sha256(b"vaitiolo/1/notice-state", telling.bytes, patient.bytes)[:ID])
    return Place(case.install.org, case.held.compartment, Kind.EVIDENCE, row, 1)
