"""What an adversary brings home: counted, compared with what the threat model says, never kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Loot:
    """Of so many patients: how many he can name, and of how many he has read the notes."""

    patients: int
    named: int = 0
    read: int = 0
    also: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        return not self.named and not self.read


def name_of(patient: object) -> bytes:
    return str(getattr(patient, "name", "")).encode()
