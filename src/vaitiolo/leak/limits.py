"""How far an archive is followed, and what is said when it is not: never a name found inside."""

from dataclasses import dataclass, field
from typing import Final, Self

DEPTH: Final = 8
MEMBERS: Final = 1_000_000
# Deflate gives 1,032 for 1 at most; a dump of a register gives 5 to 20, a log sometimes 100.
RATIO: Final = 250
FREE: Final = 64 << 20  # small archives may be denser
IN_MEMORY: Final = 256 << 20  # an archive within an archive that has to be read out of order
TOTAL: Final = 250 << 30  # places are counted in 32 bits, 64 bytes each


class Stopped(Exception):
    """A member is not followed further; the message says why, in words of ours alone."""


@dataclass(slots=True)
class Budget:
    """What one archive may still unpack. Each byte counts in all archives around it too."""

    packed: int
    around: Self | None = None
    unpacked: int = field(default=0)

    def spend(self, count: int) -> None:
        """Count bytes that came out. Raises Stopped when they are too many for what went in."""
        self.unpacked += count
        if self.unpacked > FREE + RATIO * self.packed:
            raise Stopped(f"unpacks to more than {RATIO} times its size")
        if self.around is not None:
            self.around.spend(count)


@dataclass(slots=True)
class Total:
    """What the whole search has met, whatever it was in."""

    members: int = 0

    def enter(self, depth: int) -> None:
        """Count a member. Raises Stopped when it lies too deep, or is one too many."""
        self.members += 1
        if depth > DEPTH:
            raise Stopped(f"lies in more than {DEPTH} archives within each other")
        if self.members > MEMBERS:
            raise Stopped(f"is one of more than {MEMBERS:,} members")
