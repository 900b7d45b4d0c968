"""Results of searches in an incident: only what a kit of ours signed, each once, as it was made.

A result holds ids and places, never text of a leak. It is evidence: sealed, and never changed.
"""

import zlib
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from vaitiolo.keys import leak_results, store
from vaitiolo.keys.bodies import canonical_json
from vaitiolo.keys.octets import sha256
from vaitiolo.keys.refused import Refused
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.leak_parts import StoredResult
from vaitiolo.warden.server import decoys, evidence, incident_reading, incident_story, incidents
from vaitiolo.warden.server.incident_story import Story
from vaitiolo.warden.server.incidents import OFFICERS
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.unlocked import Unlocked, unlocked

STEP: Final = "leak"
# A whole register in ten gigabytes comes to about eighty MiB, and to an eighth of that in zlib.
LARGEST: Final = 256 * 1024 * 1024
LARGEST_PACKED: Final = 24 * 1024 * 1024
ALL: Final = 1 << 62


def put(install: Installation, question: protocol.PutLeakResult) -> protocol.LeakResultPut:
    """Seal a result into an incident, after everything about it was checked and recorded.

    Raises No(leak-forged) for what no key of a kit signed, No(leak-foreign) for a kit that never
    left this house, No(leak-repeated), No(not-granted), No(incident-closed), No(too-large).
    """
    seat = sit(install, question.cookie)
    person, incident = seat.person, question.incident
    with install.turns[incident]:
        story = incident_story.find(install, incident)
        held = incident_story.held(install, person, story)
        _check_standing(person, story)
        raw = _unpacked(person, question.result)
        content = _checked(install, person, raw)
        _check_once(story, raw)
        body = _body(install, person, content, raw=raw, packed=question.result)
        with unlocked(install, seat, held, cookie=question.cookie) as compartment:
            entry = incidents.signed(compartment, body)
            detail = {
                "kit": content["kit"]["sha256"],
                "person": person.id.hex,
                "sha256": sha256(raw).hex(),
                "step": STEP,
                **entry.said(),
            }
            deed = Deed(Act.LEAK_RESULT, incident, person.id, detail)
            [index] = install.recording.record([deed])
            stored = incidents.added(compartment, entry, index=index, file=question.result)
    return protocol.LeakResultPut(stored)


def read(install: Installation, question: protocol.ReadLeakResults) -> protocol.LeakResultsRead:
    """Record the looking, then return results. Raises No(not-granted), Refused."""
    seat = sit(install, question.cookie)
    story = incident_story.find(install, question.incident)
    held = incident_story.held(install, seat.person, story)
    install.recording.record([incident_reading.looking(seat.person, story, held)])
    with unlocked(install, seat, held, cookie=question.cookie) as compartment:
        files = tuple(_file(compartment, story, one) for one in question.results)
    return protocol.LeakResultsRead(files)


def _file(compartment: Unlocked, story: Story, one: StoredResult) -> bytes:
    step = incident_reading.file_step(story, one.entry.place.row)
    return incident_reading.opened_file(compartment, step, one.entry, chunks=one.chunks)[1]


def _check_standing(person: Person, story: Story) -> None:
    if person.role not in OFFICERS:
        raise No("not-allowed", subject=story.incident, because=STEP)
    if story.state == "closed":
        raise No("incident-closed", subject=story.incident, because=STEP)


def _unpacked(person: Person, packed: bytes) -> bytes:
    """Return what was packed, and never more than the largest there is. Raises No."""
    if len(packed) > LARGEST_PACKED:
        raise No("too-large", subject=person.id, because=STEP)
    unpacking = zlib.decompressobj()
    try:
        raw = unpacking.decompress(packed, LARGEST)
    except zlib.error:
        raise No("leak-forged", subject=person.id, because="not packed") from None
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise No("too-large", subject=person.id, because=STEP)
    return raw


def _checked(install: Installation, person: Person, raw: bytes) -> dict[str, Any]:
    """Return what a result says, once a key of a kit that left this house proves it. Raises No."""
    try:
        claimed = leak_results.unproved(raw)
        public = _key_of(install, str(claimed["kit"]["sha256"]))
        if public is None or claimed.get("organisation") != str(install.org):
            raise No("leak-foreign", subject=person.id, because="no such kit")
        return leak_results.read(raw, public)
    except (Refused, KeyError, TypeError, ValueError):
        raise No("leak-forged", subject=person.id, because="signature or form") from None


def _key_of(install: Installation, kit: str) -> bytes | None:
    """Return the public key of results of a kit, as its entry says that it left the house."""
    for index, _tag in queries.indices_of({Act.KIT_TAKEN}, since=0, before=ALL):
        entry = queries.entry(index)
        subject = None if entry is None else store.subject_of(entry.leaf.patient_tag)
        if subject is None:
            continue
        said = evidence.detail_of(install.recording, index, subject=subject, acts={Act.KIT_TAKEN})[
            1
        ]
        if said.get("sha256") == kit:
            return bytes.fromhex(str(said["result_key"]))
    return None


def _check_once(story: Story, raw: bytes) -> None:
    digest = sha256(raw).hex()
    if any(one.step == STEP and one.said.get("sha256") == digest for one in story.steps):
        raise No("leak-repeated", subject=story.incident, because=STEP)


def _body(
    install: Installation, person: Person, content: Mapping[str, Any], *, raw: bytes, packed: bytes
) -> bytes:
    """Return the words of the entry: what the result says on the whole, and the file's hashes."""
    try:
        said = summary(install, content)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise No("leak-forged", subject=person.id, because="form") from None
    return canonical_json(
        {
            **said,
            "chunks": len(incidents.pieces(packed)),
            "result": sha256(raw).hex(),
            "sha256": sha256(packed).hex(),
            "size": len(packed),
        }
    )


def summary(install: Installation, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result on the whole: counts, window, and whether its decoys are those we issued."""
    taken = content["taken"]
    patients = content["patients"]
    ours = {(one.export, str(one.person.id)) for one in decoys.for_kit(install)}
    found = {(int(one["export"]), str(one["patient"])) for one in content["decoys"]}
    return {
        "authenticity": str(content["verdict"]["authenticity"]),
        "bytes": sum(int(one["bytes"]) for one in content["evidence"]),
        "classes": dict(Counter(str(one["class"]) for one in patients)),
        "exports": sorted({export for export, _ in found & ours}),
        "files": len(content["evidence"]),
        "kit": str(content["kit"]["sha256"]),
        "kit_made": str(content["kit"]["made"]),
        "left_out": len(content["left_out"]),
        "not_after": taken["not_after"] or "",
        "not_before": taken["not_before"] or "",
        "notes": sum(len(one["notes"]) for one in patients),
        "patients": len(patients),
        "strange_exports": sorted({export for export, _ in found - ours}),
    }


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.PutLeakResult: put,
    protocol.ReadLeakResults: read,
}
