"""Named notes for a named reader: a copy with an end, and never the chart's key."""

from uuid import uuid4

import pytest

from tests.cast import DAY, Clinic
from tests.warden.hostile import make_chart, open_chart
from tests.warden.test_rotating import Chart, acts
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import client
from vaitiolo.warden.client import NotAllowed, NotGranted, Sealed
from vaitiolo.warden.kinds import Mode, Purpose


@pytest.fixture
def chart(clinic: Clinic) -> Chart:
    made = Chart(clinic, make_chart(clinic, uuid4()))
    for text in (b'{"text":"uni"}', b'{"text":"muu"}'):
        made.write(text)
    return made


def copied(chart: Chart, *, days: int = 7, by: str = "helmi") -> tuple[object, tuple[Sealed, ...]]:
    clinic = chart.clinic
    note = next(iter(chart.rows.values()))
    until = clinic.install.today() + days
    opened = open_chart(clinic, chart.id, by)
    return client.copy_notes(opened, [note], clinic.id("otso"), until=until)


def opened_by(chart: Chart, copy: object, name: str) -> client.OpenCompartment:
    return client.open_compartment(
        chart.clinic.session(name),
        copy,  # type: ignore[arg-type]  # an id
        purpose=Purpose.SUPERVISION,
    )


def test_the_reader_reads_the_copy_and_nothing_else_of_the_chart(chart: Chart) -> None:
    copy, sealed = copied(chart)
    [read] = opened_by(chart, copy, "otso").unseal(sealed)
    assert (read.body, read.author) == (b'{"text":"uni"}', chart.clinic.id("helmi"))
    for mode in Mode:
        with pytest.raises(NotGranted):
            open_chart(chart.clinic, chart.id, "otso", mode)
    with pytest.raises(client.SealBroken):
        opened_by(chart, copy, "otso").unseal(list(chart.rows.values()))
    assert acts().count(Act.RELEASE) == 1
    assert acts().count(Act.OPEN_COPY) == 2


def test_a_copy_ends_with_its_day(chart: Chart) -> None:
    copy, sealed = copied(chart, days=0)
    assert opened_by(chart, copy, "otso").unseal(sealed)
    chart.clinic.clock.ahead += 2 * DAY
    for name in ("otso", "helmi"):
        chart.clinic.seat(name)
    with pytest.raises(NotGranted):
        opened_by(chart, copy, "otso")
    assert opened_by(chart, copy, "helmi").unseal(sealed)


def test_a_copy_is_withdrawn_before_its_day(chart: Chart) -> None:
    copy, _sealed = copied(chart)
    client.withdraw(
        chart.clinic.session("helmi"),
        [copy],  # type: ignore[list-item]  # an id
        chart.clinic.id("otso"),
    )
    with pytest.raises(NotGranted):
        opened_by(chart, copy, "otso")


def test_a_copy_is_not_passed_on(chart: Chart) -> None:
    copy, _sealed = copied(chart)
    with pytest.raises(NotAllowed):
        client.grant(
            chart.clinic.session("otso"),
            copy,  # type: ignore[arg-type]  # an id
            chart.clinic.id("helmi"),
        )


def test_only_ones_own_notes_are_copied_for_a_therapist_until_a_day(chart: Chart) -> None:
    clinic = chart.clinic
    client.grant(clinic.session("helmi"), chart.id, clinic.id("otso"))
    opened = open_chart(clinic, chart.id, "otso")
    notes, until = list(chart.rows.values()), clinic.install.today() + 7
    with pytest.raises(NotAllowed):
        client.copy_notes(opened, notes, clinic.id("helmi"), until=until)
    opened = open_chart(clinic, chart.id)
    for reader, last, some in (
        ("aino", until, notes),
        ("helmi", until, notes),
        ("otso", until - 8, notes),
        ("otso", until + 900, notes),
        ("otso", until, []),
    ):
        with pytest.raises(NotAllowed):
            client.copy_notes(opened, some, clinic.id(reader), until=last)
    writing = open_chart(clinic, chart.id, mode=Mode.WRITE)
    with pytest.raises(NotGranted):
        client.copy_notes(writing, notes, clinic.id("otso"), until=until)
    assert Act.RELEASE not in acts()
