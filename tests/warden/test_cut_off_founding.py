"""A founding that goes on: under the policy that it signed itself, and under no other."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.cast import Clinic
from vaitiolo.keys import store
from vaitiolo.keys.cards import CardClass
from vaitiolo.warden.server.founding import CannotBeFounded
from vaitiolo.warden.server.house import Begun, demand_own


def begun(clinic: Clinic) -> Begun:
    drawn = tuple(row.card for row in store.cards_of_class(CardClass.RECOVERY))
    return Begun("pkcs11", "", clinic.install.org, (), (), drawn)


def test_it_goes_on_under_its_own_policy(clinic: Clinic) -> None:
    demand_own(clinic.install.trust, begun(clinic))


def test_but_not_under_one_that_was_put_in_its_place(clinic: Clinic) -> None:
    policy, own = clinic.install.trust, begun(clinic)
    other = replace(policy.recovery, chart=bytes(32))
    naive = policy.org == replace(policy, recovery=other).org
    assert naive, "who compares the organisation alone takes the other root's recovery key"
    for strange in (
        (replace(policy, recovery=other), own),
        (policy, replace(own, org=uuid4())),
        (policy, replace(own, cards=own.cards[:2])),
    ):
        with pytest.raises(CannotBeFounded, match="not the one"):
            demand_own(*strange)
