"""What nobody acts on goes outside: critical alerts after 15 minutes, incidents after their hours.

The worker asks each minute, but the times are those of the ledger. Each is cried out about once;
what is said outside names an index or a number, and nobody.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from vaitiolo.keys.refused import Refused
from vaitiolo.warden import protocol
from vaitiolo.warden.server import alarms, incident_story
from vaitiolo.warden.server.incident_story import SECOND, Story
from vaitiolo.warden.server.install import Installation

MINUTE: Final = 60 * SECOND
UNANSWERED_AFTER: Final = 15 * MINUTE
UNSEEN_AFTER: Final = 4 * 60 * MINUTE
UNDECIDED_AFTER: Final = 72 * 60 * MINUTE
UNANSWERED: Final = "alert unanswered"
UNSEEN: Final = "incident unseen"
UNDECIDED: Final = "incident undecided"
ALTERED: Final = "incidents altered"
# An alert about silence is not cried out about again: it is open, and its witnesses have it.
OURS: Final = (UNANSWERED, UNSEEN, UNDECIDED)


def escalate(
    install: Installation, _question: protocol.EscalateIncidents
) -> protocol.IncidentsEscalated:
    """Cry out about what is over its time and was not cried out about yet."""
    with install.turns[incident_story.INCIDENTS]:
        told = {alert.rule for alert in alarms.all_alerts(install)}
        stories = _stories(install, told)
        late = [*_unanswered(install), *_late(stories, now=install.clock())]
        fresh = [(rule, about) for rule, about in late if f"{rule}: {about}" not in told]
        for rule, about in fresh:
            alarms.cry(install, f"{rule}: {about}", {})
    alerts, unseen, undecided = (
        tuple(about for rule, about in fresh if rule == one) for one in OURS
    )
    waiting = tuple(one.number for one in stories if not one.seen_us)
    return protocol.IncidentsEscalated(alerts, unseen, undecided, waiting)


def _stories(install: Installation, told: AbstractSet[str]) -> tuple[Story, ...]:
    """Return all incidents; where they cannot be read cry out once, and go on with the alerts."""
    try:
        return tuple(incident_story.everyone(install))
    except Refused:
        if ALTERED not in told:
            alarms.cry(install, ALTERED, {})
        return ()


def _unanswered(install: Installation) -> Iterator[tuple[str, int]]:
    limit = install.clock() - UNANSWERED_AFTER
    for alert in alarms.open_alerts(install):
        if not alert.rule.startswith(OURS) and alert.since * SECOND <= limit:
            yield UNANSWERED, alert.index


def _late(stories: Sequence[Story], *, now: int) -> Iterator[tuple[str, int]]:
    for story in stories:
        if not story.seen_us and now - story.began_us >= UNSEEN_AFTER:
            yield UNSEEN, story.number
        if _is_undecided(story) and now - story.began_us >= UNDECIDED_AFTER:
            yield UNDECIDED, story.number


def _is_undecided(story: Story) -> bool:
    return not story.decided_us and story.state != "closed"


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {protocol.EscalateIncidents: escalate}
