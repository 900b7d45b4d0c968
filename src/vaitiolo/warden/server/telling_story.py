"""What the ledger says of tellings: which there are, their plans, who approved, who stopped.

A plan counts as approved only with the hash that was approved. Opens no key.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import words
from vaitiolo.keys.bodies import canonical_json
from vaitiolo.keys.octets import sha256
from vaitiolo.keys.refused import Refused
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import TELLINGS
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.telling_books import Step
from vaitiolo.warden.telling_parts import (
    KnownTelling,
    TellingContact,
    TellingHelper,
    TellingPlan,
)

SECOND: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Story:
    """A telling from its first plan to its last step."""

    telling: UUID
    steps: tuple[Step, ...]

    @property
    def planned(self) -> Step:
        """The newest plan's entry."""
        return next(one for one in reversed(self.steps) if one.act is Act.TELLING_PLANNED)

    @property
    def incident(self) -> UUID:
        """Whose officers may act."""
        return UUID(hex=self.planned.said["incident"])

    @property
    def plan(self) -> TellingPlan:
        """The newest plan."""
        return from_json(self.planned.said["plan"])

    @property
    def plan_hash(self) -> bytes:
        """What an approval is of."""
        return bytes.fromhex(self.planned.said["hash"])

    @property
    def approved(self) -> Step | None:
        """The approval of the newest plan, if there is one."""
        last = next((one for one in reversed(self.steps) if one.act in _PLANS), None)
        is_one = last is not None and last.act is Act.TELLING_APPROVED
        return last if is_one and last.said["hash"] == self.planned.said["hash"] else None  # type: ignore[union-attr]  # is_one says so

    @property
    def stopped(self) -> Step | None:
        """The stop that holds, if one does. A new plan does not lift it."""
        last = next((one for one in reversed(self.steps) if one.act in _STOPS), None)
        return last if last is not None and last.act is Act.TELLING_STOPPED else None

    @property
    def state(self) -> str:
        """How it stands."""
        if self.stopped is not None:
            return "stopped"
        return "planned" if self.approved is None else "approved"


_PLANS: Final = frozenset({Act.TELLING_PLANNED, Act.TELLING_APPROVED})
_STOPS: Final = frozenset({Act.TELLING_STOPPED, Act.TELLING_WENT_ON})


def find(install: Installation, telling: UUID) -> Story:
    """Return a telling. Raises No(not-granted) where the ledger has none of that id, Refused."""
    story = Story(telling, install.tellings.of(telling).steps())
    if not any(one.act is Act.TELLING_PLANNED for one in story.steps):
        raise No("not-granted", because="no such telling")
    return story


def of_incident(install: Installation, incident: UUID) -> Iterator[Story]:
    """Yield the tellings of an incident, the oldest first. Raises Refused."""
    for entry in queries.entries_of(install.recording.tag(TELLINGS)):
        said = _said(install, TELLINGS, entry)
        if said.get("incident") == incident.hex:
            yield find(install, UUID(hex=said["telling"]))


def ready(install: Installation, telling: UUID) -> Story:
    """Return a telling by which people may be told now. Raises No otherwise."""
    story = find(install, telling)
    if story.stopped is not None:
        raise No("telling-stopped", subject=telling)
    if story.approved is None:
        raise No("telling-unapproved", subject=telling)
    return story


def known(install: Installation, story: Story) -> KnownTelling:
    """Return a telling as officers see it."""
    name = install.directory.name_of
    planned, approved, stopped = story.planned, story.approved, story.stopped
    return KnownTelling(
        telling=story.telling,
        incident=story.incident,
        plan=story.plan,
        plan_hash=story.plan_hash,
        words=words.of_card(story.plan_hash),
        state=story.state,
        patients=int(planned.said["patients"]),
        left_out=int(planned.said["left_out"]),
        planned=planned.time_us // SECOND,
        planned_by=planned.person,
        planner=name(planned.person),
        approved=0 if approved is None else approved.time_us // SECOND,
        approved_by=None if approved is None else approved.person,
        approver="" if approved is None else name(approved.person),
        stopped=0 if stopped is None else stopped.time_us // SECOND,
        stopper="" if stopped is None else name(stopped.person),
        reason="" if stopped is None else str(stopped.said["reason"]),
    )


def as_json(plan: TellingPlan) -> dict[str, Any]:
    """Return a plan as its entry holds it."""
    said = asdict(plan)
    said |= {name: said[name].hex() for name in ("list_hash", "texts_hash")}
    return said | {"case": plan.case.hex}


def from_json(said: Mapping[str, Any]) -> TellingPlan:
    """Return the plan that an entry holds."""
    plan = TellingPlan(**said)
    return replace(
        plan,
        list_hash=bytes.fromhex(said["list_hash"]),
        texts_hash=bytes.fromhex(said["texts_hash"]),
        case=UUID(hex=said["case"]),
        contact=TellingContact(**said["contact"]),
        helpers=tuple(TellingHelper(**one) for one in said["helpers"]),
        untouched=tuple(said["untouched"]),
        audiences=tuple(said["audiences"]),
    )


def hash_of(org: UUID, telling: UUID, said: Mapping[str, Any]) -> bytes:
    """Return what an approval is of (docs/formats.md): plan, list, who is left out."""
    named = {name: said[name] for name in ("incident", "plan", "list", "patients", "left_out")}
    return sha256(b"vaitiolo/1/telling", org.bytes, telling.bytes, canonical_json(named))


def printed(install: Installation, telling: UUID) -> frozenset[UUID]:
    """Return the rows of the letters that were given out before."""
    return install.tellings.of(telling).printed()


def _said(install: Installation, subject: UUID, entry: Recorded) -> Mapping[str, Any]:
    if entry.salt is None or entry.detail is None:
        # Of these chains nothing is ever erased: a stop would be hidden so.
        raise Refused("telling.detail")
    commit = entry.leaf.detail_commit
    return install.recording.read(subject, commit=commit, salt=entry.salt, sealed=entry.detail)
