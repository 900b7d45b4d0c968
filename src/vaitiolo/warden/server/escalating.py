"""What nobody acts on goes outside: critical alerts after 15 minutes, incidents after their hours.

The worker asks each minute, but the times are those of the ledger. Each is cried out about once;
what is said outside names an index or a number, and nobody.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from vaitiolo.warden import protocol
from vaitiolo.warden.server import alarms, incident_story
from vaitiolo.warden.server.incident_story import SECOND, Story
from vaitiolo.warden.server.install import Installation

MINUTE: Final = 60 * SECOND
UNANSWERED_AFTER: Final = 15 * MINUTE
UNSEEN_AFTER: Final = 4 * 60 * MINUTE
UNDECIDED_AFTER: Final = 72 * 60 * MINUTE
UNANSWERED: Final = "alert-unanswered"
UNSEEN: Final = "incident-unseen"
UNDECIDED: Final = "incident-undecided"
# An alert about silence is not cried out about again: it is open, and its witnesses have it.
OURS: Final = frozenset({UNANSWERED, UNSEEN, UNDECIDED})


def escalate(
    install: Installation, _question: protocol.EscalateIncidents
) -> protocol.IncidentsEscalated:
    """Cry out about what is over its time and was not cried out about yet."""
    with install.turns[incident_story.INCIDENTS]:
        told = _told(install)
        alerts = [one for one in _unanswered(install) if (UNANSWERED, one) not in told]
        for index in alerts:
            alarms.cry(install, UNANSWERED, {"about": index})
        late = [one for one in _late(install) if one not in told]
        for rule, number in late:
            alarms.cry(install, rule, {"about": number})
    unseen = tuple(number for rule, number in late if rule == UNSEEN)
    undecided = tuple(number for rule, number in late if rule == UNDECIDED)
    return protocol.IncidentsEscalated(tuple(alerts), unseen, undecided)


def _told(install: Installation) -> set[tuple[str, int]]:
    every = alarms.all_alerts(install)
    return {(alert.rule, alert.about) for alert in every if alert.about is not None}


def _unanswered(install: Installation) -> Iterator[int]:
    limit = install.clock() - UNANSWERED_AFTER
    for alert in alarms.open_alerts(install):
        if alert.rule not in OURS and alert.since * SECOND <= limit:
            yield alert.index


def _late(install: Installation) -> Iterator[tuple[str, int]]:
    now = install.clock()
    for story in incident_story.everyone(install):
        if not story.seen_us and now - story.began_us >= UNSEEN_AFTER:
            yield UNSEEN, story.number
        if _is_undecided(story) and now - story.began_us >= UNDECIDED_AFTER:
            yield UNDECIDED, story.number


def _is_undecided(story: Story) -> bool:
    return not story.decided_us and story.state != "closed"


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {protocol.EscalateIncidents: escalate}
