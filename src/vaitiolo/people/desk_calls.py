"""What a desk says of patients to be called before a notice goes out to them.

Pure values and their form in a desk. Raises ValueError, TypeError for what it cannot read.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CallFirst:
    """A patient who hears it from the own therapist first: until when, and of which telling.

    ``tier`` is the worst that is known of this patient's data: what the words on the page go by.
    """

    patient_id: UUID
    telling: UUID
    until: datetime
    tier: str

    def is_late(self, at: datetime) -> bool:
        return at > self.until

    def write(self) -> list[Any]:
        return [self.patient_id.hex, self.telling.hex, int(self.until.timestamp()), self.tier]


def read_call(said: list[Any]) -> CallFirst:
    patient, telling, until, tier = said
    return CallFirst(UUID(patient), UUID(telling), datetime.fromtimestamp(until, UTC), str(tier))
