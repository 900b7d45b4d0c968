"""The only door to charts. Every opening is asked of the warden, and stands in the ledger first."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from vaitiolo.charts.readers import SINCE
from vaitiolo.kit.errors import Refusal
from vaitiolo.kit.ids import ChartId, CompartmentId, HolderId, NoteId
from vaitiolo.people import access as people
from vaitiolo.people.access import OpenDesk
from vaitiolo.people.actor import Actor
from vaitiolo.warden import client
from vaitiolo.warden.client import (
    Due,
    Hit,
    NotGranted,
    OpenCompartment,
    Place,
    Plain,
    Read,
    SealBroken,
    Sealed,
    Turning,
    Wanted,
)
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode, Purpose

__all__ = ["Hit", "OpenDesk", "Plain", "Read", "SealBroken", "Sealed", "Turning"]


class ChartNotFound(Refusal):
    """There is no such chart, or the actor holds no grant: the two look alike."""

    status = HTTPStatus.NOT_FOUND
    message = _(
        "There is no such chart, or it is not open to you: the two look alike. "
        "The attempt was recorded."
    )


class ColleagueNotOnTheTeam(Refusal):
    """A chart can be granted to a therapist who works here, and to nobody else."""

    status = HTTPStatus.CONFLICT
    message = _(
        "Access was not given. A chart can be opened to a therapist who works here, and at the "
        "longest for as long as you may open it yourself."
    )


class NotForSupervision(Refusal):
    """Not one's own notes, not a therapist, or no day within a year."""

    status = HTTPStatus.CONFLICT
    message = _(
        "Nothing was copied. Notes of your own can be copied for another therapist who works "
        "here, until a day within a year."
    )


class NoSuchCopy(Refusal):
    """There is no such copy, it has ended, or it is not the actor's: all look alike."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is no such copy, or it has ended. The attempt was recorded.")


class CannotBeWithdrawn(Refusal):
    """Nobody would be left, or the asker's own access ends earlier, or there is nothing to end."""

    status = HTTPStatus.CONFLICT
    message = _(
        "Access was not ended. Somebody who works here must remain, and who has access for a time "
        "cannot end that of somebody who has it for longer. Nothing was changed."
    )


@dataclass(frozen=True, slots=True)
class OpenChart:
    """A chart that is open to an actor for this request, and recorded."""

    id: ChartId
    actor: Actor
    compartment: OpenCompartment = field(repr=False)

    def name_of(self, holder: HolderId) -> str:
        """Return the name of somebody on the care team, empty for anybody else."""
        readers = self.compartment.readers
        return next((reader.name for reader in readers if reader.person == holder), "")

    def unseal(self, documents: Sequence[Sealed]) -> tuple[Read, ...]:
        """Read documents in one question. Raises SealBroken if one is not what was sealed."""
        return self.compartment.unseal(documents)

    def seal(self, document: Plain) -> bytes:
        """Seal a draft, or sign a note: that one is recorded first."""
        return self.compartment.seal([document])[0]


def open_chart(actor: Actor, chart_id: ChartId, *, ground: str = "") -> OpenChart:
    """Open a chart to be read. A refusal is recorded too."""
    wanted = _wanted(chart_id, Mode.READ, ground=ground)
    with _missing_and_forbidden_look_the_same():
        [opened] = client.open_compartments(actor.session, [wanted])
    return _chart(actor, opened)


def open_chart_with_desk(
    actor: Actor, chart_id: ChartId, *, ground: str = ""
) -> tuple[OpenDesk, OpenChart]:
    """Open a chart and the own desk, which says whose chart it is, in one question."""
    wanted = _wanted(chart_id, Mode.READ, ground=ground)
    with _missing_and_forbidden_look_the_same():
        desk, [opened] = people.open_with_desk(actor, [wanted])
    return desk, _chart(actor, opened)


def write_chart(actor: Actor, chart_id: ChartId) -> OpenChart:
    """Open a chart to write into. It shows nothing, so it is no entry."""
    wanted = _wanted(chart_id, Mode.WRITE)
    with _missing_and_forbidden_look_the_same():
        [opened] = client.open_compartments(actor.session, [wanted])
    return _chart(actor, opened)


def grant_to(
    actor: Actor, compartments: Iterable[UUID], person: HolderId, *, until: date | None
) -> None:
    """Let a colleague open what the actor holds, each grant recorded first."""
    last = None if until is None else (until - SINCE).days
    try:
        for compartment in compartments:
            client.grant(actor.session, compartment, person, until=last)
    except client.NotAllowed:
        raise ColleagueNotOnTheTeam from None


def grant_missing(
    actor: Actor, compartments: Iterable[UUID], person: HolderId, *, until: date | None
) -> None:
    """Let a colleague open, until a day or without an end, what is not so open yet: twice is once.

    Raises ColleagueNotOnTheTeam, ChartNotFound.
    """
    last = None if until is None else (until - SINCE).days
    opened = _to_write(actor, compartments)
    missing = [one.id for one in opened if not {None, last} & _ends(one, person)]
    grant_to(actor, missing, person, until=until)


def grant_until(actor: Actor, compartments: Iterable[UUID], day: date) -> None:
    """Let the own access, where it has no end, have one beside it: what is left to keep."""
    endless = [one.id for one in _to_write(actor, compartments) if None in _ends(one, actor.id)]
    grant_to(actor, endless, actor.id, until=day)


def has_endless(actor: Actor, compartments: Iterable[UUID]) -> bool:
    """Tell whether the own access to any of these has no end. Raises ChartNotFound without any."""
    return any(None in _ends(one, actor.id) for one in _to_write(actor, compartments))


def _to_write(actor: Actor, compartments: Iterable[UUID]) -> tuple[OpenCompartment, ...]:
    wanted = [Wanted(one, Mode.WRITE, Purpose.CARE, "") for one in compartments]
    with _missing_and_forbidden_look_the_same():
        return client.open_compartments(actor.session, wanted)


def _ends(opened: OpenCompartment, person: HolderId) -> set[int | None]:
    return {reader.until for reader in opened.readers if reader.person == person}


def begin_hand_over(
    actor: Actor, person: HolderId, patients: Sequence[UUID], *, assertion: bytes
) -> None:
    """Declare, with a touch, that patients of one's own are handed over to a colleague."""
    try:
        client.begin_hand_over(actor.session, person, patients, assertion=assertion)
    except client.NotAllowed:
        raise ColleagueNotOnTheTeam from None


def withdraw_from(
    actor: Actor, compartments: Iterable[UUID], person: HolderId, *, keep: date | None = None
) -> None:
    """Take a colleague's access away, or one's own, recorded first; the keys are turned.

    What ends by the day ``keep`` stays. Raises CannotBeWithdrawn.
    """
    last = None if keep is None else (keep - SINCE).days
    try:
        client.withdraw(actor.session, list(compartments), person, keep=last)
    except client.NotAllowed:
        raise CannotBeWithdrawn from None


# --- copies for supervision ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenCopy:
    """Copied notes that are open to their reader, or their author, for this request."""

    id: UUID
    actor: Actor
    compartment: OpenCompartment = field(repr=False)

    def unseal(self, documents: Sequence[Sealed]) -> tuple[Read, ...]:
        """Read copies in one question. Raises SealBroken if one is not what was sealed."""
        return self.compartment.unseal(documents)


def open_copy(actor: Actor, copy_id: UUID) -> OpenCopy:
    """Open copied notes to be read; the opening stands on the patient's chain."""
    wanted = Wanted(copy_id, Mode.READ, Purpose.SUPERVISION, "")
    with _missing_and_forbidden_look_the_same():
        [opened] = client.open_compartments(actor.session, [wanted])
    if opened.klass != CompartmentClass.COPY:
        raise ChartNotFound
    return OpenCopy(copy_id, actor, opened)


def copy_notes(
    chart: OpenChart, documents: Sequence[Sealed], reader: HolderId, *, until: date
) -> tuple[UUID, tuple[Sealed, ...]]:
    """Copy notes of one's own for a reader, recorded first. Raises NotForSupervision."""
    last = (until - SINCE).days
    try:
        return client.copy_notes(chart.compartment, documents, reader, until=last)
    except client.NotAllowed:
        raise NotForSupervision from None


def sealed_copy(row_id: UUID, *, sealed: bytes | memoryview) -> Sealed:
    return Sealed(Place(Kind.NOTE, row_id, 1), bytes(sealed))


def reads_copy(actor: Actor, copy_id: UUID, person: HolderId) -> bool:
    """Tell whether somebody can still open a copy of the actor's."""
    return any(_ends(one, person) for one in _to_write(actor, [copy_id]))


# --- turning keys: nothing that is turned is shown --------------------------------


def list_due(actor: Actor) -> Due:
    """Return what the actor could turn the key of."""
    return client.due_rotations(actor.session)


def begin_turn(actor: Actor, compartment: UUID) -> int:
    """Make a compartment's next key; return its epoch."""
    return client.begin_rotation(actor.session, compartment)


def reseal(actor: Actor, compartment: UUID, documents: Sequence[Sealed]) -> tuple[bytes, ...]:
    """Have documents sealed under the next key; empty bytes for one that does not open."""
    return client.rotate_documents(actor.session, compartment, documents)


def commit_turn(actor: Actor, compartment: UUID) -> None:
    """Say that every document is sealed anew: the key before opens nothing any more."""
    client.commit_rotation(actor.session, compartment)


# --- documents ----------------------------------------------------------------------


def note_of(note_id: NoteId, *, version: int, body: bytes, previous: bytes = b"") -> Plain:
    """Return a note to be signed, with the sealed version before it."""
    return Plain(Place(Kind.NOTE, note_id, version), body, previous)


def sealed_note(note_id: NoteId, *, version: int, sealed: bytes) -> Sealed:
    return Sealed(Place(Kind.NOTE, note_id, version), bytes(sealed))


def draft_of(draft_id: UUID, *, version: int, body: bytes) -> Plain:
    return Plain(Place(Kind.DRAFT, draft_id, version), body)


def sealed_draft(draft_id: UUID, *, version: int, sealed: bytes) -> Sealed:
    return Sealed(Place(Kind.DRAFT, draft_id, version), bytes(sealed))


@dataclass(frozen=True, slots=True)
class OpenSearch:
    """A search of the own caseload that was recorded and has begun."""

    id: bytes = field(repr=False)
    actor: Actor
    charts: tuple[ChartId, ...]

    def scan(self, chart_id: ChartId, documents: Sequence[Sealed]) -> None:
        """Have notes of one chart looked through; nothing of them comes back."""
        client.scan_chart(self.actor.session, self.id, chart_id, documents=documents)

    def end(self) -> tuple[tuple[Hit, ...], int]:
        """Return the hits and how many there are. Whose they are is recorded before."""
        found = client.end_search(self.actor.session, self.id)
        return found.hits, found.total


def open_search(actor: Actor, words: str, charts: Sequence[ChartId]) -> OpenSearch:
    """Begin a search. Charts that are no longer open to the actor are left out of it."""
    try:
        begun = client.begin_search(actor.session, words, charts)
    except NotGranted:
        charts = [chart for chart in charts if _is_held(actor, chart)]
        begun = client.begin_search(actor.session, words, charts)
    return OpenSearch(begun, actor, tuple(charts))


def _is_held(actor: Actor, chart_id: ChartId) -> bool:
    try:
        client.open_compartments(actor.session, [_wanted(chart_id, Mode.WRITE)])
    except NotGranted:
        return False
    return True


def _chart(actor: Actor, opened: OpenCompartment) -> OpenChart:
    # An address may hold the id of anything the actor can open; only a chart is shown as one.
    if opened.klass != CompartmentClass.CHART:
        raise ChartNotFound
    return OpenChart(ChartId(opened.id), actor, opened)


def _wanted(chart_id: ChartId, mode: Mode, *, ground: str = "") -> Wanted:
    return Wanted(CompartmentId(chart_id), mode, Purpose.CARE, ground)


@contextmanager
def _missing_and_forbidden_look_the_same() -> Iterator[None]:
    try:
        yield
    except NotGranted:
        raise ChartNotFound from None
