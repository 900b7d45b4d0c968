"""A clinic, its courier and real witnesses: what is believed, who waits, what a liar attains."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connections

from tests.cast import Clinic
from vaitiolo.config.worker.courier import Away, Courier, Posted, carrying, post
from vaitiolo.keys.trust import Witness as Pinned
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.models import Cosignature
from vaitiolo.ledger.verify import checkpoints, cosignatures
from vaitiolo.ledger.verify.cosignatures import Cosigner
from vaitiolo.warden import client, protocol
from vaitiolo.warden.client import NewCompartment, NoWitness, witnessing
from vaitiolo.warden.client.refusals import CosignatureBroken
from vaitiolo.warden.kinds import Caller, CompartmentClass
from vaitiolo.warden.server import alarms, witnesses
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.doorway import Doorway
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import OverSocket
from vaitiolo.witness import alarms as outside
from vaitiolo.witness.alarms import Limits
from vaitiolo.witness.answering import Witness
from vaitiolo.witness.keeping import Memory
from vaitiolo.witness.serving import serving

pytestmark = pytest.mark.enable_socket

NAMES = ("w1.example/1", "w2.example/1", "w3.example/1")
LIMITS = Limits(silence=600, alert=3600)


@dataclass
class House:
    """A clinic whose policy names three witnesses, two of which must agree; all at work."""

    clinic: Clinic
    witnesses: dict[str, Witness]
    addresses: dict[str, str]
    worker: Agent

    def courier(
        self, name: str = NAMES[0], visit: Callable[[str, bytes], Posted] = post
    ) -> Courier:
        return Courier(self.worker, name, self.addresses[name], visit)

    def publish(self) -> checkpoints.Checkpoint:
        note = self.clinic.install.recorder.checkpoint_now()
        self.clinic.clock.ahead += witnesses.OFFERED_FOR
        return checkpoints.read(note, witnesses.log_key(self.clinic.install))

    def kinds(self, name: str = NAMES[0]) -> list[str]:
        return [one.kind for one in outside.look(self.witnesses[name], LIMITS)]

    def acts(self) -> list[int]:
        return [entry.leaf.act for entry in queries.entries_from(0)]


@pytest.fixture
def house(clinic: Clinic, tmp_path: Path) -> Iterator[House]:
    install, key = clinic.install, witnesses.log_key(clinic.install)
    install.waiting.patience = 0.3
    made: dict[str, Witness] = {}
    with ExitStack() as stack:
        addresses = {}
        for name in NAMES:
            cosigner = Cosigner(name, cosignatures.draw_seed())
            memory = Memory(tmp_path / f"{name[:2]}.sqlite3")
            clock = lambda: clinic.clock() // 1_000_000  # noqa: E731 - the clinic's clock, in seconds
            made[name] = Witness(cosigner, {key.origin: key}, memory, clock)
            door = stack.enter_context(serving(("127.0.0.1", 0), made[name]))
            addresses[name] = f"http://127.0.0.1:{door.server_address[1]}"
        pins = tuple(Pinned(name, one.cosigner.key.public) for name, one in made.items())
        ledger = replace(install.trust.ledger, quorum=2)
        install.trust = replace(install.trust, witnesses=pins, ledger=ledger)
        yield House(clinic, made, addresses, Agent(install, caller=Caller.WORKER))


def deed(clinic: Clinic) -> None:
    """Something ordinary that is recorded, and never waits for a witness."""
    new = NewCompartment(CompartmentClass.CHART, uuid4(), (clinic.id("helmi"),), ())
    client.create_compartments(clinic.session("helmi"), [new])


def risky(clinic: Clinic) -> bytes:
    first, second = (
        Session(clinic.session(one).cookie, clinic.console) for one in ("mauri", "pia")
    )
    return client.begin_bringing_in(first, second, source="old", patients=1)


def test_a_courier_brings_cosignatures_and_what_is_published_carries_them(house: House) -> None:
    for _round in range(2):
        deed(house.clinic)
        stated = house.publish()
        assert all(house.courier(name).visit() for name in NAMES)
        assert witnesses.size_seen(house.clinic.install) == stated.size
    public = house.clinic.home / "ledger"
    note = (public / witnesses.WITNESSED).read_text()
    key = witnesses.log_key(house.clinic.install)
    assert checkpoints.read(note, key) == stated
    lines = note.partition("\n\n")[2]
    for witness in house.witnesses.values():
        assert cosignatures.find(lines, witness.cosigner.key, origin=key.origin, stated=stated)
    policy = (public / witnesses.POLICY).read_text()
    assert f"log {key.verifier}\n" in policy
    assert "group enough 2 W1 W2 W3\nquorum enough\n" in policy


def test_the_same_line_brought_twice_is_kept_once(house: House) -> None:
    house.publish()
    brought: list[Posted] = []

    def listening(url: str, body: bytes) -> Posted:
        brought.append(post(url, body))
        return brought[-1]

    assert house.courier(visit=listening).visit()
    size = house.publish().size
    witnessing.bring_cosignature(house.worker, NAMES[0], size=size, lines=brought[0].text)
    assert Cosignature.objects.count() == 1


def test_without_witnesses_a_risky_act_is_refused_after_its_entry_and_before_anything_is_given(
    house: House,
) -> None:
    with pytest.raises(NoWitness):
        risky(house.clinic)
    assert house.acts()[-2:] == [Act.BRING_IN, Act.REFUSED]
    assert not house.clinic.install.batches
    deed(house.clinic)


def test_with_couriers_at_work_a_risky_act_goes_on_and_one_witness_is_not_enough(
    house: House, tmp_path: Path
) -> None:
    install, door = house.clinic.install, tmp_path / "run"
    one, all_of_them = {NAMES[0]: house.addresses[NAMES[0]]}, house.addresses
    with Doorway(install, door, welcome=dict.fromkeys(Caller, frozenset({os.getuid()}))):
        transport = OverSocket(door / "worker.sock")
        with carrying(transport, one), pytest.raises(NoWitness):
            risky(house.clinic)
        install.waiting.patience = 60
        with carrying(transport, all_of_them):
            assert risky(house.clinic)
        transport.close()
    index = house.acts().index(Act.BRING_IN)
    assert witnesses.size_seen(house.clinic.install) > index


def test_a_witness_that_lies_keeps_nobody_from_the_honest_ones(
    house: House, tmp_path: Path
) -> None:
    install, door = house.clinic.install, tmp_path / "run"
    install.waiting.patience = 60
    liar = Cosigner(NAMES[0], cosignatures.draw_seed())

    def lying(url: str, body: bytes) -> Posted:
        if not url.startswith(house.addresses[NAMES[0]]):
            return post(url, body)
        origin, stated = cosignatures.parse_unverified(body.decode().partition("\n\n")[2])
        return Posted(200, liar.cosign(origin, stated, at=house.witnesses[NAMES[0]].clock()))

    with Doorway(install, door, welcome=dict.fromkeys(Caller, frozenset({os.getuid()}))):
        transport = OverSocket(door / "worker.sock")
        with carrying(transport, house.addresses, visits=lying):
            assert risky(house.clinic)
        transport.close()
    assert set(Cosignature.objects.values_list("witness", flat=True)) == set(NAMES[1:])


def test_a_policy_without_a_quorum_waits_for_nobody(house: House) -> None:
    install = house.clinic.install
    install.trust = replace(install.trust, ledger=replace(install.trust.ledger, quorum=0))
    assert risky(house.clinic)


def test_what_would_take_effect_by_its_entry_is_announced_before(house: House) -> None:
    """Handing over: its entry alone lifts a figure for a day, so it must not stand."""
    install = house.clinic.install
    patient = uuid4()
    new = NewCompartment(CompartmentClass.CHART, patient, (house.clinic.id("helmi"),), ())
    helmi = house.clinic.session("helmi")
    client.create_compartments(helmi, [new])
    hand_over = protocol.BeginHandOver(helmi.cookie, house.clinic.id("otso"), (patient,), b"")
    with pytest.raises(NoWitness):
        client.ask(house.clinic.agent, hand_over, protocol.Done)
    assert Act.HAND_OVER not in house.acts()
    assert house.acts()[-2:] == [Act.OFFICER_ACT, Act.REFUSED]
    install.trust = replace(install.trust, ledger=replace(install.trust.ledger, quorum=0))
    client.ask(house.clinic.agent, hand_over, protocol.Done)
    assert house.acts()[-1] == Act.HAND_OVER


Lie = Callable[[House, checkpoints.Checkpoint], str]


def _line(house: House, stated: checkpoints.Checkpoint, *, later: int = 0, origin: str = "") -> str:
    witness = house.witnesses[NAMES[0]]
    at = witness.clock() + later
    return witness.cosigner.cosign(
        origin or witnesses.log_key(house.clinic.install).origin, stated, at=at
    )


LIES: dict[str, Lie] = {
    "nothing": lambda _house, _stated: "",
    "no line": lambda _house, _stated: "signed, really\n",
    "another root": lambda house, stated: _line(house, replace(stated, root=bytes(32))),
    "another size": lambda house, stated: _line(house, replace(stated, size=stated.size - 1)),
    "another log": lambda house, stated: _line(house, stated, origin="elsewhere/1"),
    "an old time": lambda house, stated: _line(house, stated, later=-3600),
    "a time to come": lambda house, stated: _line(house, stated, later=3600),
    "another's key": lambda house, stated: Cosigner(NAMES[0], bytes(32)).cosign(
        witnesses.log_key(house.clinic.install).origin, stated, at=house.witnesses[NAMES[0]].clock()
    ),
    "another's name": lambda house, stated: _line(house, stated).replace("w1.", "w2."),
}


def test_a_witness_that_lies_is_not_believed(house: House) -> None:
    stated = house.publish()
    for lie in LIES.values():
        lines = lie(house, stated)
        with pytest.raises(CosignatureBroken):
            witnessing.bring_cosignature(house.worker, NAMES[0], size=stated.size, lines=lines)
    assert not Cosignature.objects.exists()
    assert witnesses.size_seen(house.clinic.install) == 0


def test_a_stranger_and_a_size_that_was_never_signed_are_not_believed(house: House) -> None:
    stated = house.publish()
    for name, size in (("stranger/1", stated.size), (NAMES[0], stated.size + 1)):
        with pytest.raises(CosignatureBroken):
            witnessing.bring_cosignature(house.worker, name, size=size, lines=_line(house, stated))


def test_a_time_before_the_last_one_is_not_believed(house: House) -> None:
    stated = house.publish()
    for later, is_fine in ((0, True), (-1, False), (1, True)):
        lines = _line(house, stated, later=later)
        if is_fine:
            witnessing.bring_cosignature(house.worker, NAMES[0], size=stated.size, lines=lines)
            continue
        with pytest.raises(CosignatureBroken):
            witnessing.bring_cosignature(house.worker, NAMES[0], size=stated.size, lines=lines)


def test_a_courier_that_swaps_or_delays_answers_attains_nothing_but_delay(house: House) -> None:
    first = house.publish()
    answer = post(
        f"{house.addresses[NAMES[0]]}/add-checkpoint",
        witnessing.checkpoint_for(house.worker, NAMES[0], old=0).body.encode(),
    )
    deed(house.clinic)
    second = house.publish()
    for name, size in ((NAMES[1], first.size), (NAMES[0], second.size)):
        with pytest.raises(CosignatureBroken):
            witnessing.bring_cosignature(house.worker, name, size=size, lines=answer.text)
    house.clinic.clock.ahead += (witnesses.MOST_BEHIND + 1) * 1_000_000
    with pytest.raises(CosignatureBroken):
        witnessing.bring_cosignature(house.worker, NAMES[0], size=first.size, lines=answer.text)
    assert house.kinds() == ["silence"], "the witness cries out over what the courier holds back"
    assert house.courier().visit(), "and an honest courier goes on from there"


def test_a_courier_that_drops_everything_is_missed_by_the_witness(house: House) -> None:
    def drops(_url: str, _body: bytes) -> Posted:
        raise Away

    assert house.kinds() == []
    house.publish()
    with pytest.raises(Away):
        house.courier(visit=drops).visit()
    house.clinic.clock.ahead += (LIMITS.silence + 1) * 1_000_000
    assert house.kinds() == ["silence"]


def test_of_several_couriers_the_slower_ones_raise_no_alarm(house: House) -> None:
    """Two workers may serve one house: whenever this one sets out, the other was there before."""
    other, beaten = house.courier(), 0

    def overtaken(url: str, body: bytes) -> Posted:
        nonlocal beaten
        if beaten < 3:
            beaten += 1
            deed(house.clinic)
            house.publish()
            assert other.visit()
        return post(url, body)

    assert house.courier(visit=overtaken).visit()
    couriers = [house.courier(name) for name in (NAMES[0], NAMES[0], *NAMES) * 2]
    deed(house.clinic)
    stated = house.publish()
    with ThreadPoolExecutor(len(couriers)) as pool:
        list(pool.map(go, couriers))
    assert not alarms.open_alerts(house.clinic.install)
    assert witnesses.size_seen(house.clinic.install) >= stated.size
    assert house.kinds() == []


def go(courier: Courier) -> None:
    """Carry once, in a thread of its own, and leave no connection behind."""
    try:
        courier.go()
    finally:
        connections.close_all()


def test_two_roots_for_one_size_are_cosigned_once(house: House) -> None:
    """The log's own key signs another history: whoever holds it cannot show it to this witness."""
    stated = house.publish()
    assert house.courier().visit()
    forged = replace(stated, root=bytes(32))
    recorder = house.clinic.install.recorder
    key = witnesses.log_key(house.clinic.install)
    signed = checkpoints.sign(key, forged, signer=recorder._sign)
    body = f"old {stated.size}\n\n{signed}"
    assert post(f"{house.addresses[NAMES[0]]}/add-checkpoint", body.encode()).status == 409
    assert house.kinds() == ["fork"]


def test_a_house_put_back_to_yesterday_is_refused_and_both_sides_cry_out(house: House) -> None:
    """A backup is put back: the witness remembers more than the house does."""
    yesterday = house.publish()
    assert house.courier().visit()
    public = house.clinic.home / "ledger"
    kept = (public / "checkpoint").read_bytes()
    for _deed in range(3):
        deed(house.clinic)
    house.publish()
    assert house.courier().visit()
    (public / "checkpoint").write_bytes(kept)
    house.clinic.clock.ahead += witnesses.OFFERED_FOR
    restored = house.courier()
    assert not restored.visit()
    assert witnessing.checkpoint_for(house.worker, NAMES[0], old=0).size == yesterday.size
    [alert] = alarms.open_alerts(house.clinic.install)
    assert alert.rule == f"witness has seen more: {NAMES[0]}"
    house.clinic.clock.ahead += outside.GRACE * 1_000_000
    assert house.kinds() == ["rollback"]


def test_an_alert_that_nobody_answers_alarms_the_witness_and_an_answer_ends_it(
    house: House,
) -> None:
    alarms.cry(house.clinic.install, "a rule", {"size": 7})
    house.publish()
    courier = house.courier()
    courier.visit()
    courier.carry_alerts()
    house.clinic.clock.ahead += LIMITS.alert * 1_000_000
    [alert] = alarms.open_alerts(house.clinic.install)
    assert f"alert {alert.index}" in house.kinds()
    for name in ("helmi", "aino"):
        with pytest.raises(client.NotAllowed):
            witnessing.acknowledge_alert(house.clinic.session(name), alert.index)
    pia = house.clinic.session("pia")
    witnessing.acknowledge_alert(pia, alert.index)
    with pytest.raises(client.NotAllowed):
        witnessing.acknowledge_alert(pia, alert.index)
    house.publish()
    courier.visit()
    courier.carry_alerts()
    assert house.kinds() == []


def test_a_witness_hears_only_what_the_clinic_s_ledger_holds(house: House) -> None:
    alarms.cry(house.clinic.install, "a rule", {})
    house.publish()
    [body] = witnessing.alerts_for_witnesses(house.worker, after=-1).bodies
    leaf, salt, detail, proof = body.split("\n", 3)
    address = f"{house.addresses[NAMES[0]]}/alert"
    for wrong in (
        f"{leaf}\n{salt}\n{salt}\n{proof}",
        f"{leaf}\n{detail}\n{detail}\n{proof}",
        f"{salt}\n{salt}\n{detail}\n{proof}",
        "\n".join((leaf, salt, detail, proof.replace("index ", "index 1"))),
        "\n".join((leaf, salt, detail, proof.replace("ledger.", "other.", 1))),
        body[:100],
    ):
        assert post(address, wrong.encode()).status in {400, 403, 404}
    assert post(address, body.encode()).status == 200


def test_officers_see_how_fresh_the_last_cosignature_is_and_others_do_not(house: House) -> None:
    stated = house.publish()
    for name in NAMES[:2]:
        house.courier(name).visit()
    told = witnessing.ledger_standing(house.clinic.session("pia"))
    assert (told.size, told.witnessed, told.quorum) == (stated.size, stated.size, 2)
    assert [one.size for one in told.witnesses] == [stated.size, stated.size, 0]
    with pytest.raises(client.NotAllowed):
        witnessing.ledger_standing(house.clinic.session("helmi"))
