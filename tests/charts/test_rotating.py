"""Keys are exchanged by whoever is signed in; killed between any two steps, nothing is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

from tests.charts.conftest import WORDS, Aada
from vaitiolo.charts import access
from vaitiolo.charts.actions import rotating as resealing
from vaitiolo.charts.actions.rotating import turn_some
from vaitiolo.charts.models import Draft, NoteVersion
from vaitiolo.keys import envelope, store
from vaitiolo.keys.rows import DueReason
from vaitiolo.people.models import IdentityVersion, Patient, PhonebookRow
from vaitiolo.people.resealing import SealedRows
from vaitiolo.warden.server import rotating

SETTLED = 3 * 60 * 1_000_000


class Killed(Exception):
    """The program was killed here."""


@dataclass
class Room:
    """Aada's chart with two notes, an amendment and a draft, and everything of it to be turned."""

    aada: Aada
    compartments: list[UUID]

    def turn(self, by: str = "helmi") -> int:
        """Ask as the page does until nothing is left for somebody; return how often."""
        asked = 0
        actor = self.aada.practice.actor(by)
        while (progress := turn_some(actor)).left:
            asked += 1
            assert asked < 50
            if progress.wait:
                self.aada.practice.clinic.clock.ahead += SETTLED
        return asked

    def turn_all(self) -> None:
        self.turn("helmi")
        self.turn("aino")

    def epochs(self) -> set[int]:
        tables = (NoteVersion, Draft, IdentityVersion, PhonebookRow)
        return {
            envelope.epoch_of(bytes(row.sealed_body))
            for table in tables
            for row in table._default_manager.all()
        }

    def is_whole(self) -> bool:
        """Read it all, as the care team and reception do."""
        page = self.aada.page()
        return WORDS in page and "Toinen" in page and "Aada" in page

    def pending(self) -> list[int | None]:
        rows = [store.compartment(one) for one in self.compartments]
        return [row.pending_epoch for row in rows if row is not None]


@pytest.fixture
def room(aada: Aada) -> Room:
    aada.signed()
    aada.signed("Toinen muistiinpano.")
    aada.save(aada.draft_url(), "Luonnos.")
    patient = Patient.objects.get(id=aada.patient)
    clinic = aada.practice.clinic
    ids = [patient.identity, patient.chart, patient.shared, clinic.phonebook(), clinic.diary()]
    compartments = [UUID(str(one)) for one in ids]
    rotating.ask(clinic.install, compartments, why=DueReason.SUSPECTED)
    return Room(aada, compartments)


def test_everything_is_sealed_anew_and_reads_as_before(room: Room) -> None:
    assert room.epochs() == {1}
    room.turn_all()
    assert room.epochs() == {2}
    assert room.pending() == [None] * 5
    assert room.is_whole()


STEPS: list[tuple[object, str]] = [
    (access, "list_due"),
    (access, "begin_turn"),
    (access, "reseal"),
    (SealedRows, "put"),
    (access, "commit_turn"),
]


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS, ids=[name for _, name in STEPS])
def test_killed_between_any_two_steps_it_is_gone_on_from(
    room: Room,
    monkeypatch: pytest.MonkeyPatch,
    step: tuple[object, str],
    when: str,
    nth: int,
) -> None:
    with monkeypatch.context() as patched:
        die_at(patched, step, nth, when=when)
        with pytest.raises(Killed):
            room.turn_all()
    assert room.is_whole(), "both epochs open meanwhile"
    room.turn_all()
    assert room.epochs() == {2}
    assert room.pending() == [None] * 5
    assert room.is_whole()


def die_at(patched: pytest.MonkeyPatch, step: tuple[object, str], nth: int, *, when: str) -> None:
    """Let the program die at the nth time that it comes by a step, before it or after it."""
    owner, name = step
    done: Callable[..., object] = getattr(owner, name)
    times = 0

    def dying(*args: object, **named: object) -> object:
        nonlocal times
        times += 1
        if times == nth and when == "before":
            raise Killed
        answer = done(*args, **named)
        if times == nth:
            raise Killed
        return answer

    patched.setattr(owner, name, dying)


@pytest.mark.parametrize("act", ["REVOKE_GRANT", "ROTATE_BEGIN", "ROTATE_COMMIT"])
def test_a_warden_killed_between_entry_and_row_goes_on(
    room: Room, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    storing = {"REVOKE_GRANT": "remove_grants", "ROTATE_BEGIN": "begin_rotation"}
    with monkeypatch.context() as patched:
        die_at(patched, (store, storing.get(act, "commit_rotation")), 1, when="before")
        with pytest.raises(Killed):
            withdraw_and_turn(room) if act == "REVOKE_GRANT" else room.turn_all()
    assert room.is_whole()
    room.turn_all()
    assert room.epochs() == {2}
    assert room.is_whole()


def withdraw_and_turn(room: Room) -> None:
    room.aada.let_in("otso")
    otso = room.aada.practice.id("otso")
    room.aada.practice.browser("helmi").post(f"{room.aada.url}team/{otso}/withdraw/")
    room.turn_all()


def test_a_save_that_comes_in_between_is_not_lost(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, draft = access.reseal, Draft.objects.get()
    saved = []

    def saving(*args: object, **named: object) -> object:
        answer = ask(*args, **named)  # type: ignore[arg-type]  # passed through
        if not saved:
            saved.append(room.aada.save(room.aada.draft_url(draft.id), "Uudet sanat.", version=1))
        return answer

    monkeypatch.setattr(access, "reseal", saving)
    room.turn_all()
    assert saved[0].status_code == 200
    assert Draft.objects.get().version == 2
    assert room.epochs() == {2}
    assert "Uudet sanat." in room.aada.page(url=room.aada.session_url)


def test_what_was_sealed_just_before_and_stored_late_is_not_lost(room: Room) -> None:
    """A request that sealed at the old epoch may be slow; its row is waited for."""
    late = NoteVersion.objects.order_by("id")[0]
    before = bytes(late.sealed_body)
    helmi = room.aada.practice.actor("helmi")
    turn_some(helmi)
    NoteVersion.objects.filter(id=late.id).update(sealed_body=before)
    room.turn_all()
    assert room.epochs() == {2}
    assert room.is_whole()


def test_rows_beyond_those_that_do_not_open_are_sealed_anew(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resealing, "AT_ONCE", 1)
    first = NoteVersion.objects.order_by("pk")[0]
    whole = bytes(first.sealed_body)
    NoteVersion.objects.filter(id=first.id).update(sealed_body=whole[:-1] + b"\0")
    room.turn_all()
    stood = {row.id: envelope.epoch_of(bytes(row.sealed_body)) for row in NoteVersion.objects.all()}
    assert stood.pop(first.id) == 1
    assert set(stood.values()) == {2}


def test_a_page_says_how_much_is_left_and_shows_nothing_of_it(room: Room) -> None:
    browser = room.aada.practice.browser("helmi")
    answer = browser.post("/charts/turning/")
    assert answer.json() == {"left": 3, "wait": 0}
    assert browser.get("/charts/turning/").status_code == 405
    assert browser.post("/charts/turning/").json() == {"left": 3, "wait": 30}
    assert "data-turning" in room.aada.page()
