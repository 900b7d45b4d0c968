"""Epochs of the key service: turned, left behind, ended; and a service that is away for a while."""

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.cast import Clinic
from tests.keys import softhsm
from tests.keys.softhsm import SoftHsm
from tests.keys.transit import StandIn
from tests.warden.hostile import VAULT, make_chart, open_chart
from vaitiolo.keys import slots, store
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.kms import WARDEN_MAY, KmsAway, KmsMisset, choosing, openbao
from vaitiolo.keys.kms import epochs as epoch_file
from vaitiolo.keys.kms.epochs import Epochs
from vaitiolo.keys.models import StoredSlot
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.slot_epochs import count_slots
from vaitiolo.keys.slots import Given, Slot
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client.refusals import KeyServiceSilent
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.protocol import Recognised
from vaitiolo.warden.server import epochs, starting
from vaitiolo.warden.server.agent import Agent
from vaitiolo.warden.server.epochs import EpochRefused
from vaitiolo.warden.server.founding import CannotBeFounded, Charter, found
from vaitiolo.warden.server.outbox import CannotOpen, Outbox
from vaitiolo.warden.server.starting import CannotStart
from vaitiolo.warden.session import Session

PASSWORD = "hiljaa kulkee pitkälle"
OTHER = "joku toinen salasana"


def quiet(_said: str) -> None:
    """Nobody has to hear of it."""


def acts() -> list[Act]:
    return [one.leaf.act for one in queries.entries_from(0)]


def give_password(clinic: Clinic) -> None:
    give = clinic.founding.give_password  # type: ignore[attr-defined]  # the cast adds it
    give(clinic.people["helmi"], sign_in_name="Helmi Halla", password=PASSWORD)


@pytest.fixture
def helmi(clinic: Clinic) -> Clinic:
    give_password(clinic)
    return clinic


def sign_in(clinic: Clinic, password: str = PASSWORD) -> Recognised:
    clinic.cookies["helmi"] = uuid4().bytes * 2
    session = clinic.session("helmi")
    return client.sign_in(session, name="helmi halla", password=password, network="10.0.0.0/24")


def keeper(clinic: Clinic) -> epochs.Keeper:
    return epochs.open_keeper(clinic.home, demo=True)


def stored() -> list[Slot]:
    return [slots.parse(bytes(row.slot)) for row in StoredSlot.objects.using(VAULT).all()]


# --- the file ---


def test_without_a_file_every_epoch_is_the_first(tmp_path: Path) -> None:
    numbers = Epochs(tmp_path / "epochs.toml", quiet)
    assert [numbers.current(family) for family in epoch_file.FAMILIES] == [1, 1]


def test_a_switch_is_seen_by_who_reads_already_and_never_goes_back(tmp_path: Path) -> None:
    path = tmp_path / "epochs.toml"
    here, there = Epochs(path, quiet), Epochs(path, quiet)
    here.switch("slot", 2)
    assert there.current("slot") == 2
    there.switch("outbox", 5)
    assert (here.current("slot"), here.current("outbox")) == (2, 5)
    assert path.stat().st_mode & 0o777 == 0o600
    for family, number in (("slot", 2), ("slot", 1), ("hetu", 2), ("slot", 1 << 30)):
        with pytest.raises(KmsMisset):
            here.switch(family, number)


@pytest.mark.parametrize(
    "text",
    ["slot = 0", "slot = true", "slot = '2'", "hetu = 2", "slot", "slot = 1000000000", "\xff"],
)
def test_a_file_of_another_form_stops_a_start_and_no_warden_that_runs(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "epochs.toml"
    said: list[str] = []
    runs = Epochs(path, said.append)
    runs.switch("slot", 3)
    assert runs.current("slot") == 3
    path.write_text(text, encoding="latin-1")
    with pytest.raises(KmsMisset):
        Epochs(path, quiet)
    assert [runs.current("slot"), runs.current("slot")] == [3, 3]
    assert [words.count("stay in use") for words in said] == [1]


def test_a_file_that_others_reach_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "epochs.toml"
    Epochs(path, quiet).switch("slot", 2)
    path.chmod(0o660)
    with pytest.raises(KmsMisset, match="alone can reach"):
        Epochs(path, quiet)


def test_a_warden_does_not_start_on_a_wrong_file(clinic: Clinic) -> None:
    clinic.install.recorder.stop()
    (clinic.home / "warden" / "epochs.toml").write_text("slot = 2")
    with pytest.raises(CannotStart, match="alone can reach"):
        begin(clinic)


def begin(clinic: Clinic) -> None:
    with starting.started(clinic.home, clinic.clock):
        raise AssertionError


# --- turning ---


def test_a_sign_in_moves_its_slot_to_the_current_epoch(helmi: Clinic) -> None:
    [before] = stored()
    assert epochs.next_epoch(helmi.install, keeper(helmi), "slot") == 2
    assert (before.kms_epoch, epochs.slots_left(1)) == (1, 1)
    assert sign_in(helmi)
    [after] = stored()
    assert (after.kms_epoch, after.owner, count_slots()) == (2, before.owner, {2: 1})
    assert after.id != before.id
    assert acts()[-4:] == [Act.CONFIGURED, Act.SIGN_IN, Act.SLOT_ADDED, Act.SLOT_REMOVED]
    assert sign_in(helmi)
    assert stored() == [after]


def test_a_wrong_password_moves_nothing(helmi: Clinic) -> None:
    [before] = stored()
    epochs.next_epoch(helmi.install, keeper(helmi), "slot")
    with pytest.raises(client.WrongSignIn):
        sign_in(helmi, OTHER)
    assert stored() == [before]


def test_a_slot_that_cannot_be_moved_stays_and_the_sign_in_counts(
    helmi: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    [before] = stored()
    helmi.install.epochs.switch("slot", 2)
    assert sign_in(helmi)
    assert stored() == [before]
    assert "stays in epoch 1" in caplog.text


def test_two_sign_ins_at_once_leave_one_slot(helmi: Clinic) -> None:
    [old] = stored()
    epochs.next_epoch(helmi.install, keeper(helmi), "slot")
    for _ in range(2):
        seed = bytearray(helmi.people["helmi"].seed)
        epochs.rewrap(helmi.install, old, seed, given=Given(password=PASSWORD))
    assert [slot.kms_epoch for slot in stored()] == [2]


def test_a_turn_that_was_interrupted_is_repeated(clinic: Clinic) -> None:
    keys = keeper(clinic)
    keys.create("slot-2")
    before = clinic.install.kms.mac("slot-2", b"")
    assert epochs.next_epoch(clinic.install, keys, "slot") == 2
    assert clinic.install.kms.mac("slot-2", b"") == before


def test_new_slots_and_messages_are_of_the_current_epoch(clinic: Clinic) -> None:
    for family in epoch_file.FAMILIES:
        epochs.next_epoch(clinic.install, keeper(clinic), family)
    give_password(clinic)
    assert count_slots() == {2: 1}
    sealed = client.put_outbox(clinic.session("aino"), row=uuid4(), due=2_000_000_000, body=b"x")
    assert b"\0\0\0\2" in sealed[36:48]


def test_epochs_end_one_after_another_and_the_current_one_never(helmi: Clinic) -> None:
    install, keys = helmi.install, keeper(helmi)
    for family, number, says in (
        ("slot", 1, "is not over"),
        ("slot", 2, "is not over"),
        ("audit", 1, "Only slot and outbox"),
    ):
        with pytest.raises(EpochRefused, match=says):
            epochs.destroy(install, keys, family=family, number=number)
    with pytest.raises(EpochRefused, match="Only slot and outbox"):
        epochs.next_epoch(install, keys, "hetu")
    epochs.next_epoch(install, keys, "slot")
    epochs.destroy(install, keys, family="slot", number=1)
    assert acts()[-1] == Act.CONFIGURED
    assert "slot-1" not in keys.names()
    with pytest.raises(EpochRefused, match="no key slot-1"):
        epochs.destroy(install, keys, family="slot", number=1)


def test_nothing_ends_without_its_entry(helmi: Clinic) -> None:
    epochs.next_epoch(helmi.install, keeper(helmi), "slot")
    helmi.install.recorder.stop()
    with pytest.raises(EpochRefused, match="ledger"):
        epochs.destroy(helmi.install, keeper(helmi), family="slot", number=1)
    with pytest.raises(EpochRefused, match="ledger"):
        epochs.next_epoch(helmi.install, keeper(helmi), "slot")
    assert "slot-1" in keeper(helmi).names()
    assert helmi.install.epochs.current("slot") == 2


# --- the old backup ---


def opens(clinic: Clinic, backup: list[bytes], password: str) -> int:
    """Count the slots of a backup that open for whoever may ask the living key service."""
    kms = choosing.choose(clinic.home, demo=True, may=WARDEN_MAY, environ=os.environ, say=quiet)
    policy = clinic.install.trust.slot_policy(CardClass.STAFF)
    opened = 0
    for slot in map(slots.parse, backup):
        card = slot.owner.card
        try:
            seed = slots.unlock(
                slot, Given(password), kms=kms, policy=policy, card_of=lambda _, card=card: card
            )
        except Refused:
            continue
        assert seed == clinic.people["helmi"].seed
        opened += 1
    return opened


def test_an_old_backup_opens_until_its_epoch_is_destroyed_and_never_again(
    helmi: Clinic, tmp_path: Path
) -> None:
    """The first half is the naive clinic, which turns no epochs: its backup is a time machine."""
    folder = tmp_path / "backup"
    shutil.copytree(helmi.home, folder, ignore=shutil.ignore_patterns("kms", "run"))
    backup = [bytes(row.slot) for row in StoredSlot.objects.using(VAULT).all()]
    assert not (folder / "kms").exists()
    epochs.next_epoch(helmi.install, keeper(helmi), "slot")
    assert sign_in(helmi)
    assert opens(helmi, backup, PASSWORD) == 1
    assert opens(helmi, backup, OTHER) == 0
    epochs.destroy(helmi.install, keeper(helmi), family="slot", number=1)
    assert opens(helmi, backup, PASSWORD) == 0
    # The numbers in the backup's own file do not bring the key back, and today's sign-in works.
    shutil.copytree(folder / "warden", helmi.home / "warden", dirs_exist_ok=True)
    assert opens(helmi, backup, PASSWORD) == 0
    assert sign_in(helmi)
    now = [bytes(row.slot) for row in StoredSlot.objects.using(VAULT).all()]
    assert opens(helmi, now, PASSWORD) == 1


# --- the service is away ---


class Transit:
    """The stand-in for OpenBao, ended and started."""

    def __init__(self, folder: Path) -> None:
        self.process = StandIn(folder)
        self.environ = self.process.environ()

    def leave(self) -> None:
        self.process.stop()

    def come_back(self) -> None:
        self.process.start()

    def end(self) -> None:
        self.process.stop()


class Token:
    """SoftHSM's token, taken out and put back."""

    def __init__(self, folder: Path) -> None:
        self.hsm = SoftHsm(folder)
        self.environ = self.hsm.environ()
        softhsm.forget_module()

    def leave(self) -> None:
        self.hsm.take_out()

    def come_back(self) -> None:
        self.hsm.put_back()

    def end(self) -> None:
        softhsm.forget_module()


@pytest.fixture(params=["transit", "token"])
def service(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Transit | Token]:
    if request.param == "token" and softhsm.module is None:
        pytest.skip("SoftHSM is not here: apt-get install softhsm2")
    monkeypatch.setattr(openbao, "PAUSE", 0.0)
    made = (Transit if request.param == "transit" else Token)(tmp_path / "service")
    for name, value in made.environ.items():
        monkeypatch.setenv(name, value)
    yield made
    made.end()


def test_open_sessions_go_on_while_the_service_is_away_and_sign_ins_wait(
    service: Transit | Token, clinic: Clinic
) -> None:
    give_password(clinic)
    chart = make_chart(clinic, uuid4())
    assert open_chart(clinic, chart)
    assert sign_in(clinic)
    session = clinic.session("helmi")
    service.leave()
    assert client.recognise(session).name == "Helmi Halla"
    assert open_chart(clinic, chart)
    for _ in range(7):
        # More often than the tries that there are: an absent service is nobody's wrong password.
        with pytest.raises(KeyServiceSilent):
            sign_in(clinic)
    before = len(acts())
    service.come_back()
    assert sign_in(clinic)
    assert acts()[before:] == [Act.SIGN_IN]


def test_a_warden_starts_without_its_key_service_and_goes_on_by_itself(
    service: Transit | Token, clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    give_password(clinic)
    service.leave()
    with starting.running(clinic.home, clinic.install.trust, clinic.clock) as other:
        assert "nobody can sign in" in caplog.text
        there = Session(uuid4().bytes * 2, Agent(other, caller=Caller.WEB))
        with pytest.raises(client.SignedOut):
            client.recognise(there)
        for password in (PASSWORD, OTHER):
            with pytest.raises(KeyServiceSilent):
                client.sign_in(there, name="helmi halla", password=password, network="")
        before = len(acts())
        service.come_back()
        assert client.sign_in(there, name="helmi halla", password=PASSWORD, network="")
        assert acts()[before:] == [Act.STARTED, Act.SIGN_IN]
        assert "answers again" in caplog.text


def test_a_warden_also_stops_without_its_key_service(
    service: Transit | Token, clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    service.leave()
    with starting.started(clinic.home, clinic.clock):
        pass
    assert "stops without an entry" in caplog.text
    service.come_back()


# The driver's own clean-up of a search in a token that has gone fails, after we were told so.
@pytest.mark.filterwarnings(r"ignore:Exception ignored in. 'pkcs11\._pkcs11\.OperationContext")
def test_epochs_turn_and_end_at_every_service(service: Transit | Token, clinic: Clinic) -> None:
    give_password(clinic)
    backup = [bytes(row.slot) for row in StoredSlot.objects.using(VAULT).all()]
    assert epochs.next_epoch(clinic.install, keeper(clinic), "slot") == 2
    assert sign_in(clinic)
    assert opens(clinic, backup, PASSWORD) == 1
    epochs.destroy(clinic.install, keeper(clinic), family="slot", number=1)
    assert opens(clinic, backup, PASSWORD) == 0
    assert sign_in(clinic)
    service.leave()
    state = epochs.survey(clinic.home)
    assert (state.keys, state.current["slot"], state.slots) == ((), 2, {2: 1})
    assert state.trouble
    with pytest.raises(EpochRefused, match="does not answer"):
        epochs.next_epoch(clinic.install, keeper(clinic), "slot")
    with pytest.raises(KmsAway):
        clinic.install.kms.mac("slot-2", b"")
    service.come_back()


def test_the_worker_knows_when_it_must_wait(service: Transit | Token, clinic: Clinic) -> None:
    outbox = Outbox(clinic.home, org=clinic.install.org, demo=True)
    row = uuid4()
    sealed = client.put_outbox(clinic.session("aino"), row=row, due=2_000_000_000, body=b"x")
    assert outbox.answers()
    service.leave()
    assert not outbox.answers()
    with pytest.raises(KmsAway):
        outbox.open(row, sealed)
    service.come_back()
    assert outbox.answers()
    assert outbox.open(row, sealed) == b"x"


def test_a_worker_with_a_wrong_setting_is_told(clinic: Clinic) -> None:
    with pytest.raises(CannotOpen, match="demo = true"):
        Outbox(clinic.home, org=clinic.install.org, demo=False)


def test_nobody_is_founded_on_anothers_keys_or_on_none(
    service: Transit | Token, clinic: Clinic, tmp_path: Path
) -> None:
    people = tuple(clinic.people.values())
    charter = Charter("Esimerkki", "ledger.tests.example/2", (), people)
    for says in ("of another organisation", "does not answer"):
        with pytest.raises(CannotBeFounded, match=says):
            found_again(tmp_path / "second", charter, clinic)
        if says.startswith("of"):
            service.leave()
    service.come_back()


def found_again(home: Path, charter: Charter, clinic: Clinic) -> None:
    with found(home, charter, clinic.clock):
        raise AssertionError


# --- the operator's program ---


@pytest.fixture
def command(helmi: Clinic, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    before = os.environ["DJANGO_SETTINGS_MODULE"]
    from vaitiolo.config.warden import kms  # noqa: PLC0415 - it sets Django up for itself

    os.environ["DJANGO_SETTINGS_MODULE"] = before
    settings.HOME = helmi.home
    monkeypatch.setattr(kms, "harden", lambda: None)

    def run(*words: str, typed: str = "") -> int:
        monkeypatch.setattr(sys, "argv", ["vaitiolo kms", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed + "\n"))
        return kms.main()

    return run


def test_the_operator_sees_what_will_happen_and_types_the_number(
    command, helmi: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    give = helmi.founding.give_password  # type: ignore[attr-defined]  # the cast adds it
    give(helmi.people["otso"], sign_in_name="Otso Oja", password=OTHER)
    assert command("status") == 0
    assert "sign-ins     2 of epoch 1\n" in capsys.readouterr().out
    assert command("new-epoch", "slot", typed="1") == 1
    assert "Nothing was changed" in capsys.readouterr().out
    assert helmi.install.epochs.current("slot") == 1
    assert command("new-epoch", "slot", typed="2") == 0
    assert "Epoch 2 of slot is current" in capsys.readouterr().out
    assert command("destroy", "slot", "1", typed="no") == 1
    assert "2 sign-ins are still locked" in capsys.readouterr().out
    assert sign_in(helmi)
    assert command("status") == 0
    assert "1 of epoch 1  (move at their next sign-in)\n" in capsys.readouterr().out
    assert command("destroy", "slot", "1", typed="1") == 0
    assert "The key slot-1 is gone" in capsys.readouterr().out
    assert command("status") == 0
    assert "1 of epoch 1  (shut for ever: its key is gone)\n" in capsys.readouterr().out
    assert command("destroy", "slot", "2", typed="2") == 1
    assert "is not over" in capsys.readouterr().err
    assert sign_in(helmi)
    assert store.slots_of(helmi.id("helmi"))
