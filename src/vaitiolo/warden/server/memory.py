"""Who is signed in: seats, and handles on what was opened. None of it opens anything alone.

A seat's seed is sealed under a key that only the browser's cookie holds. Nothing of it is written
to disk; a restart signs everybody out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Final
from uuid import UUID

from vaitiolo.keys import sessions
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.octets import random_bytes, wipe
from vaitiolo.keys.sessions import fingerprint as fingerprint_of
from vaitiolo.warden.server.refusing import No

MINUTE: Final = 60_000_000
IDLE: Final = 15 * MINUTE
ABSOLUTE: Final = 600 * MINUTE
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


@dataclass(slots=True)
class Seat:
    """One session."""

    person: Person
    sealed_seed: bytes = field(repr=False)
    since: int
    seen: int
    books: set[UUID] = field(default_factory=set)
    searches: dict[bytes, "Search"] = field(default_factory=dict)

    def has_lapsed(self, now: int) -> bool:
        """Return whether the session was idle, or lasted, too long."""
        return now - self.seen > IDLE or now - self.since > ABSOLUTE


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
        self._by_person: dict[UUID, bytes] = {}
        self._handles: dict[bytes, Handle] = {}
        self._lock = RLock()

    def seat(self, person: Person, seed: bytearray, *, cookie: bytes, now: int) -> None:
        """Begin a session; the person's earlier one ends. The seed is wiped by the caller."""
        sealed = sessions.seal_seed(seed, cookie, org=self._org, holder=person.id)
        with self._lock:
            self.end_all_of(person.id)
            fingerprint = fingerprint_of(cookie)
            before = self._seats.get(fingerprint)
            if before is not None:
                # Somebody else in the same browser: neither session may live on in the other.
                self.end_all_of(before.person.id)
            self._seats[fingerprint] = Seat(person, sealed, now, now)
            self._by_person[person.id] = fingerprint

    def find(self, cookie: bytes, *, now: int) -> Seat:
        """Return the seat of a cookie and keep it awake. Raises No(signed-out)."""
        with self._lock:
            seat = self._seats.get(fingerprint_of(cookie))
            if seat is None:
                raise No("signed-out")
            if seat.has_lapsed(now):
                self.end_all_of(seat.person.id)
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

    def hand_out(self, cookie: bytes, held: Held, *, mode: str, purpose: str, now: int) -> bytes:
        """Return a new handle on a compartment for a session."""
        handle = bytes(random_bytes(HANDLE_BYTES))
        with self._lock:
            self._drop_lapsed(now)
            self._handles[handle] = Handle(
                fingerprint_of(cookie), held, mode, purpose, now + HANDLE_LIFE
            )
        return handle

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

    def end(self, cookie: bytes) -> Person | None:
        """End the session of a cookie; return whose it was."""
        with self._lock:
            seat = self._seats.get(fingerprint_of(cookie))
            if seat is None:
                return None
            self.end_all_of(seat.person.id)
            return seat.person

    def end_all_of(self, person: UUID) -> None:
        """Forget a person's session and its handles."""
        with self._lock:
            fingerprint = self._by_person.pop(person, None)
            if fingerprint is None:
                return
            self._seats.pop(fingerprint, None)
            for handle in [h for h, s in self._handles.items() if s.fingerprint == fingerprint]:
                del self._handles[handle]

    def end_lapsed(self, *, now: int) -> None:
        """End every session that was idle, or lasted, too long."""
        with self._lock:
            for seat in [seat for seat in self._seats.values() if seat.has_lapsed(now)]:
                self.end_all_of(seat.person.id)
            for handle in [h for h, s in self._handles.items() if s.until < now]:
                del self._handles[handle]

    def seats(self, person: UUID) -> bool:
        """Return whether a person has a session."""
        with self._lock:
            return person in self._by_person

    def books_in_use(self) -> set[UUID]:
        """Return the phone books that a living session has open."""
        with self._lock:
            # Copied at once: a book may be added by another thread meanwhile.
            return {book for seat in self._seats.values() for book in tuple(seat.books)}

    def _drop_lapsed(self, now: int) -> None:
        # Handles are handed out in the order of their end, so the lapsed ones stand first.
        for handle, standing in list(self._handles.items())[:8]:
            if standing.until < now:
                del self._handles[handle]
