"""Who waits for a witness, and what witnesses are offered meanwhile. Decides nothing."""

from dataclasses import dataclass, field
from threading import Condition, Lock

from vaitiolo.ledger.publishing import Folders


@dataclass(slots=True)
class Waiting:
    """One warden's. ``folders`` is where the log is published, once the warden has started."""

    folders: Folders | None = None
    patience: float = 8.0  # seconds
    offered: str = ""
    offered_at: int = 0
    wanted: int = 0
    moved: Condition = field(default_factory=Condition)
    door: Lock = field(default_factory=Lock)
