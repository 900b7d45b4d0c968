"""What the ledger says of incidents: which there are, their officers, how each of them stands.

A row without its entry is nothing, an entry without its row is told as missing. Opens no key.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import store
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import CompartmentRow
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden.incident_parts import KnownIncident
from vaitiolo.warden.server import alarms, holding
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Held, Person
from vaitiolo.warden.server.openings import readers_of
from vaitiolo.warden.server.refusing import No

# The chain on which each incident stands once: its numbers are the numbers of the incidents.
INCIDENTS: Final = UUID(int=17)
SECOND: Final = 1_000_000

OPENED, RESUMED, NOTIFY, ALERT = "opened", "resumed", "notify", "alert"
ASK_CLOSE, CLOSE, REOPEN, LOOKED, LET_IN = "ask-close", "close", "reopen", "looked", "let-in"
TAKEN: Final = "taken"
# Somebody asked which accounts a leak is consistent with.
ACCOUNTS: Final = "accounts"
# What leaves a question to close as it stands: whoever only looked has changed nothing.
QUIET: Final = frozenset({LOOKED, LET_IN, TAKEN, ACCOUNTS})


@dataclass(frozen=True, slots=True)
class Step:
    """One deed in an incident, and what its entry says."""

    index: int
    time_us: int
    step: str
    said: Mapping[str, Any] = field(repr=False)

    def id(self, name: str) -> UUID | None:
        """Return an id that the entry names, if it does."""
        value = self.said.get(name)
        return UUID(hex=value) if isinstance(value, str) else None


@dataclass(frozen=True, slots=True)
class Story:
    """An incident from its first entry to its last."""

    incident: UUID
    number: int
    steps: tuple[Step, ...]
    row: CompartmentRow | None

    @property
    def first(self) -> Step:
        """The opening."""
        return self.steps[0]

    @property
    def began_us(self) -> int:
        """T0: when the machine first knew, by an alert or by the report itself."""
        alerts = [_alert_time(index) for index in self.alerts]
        return min([self.first.time_us, *(time for time in alerts if time)])

    @property
    def alerts(self) -> tuple[int, ...]:
        """The critical alerts that the incident comes from."""
        return tuple(
            one.said["alert"] for one in self.steps if isinstance(one.said.get("alert"), int)
        )

    def last(self, *names: str) -> Step | None:
        """Return the last step of some."""
        return next((one for one in reversed(self.steps) if one.step in names), None)

    @property
    def state(self) -> str:
        """How it stands: `open`, `asked`, `closed`, or `cut-off` when nobody can be in it."""
        if self.row is None:
            return "cut-off"
        deeds = [one for one in self.steps if one.step not in QUIET]
        return {CLOSE: "closed", ASK_CLOSE: "asked"}.get(deeds[-1].step, "open")

    @property
    def seen_us(self) -> int:
        """When somebody other than the reporter first looked or did something; 0 for never."""
        reporter = self.first.said.get("person")
        for one in self.steps:
            if one.said.get("person") not in {None, reporter} or one.step == LOOKED:
                return one.time_us
        return 0

    @property
    def decided_us(self) -> int:
        """When it was last decided whether to notify; 0 for never."""
        decided = self.last(NOTIFY)
        return 0 if decided is None else decided.time_us


def find(install: Installation, incident: UUID) -> Story:
    """Return an incident. Raises No(not-granted) where the ledger has none of that id."""
    number = next((number for number, one in _register(install) if one == incident), 0)
    if not number:
        raise No("not-granted", because="no such incident")
    return _story(install, incident, number=number)


def everyone(install: Installation) -> Iterator[Story]:
    """Yield every incident that the ledger has, the oldest first."""
    for number, incident in _register(install):
        yield _story(install, incident, number=number)


def held(install: Installation, person: Person, story: Story) -> Held:
    """Return what somebody holds of an incident. Raises No(not-granted), Refused."""
    if story.row is None:
        raise No("not-granted", subject=story.incident, because="cut off")
    found = holding.find(install, person, story.row.id)
    if found.klass is not CompartmentClass.CASE or found.subject != story.incident:
        raise Refused("incident.compartment")
    return found


def holds(install: Installation, person: Person, story: Story) -> bool:
    """Tell whether somebody may read an incident now."""
    try:
        held(install, person, story)
    except (No, Refused):
        return False
    return True


def known(install: Installation, person: Person, story: Story) -> KnownIncident:
    """Return an incident as somebody may see it: its officers all of it, a reporter the receipt."""
    is_held = holds(install, person, story)
    opened, asked = story.first, story.last(ASK_CLOSE)
    reporter = opened.id("person")
    return KnownIncident(
        incident=story.incident,
        number=story.number,
        compartment=story.row.id if is_held and story.row else None,
        cause=str(opened.said.get("cause", "")) if is_held else "",
        began=story.began_us // SECOND,
        opened=opened.time_us // SECOND,
        opened_by=install.directory.name_of(reporter) if reporter else "",
        is_own=reporter == person.id,
        is_held=is_held,
        state=story.state,
        officers=officers_of(install, story),
        seen=story.seen_us // SECOND,
        decided=story.decided_us // SECOND if is_held else 0,
        closing=asked.id("person") if is_held and asked and story.state == "asked" else None,
        patient=opened.id("patient") if is_held else None,
        alerts=story.alerts if is_held else (),
    )


def officers_of(install: Installation, story: Story) -> tuple[str, ...]:
    """Return the names of those who can read an incident, computed from grants alone."""
    opening = None if story.row is None else store.openings([story.row.id]).get(story.row.id)
    if opening is None:
        return ()
    try:
        readers = readers_of(install, holding.valid_grants(install, opening))
    except Refused:
        return ()
    return tuple(sorted(one.name for one in readers))


def _steps(install: Installation, incident: UUID) -> Iterator[Step]:
    for entry in queries.entries_of(install.recording.tag(incident)):
        said = _said(install, incident, entry)
        step = _step_of(entry, said)
        if step:
            yield Step(entry.index, entry.leaf.time_us, step, said)


def _step_of(entry: Recorded, said: Mapping[str, Any]) -> str:
    if entry.leaf.act in {Act.INCIDENT, Act.NOTIFICATION_DECIDED, Act.LEAK_RESULT}:
        if not said:
            # An earlier decision would stand as if it were the last.
            raise Refused("incident.detail")
        return str(said.get("step", ""))
    return {Act.OPEN_CASE: LOOKED, Act.GRANT: LET_IN}.get(entry.leaf.act, "")


def _said(install: Installation, subject: UUID, entry: Recorded) -> Mapping[str, Any]:
    if entry.salt is None or entry.detail is None:
        return {}
    commit = entry.leaf.detail_commit
    return install.recording.read(subject, commit=commit, salt=entry.salt, sealed=entry.detail)


def _register(install: Installation) -> Iterator[tuple[int, UUID]]:
    for entry in queries.entries_of(install.recording.tag(INCIDENTS)):
        said = _said(install, INCIDENTS, entry)
        if not said:
            # Of this chain nothing is ever erased: an incident would be hidden so.
            raise Refused("incident.register")
        if entry.leaf.act is Act.INCIDENT and "incident" in said:
            yield entry.leaf.patient_seq, UUID(hex=said["incident"])


def _story(install: Installation, incident: UUID, *, number: int) -> Story:
    steps = tuple(_steps(install, incident))
    return Story(incident, number, steps, _row(incident, steps))


def _row(incident: UUID, steps: Sequence[Step]) -> CompartmentRow | None:
    """Return the compartment that the ledger names for an incident, if it came to be stored."""
    named = [one.id("compartment") for one in steps if one.step in {OPENED, RESUMED}]
    rows = {row.id: row for row in store.compartments_of(incident, klass=CompartmentClass.CASE)}
    return next((rows[one] for one in reversed(named) if one in rows), None)


def _alert_time(index: int) -> int:
    entry = queries.entry(index)
    return 0 if entry is None or entry.leaf.act is not Act.ALERT else entry.leaf.time_us


def is_critical(install: Installation, index: int) -> bool:
    """Tell whether an index is that of a critical alert, answered or not."""
    return any(alert.index == index for alert in alarms.all_alerts(install))
