import os
import shutil
from pathlib import Path

import pytest

from tests.keys.mutations import refuses_all_but
from tests.keys.policy import EVERYTHING, NAMES, key_service
from vaitiolo.keys.kms import WARDEN_MAY, WORKER_MAY, Kms, family_of
from vaitiolo.keys.kms import file as kms_file
from vaitiolo.keys.kms.file import FileKms, FileKmsRefused
from vaitiolo.keys.refused import Refused

SEED = b"thirty-two bytes of a row's seed"


def reason_of(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return refusal.value.reason


def test_a_mac_differs_by_name_and_text_and_by_nothing_else(kms: Kms) -> None:
    macs = {kms.mac(name, text) for name in ("slot-1", "slot-2") for text in (b"", b"a")}
    assert len(macs) == 4
    assert kms.mac("slot-1", b"a") == kms.mac("slot-1", bytearray(b"a")) in macs
    assert {len(mac) for mac in macs} == {32}


def test_two_services_share_nothing(kms: Kms, tmp_path: Path) -> None:
    other = key_service(tmp_path / "elsewhere")
    assert kms.mac("slot-1", b"a") != other.mac("slot-1", b"a")
    with pytest.raises(Refused):
        other.open("outbox-1", b"", kms.seal("outbox-1", b"", SEED))


def test_what_was_sealed_opens_under_its_name_and_place_only(kms: Kms) -> None:
    sealed = kms.seal("outbox-1", b"a row", SEED)
    assert kms.open("outbox-1", b"a row", sealed) == SEED
    assert len(sealed) == 124
    for name, place in (("outbox-1", b"a roW"), ("outbox-1", b""), ("staff-1", b"a row")):
        with pytest.raises(Refused):
            kms.open(name, place, sealed)


def test_every_mutation_of_a_sealed_blob_is_refused(kms: Kms) -> None:
    sealed = kms.seal("outbox-1", b"a row", SEED)
    assert refuses_all_but(sealed, lambda raw: kms.open("outbox-1", b"a row", raw)) > 300


def test_the_same_bytes_are_never_sealed_alike(kms: Kms) -> None:
    assert kms.seal("outbox-1", b"", SEED) != kms.seal("outbox-1", b"", SEED)


def test_the_warden_cannot_open_the_outbox_and_the_worker_nothing_else(tmp_path: Path) -> None:
    warden = key_service(tmp_path / "kms", WARDEN_MAY)
    worker = key_service(tmp_path / "kms", WORKER_MAY)
    sealed = warden.seal("outbox-1", b"a row", SEED)
    assert worker.open("outbox-1", b"a row", sealed) == SEED
    with pytest.raises(Refused) as refusal:
        warden.open("outbox-1", b"a row", sealed)
    assert reason_of(refusal) == "kms.may"
    for attempt in (
        lambda: worker.mac("slot-1", b""),
        lambda: worker.open("staff-1", b"", sealed),
        lambda: worker.seal("outbox-1", b"", SEED),
        lambda: warden.seal("slot-1", b"", SEED),
        lambda: warden.mac("outbox-1", b""),
    ):
        with pytest.raises(Refused):
            attempt()


@pytest.mark.parametrize(
    "name",
    ["", "slot", "slot-", "slot-0", "slot-01", "../slot-1", "slot-1\n", "log-1", "slot-\uff11"],
)
def test_another_name_is_refused_before_any_file_is_touched(kms: Kms, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        kms.mac(name, b"")
    assert reason_of(refusal) == "kms.name"


def test_a_name_has_a_family() -> None:
    assert family_of("slot-12") == "slot"


def test_it_starts_under_a_demo_policy_only(tmp_path: Path) -> None:
    key_service(tmp_path / "kms")
    for refused in (
        lambda: FileKms(tmp_path / "kms", demo=False, may=EVERYTHING),
        lambda: kms_file.found(tmp_path / "another", demo=False),
        lambda: kms_file.create(tmp_path / "kms", "slot-9", demo=False),
    ):
        with pytest.raises(FileKmsRefused, match="demo = true"):
            refused()
    assert not (tmp_path / "another").exists()
    assert kms_file.names(tmp_path / "kms") == tuple(sorted(NAMES))


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o710, 0o777])
def test_a_folder_that_others_reach_is_refused(tmp_path: Path, mode: int) -> None:
    key_service(tmp_path / "kms")
    (tmp_path / "kms").chmod(mode)
    with pytest.raises(FileKmsRefused, match="alone can reach"):
        FileKms(tmp_path / "kms", demo=True, may=EVERYTHING)
    with pytest.raises(FileKmsRefused):
        kms_file.found(tmp_path / "kms", demo=True)


def test_a_link_to_a_folder_is_no_folder(tmp_path: Path) -> None:
    key_service(tmp_path / "kms")
    (tmp_path / "link").symlink_to(tmp_path / "kms")
    with pytest.raises(FileKmsRefused):
        FileKms(tmp_path / "link", demo=True, may=EVERYTHING)


def test_folder_and_keys_are_for_their_owner_alone(kms: Kms, tmp_path: Path) -> None:
    assert (tmp_path / "kms").stat().st_mode & 0o777 == 0o700
    assert {key.stat().st_mode & 0o777 for key in (tmp_path / "kms").iterdir()} == {0o600}


def test_a_key_that_others_can_read_is_not_used(kms: Kms, tmp_path: Path) -> None:
    (tmp_path / "kms" / "slot-1").chmod(0o640)
    with pytest.raises(Refused) as refusal:
        kms.mac("slot-1", b"")
    assert reason_of(refusal) == "kms.private"


def test_a_key_behind_a_link_is_not_used(kms: Kms, tmp_path: Path) -> None:
    (tmp_path / "kms" / "slot-3").symlink_to(tmp_path / "kms" / "slot-1")
    with pytest.raises(Refused) as refusal:
        kms.mac("slot-3", b"")
    assert reason_of(refusal) == "kms.key"


@pytest.mark.parametrize(
    "change", [lambda key: key[:-1], lambda key: key + b"\0", lambda key: b"VTK\2" + key[4:]]
)
def test_a_key_file_of_another_form_is_refused(kms: Kms, tmp_path: Path, change) -> None:
    path = tmp_path / "kms" / "slot-1"
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(Refused) as refusal:
        kms.mac("slot-1", b"")
    assert reason_of(refusal) == "kms.key"


def test_a_name_that_is_taken_keeps_its_key(kms: Kms, tmp_path: Path) -> None:
    before = kms.mac("slot-1", b"")
    with pytest.raises(FileExistsError):
        kms_file.create(tmp_path / "kms", "slot-1", demo=True)
    assert kms.mac("slot-1", b"") == before
    assert kms_file.names(tmp_path / "kms") == tuple(sorted(NAMES))


def test_a_destroyed_key_is_gone_at_once(kms: Kms, tmp_path: Path) -> None:
    sealed = kms.seal("outbox-1", b"", SEED)
    kms_file.destroy(tmp_path / "kms", "outbox-1")
    with pytest.raises(Refused):
        kms.open("outbox-1", b"", sealed)
    kms_file.create(tmp_path / "kms", "outbox-1", demo=True)
    with pytest.raises(Refused):
        kms.open("outbox-1", b"", sealed)


def test_a_stranger_in_the_place_of_a_key_is_not_destroyed(kms: Kms, tmp_path: Path) -> None:
    (tmp_path / "kms" / "slot-4").mkdir()
    with pytest.raises(FileKmsRefused):
        kms_file.destroy(tmp_path / "kms", "slot-4")


def test_a_draft_left_by_a_crash_is_no_key(kms: Kms, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "kms" / "slot-1", tmp_path / "kms" / f".new-{os.urandom(8).hex()}")
    assert kms_file.names(tmp_path / "kms") == tuple(sorted(NAMES))


def test_another_users_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key_service(tmp_path / "kms")
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    with pytest.raises(FileKmsRefused):
        FileKms(tmp_path / "kms", demo=True, may=EVERYTHING)
