"""Who is signed in: seats, and handles on what was opened. None of it opens anything alone.

A seat's seed is sealed under a key that only the browser's cookie holds. Nothing of it is written
to disk; a restart signs everybody out. A person may have a few seats, and each ends by itself.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Final
from uuid import UUID, uuid4

from vaitiolo.keys import sessions
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.octets import random_bytes, wipe
from vaitiolo.keys.sessions import fingerprint as fingerprint_of
from vaitiolo.warden.parts import Seated, Wanted
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.session import IDLE_SECONDS

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
IDLE: Final = IDLE_SECONDS * SECOND
ABSOLUTE: Final = 600 * MINUTE
MOST_SEATS: Final = 4
HANDLE_LIFE: Final = 1 * MINUTE
HANDLE_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A unit's role card that a person may act with: the small compartment that holds its seed."""

    card: bytes
    compartment: UUID
    granted_to: frozenset[bytes]
    unit: UUID
    role: int


@dataclass(frozen=True, slots=True)
class Held:
    """A compartment that somebody may open now, and the grant that says so."""

    compartment: UUID
    klass: CompartmentClass
    subject: UUID
    epoch: int
    grant: Grant
    role: HeldRole | None
    others: tuple[Grant, ...]
    # The same compartment at its next epoch, while its key is being turned.
    coming: "Held | None" = None


@dataclass(frozen=True, slots=True)
class Glass:
    """A patient whose record this session opened in an emergency: by which duty, until when."""

    opening: int
    patient: UUID
    duty: HeldRole
    until: int


@dataclass(frozen=True, slots=True)
class Handle:
    """What a handle stands for. No key."""

    fingerprint: bytes
    held: Held
    mode: str
    purpose: str
    until: int


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a person who signed in."""

    id: UUID
    name: str = field(repr=False)
    role: int
    unit: UUID | None
    desk: UUID | None
    cards: tuple[bytes, ...]
    roles: tuple[HeldRole, ...]
    is_weak: bool
    network: str = field(default="", repr=False)

    @property
    def card(self) -> bytes:
        """The present card: what the person signs with."""
        return self.cards[0]

    @property
    def recipients(self) -> frozenset[bytes]:
        """Every card that a grant to this person may name."""
        return frozenset(self.cards) | {role.card for role in self.roles}


@dataclass(frozen=True, slots=True)
class Way:
    """How a session began: the kind of slot, and the random id that its owner knows it by."""

    kind: int = 0
    session: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Proof:
    """That the owner of a session was there and wanted one change: which, and until when."""

    deed: str
    until: int


@dataclass(slots=True)
class Seat:
    """One session.

    ``words`` say which browser, ``gave_way`` which earlier session had to end for it, and
    ``proof`` which one change of the own ways in its owner has proved to want.
    """

    person: Person
    sealed_seed: bytes = field(repr=False)
    since: int
    seen: int
    way: Way = field(default_factory=Way)
    words: str | None = field(default=None, repr=False)
    proof: "Proof | None" = None
    gave_way: Seated | None = field(default=None, repr=False)
    books: set[UUID] = field(default_factory=set)
    searches: dict[bytes, "Search"] = field(default_factory=dict)
    glasses: dict[UUID, Glass] = field(default_factory=dict)
    # The duty cards to which this person's patients were granted in this session.
    on_duty_cards: frozenset[bytes] = frozenset()

    def has_lapsed(self, now: int) -> bool:
        """Return whether the session was idle, or lasted, too long."""
        return now - self.seen > IDLE or now - self.since > ABSOLUTE

    def as_told(self, *, to: "Seat | None" = None) -> Seated:
        """Return what its owner is told of it, in one of their sessions. Nothing that opens."""
        return Seated(
            self.way.session,
            self.since // SECOND,
            self.seen // SECOND,
            self.person.network,
            self.way.kind,
            self.words or "",
            self is to,
        )


@dataclass(slots=True)
class Search:
    """A search that is under way."""

    words: tuple[str, ...] = field(repr=False)
    charts: frozenset[UUID]
    hits: list[tuple[UUID, int, UUID, int]] = field(default_factory=list)


@dataclass(slots=True)
class Batch:
    """A register that is being brought in; the cookie is sealed under what the console holds."""

    sealed_cookie: bytes = field(repr=False)
    first: UUID
    second: UUID
    left: int
    lock: Lock = field(default_factory=Lock)


class Memory:
    """All seats and handles of one warden."""

    def __init__(self, org: UUID) -> None:
        self._org = org
        self._seats: dict[bytes, Seat] = {}
        self._handles: dict[bytes, Handle] = {}
        self._lock = RLock()

    def seat(
        self,
        person: Person,
        seed: bytearray,
        *,
        cookie: bytes,
        now: int,
        way: Way | None = None,
    ) -> Seat:
        """Begin a session. The seed is wiped by the caller.

        The person's oldest one ends when there would be more than four; so does whatever session
        the same browser had, because neither may live on in the other.
        """
        sealed = sessions.seal_seed(seed, cookie, org=self._org, holder=person.id)
        seat = Seat(person, sealed, now, now, way or Way())
        with self._lock:
            self._end([fingerprint_of(cookie), *self._lapsed(now)])
            mine = self._of(person.id)
            if len(mine) >= MOST_SEATS:
                oldest = min(mine, key=lambda one: mine[one].since)
                seat.gave_way = mine[oldest].as_told()
                self._end([oldest])
            self._seats[fingerprint_of(cookie)] = seat
        return seat

    def find(self, cookie: bytes, *, now: int) -> Seat:
        """Return the seat of a cookie and keep it awake. Raises No(signed-out)."""
        with self._lock:
            seat = self._seats.get(fingerprint_of(cookie))
            if seat is None:
                raise No("signed-out")
            if seat.has_lapsed(now):
                self._end([fingerprint_of(cookie)])
                raise No("signed-out", subject=seat.person.id, because="lapsed")
            seat.seen = now
            return seat

    @contextmanager
    def keys(self, cookie: bytes, seat: Seat) -> Iterator[HolderKeys]:
        """Open the seed of a seat for one question; it is wiped at the end of the block."""
        seed = sessions.open_seed(seat.sealed_seed, cookie, org=self._org, holder=seat.person.id)
        try:
            with HolderKeys(seed, self._org) as keys:
                yield keys
        finally:
            wipe(seed)

    def hand_out(
        self, cookie: bytes, held: Held, *, wanted: Wanted, now: int, until: int | None = None
    ) -> bytes:
        """Return a new handle on a compartment for a session, good for a minute at the most."""
        handle = bytes(random_bytes(HANDLE_BYTES))
        end = now + HANDLE_LIFE if until is None else min(until, now + HANDLE_LIFE)
        with self._lock:
            self._drop_lapsed(now)
            self._handles[handle] = Handle(
                fingerprint_of(cookie), held, wanted.mode, wanted.purpose, end
            )
        return handle

    def take_back(self, cookie: bytes, subject: UUID) -> None:
        """Forget the handles that a session has on what belongs to somebody."""
        mine = fingerprint_of(cookie)
        with self._lock:
            for handle, one in list(self._handles.items()):
                if one.fingerprint == mine and one.held.subject == subject:
                    del self._handles[handle]

    def take_back_all(self, subject: UUID) -> None:
        """Forget every handle on what belongs to somebody, and what is open in an emergency."""
        with self._lock:
            for handle, one in list(self._handles.items()):
                if one.held.subject == subject:
                    del self._handles[handle]
            for seat in self._seats.values():
                seat.glasses.pop(subject, None)

    def handle(self, cookie: bytes, handle: bytes, *, now: int) -> Handle:
        """Return what a handle stands for. Raises No when it is another session's or has lapsed."""
        with self._lock:
            standing = self._handles.get(handle)
        if (
            standing is None
            or standing.until < now
            or standing.fingerprint != fingerprint_of(cookie)
        ):
            raise No("not-granted", because="handle")
        return standing

    def whose(self, cookie: bytes) -> UUID | None:
        """Return whose cookie this is, without keeping the session awake."""
        with self._lock:
            seat = self._seats.get(fingerprint_of(cookie))
            return None if seat is None else seat.person.id

    def seats_of(self, person: UUID, *, now: int) -> list[Seat]:
        """Return a person's living sessions, the latest first."""
        with self._lock:
            mine = [seat for seat in self._of(person).values() if not seat.has_lapsed(now)]
        return sorted(mine, key=lambda seat: seat.since, reverse=True)

    def owner(self, session: UUID) -> UUID | None:
        """Return whose session an id is, if it is anybody's."""
        with self._lock:
            seats = self._seats.values()
            return next((one.person.id for one in seats if one.way.session == session), None)

    def end(self, cookie: bytes) -> Seat | None:
        """End the session of a cookie, and no other; return which it was."""
        with self._lock:
            return next(iter(self._end([fingerprint_of(cookie)])), None)

    def end_some_of(self, person: UUID, sessions: Iterable[UUID]) -> list[Seat]:
        """End those of a person's sessions that are named; return which they were."""
        named = set(sessions)
        with self._lock:
            mine = self._of(person)
            return self._end([one for one, seat in mine.items() if seat.way.session in named])

    def end_all_of(self, person: UUID) -> list[Seat]:
        """Forget all sessions of a person and their handles; return which they were."""
        with self._lock:
            return self._end(list(self._of(person)))

    def end_lapsed(self, *, now: int) -> None:
        """End every session that was idle, or lasted, too long."""
        with self._lock:
            self._end(self._lapsed(now))
            for handle in [h for h, s in self._handles.items() if s.until < now]:
                del self._handles[handle]

    def seats(self, person: UUID) -> bool:
        """Return whether a person has a session."""
        with self._lock:
            return bool(self._of(person))

    def books_in_use(self) -> set[UUID]:
        """Return the phone books that a living session has open."""
        with self._lock:
            # Copied at once: a book may be added by another thread meanwhile.
            return {book for seat in self._seats.values() for book in tuple(seat.books)}

    def _of(self, person: UUID) -> dict[bytes, Seat]:
        return {one: seat for one, seat in self._seats.items() if seat.person.id == person}

    def _lapsed(self, now: int) -> list[bytes]:
        return [one for one, seat in self._seats.items() if seat.has_lapsed(now)]

    def _end(self, fingerprints: list[bytes]) -> list[Seat]:
        """Forget sessions with their seeds and handles; what is returned has no seed any more."""
        ended = [self._seats.pop(one) for one in fingerprints if one in self._seats]
        gone = set(fingerprints)
        for handle in [h for h, s in self._handles.items() if s.fingerprint in gone]:
            del self._handles[handle]
        for seat in ended:
            # A question that is being answered in another thread may hold the seat a while yet.
            seat.sealed_seed = b""
        return ended

    def _drop_lapsed(self, now: int) -> None:
        # Handles are handed out in the order of their end, so the lapsed ones stand first.
        for handle, standing in list(self._handles.items())[:8]:
            if standing.until < now:
                del self._handles[handle]
