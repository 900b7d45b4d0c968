"""What is known of a breach at a moment, as far as it may be told to an authority.

Codes, numbers, times and hashes, and no place for a patient's name or for words of treatment. The
few free lines are the officers' own, and pass the guard before a draft takes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Self

from vaitiolo.breach.severity import Assessment

ALWAYS_BEFORE: Final = ("sealed", "keys", "ledger", "limits")
_FOLLOWS: Final[Mapping[str, tuple[str, ...]]] = {
    "identity": ("identity-theft", "phishing", "patienthood"),
    "diary": ("patienthood", "phishing"),
    "chart": ("secrecy", "extortion"),
    "working": ("secrecy", "extortion"),
    "shared": ("secrecy", "extortion"),
    "invoice": ("money", "patienthood"),
    "staff": ("phishing",),
}


@dataclass(frozen=True, slots=True)
class Telling:
    """How far the people concerned have been told: not-due, planned, held or sent."""

    state: str
    at: datetime | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Client:
    """A controller whose patients this house treats, and how many of them are concerned."""

    name: str
    patients: int | None
    records: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a breach; none means that it is not known yet."""

    reference: str
    aware_at: datetime
    cause: str
    house: str = ""
    contact: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None
    kinds: tuple[str, ...] | None = None
    patients: int | None = None
    staff: int | None = None
    records: int | None = None
    is_approximate: bool = True
    is_sealed: bool = False
    before: tuple[str, ...] = ALWAYS_BEFORE
    after: tuple[str, ...] = ()
    severity: Assessment | None = None
    telling: Telling | None = None
    is_abroad: bool | None = None
    is_kanta: bool | None = None
    is_crime: bool | None = None
    told: tuple[tuple[str, datetime], ...] = ()
    evidence: tuple[str, ...] = ()
    clients: tuple[Client, ...] = ()
    is_for_client: bool = False
    own_words: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def consequences(self) -> tuple[str, ...] | None:
        """What is likely to follow for the people, from the kinds of data; none while unknown."""
        if self.kinds is None:
            return None
        # What is kept of staff is not sealed; for them something follows all the same.
        kinds = [one for one in self.kinds if one == "staff"] if self.is_sealed else self.kinds
        found = [follows for kind in kinds for follows in _FOLLOWS.get(kind, ())]
        return tuple(dict.fromkeys(["sealed", *found] if self.is_sealed else found))

    def for_client(self, client: Client) -> Self:
        """Return the facts as one controller gets them: its own numbers, and no other client."""
        return replace(
            self,
            patients=client.patients,
            records=client.records,
            staff=0,
            severity=None,
            telling=None,
            told=(),
            clients=(client,),
            is_for_client=True,
        )
