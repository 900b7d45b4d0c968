"""A key is turned: both epochs open meanwhile, nothing is lost, and who left opens nothing new."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from tests.cast import DAY, KALLIO, Clinic
from tests.warden.hostile import (
    VAULT,
    card_of,
    change_compartment,
    make_chart,
    open_chart,
)
from vaitiolo.keys import envelope, store
from vaitiolo.keys.models import StoredDue, StoredGrant, StoredRotation
from vaitiolo.keys.rows import DueReason
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client import NewCompartment, NotAllowed, NotGranted, Place, Plain, Sealed
from vaitiolo.warden.kinds import CompartmentClass, Kind, Mode, Purpose
from vaitiolo.warden.server import rotating

SETTLED = 3 * 60 * 1_000_000


@dataclass
class Chart:
    """A chart of Helmi's and Otso's with notes, and the rows that a page would keep."""

    clinic: Clinic
    id: UUID
    rows: dict[UUID, Sealed] = field(default_factory=dict)

    def write(self, text: bytes = b'{"text":"uni"}', by: str = "helmi") -> UUID:
        place = Place(Kind.NOTE, uuid4(), 1)
        writing = open_chart(self.clinic, self.id, by, Mode.WRITE)
        self.rows[place.row] = Sealed(place, writing.seal([Plain(place, text)])[0])
        return place.row

    def read(self, by: str = "helmi") -> list[client.Read]:
        return list(open_chart(self.clinic, self.id, by).unseal(list(self.rows.values())))

    def epochs(self) -> set[int]:
        return {envelope.epoch_of(row.sealed) for row in self.rows.values()}

    def reseal(self, by: str = "helmi") -> None:
        session, rows = self.clinic.session(by), list(self.rows.values())
        sealed = client.rotate_documents(session, self.id, rows)
        for row, new in zip(rows, sealed, strict=True):
            self.rows[row.place.row] = Sealed(row.place, new)

    def turn(self, by: str = "helmi") -> None:
        """Begin, seal anew, and commit, as the pages do."""
        client.begin_rotation(self.clinic.session(by), self.id)
        self.reseal(by)
        self.clinic.clock.ahead += SETTLED
        client.commit_rotation(self.clinic.session(by), self.id)

    def ask(self) -> None:
        rotating.ask(self.clinic.install, [self.id], why=DueReason.SUSPECTED)


@pytest.fixture
def chart(clinic: Clinic) -> Chart:
    made = Chart(clinic, make_chart(clinic, uuid4()))
    client.grant(clinic.session("helmi"), made.id, clinic.id("otso"))
    made.write()
    made.write(by="otso")
    return made


def acts() -> list[int]:
    return [one.leaf.act for one in queries.entries_from(0)]


def test_a_turned_key_opens_everything_and_authors_stay(chart: Chart) -> None:
    before = chart.read()
    chart.ask()
    chart.turn("otso")
    assert chart.epochs() == {2}
    assert [(one.body, one.author) for one in chart.read()] == [
        (one.body, one.author) for one in before
    ]
    assert not StoredGrant.objects.using(VAULT).filter(compartment=chart.id, epoch=1).exists()
    assert client.due_rotations(chart.clinic.session("helmi")).total == 0
    assert acts().count(Act.ROTATE_BEGIN) == acts().count(Act.ROTATE_COMMIT) == 1


def test_it_can_be_turned_again(chart: Chart) -> None:
    for epoch in (2, 3):
        chart.ask()
        chart.turn()
        chart.write()
        assert chart.epochs() == {epoch}
    assert len(chart.read("otso")) == 4


def test_the_recovery_card_is_never_left_out(chart: Chart) -> None:
    pinned = chart.clinic.install.trust.recovery.chart
    rotating.ask(chart.clinic.install, [chart.id], why=DueReason.LEFT, without=[pinned])
    chart.turn()
    grants = StoredGrant.objects.using(VAULT).filter(compartment=chart.id, epoch=2)
    assert grants.filter(recipient_card=pinned).count() == 1
    assert grants.count() == 3


def test_both_epochs_open_meanwhile_and_new_words_go_to_the_new_one(chart: Chart) -> None:
    handle = open_chart(chart.clinic, chart.id)
    chart.ask()
    client.begin_rotation(chart.clinic.session("helmi"), chart.id)
    row = chart.write(by="otso")
    assert envelope.epoch_of(chart.rows[row].sealed) == 2
    assert chart.epochs() == {1, 2}
    assert len(handle.unseal(list(chart.rows.values()))) == 3


def test_a_version_follows_its_predecessor_across_the_turn(chart: Chart) -> None:
    first = next(iter(chart.rows.values()))
    chart.ask()
    chart.turn()
    writing = open_chart(chart.clinic, chart.id, mode=Mode.WRITE)
    place = Place(Kind.NOTE, first.place.row, 2)
    with pytest.raises(client.SealBroken):
        writing.seal([Plain(place, b"{}", first.sealed)])
    present = chart.rows[first.place.row]
    [second] = writing.seal([Plain(place, b"{}", present.sealed)])
    read = open_chart(chart.clinic, chart.id).unseal([present, Sealed(place, second)])
    assert [one.author for one in read] == [chart.clinic.id("helmi")] * 2


def test_a_commit_before_everything_has_settled_is_refused(chart: Chart) -> None:
    chart.ask()
    helmi = chart.clinic.session("helmi")
    client.begin_rotation(helmi, chart.id)
    [turning] = client.due_rotations(helmi).rotations
    assert (turning.epoch, turning.is_settled) == (2, False)
    with pytest.raises(NotAllowed):
        client.commit_rotation(helmi, chart.id)
    chart.clinic.clock.ahead += SETTLED
    assert client.due_rotations(helmi).rotations[0].is_settled


def test_a_key_that_nobody_asked_to_turn_is_not_turned(chart: Chart) -> None:
    for name, refusal in (("helmi", NotAllowed), ("aino", NotGranted)):
        with pytest.raises(refusal):
            client.begin_rotation(chart.clinic.session(name), chart.id)
    with pytest.raises(NotAllowed):
        client.rotate_documents(chart.clinic.session("helmi"), chart.id, [])


def test_who_is_granted_meanwhile_opens_old_and_new(chart: Chart) -> None:
    chart.clinic.clock.ahead += SETTLED
    chart.ask()
    client.withdraw(chart.clinic.session("helmi"), [chart.id], chart.clinic.id("otso"))
    client.grant(chart.clinic.session("helmi"), chart.id, chart.clinic.id("otso"))
    assert len(chart.read("otso")) == 2
    chart.turn()
    assert len(chart.read("otso")) == 2


def test_a_broken_row_does_not_keep_the_old_key_alive(chart: Chart) -> None:
    whole = next(iter(chart.rows.values()))
    broken = Sealed(whole.place, whole.sealed[:-1] + bytes([whole.sealed[-1] ^ 1]))
    chart.ask()
    helmi = chart.clinic.session("helmi")
    client.begin_rotation(helmi, chart.id)
    sealed = client.rotate_documents(helmi, chart.id, [broken, whole])
    assert sealed[0] == b""
    assert envelope.epoch_of(sealed[1]) == 2
    assert acts()[-1] == Act.REFUSED


def test_withdrawn_is_refused_at_once_and_the_key_is_being_turned(chart: Chart) -> None:
    held = open_chart(chart.clinic, chart.id, "otso")
    client.withdraw(chart.clinic.session("helmi"), [chart.id], chart.clinic.id("otso"))
    for attempt in (lambda: held.unseal(list(chart.rows.values())), lambda: chart.read("otso")):
        with pytest.raises(NotGranted):
            attempt()
    row = store.compartment(chart.id)
    assert row is not None
    assert row.pending_epoch == 2
    assert Act.REVOKE_GRANT in acts()
    assert not StoredGrant.objects.using(VAULT).filter(
        recipient_card=card_of(chart.clinic, "otso").id, compartment=chart.id
    )


def test_a_grant_or_an_epoch_that_is_put_back_by_hand_is_not_believed(chart: Chart) -> None:
    rows = StoredGrant.objects.using(VAULT).filter(compartment=chart.id)
    before = list(rows)
    client.withdraw(chart.clinic.session("helmi"), [chart.id], chart.clinic.id("otso"))
    StoredGrant.objects.using(VAULT).bulk_create(before, ignore_conflicts=True)
    with pytest.raises(NotGranted):
        chart.read("otso")
    chart.turn()
    # All of it as it was before: whoever writes now would write for the one who was sent away.
    StoredGrant.objects.using(VAULT).bulk_create(before, ignore_conflicts=True)
    change_compartment(chart.id, epoch=1)
    for name in ("otso", "helmi"):
        with pytest.raises(client.SealBroken):
            open_chart(chart.clinic, chart.id, name, Mode.WRITE)


def test_a_planted_rotation_is_worth_nothing(chart: Chart) -> None:
    chart.ask()
    client.begin_rotation(chart.clinic.session("helmi"), chart.id)
    StoredRotation.objects.using(VAULT).update(leaf_index=1)
    chart.clinic.install.cards.forget()
    with pytest.raises(NotGranted):
        chart.read()


def test_whom_a_colleague_let_in_stays_when_the_colleague_goes(chart: Chart) -> None:
    clinic = chart.clinic
    client.withdraw(clinic.session("helmi"), [chart.id], clinic.id("otso"))
    chart.turn()
    client.grant(clinic.session("helmi"), chart.id, clinic.id("otso"))
    client.withdraw(clinic.session("otso"), [chart.id], clinic.id("helmi"))
    clinic.install.cards.forget()
    assert len(chart.read("otso")) == 2
    with pytest.raises(NotGranted):
        chart.read("helmi")


def test_a_substitute_does_not_send_the_therapist_away(clinic: Clinic) -> None:
    chart = make_chart(clinic, uuid4())
    until = clinic.install.today() + 7
    client.grant(clinic.session("helmi"), chart, clinic.id("otso"), until=until)
    with pytest.raises(NotAllowed):
        client.withdraw(clinic.session("otso"), [chart], clinic.id("helmi"))
    client.withdraw(clinic.session("otso"), [chart], clinic.id("otso"))
    with pytest.raises(NotAllowed):
        client.withdraw(clinic.session("helmi"), [chart], clinic.id("helmi"))


def test_what_ended_by_itself_is_withdrawn_and_turned(clinic: Clinic) -> None:
    chart = Chart(clinic, make_chart(clinic, uuid4()))
    chart.write()
    client.grant(clinic.session("helmi"), chart.id, clinic.id("otso"), until=clinic.install.today())
    assert client.due_rotations(clinic.session("helmi")).total == 0
    clinic.clock.ahead += 2 * DAY
    for name in ("helmi", "otso"):
        clinic.seat(name)
    with pytest.raises(NotGranted):
        chart.read("otso")
    for _twice in range(2):
        assert client.due_rotations(clinic.session("helmi")).total == 1
    assert acts().count(Act.REVOKE_GRANT) == 1
    chart.turn()
    assert len(chart.read()) == 1


def test_who_leaves_is_left_out_and_the_others_stay(chart: Chart) -> None:
    clinic = chart.clinic
    card = card_of(clinic, "otso").id
    rotating.ask(clinic.install, [chart.id], why=DueReason.LEFT, without=[card])
    client.revoke_card(clinic.session("ritva"), clinic.id("otso"), reason=1)
    chart.turn()
    grants = StoredGrant.objects.using(VAULT).filter(compartment=chart.id)
    assert card not in {bytes(one) for one in grants.values_list("recipient_card", flat=True)}
    assert [one.author for one in chart.read()] == [clinic.id("helmi"), clinic.id("otso")]
    assert not StoredDue.objects.using(VAULT).exists()


def test_a_role_turns_what_it_holds_and_the_seed_of_the_role_itself(clinic: Clinic) -> None:
    aino, patient = clinic.session("aino"), uuid4()
    new = NewCompartment(CompartmentClass.IDENTITY, patient, (), (clinic.unit(KALLIO),))
    [identity] = client.create_compartments(aino, [new])
    [role] = [
        one.compartment
        for one in clinic.install.memory.find(aino.cookie, now=clinic.clock()).person.roles
    ]
    rotating.ask(clinic.install, [identity, role], why=DueReason.LEFT)
    for compartment in (role, identity):
        client.begin_rotation(aino, compartment)
    stored = store.compartment(role)
    assert stored is not None
    assert (stored.epoch, stored.pending_epoch) == (2, None)
    clinic.clock.ahead += SETTLED
    client.commit_rotation(aino, identity)
    assert client.open_compartment(aino, identity, purpose=Purpose.RECEPTION)


def test_two_who_turn_at_once_turn_once(chart: Chart) -> None:
    chart.ask()
    sessions = [chart.clinic.session(name) for name in ("helmi", "otso")]
    assert [client.begin_rotation(one, chart.id) for one in sessions] == [2, 2]
    chart.reseal("otso")
    chart.reseal("helmi")
    chart.clinic.clock.ahead += SETTLED
    client.commit_rotation(sessions[0], chart.id)
    with pytest.raises(NotAllowed):
        client.commit_rotation(sessions[1], chart.id)
    assert len(chart.read("otso")) == 2


def test_a_planted_request_to_turn_somebody_away_is_recorded_and_not_followed(chart: Chart) -> None:
    otsos = card_of(chart.clinic, "otso").id
    rotating.ask(chart.clinic.install, [chart.id], why=DueReason.LEFT, without=[otsos])
    chart.turn()
    assert len(chart.read("otso")) == 2
    refused = [one for one in queries.entries_from(0) if one.leaf.act is Act.REFUSED]
    assert len(refused) == 1
    assert not store.due_of(chart.id)
