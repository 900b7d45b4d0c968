"""Keys that are exchanged, accesses that end: what an old key, an old grant or an old row gives."""

import re
from collections.abc import Sequence
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models, router

from tests.cast import DAY, Clinic
from tests.promises.naive import NOTE, Naive, open_plain_gcm, plain_gcm
from tests.warden.hostile import VAULT, grant_to, keys_of, make_chart, open_chart
from tests.warden.test_rotating import Chart
from vaitiolo.charts.sealed_rows import EVERYWHERE
from vaitiolo.keys import envelope
from vaitiolo.keys.bodies import Place
from vaitiolo.keys.envelope import Padding
from vaitiolo.keys.kinds import Kind
from vaitiolo.keys.models import StoredCompartment, StoredDue, StoredGrant, StoredRotation
from vaitiolo.keys.refused import Refused
from vaitiolo.people.resealing import SealedRows
from vaitiolo.warden import client
from vaitiolo.warden.client import Sealed
from vaitiolo.warden.kinds import Mode

SEALED = re.compile(r"sealed_\w+")
# Sealed to one holder's card or by the key service: no compartment's key opens them.
# The key of a case is not exchanged: it never leaves the warden (docs/formats.md, section 19).
OF_NO_COMPARTMENT = {
    "breach.EvidencePiece",
    "breach.IncidentEntry",
    "breach.Notice",
    "breach.Reply",
    "breach.ReplyBox",
    "people.Drop",
    "schedule.OutboxRow",
}


def reads(clinic: Clinic, chart: Chart, dk: bytearray, *, rows: Sequence[Sealed]) -> int:
    """Return how many documents a key opens, tried at every epoch that there might be."""
    opened = 0
    for row in rows:
        place = Place(
            clinic.install.org, chart.id, Kind(row.place.kind), row.place.row, row.place.version
        )
        for epoch in (1, 2, 3):
            context = envelope.document_context(place, epoch=epoch)
            renamed = row.sealed[:4] + epoch.to_bytes(4) + row.sealed[8:]
            for sealed in (row.sealed, renamed):
                try:
                    envelope.unseal(dk, context, sealed, epoch=epoch, padding=Padding.DOCUMENT)
                except Refused:
                    continue
                opened += 1
    return opened


def shared_chart(clinic: Clinic) -> Chart:
    chart = Chart(clinic, make_chart(clinic, uuid4()))
    client.grant(clinic.session("helmi"), chart.id, clinic.id("otso"))
    for _ in range(3):
        chart.write()
    return chart


def test_p60_an_old_key_opens_nothing_as_it_stands_now(clinic: Clinic) -> None:
    chart = shared_chart(clinic)
    with keys_of(clinic, "otso") as keys:
        kept = keys.open_grant(grant_to(clinic, chart.id, "otso"))
    copied = list(chart.rows.values())
    assert reads(clinic, chart, kept, rows=copied) >= 3, "what was copied before stays copied"
    client.withdraw(clinic.session("helmi"), [chart.id], clinic.id("otso"))
    during = chart.rows[chart.write()]
    assert reads(clinic, chart, kept, rows=[during]) == 0
    chart.turn()
    chart.write()
    assert len(chart.read()) == 5
    assert reads(clinic, chart, kept, rows=list(chart.rows.values())) == 0
    # Where revoking is a deleted row, the key goes on opening whatever is written.
    naive, key = Naive(), bytes(kept)
    naive.tables["access"].clear()
    assert open_plain_gcm(key, plain_gcm(key, NOTE.encode())) == NOTE.encode()


def test_p61_an_access_that_ended_is_not_brought_back_by_a_row(clinic: Clinic) -> None:
    chart = shared_chart(clinic)
    tables = (StoredCompartment, StoredGrant, StoredRotation)
    before = {table: list(rows_of(table)) for table in tables}
    client.withdraw(clinic.session("helmi"), [chart.id], clinic.id("otso"))
    for is_turned in (False, True):
        if is_turned:
            chart.turn()
        after = {table: list(rows_of(table)) for table in tables}
        for table in tables:
            rows_of(table).delete()
            rows_of(table).bulk_create(before[table])
        rows_of(StoredDue).delete()
        for mode in Mode:
            with pytest.raises((client.NotGranted, client.SealBroken)):
                open_chart(clinic, chart.id, "otso", mode)
        for table in tables:
            rows_of(table).delete()
            rows_of(table).bulk_create(after[table])
    naive = Naive()
    row = naive.tables["access"].pop()
    naive.tables["access"].append(row)
    assert naive.sealed_to("helmi") == "helmi's"


def rows_of(table: type[models.Model]) -> models.QuerySet[models.Model]:
    return table._default_manager.using(VAULT)


def left_out(tables: Sequence[SealedRows]) -> set[str]:
    """The sealed columns of the pages' database that nobody would seal anew."""
    known = {(table.model, table.column) for table in tables}
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if router.db_for_read(model) == "default" and model._meta.label not in OF_NO_COMPARTMENT
        for field in model._meta.fields
        if SEALED.fullmatch(field.name) and (model, field.name) not in known
    }


def test_p62_no_sealed_column_is_left_behind_when_its_key_is_exchanged() -> None:
    assert left_out(EVERYWHERE) == set()
    for index in range(len(EVERYWHERE)):
        assert left_out(EVERYWHERE[:index] + EVERYWHERE[index + 1 :]), "it would be noticed"


def test_p63_an_access_ends_with_its_last_day(clinic: Clinic) -> None:
    chart = Chart(clinic, make_chart(clinic, uuid4()))
    chart.write()
    today = clinic.install.today()
    client.grant(clinic.session("helmi"), chart.id, clinic.id("otso"), until=today)
    assert len(chart.read("otso")) == 1
    handle = open_chart(clinic, chart.id, "otso", Mode.WRITE)
    clinic.clock.ahead += DAY
    clinic.seat("otso")
    for attempt in (lambda: chart.read("otso"), lambda: handle.seal([])):
        with pytest.raises((client.NotGranted, client.SignedOut)):
            attempt()
    naive = Naive()
    naive.sign_in("helmi", "a long password")
    naive.row("access", user="helmi")["until"] = "yesterday"
    assert list(naive.open("helmi", [1]))
