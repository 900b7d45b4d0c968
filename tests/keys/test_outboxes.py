from typing import Any

import pytest

from tests.keys.clinic import TODAY, id_of
from tests.keys.mutations import refuses_all_but
from tests.keys.policy import EVERYTHING
from vaitiolo.keys import outboxes
from vaitiolo.keys.kms import WARDEN_MAY, WORKER_MAY
from vaitiolo.keys.kms.file import FileKms
from vaitiolo.keys.outboxes import Outbox
from vaitiolo.keys.refused import Refused

ORG, ROW = id_of("clinic"), id_of("a row")
TEXT = b'{"text":"Aika huomenna klo 10.","to":"+358 40 000 0000"}'


def sealed(kms: FileKms, epoch: int = 1) -> Outbox:
    return outboxes.make(TEXT, org=ORG, row=ROW, due=TODAY, kms_epoch=epoch, kms=kms)


def reason(outbox: Outbox, kms: FileKms, **place: Any) -> str:
    with pytest.raises(Refused) as refusal:
        outboxes.unseal(outbox, **{"org": ORG, "row": ROW, **place}, kms=kms)
    return refusal.value.reason


def test_the_worker_opens_what_the_warden_sealed(kms) -> None:
    row = sealed(kms)
    assert outboxes.unseal(row, org=ORG, row=ROW, kms=kms) == TEXT
    assert outboxes.parse(row.encode()) == row
    assert "040" not in repr(row)


def test_only_the_worker_opens_and_only_the_warden_seals(kms, tmp_path) -> None:
    warden = FileKms(tmp_path / "kms", demo=True, may=WARDEN_MAY)
    worker = FileKms(tmp_path / "kms", demo=True, may=WORKER_MAY)
    row = sealed(warden)
    assert outboxes.unseal(row, org=ORG, row=ROW, kms=worker) == TEXT
    assert reason(row, warden) == "kms.may"
    with pytest.raises(Refused):
        sealed(worker)
    assert set(EVERYTHING) >= set(WORKER_MAY)


def test_every_flipped_missing_or_added_byte_is_refused(kms) -> None:
    raw = sealed(kms).encode()

    def opens(wrong: bytes) -> bytearray:
        return outboxes.unseal(outboxes.parse(wrong), org=ORG, row=ROW, kms=kms)

    assert refuses_all_but(raw, opens) > 2 * len(raw)


def test_a_row_opens_in_its_own_place(kms) -> None:
    assert reason(sealed(kms), kms, row=id_of("another row")) == "outbox.place"
    assert reason(sealed(kms), kms, org=id_of("another clinic")) == "outbox.place"


def test_two_reminders_never_share_a_key(kms) -> None:
    one, two = sealed(kms), sealed(kms)
    keys = {bytes(kms.open("outbox-1", row.front(), row.sealed_key)) for row in (one, two)}
    assert len(keys) == 2


def test_when_the_epoch_is_destroyed_the_row_stays_shut(kms) -> None:
    assert reason(outboxes.Outbox(ORG, ROW, TODAY, 9, b"blob", b""), kms) == "kms.key"
    with pytest.raises(Refused):
        outboxes.parse(outboxes.Outbox(ORG, ROW, TODAY, 1, b"", bytes(2000)).encode())
