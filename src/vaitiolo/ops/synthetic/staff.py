"""Invents the units of a clinic and who works in them."""

from collections.abc import Iterator

from vaitiolo.ops.synthetic.cast import Role, SyntheticMember, SyntheticUnit
from vaitiolo.ops.synthetic.draws import Draw, drawer
from vaitiolo.ops.synthetic.identities import (
    WOMEN_SHARE,
    Name,
    Sex,
    ascii_of,
    invent_name,
    invent_street,
    origin_of,
)
from vaitiolo.ops.synthetic.scales import Scale
from vaitiolo.ops.synthetic.stock_room import PLACES, Language

# Whom one meets in the demo and in the manual.
KNOWN: dict[tuple[Role, int], tuple[Name, Language]] = {
    ("therapist", 0): (Name("Helmi", "Aalto"), "fi"),
    ("therapist", 1): (Name("Otso", "Lehtonen"), "fi"),
    ("therapist", 2): (Name("Ebba", "Lindholm"), "sv"),
    ("reception", 0): (Name("Sanna", "Koivisto"), "fi"),
    ("reception", 1): (Name("Axel", "Nyman"), "sv"),
    ("registrar", 0): (Name("Kaarina", "Vuorinen"), "fi"),
    ("manager", 0): (Name("Tuomas", "Salminen"), "fi"),
    ("privacy_officer", 0): (Name("Iida", "Harju"), "fi"),
}


def invent_units(seed: str, count: int) -> tuple[SyntheticUnit, ...]:
    draw = drawer(seed, "units")
    return tuple(
        SyntheticUnit(
            number=number,
            name=place["name"],
            town=place["town"],
            street=invent_street(draw),
            postal_code=place["postal"],
            phone=f"048 01{number // 10} {number % 10}000",
        )
        for number, place in enumerate(PLACES["units"][:count])
    )


def invent_members(
    seed: str, scale: Scale, units: tuple[SyntheticUnit, ...]
) -> tuple[SyntheticMember, ...]:
    taken: dict[str, int] = {}
    members = []
    for number, (role, turn) in enumerate(posts(scale)):
        unit = units[turn % len(units)]
        draw = drawer(seed, "member", role, turn)
        name, language = KNOWN.get((role, turn)) or invent_colleague(draw, unit)
        sign_in_name = free(f"{ascii_of(name.given)}.{ascii_of(name.family)}", taken)
        members.append(SyntheticMember(number, role, turn, unit, name, sign_in_name, language))
    return tuple(members)


def posts(scale: Scale) -> Iterator[tuple[Role, int]]:
    """List the posts, the fixed ones first; the turn also says which unit."""
    counts: tuple[tuple[Role, int], ...] = (
        ("registrar", scale.registrars),
        ("privacy_officer", scale.privacy_officers),
        ("manager", scale.managers),
        ("billing", scale.billing),
        ("reception", scale.receptionists),
        ("therapist", scale.therapists),
    )
    for role, count in counts:
        yield from ((role, turn) for turn in range(count))


def invent_colleague(draw: Draw, unit: SyntheticUnit) -> tuple[Name, Language]:
    origin, language = origin_of(draw, PLACES["units"][unit.number]["swedish"])
    sex: Sex = "female" if draw() < WOMEN_SHARE else "male"
    return invent_name(draw, sex, origin), "fi" if language == "en" else language


def free(wish: str, taken: dict[str, int]) -> str:
    """Give the second and further bearers of a sign-in name a number."""
    taken[wish] = taken.get(wish, 0) + 1
    return wish if taken[wish] == 1 else f"{wish}{taken[wish]}"
