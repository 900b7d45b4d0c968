"""Questions that may not be asked, one by one, and what the ledger keeps of them."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.cast import KALLIO, TOOLO, Clinic
from tests.promises.everything import HETU, LINE, WORDS, Stage, ask, set_stage
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client, frames, protocol
from vaitiolo.warden.client import Arrival, NewCompartment, Place, Plain, Sealed, ToDrop, Wanted
from vaitiolo.warden.frames import FrameBroken
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode, Purpose
from vaitiolo.warden.protocol import Question, Refused

LARGE = bytes(1024 * 1024 + 1)
Asked = Callable[[Stage], Question]


def new(stage: Stage, klass: int, *persons: str, units: tuple[UUID, ...] = ()) -> Question:
    ids = tuple(stage.clinic.id(name) for name in persons)
    made = NewCompartment(klass, uuid4(), ids, units)
    return protocol.Create(stage.cookie("aino"), (made,))


def grant(stage: Stage, person: UUID, until: int | None = None) -> Question:
    return protocol.Grant(stage.cookie("helmi"), stage.chart, person, until)


BAD: dict[str, tuple[str, Asked]] = {
    "a mode that is none": (
        "not-allowed",
        lambda s: protocol.Open(s.cookie("helmi"), (Wanted(s.chart, "peek", Purpose.CARE),)),
    ),
    "a purpose that is none": (
        "not-allowed",
        lambda s: protocol.Open(s.cookie("helmi"), (Wanted(s.chart, Mode.READ, "curiosity"),)),
    ),
    "a compartment that is none": (
        "not-granted",
        lambda s: protocol.Open(s.cookie("helmi"), (Wanted(uuid4(), Mode.READ, Purpose.CARE),)),
    ),
    "a document of another compartment's kind": (
        "seal-broken",
        lambda s: protocol.Seal(
            s.cookie("helmi"), s.writing.handle, (Plain(Place(Kind.DESK, uuid4(), 1), b""),)
        ),
    ),
    "a document too large": (
        "too-large",
        lambda s: protocol.Seal(
            s.cookie("helmi"), s.writing.handle, (Plain(Place(Kind.NOTE, uuid4(), 1), LARGE),)
        ),
    ),
    "a version that is none": (
        "seal-broken",
        lambda s: protocol.Seal(
            s.cookie("helmi"), s.writing.handle, (Plain(Place(Kind.NOTE, uuid4(), 0), b""),)
        ),
    ),
    "a drop too large": (
        "too-large",
        lambda s: protocol.Drop(s.cookie("aino"), (ToDrop(s.clinic.id("helmi"), uuid4(), LARGE),)),
    ),
    "a drop for nobody": (
        "not-allowed",
        lambda s: protocol.Drop(s.cookie("aino"), (ToDrop(uuid4(), uuid4(), b""),)),
    ),
    "a class that is none": ("seal-broken", lambda s: new(s, 99, "helmi")),
    "a desk made on a page": ("not-allowed", lambda s: new(s, CompartmentClass.DESK, "helmi")),
    "a chart for nobody": ("not-allowed", lambda s: new(s, CompartmentClass.CHART)),
    "an identity for no unit": (
        "not-allowed",
        lambda s: new(s, CompartmentClass.IDENTITY, units=(uuid4(),)),
    ),
    "a grant to nobody": ("not-allowed", lambda s: grant(s, uuid4())),
    "a chart for a desk": ("not-allowed", lambda s: grant(s, s.clinic.id("aino"))),
    "a grant until yesterday": ("not-allowed", lambda s: grant(s, s.clinic.id("otso"), 1)),
    "a grant beyond all days": ("not-allowed", lambda s: grant(s, s.clinic.id("otso"), 1 << 33)),
    "a desk granted": (
        "not-allowed",
        lambda s: protocol.Grant(
            s.cookie("helmi"), s.clinic.desk("helmi"), s.clinic.id("otso"), None
        ),
    ),
    "a code that is none": (
        "question-broken",
        lambda s: protocol.FindHetu(s.cookie("aino"), s.clinic.phonebook(), "010190-999A"),
    ),
    "a code for a phone book": (
        "not-granted",
        lambda s: protocol.PutHetu(s.cookie("aino"), s.clinic.phonebook(), HETU),
    ),
    "a search for two letters": (
        "question-broken",
        lambda s: protocol.BeginSearch(s.cookie("helmi"), "ei", (s.chart,)),
    ),
    "a search that was never begun": (
        "not-granted",
        lambda s: protocol.EndSearch(s.cookie("helmi"), bytes(16)),
    ),
    "a chart that is not in the search": (
        "not-granted",
        lambda s: protocol.ScanChart(s.cookie("helmi"), s.search, uuid4(), ()),
    ),
    "a reminder too long": (
        "too-large",
        lambda s: protocol.PutOutbox(s.cookie("aino"), uuid4(), 1, bytes(5000)),
    ),
    "a reminder before all time": (
        "question-broken",
        lambda s: protocol.PutOutbox(s.cookie("aino"), uuid4(), -1, b""),
    ),
    "a reminder after all time": (
        "question-broken",
        lambda s: protocol.PutOutbox(s.cookie("aino"), uuid4(), 1 << 32, b""),
    ),
    "a reminder by the registrar": (
        "not-allowed",
        lambda s: protocol.PutOutbox(s.cookie("ritva"), uuid4(), 1, b""),
    ),
    "a registrar's own card": (
        "not-allowed",
        lambda s: protocol.RevokeCard(s.cookie("ritva"), s.clinic.id("ritva"), 1),
    ),
    "a reason that is none": (
        "not-allowed",
        lambda s: protocol.RevokeCard(s.cookie("ritva"), s.clinic.id("otso"), 99),
    ),
    "a book loaded with a handle for writing": (
        "not-granted",
        lambda s: protocol.LoadBook(s.cookie("helmi"), s.writing.handle, ()),
    ),
}


def test_what_may_not_be_asked_is_refused_and_recorded(clinic: Clinic) -> None:
    stage = set_stage(clinic)
    for bad, (reason, asked) in BAD.items():
        question = asked(stage)
        before = [one.leaf.act for one in queries.entries_from(0)]
        assert ask(clinic.agent, question) == Refused(reason), bad
        after = [one.leaf.act for one in queries.entries_from(len(before))]
        assert after[-1] is Act.REFUSED, bad
        assert not {Act.CREATE, Act.GRANT, Act.CARD_REVOKED, Act.OUTBOX_PUT} & set(after), bad


def test_six_codes_in_a_second_are_one_too_many(clinic: Clinic) -> None:
    aino = clinic.session("aino")
    instant = clinic.clock()
    clinic.install.clock = lambda: instant
    for _ in range(5):
        client.find_hetu(aino, clinic.phonebook(), HETU)
    with pytest.raises(client.TooManyTries):
        client.find_hetu(aino, clinic.phonebook(), HETU)
    clinic.install.clock = lambda: instant + 1_000_001
    assert client.find_hetu(aino, clinic.phonebook(), HETU).where == "none"


def test_a_crowd_of_new_patients_a_minute_is_too_many(clinic: Clinic) -> None:
    stage = set_stage(clinic)
    answers = [ask(clinic.agent, new(stage, CompartmentClass.CHART, "helmi")) for _ in range(10)]
    assert answers[-1] == Refused("over-budget")
    assert isinstance(answers[8], protocol.Created)


def arrival(clinic: Clinic, **more: Any) -> Arrival:
    patient = uuid4()
    said: dict[str, Any] = {
        "patient": patient,
        "unit": clinic.unit(KALLIO),
        "therapist": clinic.id("helmi"),
        "hetu": HETU,
        "identity": Plain(Place(Kind.IDENTITY, patient, 1), WORDS),
        "phonebook": Plain(Place(Kind.PHONEBOOK, patient, 1), LINE),
        "notes": (Plain(Place(Kind.NOTE, uuid4(), 1), WORDS),),
    }
    return Arrival(**{**said, **more})


def test_what_cannot_be_brought_in_whole_leaves_nothing(clinic: Clinic) -> None:
    cookies = (clinic.session("mauri").cookie, clinic.session("pia").cookie)
    begun = ask(clinic.console, protocol.BeginBringingIn(*cookies, "old", 3))
    assert isinstance(begun, protocol.BringingIn)
    before = [one.leaf.act for one in queries.entries_from(0)]
    for wrong, reason in (
        ((arrival(clinic, therapist=None),), "not-allowed"),
        ((arrival(clinic, hetu="no code"),), "question-broken"),
        ((arrival(clinic),) * 4, "not-allowed"),
    ):
        assert ask(clinic.console, protocol.BringIn(begun.batch, wrong)) == Refused(reason)
    assert {one.leaf.act for one in queries.entries_from(len(before))} == {Act.REFUSED}
    fine = arrival(clinic, therapist=None, notes=(), hetu="")
    assert isinstance(
        ask(clinic.console, protocol.BringIn(begun.batch, (fine,))), protocol.BroughtIn
    )
    two = (arrival(clinic, hetu=""), arrival(clinic, hetu=""))
    begun = ask(clinic.console, protocol.BeginBringingIn(*cookies, "old", 3))
    assert isinstance(begun, protocol.BringingIn)
    assert isinstance(ask(clinic.console, protocol.BringIn(begun.batch, two)), protocol.BroughtIn)


def test_a_register_whose_officer_has_gone_is_forgotten(clinic: Clinic) -> None:
    cookies = (clinic.session("mauri").cookie, clinic.session("pia").cookie)
    begun = ask(clinic.console, protocol.BeginBringingIn(*cookies, "old", 3))
    assert isinstance(begun, protocol.BringingIn)
    clinic.install.forget_lapsed()
    assert clinic.install.batches
    client.sign_out(clinic.session("mauri"))
    clinic.install.forget_lapsed()
    assert ask(clinic.console, protocol.BringIn(begun.batch, ())) == Refused("not-allowed")


def test_an_answer_that_fits_no_frame_is_said_to_be_too_large(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = frames.encode(protocol.Colleagues(clinic.session("aino").cookie))
    monkeypatch.setattr(frames, "MAX_FRAME", 100)
    answer = frames.decode(clinic.agent.ask(question))
    assert answer == Refused("too-large")


def test_what_is_no_question_is_not_answered(clinic: Clinic) -> None:
    frame = frames.encode(protocol.Done())
    assert frames.decode(clinic.agent.ask(frame)) == Refused("question-broken")


def test_a_colleague_of_another_unit_finds_nothing_in_a_book_that_is_loaded(
    clinic: Clinic,
) -> None:
    stage = set_stage(clinic)
    stage.book.load_book([stage.line])
    aino, taito = clinic.session("aino"), clinic.session("taito")
    for words, many in (("mäkinen aada", 1), ("m", 0), ("12", 0), ("1", 0), ("0400", 0)):
        assert client.find(aino, clinic.phonebook(), words).total == many
    assert not client.find(taito, clinic.phonebook(), "mäkinen").is_loaded
    again = json.dumps({"name": "Aada Uusi", "phone": "00358 40 1"}).encode()
    place = Place(Kind.PHONEBOOK, stage.patient, 2)
    [row] = stage.book.seal([Plain(place, again)])
    stage.book.load_book([Sealed(place, row)])
    assert client.find(aino, clinic.phonebook(), "mäkinen").total == 0
    assert client.find(aino, clinic.phonebook(), "0401").total == 1
    assert client.find(aino, clinic.phonebook(TOOLO), "aada").is_loaded is False


def head(value: object, parts: bytes = b"") -> bytes:
    text = json.dumps(value).encode()
    return len(text).to_bytes(4) + text + parts


@pytest.mark.parametrize(
    "wrong",
    [
        head([protocol.VERSION + 1, "Check", [], []]),
        head([protocol.VERSION, "Check", [1], []]),
        head([protocol.VERSION, "Check", {}, []]),
        head([protocol.VERSION, "Check", [], [-1]]),
        head([protocol.VERSION, "Check", [], [True]]),
        head([protocol.VERSION, "Check", [], []], b"x"),
        head([protocol.VERSION, "TakeOutbox", ["no id"], []]),
        head([protocol.VERSION, "OutboxSent", ["0" * 32, 1], []]),
        head([protocol.VERSION, "Refused", [7], []]),
        head([protocol.VERSION, "Refused", ["\ud800"], []]),
        head([protocol.VERSION, "SignOut", [True], [1]], b"x"),
        head([protocol.VERSION, "SignOut", [-1], [1]], b"x"),
        head([protocol.VERSION, "SignOut", [1], [1]], b"x"),
        head([protocol.VERSION, "Unsealed", ["no list"], []]),
        head([protocol.VERSION, "Message", [], []]),
        head("[" * 5),
        b"",
    ],
)
def test_a_frame_that_is_nearly_right_is_refused(wrong: bytes) -> None:
    with pytest.raises(FrameBroken):
        frames.decode(wrong)
