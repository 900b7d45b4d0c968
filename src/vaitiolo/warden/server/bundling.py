"""Makes proof bundles of patients' reports: entries with their proofs, under a witnessed state.

Recorded, covered by a HEADS of its own and witnessed before anything of it is given. Nothing is
kept meanwhile: what belongs to a bundle is read out of the entry that recorded it.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys.bodies import canonical_json
from vaitiolo.ledger import cosigning, extents, queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.heading import ChainCut, ProvedHead
from vaitiolo.ledger.queries import Recorded
from vaitiolo.ledger.verify import bundles, checkpoints
from vaitiolo.ledger.verify.bundles import Frame, HeadsEntry, Shown
from vaitiolo.ledger.verify.proofs import Growth, Inclusion
from vaitiolo.ledger.verify.specials import Values
from vaitiolo.ledger.verify.tiles import Tiles, TilesBroken
from vaitiolo.warden import protocol
from vaitiolo.warden.parts import BundleFile
from vaitiolo.warden.server import deciding, reporting, witnesses
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

PAGE: Final = 250
# So long after it was recorded are the parts of a bundle given.
GIVEN_FOR: Final = 10 * 60 * 1_000_000


def begin(install: Installation, question: protocol.AskBundle) -> protocol.BundleBegun:
    """Record a bundle, have it covered and witnessed, and return what it has once. Raises No."""
    person = sit(install, question.cookie).person
    patient = question.patient
    reporting.check(install, person, question)
    given = deciding.in_force(deciding.decisions_of(install, patient))
    deciding.demand(given, patient=patient, older=question.older)
    extent, tag = reporting.whole(install, patient), install.recording.tag(patient)
    first = reporting.earlier_of(install, tag, extent, older=question.older) + 1
    withheld = tuple(one for one in given.withheld if one >= first)
    deed = _deed(person, question, first=first, withheld=withheld)
    [made] = install.recording.record([deed])
    proved, heads = _cover(install, patient)
    note, lines = witnesses.signed_beyond(install, heads, subject=patient)
    size = checkpoints.read(note, witnesses.log_key(install)).size
    last = extents.last_below(tag, size)
    frame = Frame(tag, first, last, _heads_entry(heads), *proved[1:])
    files = _once(install, frame, note=note, lines=lines, size=size)
    return protocol.BundleBegun(made, size, first, last, withheld, tuple(files))


def part(install: Installation, question: protocol.AskBundlePart) -> protocol.BundlePart:
    """Return entries of a bundle that this officer began just now. Raises No, Refused."""
    person = sit(install, question.cookie).person
    reporting.check_officer(person, question.patient)
    said = _begun(install, person, question)
    tag = install.recording.tag(question.patient)
    after = max(question.after, int(said["first"]) - 1)
    found = list(islice(queries.entries_of(tag, after=after), PAGE))
    covered = [entry for entry in found if entry.index < question.size]
    reporting.check_links(install, covered, patient=question.patient)
    files, lines, withheld = [], [], set(said["withheld"])
    reader = reporting.Reader(install, question.patient)
    proof = _proofs(install, question.size)
    for entry in covered:
        number = entry.leaf.patient_seq
        shown = _shown(install, question.patient, entry, is_withheld=number in withheld)
        files += [
            BundleFile(f"{shown.name}.json", shown.write()),
            BundleFile(f"{shown.name}.tlog-proof", proof(entry.index)),
        ]
        if not shown.is_withheld:
            lines.append(reader.line(entry))
    is_more = len(covered) == PAGE
    after = covered[-1].leaf.patient_seq if covered else after
    return protocol.BundlePart(tuple(files), tuple(lines), after, is_more)


def _deed(
    person: Person, question: protocol.AskBundle, *, first: int, withheld: tuple[int, ...]
) -> Deed:
    detail = {
        "first": first,
        "network": person.network,
        "older": question.older.strip(),
        "person": person.id.hex,
        "reason": question.reason.strip(),
        "role": person.role,
        "what": "bundle",
        "withheld": list(withheld),
    }
    return Deed(Act.PRINT, question.patient, person.id, detail)


def _cover(install: Installation, patient: UUID) -> tuple[ProvedHead, int]:
    """Write a HEADS that covers all there is; return the patient's head in it, and its index."""
    try:
        proved = install.heads.prove(install.recording.tag(patient))
    except ChainCut:
        raise reporting.incomplete(install, patient, missing=0) from None
    stated = proved.stated
    root = stated.root.hex()
    values: Values = {"covered": stated.covered, "root": root, "size": stated.size}
    return proved, install.recording.record_special(Act.HEADS, values)


def _once(
    install: Installation, frame: Frame, *, note: str, lines: str, size: int
) -> Iterator[BundleFile]:
    proof = _proofs(install, size)
    yield BundleFile(bundles.FRAME, frame.write())
    yield BundleFile(bundles.HEADS_PROOF, proof(frame.heads.index))
    yield BundleFile(bundles.CHECKPOINT, f"{note}{lines}".encode())
    yield BundleFile(bundles.POLICY, witnesses.policy_text(install).encode())
    stamp = cosigning.newest_stamp(before=size)
    if stamp is not None:
        old, token = stamp
        path = _tiles(install, size).growth(old)
        yield BundleFile(bundles.TOKEN, token)
        yield BundleFile(bundles.STAMPED, (cosigning.note_of(old) or "").encode())
        yield BundleFile(bundles.GROWN, Growth(old, path, note).write().encode())


def _proofs(install: Installation, size: int) -> Any:
    """Return what gives the `.tlog-proof` of an entry in the tree of a size."""
    tiles, note = _tiles(install, size), cosigning.note_of(size) or ""

    def proof(index: int) -> bytes:
        return Inclusion(index, tiles.inclusion(index), note).write().encode()

    return proof


def _tiles(install: Installation, size: int) -> Tiles:
    """Return the published tree of a size, if it gives the root that was signed. Raises No."""
    tiles, note = witnesses.tiles_of(install, size), cosigning.note_of(size)
    if note is None:
        raise No("no-checkpoint", because="size")
    stated = checkpoints.read(note, witnesses.log_key(install))
    try:
        is_right = tiles.root() == stated.root
    except TilesBroken:
        is_right = False
    if not is_right:
        raise No("no-checkpoint", because="tiles")
    return tiles


def _heads_entry(index: int) -> HeadsEntry:
    entry = queries.entry(index)
    if entry is None or entry.salt is None or entry.detail is None:
        raise No("no-checkpoint", because="heads")
    return HeadsEntry(index, entry.leaf.encode(), entry.salt, entry.detail)


def _begun(
    install: Installation, person: Person, question: protocol.AskBundlePart
) -> Mapping[str, Any]:
    """Return what was recorded when the bundle was begun; only of one's own, and not for long."""
    entry = queries.entry(question.made)
    tags = (install.recording.tag(question.patient), install.recording.tag(person.id))
    no = No("not-allowed", subject=question.patient, because="bundle")
    if entry is None or entry.salt is None or entry.detail is None:
        raise no
    leaf = entry.leaf
    is_old = install.clock() - leaf.time_us > GIVEN_FOR
    is_own = (leaf.act, leaf.patient_tag, leaf.actor_tag) == (Act.PRINT, *tags)
    if is_old or not is_own or question.size <= question.made:
        raise no
    read = install.recording.read
    said = read(question.patient, commit=leaf.detail_commit, salt=entry.salt, sealed=entry.detail)
    if said.get("what") != "bundle":
        raise no
    return said


def _shown(install: Installation, patient: UUID, entry: Recorded, *, is_withheld: bool) -> Shown:
    leaf = entry.leaf
    if is_withheld:
        return Shown(leaf.patient_seq, entry.index, leaf.hash)
    if entry.salt is None or entry.detail is None:
        return Shown(leaf.patient_seq, entry.index, leaf.hash, leaf.encode())
    read = install.recording.read
    said = read(patient, commit=leaf.detail_commit, salt=entry.salt, sealed=entry.detail)
    detail = canonical_json(said)
    return Shown(leaf.patient_seq, entry.index, leaf.hash, leaf.encode(), entry.salt, detail)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.AskBundle: begin,
    protocol.AskBundlePart: part,
}
