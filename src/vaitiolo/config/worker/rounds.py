"""Goes round the jobs and does those that are due. Knows nothing of what they do."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do again and again; the first time soon after the start."""

    name: str
    every: timedelta
    run: Callable[[], None]


@dataclass(slots=True)
class Rounds:
    """What is due when. One job's failure keeps no other from being done."""

    jobs: Sequence[Job]
    clock: Callable[[], float] = time.monotonic
    due: dict[str, float] = field(default_factory=dict)

    def go(self) -> None:
        for job in self.jobs:
            now = self.clock()
            if now >= self.due.get(job.name, now):
                self.due[job.name] = now + job.every.total_seconds()
                attempt(job)


def attempt(job: Job) -> None:
    try:
        job.run()
    except Exception:
        # Whatever it was, the other jobs go on, and this one is tried again at its next time.
        log.exception("job failed: %s", job.name)
