"""Who owns the vault's tables rewrites rosters, openings and budgets: noticed, and not believed.

Beside each the naive reader, who takes the newest row that can be read: with that one it works.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

import pytest

from tests.cast import KALLIO, Clinic
from tests.ledger.tampering import ask as sql
from tests.ledger.tampering import tamper
from tests.warden.emergencies import Night, a_night, a_patient, put_on_call, switch
from vaitiolo.keys.refused import Refused
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import LeafBroken
from vaitiolo.ledger.queries import Recorded
from vaitiolo.warden import client
from vaitiolo.warden.client import Barred, GlassSpent, LedgerSilent, SealBroken
from vaitiolo.warden.server.glasses import GLASSES, Glasses
from vaitiolo.warden.server.rosters import ROSTERS, Rosters


@pytest.fixture
def night(clinic: Clinic) -> Night:
    return a_night(clinic)


@contextmanager
def refused(because: str) -> Iterator[None]:
    with pytest.raises(Refused) as why:
        yield
    assert why.value.reason == because


def chain(clinic: Clinic, subject: UUID) -> list[Recorded]:
    return list(queries.entries_of(clinic.install.recording.tag(subject)))


def said(clinic: Clinic, subject: UUID, entry: Recorded) -> dict[str, object]:
    assert entry.salt is not None
    assert entry.detail is not None
    commit = entry.leaf.detail_commit
    return clinic.install.recording.read(
        subject, commit=commit, salt=entry.salt, sealed=entry.detail
    )


def naive_roster(clinic: Clinic) -> object:
    readable = [one for one in chain(clinic, ROSTERS) if one.detail is not None]
    return said(clinic, ROSTERS, readable[-1])["persons"]


def take_off(night: Night) -> Rosters:
    """Take Otso off; return the rosters as a warden reads them that starts now."""
    put_on_call(night.clinic, "helmi")
    return Rosters(night.clinic.install.recording)


def test_a_roster_whose_detail_is_deleted_does_not_bring_the_older_one_back(night: Night) -> None:
    started, clinic = take_off(night), night.clinic
    tamper('DELETE FROM ledger_detail WHERE "index" = %s', chain(clinic, ROSTERS)[-1].index)
    assert naive_roster(clinic) == [clinic.id("otso").hex]
    with refused("chain.detail"):
        started.of(clinic.unit(KALLIO))
    clinic.install.rosters = started
    with pytest.raises(SealBroken):
        night.break_in()


def test_an_older_roster_said_once_more_is_not_the_newest(night: Night) -> None:
    started, clinic = take_off(night), night.clinic
    old, last = chain(clinic, ROSTERS)[-2:]
    again = replace(last.leaf, patient_seq=last.leaf.patient_seq + 1, patient_prev=last.leaf.hash)
    again = replace(again, detail_commit=old.leaf.detail_commit)
    plant(again.encode(), again.patient_seq, like=old)
    assert naive_roster(clinic) == [clinic.id("otso").hex]
    for rosters in (started, clinic.install.rosters):
        with refused("chain.twice"):
            rosters.of(clinic.unit(KALLIO))


def plant(leaf: bytes, number: int, *, like: Recorded) -> None:
    """Put a row behind the last one, with the detail of another."""
    [[most]] = sql('SELECT max("index") FROM ledger_entry')
    columns = "leaf, patient_tag, patient_seq, actor_tag, act, time_us"
    tamper(
        f'INSERT INTO ledger_entry ("index", {columns})'
        " SELECT %s, %s, patient_tag, %s, actor_tag, act, time_us"
        ' FROM ledger_entry WHERE "index" = %s',
        most + 5,
        leaf,
        number,
        like.index,
    )
    tamper(
        'INSERT INTO ledger_detail ("index", salt, sealed_detail)'
        ' SELECT %s, salt, sealed_detail FROM ledger_detail WHERE "index" = %s',
        most + 5,
        like.index,
    )


def test_a_row_that_lies_about_its_number_keeps_nobody_reading_for_ever(night: Night) -> None:
    first = chain(night.clinic, ROSTERS)[0]
    plant(first.leaf.encode(), 1_000, like=first)
    with pytest.raises(LeafBroken):
        chain(night.clinic, ROSTERS)


def test_an_opening_whose_detail_is_deleted_is_not_hidden(night: Night) -> None:
    opening = night.break_in()
    tamper('DELETE FROM ledger_detail WHERE "index" = %s', opening)
    readable = [one for one in chain(night.clinic, GLASSES) if one.detail is not None]
    assert readable == []
    with refused("chain.detail"):
        Glasses(night.clinic.install.recording).everyones()


def test_a_column_that_lies_refills_no_budget(night: Night) -> None:
    clinic = night.clinic
    switch(clinic, patients_in_28_days=1)
    night.break_in()
    other = a_patient(clinic)[0]
    tamper("UPDATE ledger_entry SET time_us = 0 WHERE act = %s", int(Act.BREAK_GLASS))
    actor = clinic.install.recording.tag(clinic.id("otso"))
    assert not queries.distinct_subjects(actor, {Act.BREAK_GLASS}, since_us=1)
    with pytest.raises(GlassSpent):
        night.break_in(patient=other)


def test_an_end_of_the_chain_that_is_cut_off_opens_nothing_more(night: Night) -> None:
    clinic = night.clinic
    clinic.install.heads.now()
    opening = night.break_in()
    clinic.install.heads.now()
    tamper('DELETE FROM ledger_entry WHERE "index" = %s', opening)
    assert not Glasses(clinic.install.recording).everyones()
    with pytest.raises((SealBroken, LedgerSilent)):
        night.break_in()


def test_a_column_that_lies_gives_no_barred_patient_to_the_duty_card(night: Night) -> None:
    clinic, patient = night.clinic, night.patient
    client.bar_glass(clinic.session("helmi"), patient, is_barred=True)
    tag, barred = clinic.install.recording.tag(patient), int(Act.BREAK_GLASS_BARRED)
    tamper("UPDATE ledger_entry SET act = %s WHERE act = %s", int(Act.OPEN_CHART), barred)
    # By the column nobody barred her, and the next session of her therapist would seal her key.
    assert not sql("SELECT act FROM ledger_entry WHERE patient_tag = %s AND act = %s", tag, barred)
    clinic.seat("helmi")
    client.due_rotations(clinic.session("helmi"))
    with pytest.raises(Barred):
        night.break_in()
