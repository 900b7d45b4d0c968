"""The evidence of a scope, for whoever has to believe it elsewhere: entries, proofs, one signature.

Nothing signs anew: the log's own signed checkpoint covers the entry with the list's hash, and a
witness's lines stand under it. It names patients by nothing, and staff by nothing.
"""

import base64
from typing import Final
from uuid import UUID

from vaitiolo.keys.bodies import canonical_json
from vaitiolo.ledger import cosigning, exporting, queries
from vaitiolo.ledger.exporting import CannotExport
from vaitiolo.ledger.verify import checkpoints
from vaitiolo.ledger.verify.tree import HistoryRewritten
from vaitiolo.warden.server import alarms, witnesses
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import SYSTEM
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.scope_found import Found, as_json

FORM: Final = "vaitiolo-scope-evidence-1"


def evidence(install: Installation, scope: int, found: Found, *, chain: UUID) -> bytes:
    """Return the evidence as canonical JSON (docs/formats.md, section 20). Raises No, Refused."""
    note = install.recorder.checkpoint_now()
    stated = checkpoints.read(note, witnesses.log_key(install))
    lines = cosigning.lines_of(stated.size)
    told = [(found.asked, chain), (scope, chain), *((one, SYSTEM) for one in found.starts)]
    try:
        entries = [_entry(install, index, subject, note=note) for index, subject in told]
    except (CannotExport, HistoryRewritten):
        alarms.cry(install, "scope incomplete", {"missing": 0})
        raise No("scope-incomplete", because="no proof") from None
    return canonical_json(
        {
            "adversary": found.findings.adversary,
            "checkpoint": note + "".join(lines.values()),
            "entries": entries,
            "form": FORM,
            "list": found.list_hash.hex(),
            "log": witnesses.log_key(install).verifier,
            "organisation": install.org.hex,
            "patients": len(found.marks),
            "policy": install.trust.fingerprint.hex(),
            "query": as_json(found.query),
            "root": found.root.hex(),
            "says": [str(one) for one in dict.fromkeys(found.findings.says)],
            "scope": scope,
            "size": found.size,
        }
    )


def _entry(install: Installation, index: int, subject: UUID, *, note: str) -> dict[str, object]:
    """Return an entry with what opens its commitment, and the proof that it is in the log."""
    entry = queries.entry(index)
    if entry is None or entry.salt is None or entry.detail is None:
        raise No("scope-incomplete", because=f"entry {index}")
    commit = entry.leaf.detail_commit
    said = install.recording.read(subject, commit=commit, salt=entry.salt, sealed=entry.detail)
    key, folders = witnesses.log_key(install), install.waiting.folders
    fetch = folders.read if folders is not None else _nothing
    proof = exporting.prove(index, key, note=note, fetch=fetch)
    return {
        "detail": said,
        "index": index,
        "leaf": base64.b64encode(entry.leaf.encode()).decode(),
        "proof": proof.write(),
        "salt": entry.salt.hex(),
    }


def _nothing(_name: str) -> bytes | None:
    return None
