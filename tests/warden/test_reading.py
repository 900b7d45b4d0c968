"""Reading, in the corners: drafts, missing versions, lapsed handles, a silent ledger."""

from uuid import uuid4

import pytest

from tests.cast import DAY, HOUR, KALLIO, Clinic
from tests.promises.everything import WORDS, ask, set_stage
from tests.warden.hostile import make_chart, open_chart
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client, protocol
from vaitiolo.warden.client import NewCompartment, NotAllowed, Place, Plain, SealBroken, Sealed
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode, Purpose


def test_reopening_a_draft_is_an_entry_and_asking_for_nothing_is_none(clinic: Clinic) -> None:
    stage = set_stage(clinic)
    place = Place(Kind.DRAFT, uuid4(), 1)
    [sealed] = stage.writing.seal([Plain(place, WORDS)])
    before = len(list(queries.entries_from(0)))
    assert stage.reading.unseal([]) == stage.desk.open_drops([]) == ()
    [read] = stage.reading.unseal([Sealed(place, sealed)])
    assert (read.body, read.author) == (WORDS, None)
    assert [one.leaf.act for one in queries.entries_from(before)] == [Act.REOPEN_DRAFT]


def test_a_version_that_follows_another_than_the_one_beside_it_is_refused(clinic: Clinic) -> None:
    stage = set_stage(clinic)
    first, second = (Place(Kind.NOTE, uuid4(), number) for number in (1, 2))
    second = Place(Kind.NOTE, first.row, 2)
    [one] = stage.writing.seal([Plain(first, WORDS)])
    [other] = stage.writing.seal([Plain(first, b'{"text":"muu"}')])
    [after] = stage.writing.seal([Plain(second, WORDS, one)])
    assert stage.reading.unseal([Sealed(second, after)])
    with pytest.raises(SealBroken):
        stage.reading.unseal([Sealed(first, other), Sealed(second, after)])


def test_a_desk_is_read_with_its_own_handle_and_nothing_dropped_for_who_left(
    clinic: Clinic,
) -> None:
    stage, helmi = set_stage(clinic), clinic.session("helmi")
    writing = client.open_compartment(
        helmi, clinic.desk("helmi"), purpose=Purpose.OWN_DESK, mode=Mode.WRITE
    )
    for handle in (stage.reading, writing):
        with pytest.raises(client.NotGranted):
            handle.open_drops([stage.dropped])
    client.revoke_card(clinic.session("ritva"), clinic.id("otso"), reason=1)
    with pytest.raises(NotAllowed):
        client.drop(helmi, [client.ToDrop(clinic.id("otso"), uuid4(), b"")])


def test_a_refusal_that_cannot_be_written_down_says_only_that(clinic: Clinic) -> None:
    otso, chart = clinic.session("otso"), make_chart(clinic, uuid4())
    clinic.install.recorder.stop()
    with pytest.raises(client.LedgerSilent):
        client.open_compartment(otso, chart, purpose=Purpose.CARE)


def test_the_twenty_fifth_patient_of_a_day_alerts_and_no_hour_is_too_short(clinic: Clinic) -> None:
    charts = []
    for _ in range(25):
        clinic.clock.ahead += HOUR // 60
        clinic.seat("aino")
        charts.append(make_chart(clinic, uuid4()))
    for number, chart in enumerate(charts):
        clinic.clock.ahead += HOUR // 10 if number else 0
        clinic.seat("helmi")
        open_chart(clinic, chart)
    acts = [one.leaf.act for one in queries.entries_from(0)]
    assert acts.count(Act.ALERT) == 1
    assert acts[-1] is Act.ALERT
    clinic.clock.ahead += DAY
    clinic.seat("helmi")
    assert open_chart(clinic, charts[0])


def test_readers_are_told_with_the_unit_whose_role_can_open(clinic: Clinic) -> None:
    aino = clinic.session("aino")
    new = NewCompartment(CompartmentClass.IDENTITY, uuid4(), (), (clinic.unit(KALLIO),))
    [identity] = client.create_compartments(aino, [new])
    opened = client.open_compartment(aino, identity, purpose=Purpose.RECEPTION)
    [reader] = opened.readers
    assert (reader.person, reader.unit, reader.role) == (None, clinic.unit(KALLIO), 2)
    assert opened.recoveries == ("contact",)


def test_two_searches_at_once_and_no_more(clinic: Clinic) -> None:
    stage, helmi = set_stage(clinic), clinic.session("helmi")
    client.scan_chart(helmi, stage.search, stage.chart, documents=[])
    assert client.end_search(helmi, stage.search).total == 0
    searches = [client.begin_search(helmi, "kissa", [stage.chart]) for _ in range(3)]
    client.scan_chart(helmi, searches[2], stage.chart, documents=[stage.note])
    gone = ask(clinic.agent, protocol.EndSearch(helmi.cookie, searches[0]))
    assert gone == protocol.Refused("not-granted")
    assert client.end_search(helmi, searches[2]).total == 0


def test_handles_do_not_pile_up(clinic: Clinic) -> None:
    chart = make_chart(clinic, uuid4())
    open_chart(clinic, chart)
    clinic.clock.ahead += HOUR // 30
    open_chart(clinic, chart)
    assert len(clinic.install.memory._handles) == 1
    clinic.clock.ahead += HOUR // 30
    clinic.install.forget_lapsed()
    assert not clinic.install.memory._handles
