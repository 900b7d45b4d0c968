"""A request as an officer exports it, made of the clinic of keys."""

from dataclasses import dataclass, field
from typing import Any

from tests.keys.clinic import Chart, Clinic, Person, id_of
from vaitiolo.keys import ceremonies
from vaitiolo.keys.cards import Role
from vaitiolo.keys.ceremonies import Ceremony, CeremonyPurpose, CheckedRequest, Pins, Terms
from vaitiolo.keys.holders import HolderKeys, master_part
from vaitiolo.keys.kinds import RecoveryRole


@dataclass
class House:
    """A clinic whose therapist is gone: her charts, a successor, and an officer who asks."""

    clinic: Clinic = field(default_factory=Clinic)
    master: bytes = b""

    def __post_init__(self) -> None:
        clinic = self.clinic
        self.contact = clinic.recovery(RecoveryRole.CONTACT)
        self.chart = clinic.recovery(RecoveryRole.CHART)
        if self.master:
            self.chart = self._from_paper()
        self.gone = clinic.enrol("Raisa")
        self.successor = clinic.enrol("Helmi")
        self.other = clinic.enrol("Otso")
        self.pia = clinic.enrol("Pia", role=Role.PRIVACY_OFFICER)
        self.charts = [self._chart(name) for name in ("chart", "working", "shared")]
        self.parents = [one.grant(self.chart, by=self.gone) for one in self.charts]

    @property
    def pins(self) -> Pins:
        clinic = self.clinic
        return Pins(clinic.org, clinic.root_keys, 1, self.contact.card.id, self.chart.card.id)

    def terms(self, **changes: Any) -> Terms:
        said: dict[str, Any] = {
            "purpose": CeremonyPurpose.SUCCESSION,
            "org": self.clinic.org,
            "case": id_of("ceremony"),
            "made": self.clinic.today,
            "recovery": self.chart.card.id,
            "target": self.successor.card.id,
        }
        return Terms(**{**said, **changes})

    def request(self, **changes: Any) -> Ceremony:
        people = (self.chart, self.successor, self.gone, self.pia, self.clinic.registrar)
        said: dict[str, Any] = {
            "shown": [one.card for one in people],
            "given": self.parents,
            "keys": self.pia.keys,
            "signer": self.pia.card.id,
        }
        terms = changes.pop("terms", self.terms())
        return ceremonies.make_request(terms, **{**said, **changes})

    def checked(self, **changes: Any) -> CheckedRequest:
        return ceremonies.check_request(self.request(**changes), self.pins)

    def answer(self, checked: CheckedRequest | None = None) -> Ceremony:
        checked = checked or self.checked()
        return ceremonies.make_answer(checked, keys=self.chart.keys, made=self.clinic.today)

    def _chart(self, name: str) -> Chart:
        return Chart(self.clinic, self.gone, id_of(name))

    def _from_paper(self) -> Person:
        self.clinic.pinned.discard(self.chart.card.id)
        seed = master_part(self.master, self.clinic.org, part="chart")
        self.clinic.keys = keep(self.clinic.keys, HolderKeys(seed, self.clinic.org))  # type: ignore[method-assign]  # of one name the seed is another
        return self.clinic.recovery(RecoveryRole.CHART)


def keep(make: Any, chart: HolderKeys) -> Any:
    return lambda name: chart if name == f"recovery {RecoveryRole.CHART.name}" else make(name)
