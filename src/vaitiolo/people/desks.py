"""A desk as a value: whom one treats, which sessions there are, which drafts lie open.

Pure: no Django, no warden, no clock. A desk is a set of entries, each with the moment it was made;
of two about the same thing the later stands. So events may come twice and in any order.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from vaitiolo.people.desk_calls import CallFirst, read_call
from vaitiolo.people.desk_handing import Come, HandingOver, read_come, read_handing

Event = Mapping[str, Any]
Entry = tuple[int, Any]
Entries = Mapping[str, Entry]

VERSION: Final = 1
MICROSECOND: Final = timedelta(microseconds=1)
SINCE: Final = datetime(1970, 1, 1, tzinfo=UTC)


class DeskUnknown(ValueError):
    """A desk or an event in a form that this release does not know. Nothing of it is repeated."""


class State(StrEnum):
    """What became of a session."""

    BOOKED = "booked"
    CHARTED = "charted"
    CANCELLED = "cancelled"
    MISSED = "did-not-take-place"


@dataclass(frozen=True, slots=True)
class Client:
    """A patient as the desk shows one."""

    name: str = field(repr=False)
    born_on: date | None = field(repr=False)
    language: str
    chart_id: UUID
    identity_id: UUID
    shared_id: UUID


@dataclass(frozen=True, slots=True)
class DeskSession:
    """An appointment as the desk shows one."""

    patient_id: UUID
    starts_at: datetime
    ends_at: datetime
    room: str
    state: State = State.BOOKED


@dataclass(frozen=True, slots=True)
class DeskDraft:
    """A note that was begun and is not signed."""

    chart_id: UUID
    patient_id: UUID
    appointment_id: UUID | None
    held_on: date
    saved_at: datetime


@dataclass(frozen=True)
class Desk:
    """Everything on one desk. ``unread`` counts what was laid there and could not be verified.

    What people see is drawn out of the entries when it is first asked for: a page of one patient
    asks for little of a desk that holds hundreds of sessions. Each part raises DeskUnknown.
    """

    entries: Entries = field(default_factory=dict, repr=False)
    unread: int = 0

    @cached_property
    def caseload(self) -> Mapping[UUID, Client]:
        with _known_or_refused():
            return _caseload(self._said["client"], self._said["facts"])

    @cached_property
    def sessions(self) -> Mapping[UUID, DeskSession]:
        with _known_or_refused():
            return _sessions(self._said["place"], self._said["state"])

    @cached_property
    def drafts(self) -> Mapping[UUID, DeskDraft]:
        return self._drawn("draft", _read_draft)

    @cached_property
    def handing(self) -> Mapping[UUID, HandingOver]:
        return self._drawn("handing", read_handing)

    @cached_property
    def come(self) -> Mapping[UUID, Come]:
        return self._drawn("come", read_come)

    @cached_property
    def calls(self) -> Mapping[UUID, CallFirst]:
        return self._drawn("call", read_call)

    @cached_property
    def ended(self) -> Mapping[UUID, date]:
        """Whose chart was taken away from the holder since it was given, and on which day."""
        with _known_or_refused():
            return {
                UUID(hex=key): date.fromisoformat(day)
                for key, day in self._said["ended"].items()
                if key in self._said["client"]
                and self.entries[f"ended/{key}"][0] > self.entries[f"client/{key}"][0]
            }

    def _drawn(self, aspect: str, read: Callable[[Any], Any]) -> dict[UUID, Any]:
        with _known_or_refused():
            return {UUID(hex=key): read(said) for key, said in self._said[aspect].items()}

    @property
    def phrases(self) -> Mapping[str, str]:
        return self._said["phrase"]

    def find_client(self, chart_id: UUID) -> tuple[UUID, Client] | None:
        """Return whose chart an id is, of the own caseload."""
        with _known_or_refused():
            for patient, ids in self._said["client"].items():
                if ids[0] == chart_id.hex and patient in self._said["facts"]:
                    return UUID(hex=patient), _read_client(self._said["facts"][patient], ids)
        return None

    def sessions_of(self, patient_id: UUID) -> Mapping[UUID, DeskSession]:
        """Return one patient's sessions."""
        with _known_or_refused():
            places = self._said["place"].items()
            own = {key: place for key, place in places if place[0] == patient_id.hex}
            return _sessions(own, self._said["state"])

    @cached_property
    def _said(self) -> dict[str, dict[str, Any]]:
        said: dict[str, dict[str, Any]] = {part: {} for parts in SAYS.values() for part in parts}
        with _known_or_refused():
            for key, (_at, value) in self.entries.items():
                if value is not None:
                    aspect, about = key.split("/", 1)
                    said[aspect][about] = value
        return said

    def check(self) -> None:
        """Draw everything. Raises DeskUnknown for what this release cannot read."""
        _ = self.caseload, self.ended, self.sessions, self.drafts
        _ = self.handing, self.come, self.calls


# --- events: what may be laid on a desk ------------------------------------------


def client_added(patient_id: UUID, client: Client, *, at: datetime) -> Event:
    ids = [client.chart_id.hex, client.identity_id.hex, client.shared_id.hex]
    facts = _facts(client.name, client.born_on, client.language)
    return _event("client.added", patient_id.hex, at, client=ids, facts=facts)


def client_changed(
    patient_id: UUID, *, name: str, born_on: date | None, language: str, at: datetime
) -> Event:
    return _event("client.changed", patient_id.hex, at, facts=_facts(name, born_on, language))


def client_removed(patient_id: UUID, *, at: datetime) -> Event:
    return _event("client.removed", patient_id.hex, at, client=None)


def client_ended(patient_id: UUID, day: date, *, at: datetime) -> Event:
    """Say that from a day on the holder cannot open a patient's chart. It removes nothing."""
    # Told together with what began it, the end is the later of the two.
    return _event("client.ended", patient_id.hex, at + MICROSECOND, ended=day.isoformat())


def client_came(patient_id: UUID, come: Come | None, *, at: datetime) -> Event:
    """Say that a patient was handed over to the holder; none once the holder has read it."""
    if come is None:
        return _event("client.welcomed", patient_id.hex, at, come=None)
    return _event("client.came", patient_id.hex, at, come=come.write())


def handing_set(patient_id: UUID, handing: HandingOver | None, *, at: datetime) -> Event:
    """Say how far a hand-over has come; none when it is done or undone."""
    said = None if handing is None else handing.write()
    return _event("handing.set", patient_id.hex, at, handing=said)


def call_wanted(row: UUID, call: CallFirst, *, at: datetime) -> Event:
    return _event("call.wanted", row.hex, at, call=call.write())


def call_done(row: UUID, *, at: datetime) -> Event:
    return _event("call.done", row.hex, at, call=None)


def session_booked(appointment_id: UUID, session: DeskSession, *, at: datetime) -> Event:
    """Say that a session is booked, or booked again after it was cancelled."""
    place, state = _place(session), State.BOOKED
    return _event("session.booked", appointment_id.hex, at, place=place, state=state)


def session_moved(appointment_id: UUID, session: DeskSession, *, at: datetime) -> Event:
    """Say when and where a session is now; what became of it is not touched."""
    return _event("session.moved", appointment_id.hex, at, place=_place(session))


def session_turned(appointment_id: UUID, state: State, *, at: datetime) -> Event:
    """Say what became of a session: charted, cancelled, did not take place."""
    return _event(f"session.{state}", appointment_id.hex, at, state=state)


def draft_opened(draft_id: UUID, draft: DeskDraft, *, at: datetime) -> Event:
    """Say that a note was begun, or written on."""
    return _event("draft.opened", draft_id.hex, at, draft=_draft(draft))


def draft_closed(draft_id: UUID, *, at: datetime) -> Event:
    """Say that a draft was signed or dropped."""
    return _event("draft.closed", draft_id.hex, at, draft=None)


def phrase_kept(abbreviation: str, words: str, *, at: datetime) -> Event:
    """Say what an abbreviation of one's own stands for; without words it is forgotten."""
    return _event("phrase.kept", abbreviation, at, phrase=words or None)


def _event(op: str, about: str, at: datetime, **entries: Any) -> Event:
    return {"about": about, "at": (at - SINCE) // MICROSECOND, "op": op, **entries}


def _facts(name: str, born_on: date | None, language: str) -> list[Any]:
    return [name, None if born_on is None else born_on.isoformat(), language]


def _place(session: DeskSession) -> list[Any]:
    times = [session.starts_at.timestamp(), session.ends_at.timestamp()]
    return [session.patient_id.hex, *map(int, times), session.room]


def _draft(draft: DeskDraft) -> list[Any]:
    appointment = None if draft.appointment_id is None else draft.appointment_id.hex
    held, saved = draft.held_on.isoformat(), int(draft.saved_at.timestamp())
    return [draft.chart_id.hex, draft.patient_id.hex, appointment, held, saved]


# --- what an event does ----------------------------------------------------------


def apply(desk: Desk, event: Event) -> Desk:
    """Return the desk after an event. Raises DeskUnknown."""
    return apply_all(desk, [event])


def apply_all(desk: Desk, events: Iterable[Event]) -> Desk:
    """Return the desk after events, whatever order they are in. Raises DeskUnknown."""
    entries = dict(desk.entries)
    for event in events:
        said = _entries_of(event)
        Desk(dict(said)).check()
        for key, entry in said:
            known = entries.get(key)
            if known is None or _rank(entry) > _rank(known):
                entries[key] = entry
    return Desk(entries, desk.unread)


def _entries_of(event: Event) -> list[tuple[str, Entry]]:
    """List what an event says, one entry for each thing it speaks of. Raises DeskUnknown."""
    said = SAYS.get(event.get("op", ""))
    about, at = event.get("about"), event.get("at")
    if said is None or type(about) is not str or type(at) is not int or not said <= event.keys():
        raise DeskUnknown
    return [(f"{aspect}/{about}", (at, event[aspect])) for aspect in sorted(said)]


def _rank(entry: Entry) -> tuple[int, str]:
    at, value = entry
    # Two entries of one moment must not depend on the order in which they came.
    return at, json.dumps(value, sort_keys=True)


SAYS: Final[Mapping[str, frozenset[str]]] = {
    "client.added": frozenset({"client", "facts"}),
    "client.changed": frozenset({"facts"}),
    "client.removed": frozenset({"client"}),
    "client.ended": frozenset({"ended"}),
    "client.came": frozenset({"come"}),
    "client.welcomed": frozenset({"come"}),
    "handing.set": frozenset({"handing"}),
    **{f"call.{said}": frozenset({"call"}) for said in ("wanted", "done")},
    "session.booked": frozenset({"place", "state"}),
    "session.moved": frozenset({"place"}),
    **{f"session.{state}": frozenset({"state"}) for state in State if state is not State.BOOKED},
    "draft.opened": frozenset({"draft"}),
    "draft.closed": frozenset({"draft"}),
    "phrase.kept": frozenset({"phrase"}),
}


# --- a desk as bytes, and back ---------------------------------------------------


def write(desk: Desk) -> bytes:
    """Return the desk's document: JSON with sorted keys and no spaces."""
    body = {"entries": desk.entries, "version": VERSION}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def read(document: bytes) -> Desk:
    """Return the desk that a document holds. Raises DeskUnknown."""
    try:
        body = json.loads(document)
        if body["version"] != VERSION:
            raise DeskUnknown
        entries = {key: (int(at), value) for key, (at, value) in body["entries"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DeskUnknown from None
    return Desk(entries)


def write_event(event: Event) -> bytes:
    """Return an event as it is laid on a desk."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def read_event(body: bytes) -> Event:
    """Return the event that bytes hold, proved to be one. Raises DeskUnknown."""
    try:
        event = json.loads(body)
    except ValueError:
        raise DeskUnknown from None
    if type(event) is not dict:
        raise DeskUnknown
    apply(Desk(), event)
    return event


@contextmanager
def _known_or_refused() -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError):
        raise DeskUnknown from None


def _caseload(ids: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[UUID, Client]:
    return {UUID(hex=key): _read_client(facts[key], ids[key]) for key in ids.keys() & facts.keys()}


def _sessions(places: Mapping[str, Any], states: Mapping[str, Any]) -> dict[UUID, DeskSession]:
    # A session whose place is not known yet, because its booking comes later, is not shown yet.
    return {
        UUID(hex=key): _read_session(place, State(states.get(key, State.BOOKED)))
        for key, place in places.items()
    }


def _read_client(facts: list[Any], ids: list[str]) -> Client:
    name, born, language = facts
    chart, identity, shared = map(UUID, ids)
    born_on = None if born is None else date.fromisoformat(born)
    return Client(name, born_on, language, chart, identity, shared)


def _read_session(place: list[Any], state: State) -> DeskSession:
    patient, starts, ends, room = place
    return DeskSession(UUID(patient), _moment(starts), _moment(ends), room, state)


def _read_draft(draft: list[Any]) -> DeskDraft:
    chart, patient, appointment, held, saved = draft
    booked = None if appointment is None else UUID(appointment)
    held_on = date.fromisoformat(held)
    return DeskDraft(UUID(chart), UUID(patient), booked, held_on, _moment(saved))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
