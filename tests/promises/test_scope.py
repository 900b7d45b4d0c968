"""P90: a scope leaves nobody out. What counts rows gives a shorter list, and notices nothing."""

import pytest

from tests.cast import Clinic
from tests.ledger.tampering import tamper
from tests.warden.scopes import Weeks, ask, listed
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.client.refusals import ScopeIncomplete
from vaitiolo.warden.server import alarms

OF_ONE = "WHERE act = 2 AND patient_tag = %s"
BREAKS = {
    "gone": f"DELETE FROM ledger_entry {OF_ONE}",
    "another's": 'UPDATE ledger_entry SET leaf = (SELECT leaf FROM ledger_entry WHERE "index" = 1)'
    f" {OF_ONE}",
}


def counted() -> set[bytes]:
    """What a log that is only counted says: whose records were opened."""
    return {
        entry.leaf.patient_tag
        for entry in queries.entries_from(0)
        if entry.leaf.act is Act.OPEN_CHART
    }


@pytest.mark.parametrize("how", sorted(BREAKS))
def test_p90_a_scope_leaves_nobody_out(clinic: Clinic, how: str) -> None:
    weeks = Weeks(clinic)
    patients = [weeks.arrive(), weeks.arrive()]
    tags = [clinic.install.recording.tag(patient) for patient in patients]
    for patient in patients:
        weeks.open("helmi", patient)
    assert set(listed(clinic, ask(clinic))) == set(patients)
    # What was not signed yet could not be, afterwards: then there is no list either.
    clinic.install.recorder.checkpoint_now()
    tamper(BREAKS[how], tags[0])
    assert counted() == {tags[1]}
    with pytest.raises(ScopeIncomplete):
        ask(clinic)
    assert [one.rule for one in alarms.open_alerts(clinic.install)] == ["scope incomplete"]
