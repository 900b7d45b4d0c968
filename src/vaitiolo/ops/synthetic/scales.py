"""How large an invented clinic is: the demo's, the one of 36,000 patients, or any other number."""

from dataclasses import dataclass

CENTRES = 25
PATIENTS_A_THERAPIST = 112
PATIENTS_AT_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Scale:
    """So many of each; the notes of a patient lie between two numbers."""

    name: str
    units: int
    therapists: int
    receptionists: int
    billing: int
    managers: int
    registrars: int
    privacy_officers: int
    patients: int
    fewest_notes: int
    most_notes: int


DEMO = Scale(
    "demo",
    units=2,
    therapists=5,
    receptionists=4,
    billing=0,
    managers=1,
    registrars=1,
    privacy_officers=1,
    patients=150,
    fewest_notes=9,
    most_notes=15,
)
VASTAAMO = Scale(
    "vastaamo",
    units=CENTRES,
    therapists=320,
    receptionists=50,
    billing=2,
    managers=25,
    registrars=2,
    privacy_officers=1,
    patients=36_000,
    fewest_notes=14,
    most_notes=26,
)


class UnknownScale(ValueError):
    """A clinic of this size cannot be invented."""

    def __init__(self, name: str) -> None:
        most = f"{PATIENTS_AT_MOST:,}"
        super().__init__(f"scale {name!r}: write demo, vastaamo, or patients from 1 to {most}.")


def scale_named(name: str) -> Scale:
    """Find a scale by its name, or shrink the large one to a number of patients."""
    if name in {DEMO.name, VASTAAMO.name}:
        return DEMO if name == DEMO.name else VASTAAMO
    if not (name.isascii() and name.isdecimal() and 1 <= int(name) <= PATIENTS_AT_MOST):
        raise UnknownScale(name)
    return scale_of(int(name))


def scale_of(patients: int) -> Scale:
    therapists = max(1, -(-patients // PATIENTS_A_THERAPIST))
    units = max(1, min(CENTRES, therapists // 6))
    return Scale(
        str(patients),
        units=units,
        therapists=max(therapists, units),
        receptionists=2 * units,
        billing=1,
        managers=1,
        registrars=1,
        privacy_officers=1,
        patients=patients,
        fewest_notes=VASTAAMO.fewest_notes,
        most_notes=VASTAAMO.most_notes,
    )
