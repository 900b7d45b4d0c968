"""Fills an installation to be measured, without the index of identity codes.

Its slow hash (16 ms each, ten minutes for 36,000) is asked when somebody is registered, and by
nothing that is measured here.
"""

import sys
from dataclasses import replace

from vaitiolo.config.demo import filling
from vaitiolo.ops.bringing_in import Bringing, Caseload, Parcel
from vaitiolo.ops.synthetic.cast import SyntheticPatient


class WithoutIndex(Bringing):
    """Everybody comes in, and nobody's code goes into the index."""

    def _parcel(self, caseload: Caseload, patient: SyntheticPatient) -> Parcel:
        parcel = super()._parcel(caseload, patient)
        return replace(parcel, arrival=replace(parcel.arrival, hetu=""))


if __name__ == "__main__":
    sys.exit(filling.main(WithoutIndex))
