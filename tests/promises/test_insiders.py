"""Colleagues, and code that runs in the pages: what they get, how fast, and that it is recorded."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest

from tests.cast import HOUR, Clinic
from tests.promises.everything import HETU, LINE, WORDS, Stage, ask, set_stage
from tests.promises.naive import Naive
from tests.warden.hostile import VAULT, make_chart, open_chart
from vaitiolo.keys.models import StoredCompartment, StoredGrant
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client, protocol
from vaitiolo.warden.client import NewCompartment, Place, Plain, Wanted
from vaitiolo.warden.kinds import Caller, CompartmentClass, Kind, Mode, Purpose
from vaitiolo.warden.protocol import Question
from vaitiolo.warden.server import starting
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.sign_ins import person_of
from vaitiolo.warden.session import Session


def needs_the_ledger(stage: Stage) -> Iterator[Question]:
    """Everything that opens, signs, grants, finds or lets somebody in."""
    clinic, helmi, aino = stage.clinic, stage.cookie("helmi"), stage.cookie("aino")
    yield protocol.Open(helmi, (Wanted(stage.chart, Mode.READ, Purpose.CARE),))
    place = Place(Kind.NOTE, uuid4(), 1)
    yield protocol.Seal(helmi, stage.writing.handle, (Plain(place, WORDS),))
    new = NewCompartment(CompartmentClass.CHART, uuid4(), (clinic.id("helmi"),), ())
    yield protocol.Create(aino, (new,))
    yield protocol.Grant(helmi, stage.chart, clinic.id("otso"))
    yield protocol.Find(aino, clinic.phonebook(), "mäkinen")
    yield protocol.FindHetu(aino, clinic.phonebook(), HETU)
    yield protocol.PutHetu(aino, stage.identity, HETU)
    yield protocol.BeginSearch(helmi, "parantunut", (stage.chart,))
    yield protocol.EndSearch(helmi, stage.search)
    yield protocol.PutOutbox(aino, uuid4(), 1_800_000_000, b"huomenna")
    yield protocol.RevokeCard(stage.cookie("ritva"), clinic.id("otso"), 1)


def test_p3_what_cannot_be_written_down_is_not_done(clinic: Clinic) -> None:
    stage = set_stage(clinic)
    stage.book.load_book([stage.line])
    client.scan_chart(clinic.session("helmi"), stage.search, stage.chart, documents=[stage.note])
    asked = list(needs_the_ledger(stage))
    rows = stored()
    clinic.install.recorder.stop()
    answers = {type(one).__name__: ask(clinic.agent, one) for one in asked}
    assert set(answers.values()) == {protocol.Refused("ledger-silent")}, answers
    assert rows == [
        model.objects.using(VAULT).count() for model in (StoredGrant, StoredCompartment)
    ]
    naive = Naive(log_works=False)
    naive.sign_in("helmi", "a long password")
    assert list(naive.open("helmi", [1]))
    assert not naive.log


def stored() -> list[int]:
    return [model.objects.using(VAULT).count() for model in (StoredGrant, StoredCompartment)]


def test_p10_nothing_fills_a_budget_up_again(clinic: Clinic) -> None:
    charts = [make_chart_later(clinic) for _ in range(16)]
    wanted = [Wanted(chart, Mode.READ, Purpose.CARE) for chart in charts]
    client.open_compartments(clinic.session("helmi"), wanted[:15])
    last = wanted[15:]
    client.sign_out(clinic.session("helmi"))
    clinic.seat("helmi")
    refuse_over_budget(clinic.session("helmi"), last)
    # A second warden beside the first; and, after it, the first one started again.
    for is_restart in (False, True):
        if is_restart:
            clinic.install.recorder.stop()
        refuse_over_budget_elsewhere(clinic, last)
    naive = Naive()
    naive.sign_in("helmi", "a long password")
    assert len(list(naive.open("helmi", [1] * 99))) == 15
    naive.sign_in("helmi", "a long password")
    assert len(list(naive.open("helmi", [1] * 99))) == 15


def make_chart_later(clinic: Clinic) -> UUID:
    clinic.clock.ahead += HOUR // 60
    return make_chart(clinic, uuid4())


def refuse_over_budget(session: Session, wanted: list[Wanted]) -> None:
    with pytest.raises(client.OverBudget):
        client.open_compartments(session, wanted)


def refuse_over_budget_elsewhere(clinic: Clinic, wanted: list[Wanted]) -> None:
    with starting.running(clinic.home, clinic.install.trust, clinic.clock) as other:
        cookie, person = bytes(32), clinic.people["helmi"]
        known = person_of(other, person.id, is_weak=False, network="")
        other.memory.seat(known, bytearray(person.seed), cookie=cookie, now=clinic.clock())
        refuse_over_budget(Session(cookie, Agent(other, caller=Caller.WEB)), wanted)


def test_p11_a_refused_batch_opens_none_of_its_parts(clinic: Clinic) -> None:
    own, others = make_chart(clinic, uuid4()), make_chart(clinic, uuid4(), "otso")
    wanted = tuple(Wanted(chart, Mode.READ, Purpose.CARE) for chart in (own, others))
    answer = ask(clinic.agent, protocol.Open(clinic.session("helmi").cookie, wanted))
    assert answer == protocol.Refused("not-granted")
    assert not clinic.install.memory._handles
    assert Act.OPEN_CHART not in {one.leaf.act for one in queries.entries_from(0)}
    naive = Naive()
    naive.sign_in("helmi", "a long password")
    assert len(list(naive.open("helmi", [1] * 16))) == 15


def test_p15_a_revoked_colleague_is_out_at_once(clinic: Clinic) -> None:
    stage, naive = set_stage(clinic), Naive()
    client.revoke_card(clinic.session("ritva"), clinic.id("helmi"), reason=1)
    tries: list[Callable[[], object]] = [
        lambda: client.recognise(clinic.session("helmi")),
        lambda: stage.reading.unseal([stage.note]),
        lambda: open_chart(clinic, stage.chart),
    ]
    for one in tries:
        with pytest.raises(client.SignedOut):
            one()
    naive.sign_in("helmi", "a long password")
    naive.tables["user"].pop(0)
    assert naive.sessions["helmi"]["key"]


def test_p19_a_search_gives_no_text_and_stays_in_the_own_caseload(clinic: Clinic) -> None:
    stage = set_stage(clinic)
    helmi, otso = clinic.session("helmi"), clinic.session("otso")
    client.scan_chart(helmi, stage.search, stage.chart, documents=[stage.note])
    answer = ask(clinic.agent, protocol.EndSearch(helmi.cookie, stage.search))
    assert isinstance(answer, protocol.Hits)
    assert answer.total == 1
    assert "parantunut" not in repr(answer)
    for asked in (
        protocol.BeginSearch(otso.cookie, "parantunut", (stage.chart,)),
        protocol.BeginSearch(clinic.session("aino").cookie, "mäkinen", (stage.identity,)),
    ):
        assert ask(clinic.agent, asked) == protocol.Refused("not-granted")
    assert [row for row in Naive().tables["note"] if "parantunut" in row["text"]]


def test_p20_a_register_is_brought_in_by_two_officers_at_the_console(clinic: Clinic) -> None:
    cookies = {name: clinic.session(name).cookie for name in ("mauri", "pia", "helmi", "aino")}
    refused = protocol.Refused("not-allowed")
    for first, second in (("mauri", "mauri"), ("mauri", "helmi"), ("aino", "pia")):
        asked = protocol.BeginBringingIn(cookies[first], cookies[second], "old", 1)
        assert ask(clinic.console, asked) == refused
    asked = protocol.BeginBringingIn(cookies["mauri"], cookies["pia"], "old", 1)
    assert ask(clinic.agent, asked) == refused
    begun = ask(clinic.console, asked)
    assert isinstance(begun, protocol.BringingIn)
    assert ask(clinic.agent, protocol.BringIn(begun.batch, ())) == refused
    naive = Naive()
    naive.tables["patient"] += [{"id": 2, "name": "brought in by one"}]
    assert naive.row("patient", id=2)


def test_p23_the_phone_book_is_looked_in_and_not_carried_away(clinic: Clinic) -> None:
    stage, aino = set_stage(clinic), clinic.session("aino")
    with pytest.raises(client.NotGranted):
        stage.book.unseal([stage.line])
    stage.book.load_book([stage.line])
    for number in range(30):
        place = Place(Kind.PHONEBOOK, uuid4(), 1)
        [row] = stage.book.seal([Plain(place, LINE.replace(b"Aada", b"Aada %d" % number))])
        stage.book.load_book([client.Sealed(place, row)])
    found = client.find(aino, clinic.phonebook(), "mäkinen")
    assert (found.total, len(found.rows)) == (31, 12)
    assert HETU.encode() not in b"".join(row.body for row in found.rows)
    assert HETU in str(Naive().tables["patient"])
