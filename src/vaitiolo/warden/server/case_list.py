"""What officers see of the cases: what the ledger says of each, and who is in it now.

It opens nothing and names no patient: how many there are is in the entry of the case's opening.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import store, words
from vaitiolo.keys.refused import Refused
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden import protocol
from vaitiolo.warden.parts import KnownCase
from vaitiolo.warden.server.cases import officer_of
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.sign_ins import sit

SECOND: Final = 1_000_000
STEPS: Final = frozenset({Act.CASE_OPENED, Act.CASE_JOINED, Act.CASE_CLOSED})

Said = tuple[Act, int, dict[str, Any]]


def list_cases(install: Installation, question: protocol.ListCases) -> protocol.CasesKnown:
    """Return every case that the ledger knows, the newest first. Raises No for anybody else."""
    person = officer_of(sit(install, question.cookie).person)
    install.end_lapsed_cases()
    told = [(row.id, _steps(install, row.id)) for row in store.cases()]
    # A row without its entry was planted: it is not a case, and joining it is refused.
    opened = [(case, steps) for case, steps in told if steps and steps[0][0] is Act.CASE_OPENED]
    newest_first = sorted(opened, key=lambda one: one[1][0][1], reverse=True)
    known = (_known(install, case, steps, asker=person) for case, steps in newest_first)
    return protocol.CasesKnown(tuple(known))


def _steps(install: Installation, case: UUID) -> list[Said]:
    entries = queries.entries_of(install.recording.tag(case))
    return [_said(install, case, entry) for entry in entries if entry.leaf.act in STEPS]


def _known(install: Installation, case: UUID, said: list[Said], *, asker: Person) -> KnownCase:
    _act, opened_at, first = said[0]
    _act, closed_at, last = _last(said, Act.CASE_CLOSED) or (Act.CASE_CLOSED, 0, {})
    name = install.directory.name_of
    came = [UUID(detail["person"]) for act, _at, detail in said if act is Act.CASE_JOINED]
    present, until = install.cases.find(case, now=install.clock())
    list_hash = bytes.fromhex(first["list"])
    return KnownCase(
        case=case,
        opened=opened_at // SECOND,
        opened_by=name(UUID(first["person"])) if "person" in first else "",
        reason=first["reason"],
        patients=first["patients"],
        list_hash=list_hash,
        words=words.of_card(list_hash),
        joined=tuple(map(name, dict.fromkeys(came))),
        present=tuple(map(name, sorted(present))),
        is_present=asker.id in present,
        is_running=len(present) > 1,
        until=until // SECOND,
        closed=closed_at // SECOND,
        listed=last.get("listed", 0),
        read=last.get("read", 0),
    )


def _said(install: Installation, case: UUID, entry: Recorded) -> Said:
    """Return an entry of a case: its act, its time and what it says. Raises Refused."""
    if entry.salt is None or entry.detail is None:
        raise Refused("case.erased")
    detail = install.recording.read(
        case, commit=entry.leaf.detail_commit, salt=entry.salt, sealed=entry.detail
    )
    return entry.leaf.act, entry.leaf.time_us, detail


def _last(said: list[Said], act: Act) -> Said | None:
    return next((one for one in reversed(said) if one[0] is act), None)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {protocol.ListCases: list_cases}
