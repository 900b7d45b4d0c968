"""Entries and rows side by side: what has no match is named by its random id, and recorded."""

from uuid import uuid4

import pytest

from tests.cast import HOUR, Clinic
from tests.charts.conftest import Aada, Practice
from tests.charts.test_amending import amending
from tests.charts.test_bringing_in import arrive
from vaitiolo.charts.models import NoteVersion
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ops import reconciliation
from vaitiolo.ops.reconciliation import Reconciled, reconcile
from vaitiolo.people.models import IdentityVersion
from vaitiolo.warden import client
from vaitiolo.warden.kinds import Kind
from vaitiolo.warden.server import reconciling


def compare(clinic: Clinic) -> Reconciled:
    clinic.clock.ahead += HOUR
    return reconcile(clinic.console)


def last_acts(clinic: Clinic, count: int) -> list[Act]:
    size = (queries.last_batch() or (0, b""))[0]
    return [entry.leaf.act for entry in queries.entries_from(size - count)]


def test_everything_that_was_signed_has_its_row(aada: Aada, clinic: Clinic) -> None:
    note = aada.signed()
    assert aada.sign(amending(aada, note), "Tarkennus.").status_code == 200
    found = compare(clinic)
    assert found.is_sound
    assert (found.dangling, found.missing, found.erased) == ([], [], 0)
    assert found.rows == found.entries == 3
    assert last_acts(clinic, 1) == [Act.DOCTOR_RUN]
    assert "Every row has its entry." in reconciliation.report(found)


def test_a_row_without_an_entry_is_named_and_is_an_alert(aada: Aada, clinic: Clinic) -> None:
    note = aada.signed()
    sealed = NoteVersion.objects.get(note=note).sealed_body
    forged = NoteVersion.objects.create(
        id=uuid4(), note=note, version=2, signed_on="2026-11-24", sealed_body=sealed
    )
    found = compare(clinic)
    assert found.missing == [(int(Kind.NOTE), note.id, forged.version)]
    assert last_acts(clinic, 2) == [Act.DOCTOR_RUN, Act.ALERT]
    said = reconciliation.report(found)
    assert f"note {note.id} version 2" in said
    assert "ROWS WERE MADE WITHOUT AN ENTRY." in said


def test_an_entry_whose_row_is_gone_or_never_came_is_named(aada: Aada, clinic: Clinic) -> None:
    first, second = aada.signed(), aada.signed("Toinen.")
    NoteVersion.objects.filter(note=first).delete()
    found = compare(clinic)
    assert found.is_sound
    assert [(one.kind, one.row, one.version) for one in found.dangling] == [
        (int(Kind.NOTE), first.id, 1)
    ]
    said = reconciliation.report(found)
    assert f"note {first.id} version 1, entry {found.dangling[0].index:,}" in said
    assert str(second.id) not in said


def test_what_was_signed_just_now_may_have_its_row_on_the_way(aada: Aada, clinic: Clinic) -> None:
    NoteVersion.objects.filter(note=aada.signed()).delete()
    assert reconcile(clinic.console).dangling == []


def test_what_was_brought_in_stands_in_the_creation(practice: Practice, clinic: Clinic) -> None:
    patient, _chart = arrive(practice)
    found = compare(clinic)
    assert found.is_sound
    # The test's own arrival stores the chart, and not who it is.
    assert [(one.kind, one.row) for one in found.dangling] == [(int(Kind.IDENTITY), patient)]
    IdentityVersion.objects.create(patient_id=patient, version=1, sealed_body=b"x")
    assert compare(clinic).dangling == []


def test_it_is_read_a_piece_at_a_time(
    aada: Aada, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciling, "PAGE", 3)
    for _ in range(4):
        aada.signed()
    steps: list[tuple[int, int]] = []
    clinic.clock.ahead += HOUR
    found = reconcile(clinic.console, progress=lambda *step: steps.append(step))
    assert (found.rows, found.entries, found.dangling) == (5, 5, [])
    assert len(steps) > 2
    assert steps[-1][0] == steps[-1][1]


def test_nobody_is_named(aada: Aada, clinic: Clinic) -> None:
    note = aada.signed()
    told = client.list_signed(clinic.console, 0).deeds
    assert {one.row for one in told if one.kind == Kind.NOTE} == {note.id}
    assert clinic.id("helmi").hex not in repr(told)
