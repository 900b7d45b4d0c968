"""Which accounts a leak is consistent with: five patients leave one, and a copy leaves nobody."""

import random
from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from tests.cast import Clinic
from tests.ledger.tampering import tamper
from tests.warden.hostile import make_chart, open_chart
from tests.warden.leaks import begin
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.client import NotAllowed, NotGranted, Place, Plain
from vaitiolo.warden.client.incidents import read_incident
from vaitiolo.warden.client.leaks import (
    ConsistentFacts,
    LeakedPatient,
    LeakedVersion,
    ask_consistent,
)
from vaitiolo.warden.client.refusals import ScopeIncomplete, ScopeWrong
from vaitiolo.warden.kinds import Kind, Mode
from vaitiolo.warden.server.recording import Deed

ACCOUNTS, WIDE, PATIENTS, OWN, STRAY = 60, 4, 150, 20, 10


def leaked(*patients: UUID, is_noted: bool = True) -> list[LeakedPatient]:
    return [LeakedPatient(one, is_noted, ()) for one in patients]


def ask(
    clinic: Clinic, incident: UUID, patients: list[LeakedPatient], **times: int
) -> ConsistentFacts:
    said = {"since": 0, "until": clinic.clock(), **times}
    return ask_consistent(clinic.session("pia"), incident, patients, **said)


@dataclass
class House:
    """A ledger of many accounts: each opens its own patients, and strays; some open widely."""

    clinic: Clinic
    draw: random.Random = field(default_factory=lambda: random.Random(4))  # noqa: S311 - repeated
    accounts: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(ACCOUNTS)])
    patients: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(PATIENTS)])
    opened: dict[UUID, list[UUID]] = field(default_factory=dict)

    def work(self) -> "House":
        self.clinic.install.recording.begin_chains(self.patients)
        for number, account in enumerate(self.accounts):
            wide = PATIENTS // 2 if number < WIDE else OWN + STRAY
            self.opened[account] = self.draw.sample(self.patients, wide)
            self.clinic.install.recording.record(
                [
                    Deed(Act.OPEN_CHART, one, account, {"session": account.hex, "network": "x"})
                    for one in self.opened[account]
                    for _ in range(3 if number < WIDE else 1)
                ]
            )
        return self


def test_five_patients_leave_one_account_of_many(clinic: Clinic) -> None:
    house, incident = House(clinic).work(), begin(clinic)
    for thief in (house.accounts[17], house.accounts[WIDE - 1]):
        taken = house.draw.sample(house.opened[thief], 5)
        facts = ask(clinic, incident, leaked(*taken))
        whole = {one for one in house.accounts if set(taken) <= set(house.opened[one])}
        assert facts.whole == len(whole)
        assert (facts.patients, facts.erased, facts.total) == (5, 0, len(touching(house, taken)))
        # Nobody here is on the staff's list, so the session says which account it is.
        listed = [UUID(hex=one.sessions[0].session) for one in facts.accounts]
        assert set(listed[: facts.whole]) == whole
        assert thief in whole
        assert [one.covered for one in facts.accounts] == sorted(
            (one.covered for one in facts.accounts), reverse=True
        )
    # A list by how much was opened, as it is often made, names those who open the most.
    taken = house.draw.sample(house.opened[house.accounts[17]], 5)
    [first, *_] = Counter({one: len(house.opened[one]) for one in house.accounts}).most_common(1)
    assert first[0] != house.accounts[17]
    assert ask(clinic, incident, leaked(*taken)).whole == 1


def touching(house: House, taken: list[UUID]) -> set[UUID]:
    return {one for one in house.accounts if set(taken) & set(house.opened[one])}


def test_a_copy_of_the_database_is_consistent_with_nobody(clinic: Clinic) -> None:
    house, incident = House(clinic).work(), begin(clinic)
    facts = ask(clinic, incident, leaked(*house.patients))
    assert facts.whole == 0
    assert facts.accounts[0].covered < PATIENTS
    assert len(facts.accounts[0].missing) == 20
    charts = {make_chart(clinic, patient): patient for patient in (uuid4(), uuid4())}
    unread = ask(clinic, incident, leaked(*charts.values()))
    assert (unread.whole, unread.total, unread.accounts) == (0, 0, ())
    assert ask(clinic, incident, leaked(uuid4())).erased == 1


def test_a_stolen_session_is_listed_as_its_owners(clinic: Clinic) -> None:
    patients = [uuid4() for _ in range(3)]
    charts = [make_chart(clinic, patient) for patient in patients]
    open_chart(clinic, charts[0])
    own = clinic.cookies["helmi"]
    stolen = clinic.seat("helmi")
    assert stolen != own
    for chart in charts:
        open_chart(clinic, chart)
    [account] = ask(clinic, begin(clinic), leaked(*patients)).accounts
    assert (account.person, account.name) == (clinic.id("helmi"), "Helmi Halla")
    assert [one.patients for one in account.sessions] == [3, 1]
    assert account.covered == 3


def test_who_looked_only_before_the_leaked_version_or_after_the_leak_does_not_fit(
    clinic: Clinic,
) -> None:
    patient, note = uuid4(), uuid4()
    chart = make_chart(clinic, patient)
    open_chart(clinic, chart)
    clinic.clock.ahead += 30_000_000
    writing = open_chart(clinic, chart, mode=Mode.WRITE)
    sealed = b""
    for version in (1, 2):
        clinic.clock.ahead += 10_000_000
        place = Place(Kind.NOTE, note, version)
        before = clinic.clock()
        [sealed] = writing.seal([Plain(place, b'{"text":"x"}', sealed)])
    incident = begin(clinic)
    first, second = (
        [LeakedPatient(patient, is_noted=True, versions=(LeakedVersion(note, version),))]
        for version in (1, 2)
    )
    seen = ask(clinic, incident, first, until=before - 1)
    assert (seen.versions, seen.whole) == (1, 1)
    # The second version was signed later than the time that is asked for: nobody can have had it.
    unseen = ask(clinic, incident, second, until=before - 1)
    assert (unseen.versions, unseen.whole) == (1, 0)
    [writer] = ask(clinic, incident, second).accounts
    assert writer.person == clinic.id("helmi")
    # Opening a chart does not show who it is; nor is a leak of identifiers one of notes.
    assert ask(clinic, incident, leaked(patient, is_noted=False)).total == 0


def test_asking_is_an_entry_and_for_officers_in_the_incident(clinic: Clinic) -> None:
    incident = begin(clinic)
    patient = uuid4()
    ask(clinic, incident, leaked(patient))
    [line] = [
        one
        for one in read_incident(clinic.session("pia"), incident, []).lines
        if one.step == "accounts"
    ]
    assert (line.state, line.name) == ("none", "Pia Puro")
    with pytest.raises(NotAllowed):
        ask_consistent(clinic.session("helmi"), incident, leaked(patient), since=0, until=1)
    with pytest.raises(NotGranted):
        ask_consistent(clinic.session("mauri"), incident, leaked(patient), since=0, until=1)
    for wrong in ({"since": 2, "until": 1}, {"until": 1 << 60}):
        with pytest.raises(ScopeWrong):
            ask(clinic, incident, leaked(patient), **wrong)
    with pytest.raises(ScopeWrong):
        ask(clinic, incident, [])


def test_a_log_with_a_gap_gives_no_accounts(clinic: Clinic) -> None:
    patient = uuid4()
    open_chart(clinic, make_chart(clinic, patient))
    incident = begin(clinic)
    facts = ask(clinic, incident, leaked(patient))
    assert facts.whole == 1
    tamper('DELETE FROM ledger_entry WHERE "index" = %s', facts.asked - 2)
    with pytest.raises(ScopeIncomplete):
        ask(clinic, incident, leaked(patient))
