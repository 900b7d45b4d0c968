"""What a day asks of the warden: books, desks, searches, drafts, reminders, a register."""

import json
from uuid import UUID, uuid4

import pytest

from tests.cast import DAY, HOUR, KALLIO, TOOLO, Clinic
from vaitiolo.warden import client, protocol
from vaitiolo.warden.client import (
    Arrival,
    NewCompartment,
    NotAllowed,
    NotGranted,
    OverBudget,
    Place,
    Plain,
    Sealed,
    SignedOut,
    ToDrop,
    Wanted,
)
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode, Purpose
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.session import Session

HETU = "010190-999W"


def chart_of(clinic: Clinic, patient: UUID, therapist: str = "helmi") -> UUID:
    new = NewCompartment(CompartmentClass.CHART, patient, (clinic.id(therapist),), ())
    return client.create_compartments(clinic.session("aino"), [new])[0]


def body(**words: str) -> bytes:
    return json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_a_phone_book_is_searched_in_memory(clinic: Clinic) -> None:
    aino, patient = clinic.session("aino"), uuid4()
    book = client.open_compartment(aino, clinic.phonebook(), purpose=Purpose.RECEPTION)
    place = Place(Kind.PHONEBOOK, patient, 1)
    entry = body(name="Aino Mäkinen", hetu=HETU, phone="+358 40 123 4567", born="1990-01-01")
    [row] = book.seal([Plain(place, entry)])
    assert not client.find(aino, clinic.phonebook(), "mäk").is_loaded
    book.load_book([Sealed(place, row)])
    for words in ("mäk", "makinen aino", "040 123", "1.1.1990", HETU.lower()):
        found = client.find(aino, clinic.phonebook(), words)
        assert [one.patient for one in found.rows] == [patient], words
        assert HETU.encode() not in found.rows[0].body
    assert client.find(aino, clinic.phonebook(), "virtanen").rows == ()


def test_a_book_that_is_being_loaded_is_not_forgotten_meanwhile(clinic: Clinic) -> None:
    aino = clinic.session("aino")
    book = client.open_compartment(aino, clinic.phonebook(), purpose=Purpose.RECEPTION)
    for number in range(3):
        place = Place(Kind.PHONEBOOK, uuid4(), 1)
        [row] = book.seal([Plain(place, body(name=f"Aada Mäkinen {number}"))])
        book.load_book([Sealed(place, row)], is_complete=number == 2)
        clinic.install.forget_lapsed()
    assert client.find(aino, clinic.phonebook(), "mäkinen").total == 3


def test_a_book_of_another_unit_stays_closed(clinic: Clinic) -> None:
    with pytest.raises(NotGranted):
        client.open_compartment(
            clinic.session("taito"), clinic.phonebook(KALLIO), purpose=Purpose.RECEPTION
        )


def test_an_identity_code_is_known_here_perhaps_elsewhere_or_nowhere(clinic: Clinic) -> None:
    aino, taito, patient = clinic.session("aino"), clinic.session("taito"), uuid4()
    new = NewCompartment(CompartmentClass.IDENTITY, patient, (), (clinic.unit(KALLIO),))
    [identity] = client.create_compartments(aino, [new])
    assert client.find_hetu(aino, clinic.phonebook(), HETU).where == "none"
    client.put_hetu(aino, identity, HETU)
    found = client.find_hetu(taito, clinic.phonebook(TOOLO), HETU)
    assert (found.where, found.patient) == ("perhaps-elsewhere", None)


def test_a_desk_takes_what_others_lay_on_it_and_refuses_what_nobody_signed(
    clinic: Clinic,
) -> None:
    [dropped] = client.drop(
        clinic.session("aino"), [ToDrop(clinic.id("helmi"), uuid4(), b'{"op":"booked"}')]
    )
    helmi = clinic.session("helmi")
    desk = client.open_compartment(helmi, clinic.desk("helmi"), purpose=Purpose.OWN_DESK)
    forged = dropped[:-1] + bytes([dropped[-1] ^ 1])
    good, bad = desk.open_drops([dropped, forged])
    assert (good.body, good.author_name) == (b'{"op":"booked"}', "Aino Aho")
    assert bad.body == b""
    with pytest.raises(NotGranted):
        client.open_compartment(
            clinic.session("otso"), clinic.desk("helmi"), purpose=Purpose.OWN_DESK
        )


def test_a_search_finds_words_in_the_own_caseload_and_nowhere_else(clinic: Clinic) -> None:
    helmi, chart, note = clinic.session("helmi"), chart_of(clinic, uuid4()), uuid4()
    writing = client.open_compartment(helmi, chart, purpose=Purpose.CARE, mode=Mode.WRITE)
    place = Place(Kind.NOTE, note, 1)
    [sealed] = writing.seal([Plain(place, body(text="Yöunet ovat parantuneet."))])
    search = client.begin_search(helmi, "YÖUNET parantuneet", [chart])
    client.scan_chart(helmi, search, chart, documents=[Sealed(place, sealed)])
    hits = client.end_search(helmi, search)
    assert [(hit.compartment, hit.place) for hit in hits.hits] == [(chart, place)]
    with pytest.raises(NotGranted):
        client.begin_search(clinic.session("otso"), "yöunet", [chart])


def test_an_amendment_names_its_predecessor(clinic: Clinic) -> None:
    helmi, chart, note = clinic.session("helmi"), chart_of(clinic, uuid4()), uuid4()
    writing = client.open_compartment(helmi, chart, purpose=Purpose.CARE, mode=Mode.WRITE)
    [first] = writing.seal([Plain(Place(Kind.NOTE, note, 1), body(text="yksi"))])
    [second] = writing.seal([Plain(Place(Kind.NOTE, note, 2), body(text="kaksi"), first)])
    reading = client.open_compartment(helmi, chart, purpose=Purpose.CARE)
    both = [
        Sealed(Place(Kind.NOTE, note, 1), first),
        Sealed(Place(Kind.NOTE, note, 2), second),
    ]
    assert [read.body for read in reading.unseal(both)] == [body(text="yksi"), body(text="kaksi")]
    with pytest.raises(client.SealBroken):
        reading.unseal([Sealed(Place(Kind.NOTE, note, 2), first)])


def test_reception_never_opens_a_chart_and_no_second_one_is_made(clinic: Clinic) -> None:
    patient = uuid4()
    chart = chart_of(clinic, patient)
    with pytest.raises(NotGranted):
        client.open_compartment(clinic.session("aino"), chart, purpose=Purpose.RECEPTION)
    with pytest.raises(NotAllowed):
        chart_of(clinic, patient, "otso")
    new = NewCompartment(CompartmentClass.CHART, uuid4(), (clinic.id("aino"),), ())
    with pytest.raises(NotAllowed):
        client.create_compartments(clinic.session("aino"), [new])


def test_a_colleague_joins_the_care_team_until_a_day(clinic: Clinic) -> None:
    chart = chart_of(clinic, uuid4())
    today = clinic.install.today()
    client.grant(clinic.session("helmi"), chart, clinic.id("otso"), until=today + 7)
    opened = client.open_compartment(clinic.session("otso"), chart, purpose=Purpose.CARE)
    assert {(reader.name, reader.until) for reader in opened.readers} == {
        ("Helmi Halla", None),
        ("Otso Oja", today + 7),
    }
    clinic.clock.ahead = 8 * DAY
    clinic.seat("otso")
    with pytest.raises(NotGranted):
        client.open_compartment(clinic.session("otso"), chart, purpose=Purpose.CARE)


def test_the_sixteenth_chart_in_an_hour_stays_closed(clinic: Clinic) -> None:
    charts = []
    for _ in range(16):
        charts.append(chart_of(clinic, uuid4()))
        clinic.clock.ahead += HOUR // 60
    helmi = clinic.session("helmi")
    wanted = [Wanted(chart, Mode.READ, Purpose.CARE) for chart in charts]
    with pytest.raises(OverBudget):
        client.open_compartments(helmi, wanted)
    client.open_compartments(helmi, wanted[:15])
    clinic.seat("helmi")
    with pytest.raises(OverBudget):
        client.open_compartments(clinic.session("helmi"), wanted[15:])
    client.open_compartments(clinic.session("helmi"), wanted[:3])


def test_a_revoked_colleague_is_out_at_once(clinic: Clinic) -> None:
    chart = chart_of(clinic, uuid4())
    helmi = clinic.session("helmi")
    client.recognise(helmi)
    client.revoke_card(clinic.session("ritva"), clinic.id("helmi"), reason=1)
    with pytest.raises(SignedOut):
        client.open_compartment(helmi, chart, purpose=Purpose.CARE)
    with pytest.raises(NotAllowed):
        client.revoke_card(clinic.session("aino"), clinic.id("otso"), reason=1)


def test_two_officers_bring_a_register_in(clinic: Clinic) -> None:
    patient, note = uuid4(), uuid4()
    mauri, pia = clinic.session("mauri"), clinic.session("pia")
    first, second = (Session(one.cookie, clinic.console) for one in (mauri, pia))
    batch = client.begin_bringing_in(first, second, source="old register", patients=1)
    arrival = Arrival(
        patient,
        clinic.unit(KALLIO),
        clinic.id("helmi"),
        HETU,
        Plain(Place(Kind.IDENTITY, patient, 1), body(name="Veli Virta")),
        Plain(Place(Kind.PHONEBOOK, patient, 1), body(name="Veli Virta", hetu=HETU)),
        (Plain(Place(Kind.NOTE, note, 1), body(text="ennen")),),
    )
    [arrived] = client.bring_in(clinic.console, batch, [arrival])
    assert arrived.chart is not None
    client.end_bringing_in(clinic.console, batch)
    chart = client.open_compartment(clinic.session("helmi"), arrived.chart, purpose=Purpose.CARE)
    [read] = chart.unseal([Sealed(arrival.notes[0].place, arrived.sealed_notes[0])])
    assert (read.body, read.author_name) == (body(text="ennen"), "Mauri Mäki")
    book = client.open_compartment(
        clinic.session("aino"), clinic.phonebook(), purpose=Purpose.RECEPTION
    )
    book.load_book([Sealed(arrival.phonebook.place, arrived.sealed_phonebook)])
    assert client.find(clinic.session("aino"), clinic.phonebook(), "virta").total == 1
    with pytest.raises(client.NotAllowed):
        client.ask(clinic.agent, protocol.BringIn(batch, (arrival,)), protocol.BroughtIn)


def test_idle_and_absolute_limits_end_a_session(clinic: Clinic) -> None:
    helmi = clinic.session("helmi")
    clinic.clock.ahead += HOUR // 4 + 1_000_000
    with pytest.raises(SignedOut):
        client.recognise(helmi)


def test_a_card_runs_out(clinic: Clinic) -> None:
    clinic.clock.ahead += 401 * DAY
    with pytest.raises(No, match="card-ended"):
        clinic.seat("helmi")
