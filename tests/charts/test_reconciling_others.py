"""Copies, reminders, erasures and the key service's own log beside the ledger; tampering shows."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from tests.charts.conftest import Aada
from tests.charts.test_amending import amending
from tests.charts.test_reconciling import compare, last_acts
from tests.ledger.tampering import tamper
from tests.warden.fingers import give_key
from tests.warden.test_erasing import Office
from vaitiolo.charts.models import CopiedNote, NoteVersion, SupervisionCopy
from vaitiolo.keys import store
from vaitiolo.ledger.acts import Act
from vaitiolo.ops import kms_log, reconciliation
from vaitiolo.ops.kms_log import LogUnreadable
from vaitiolo.ops.reconciliation import reconcile
from vaitiolo.people import erasing
from vaitiolo.people.models import Patient
from vaitiolo.schedule.models import Appointment, OutboxRow
from vaitiolo.warden import client
from vaitiolo.warden.client import Place, Sealed
from vaitiolo.warden.kinds import Caller, Kind, Purpose
from vaitiolo.warden.server.agent import Agent


def copy_of(aada: Aada) -> SupervisionCopy:
    """Copy a signed note for Otso, as the page does, and return the copy."""
    note, practice = aada.signed(), aada.practice
    chart = client.open_compartment(
        practice.clinic.session("helmi"), aada.chart, purpose=Purpose.CARE
    )
    body = bytes(NoteVersion.objects.get(note=note).sealed_body)
    sealed = Sealed(Place(Kind.NOTE, note.id, 1), body)
    today, until = timezone.now().date(), practice.clinic.install.today()
    compartment, copies = client.copy_notes(chart, [sealed], practice.id("otso"), until=until)
    copy = SupervisionCopy.objects.create(
        id=compartment,
        chart_id=aada.chart,
        author=practice.id("helmi"),
        reader=practice.id("otso"),
        made_on=today,
        until=today,
    )
    [one] = copies
    CopiedNote.objects.create(id=one.place.row, copy=copy, sealed_body=one.sealed)
    return copy


def remind(aada: Aada, *, is_put: bool = True) -> OutboxRow:
    """Put a reminder for sending; without the warden where it is somebody's own."""
    row = uuid4()
    begins = timezone.now() + timedelta(days=2 + Appointment.objects.count())
    patient = Patient.objects.get(id=aada.patient)
    appointment = Appointment.objects.create(
        id=row,
        unit_id=patient.unit_id,
        therapist=aada.practice.id("helmi"),
        patient=patient,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=45),
        sealed_entry=b"sealed",
    )
    if is_put:
        due = int(begins.timestamp())
        client.put_outbox(aada.practice.clinic.session("aino"), row=row, due=due, body=b"huomenna")
    return OutboxRow.objects.create(
        id=row, appointment=appointment, due_at=begins, sealed_row=b"sealed"
    )


def worker(aada: Aada) -> Agent:
    return Agent(aada.practice.clinic.install, caller=Caller.WORKER)


def test_what_was_done_as_it_should_be_agrees(aada: Aada) -> None:
    copy_of(aada).delete()
    copy_of(aada)
    row = remind(aada)
    client.take_outbox(worker(aada), row.id)
    client.settle_outbox(worker(aada), row.id, was_sent=True)
    row.delete()
    remind(aada).delete()
    remind(aada)
    found = compare(aada.practice.clinic)
    assert found.is_sound
    others = found.others
    assert (others.copies, others.copies_gone) == (1, 1)
    assert (others.reminders, others.reminders_gone) == (1, 1)
    said = reconciliation.report(found)
    assert "The key service's own count: not compared" in said
    assert "Every row has its entry." in said


def test_a_version_taken_away_from_under_a_later_one_is_named(aada: Aada) -> None:
    note = aada.signed()
    assert aada.sign(amending(aada, note), "Tarkennus.").status_code == 200
    NoteVersion.objects.filter(note=note, version=1).delete()
    found = compare(aada.practice.clinic)
    assert found.gaps == [(int(Kind.NOTE), note.id, 1)]
    assert "DO NOT AGREE" in reconciliation.report(found)
    assert last_acts(aada.practice.clinic, 2) == [Act.DOCTOR_RUN, Act.ALERT]


@pytest.mark.parametrize("what", ["copy", "note"])
def test_a_copy_that_nobody_released_is_named(aada: Aada, what: str) -> None:
    copy = copy_of(aada)
    if what == "copy":
        copy.pk = copy.id = uuid4()
        copy.save(force_insert=True)
    else:
        CopiedNote.objects.create(id=uuid4(), copy=copy, sealed_body=b"another")
    found = compare(aada.practice.clinic)
    assert found.others.copies_without_entry == [copy.id]
    assert f"A copy without its entry: {copy.id}" in reconciliation.report(found)
    assert not found.is_sound


def test_a_reminder_that_nobody_put_is_named(aada: Aada) -> None:
    row = remind(aada, is_put=False)
    found = compare(aada.practice.clinic)
    assert found.others.reminders_without_entry == [row.id]
    assert not found.is_sound


def test_a_step_of_a_reminder_that_was_never_put_is_named(aada: Aada) -> None:
    row = uuid4()
    client.take_outbox(worker(aada), row)
    found = compare(aada.practice.clinic)
    assert [one.row for one in found.others.steps_without_entry] == [row]
    assert f"OUTBOX_TAKEN of a reminder that was never put: {row}" in reconciliation.report(found)


def test_an_erasure_that_lies_is_named(aada: Aada) -> None:
    clinic = aada.practice.clinic
    office = Office(clinic, aada.patient, {n: give_key(clinic, n) for n in ("pia", "mauri")})
    secret = store.find_audit_secret(aada.patient)
    assert secret is not None
    made = office.erase()
    erasing.remove_rows(aada.patient)
    assert compare(clinic).is_sound
    # Whoever writes the vault puts the secret back: the person can be found again.
    store.put_audit_secrets([secret])
    found = compare(clinic)
    assert found.others.erasures_that_lie == [made.index]
    assert f"still there: entry {made.index:,}" in reconciliation.report(found)
    tamper("DELETE FROM keys_auditsecret WHERE tag = %s", secret.tag)
    assert compare(clinic).is_sound


# --- the key service's own log ----------------------------------------------------


def audit_file(folder: Path, *paths: str, error: str = "") -> Path:
    """Write lines as OpenBao's file audit device does: one for a request, one for its answer."""
    begun = datetime.now(UTC) - timedelta(hours=1)
    lines = [_line("request", "sys/audit/file", begun)]
    for path in paths:
        lines += [_line(kind, path, begun, error=error) for kind in ("request", "response")]
    file = folder / "audit.log"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in lines))
    return file


def _line(kind: str, path: str, at: datetime, *, error: str = "") -> dict[str, object]:
    request = {"id": str(UUID(int=1)), "operation": "update", "path": path}
    said = {"time": f"{at:%Y-%m-%dT%H:%M:%S.%f}123Z", "type": kind, "request": request}
    return {**said, "error": error} if error and kind == "response" else said


def test_what_the_key_service_did_without_an_entry_is_found(aada: Aada, tmp_path: Path) -> None:
    clinic, row = aada.practice.clinic, remind(aada)
    client.take_outbox(worker(aada), row.id)
    honest = (
        "transit/encrypt/outbox-1",
        "transit/decrypt/outbox-1",
        "transit/hmac/slot-1/sha2-256",
    )
    counted = kms_log.count(audit_file(tmp_path, *honest))
    assert (counted.sealed, counted.opened) == (1, 1)
    assert reconcile(clinic.console, counted=counted).is_sound
    # Somebody with the worker's token opens one more, past the warden.
    counted = kms_log.count(audit_file(tmp_path, *honest, "transit/decrypt/outbox-1"))
    found = reconcile(clinic.console, counted=counted)
    assert (found.alarms, found.is_sound) == (1, False)
    assert "1 OPERATIONS OF THE KEY SERVICE HAVE NO ENTRY." in reconciliation.report(found)
    refused = kms_log.count(audit_file(tmp_path, *honest, error="permission denied"))
    assert (refused.sealed, refused.opened) == (0, 0)


@pytest.mark.parametrize("content", ["", "no json\n", "{}\n", "[]\n"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "audit.log"
    file.write_text(content)
    with pytest.raises(LogUnreadable):
        kms_log.count(file)
    with pytest.raises(LogUnreadable):
        kms_log.count(tmp_path / "none.log")
