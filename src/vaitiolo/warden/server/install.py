"""Everything one warden works with: policy, KMS, ledger, memory, cards. Built once, at start."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final
from uuid import UUID
from weakref import WeakValueDictionary

from vaitiolo.keys.kms import Kms
from vaitiolo.keys.kms.epochs import Epochs
from vaitiolo.keys.trust import Trust
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.heading import Heads
from vaitiolo.ledger.recorder import Recorder
from vaitiolo.warden.server.card_index import CardIndex
from vaitiolo.warden.server.challenges import Challenges
from vaitiolo.warden.server.directory import Directory
from vaitiolo.warden.server.glasses import Glasses
from vaitiolo.warden.server.marking import Marking
from vaitiolo.warden.server.memory import Batch, Memory, Seat
from vaitiolo.warden.server.phone_books import Book
from vaitiolo.warden.server.recording import NOBODY, Deed, Recording
from vaitiolo.warden.server.rosters import Rosters
from vaitiolo.warden.server.running_cases import Cases, Running
from vaitiolo.warden.server.scope_found import Scopes
from vaitiolo.warden.server.telling_books import Books
from vaitiolo.warden.server.tries import SPAN, Pace, Tries
from vaitiolo.warden.server.turnings import Turnings
from vaitiolo.warden.server.waiting import Waiting

if TYPE_CHECKING:
    from vaitiolo.warden.server.kit_taking import Taking

DAY: Final = 86_400_000_000  # microseconds
SECOND: Final = 1_000_000
HETU_LOOKUPS: Final = 5  # a second
CODES_TRIED: Final = 60  # in a quarter of an hour


class Turns:
    """A lock for each person and compartment; one that nobody holds or waits for is forgotten."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[UUID, Lock] = WeakValueDictionary()
        # Two first questions at the same moment must get one lock, or a budget is spent twice.
        self._own = Lock()

    def __getitem__(self, whose: UUID) -> Lock:
        """Return the one lock of somebody or something, to be used in a `with`."""
        with self._own:
            lock = self._locks.get(whose)
            if lock is None:
                lock = self._locks[whose] = Lock()
            return lock


@dataclass(slots=True)
class Installation:
    """One warden of one organisation."""

    trust: Trust
    kms: Kms
    recorder: Recorder
    clock: Callable[[], int]
    epochs: Epochs
    home: Path | None = None
    memory: Memory = field(init=False)
    recording: Recording = field(init=False)
    cards: CardIndex = field(init=False)
    marking: Marking = field(init=False)
    turnings: Turnings = field(init=False)
    directory: Directory = field(init=False)
    rosters: Rosters = field(init=False)
    glasses: Glasses = field(init=False)
    tellings: Books = field(init=False)
    tries: Tries = field(init=False)
    replies: Tries = field(init=False, default_factory=Tries)
    challenges: Challenges = field(init=False, default_factory=Challenges)
    hetu_pace: Pace = field(init=False)
    enrolments: Pace = field(init=False)
    books: dict[UUID, Book] = field(init=False, default_factory=dict)
    shelf: Lock = field(init=False, default_factory=Lock)
    batches: dict[bytes, Batch] = field(init=False, default_factory=dict)
    kits: "dict[bytes, Taking]" = field(init=False, default_factory=dict)
    cases: Cases = field(init=False, default_factory=Cases)
    scopes: Scopes = field(init=False, default_factory=Scopes)
    turns: "Turns" = field(init=False)
    settling: Lock = field(init=False, default_factory=Lock)
    waiting: Waiting = field(init=False, default_factory=Waiting)
    heads: Heads = field(init=False, default_factory=Heads)

    def __post_init__(self) -> None:
        """Build what follows from policy, KMS and ledger."""
        self.memory = Memory(self.trust.org)
        self.recording = Recording(
            org=self.trust.org, kms=self.kms, number=1, recorder=self.recorder
        )
        self.cards = CardIndex(self.trust, self.recording, self.clock)
        self.marking = Marking(self.trust, self.kms, cards=self.cards, clock=self.clock)
        self.turnings = Turnings(self.recording)
        self.rosters = Rosters(self.recording)
        self.glasses = Glasses(self.recording)
        self.tellings = Books(self.recording)
        self.directory = Directory(kms=self.kms, org=self.trust.org, unit_of=self.unit_of)
        self.tries = Tries()
        # Whoever would try every identity code there is must take eighty days for it.
        self.hetu_pace = Pace(HETU_LOOKUPS, span=SECOND)
        # A code has 140 bits: this is against the work that trying costs, not against guessing.
        self.enrolments = Pace(CODES_TRIED, span=SPAN)
        # One person's questions that spend a budget take turns, so that none is spent twice.
        self.turns = Turns()

    @property
    def org(self) -> UUID:
        """The organisation's id."""
        return self.trust.org

    def unit_of(self, holder: UUID) -> UUID | None:
        """Return the unit that the ledger has for somebody. Raises Refused."""
        return self.cards.unit_of(holder)

    def today(self) -> int:
        """Return the day, in days since 1970-01-01."""
        return self.clock() // DAY

    def forget_lapsed(self) -> None:
        """Forget sessions past their time, and with them books and registers being brought in."""
        self.memory.end_lapsed(now=self.clock())
        self.close_unused_books()
        self.end_lapsed_cases()
        self.marking.close_old()
        for key, batch in list(self.batches.items()):
            if not self.memory.seats(batch.first):
                self.batches.pop(key, None)
        for key, kit in list(self.kits.items()):
            if not any(map(self.memory.seats, kit.officers)):
                self.kits.pop(key, None)

    def end_lapsed_cases(self) -> None:
        """Wipe cases whose hour is over, and record how far each had gone."""

        def ended(case: Running) -> None:
            self.recording.record([self.case_closed(case, by=NOBODY)])

        self.cases.drop_lapsed(now=self.clock(), ended=ended)

    def case_closed(self, case: Running, *, by: UUID) -> Deed:
        """Return the entry of a case's end, with its counts."""
        detail = {
            "listed": len(case.listed),
            "read": len(case.read),
            "patients": len(case.patients),
        }
        return Deed(Act.CASE_CLOSED, case.case, by, detail)

    def take_book(self, seat: Seat, book: UUID) -> Book:
        """Let a session look in a phone book, and return it; it stays as long as the session."""
        with self.shelf:
            seat.books.add(book)
            return self.books.setdefault(book, Book())

    def close_unused_books(self) -> None:
        """Drop phone books that no living session has open any more."""
        # One at a time with `take_book`: a book that is being loaded must not lose its first rows.
        with self.shelf:
            in_use = self.memory.books_in_use()
            for book in [book for book in self.books if book not in in_use]:
                del self.books[book]
