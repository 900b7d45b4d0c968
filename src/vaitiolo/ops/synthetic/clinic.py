"""Makes an invented clinic from a seed, a scale and a day. It keeps no patient in memory.

The same three give the same clinic on every machine, so nobody has to keep a list of its people.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vaitiolo.ops.synthetic.cast import (
    SyntheticAppointment,
    SyntheticKin,
    SyntheticMember,
    SyntheticPatient,
    SyntheticUnit,
)
from vaitiolo.ops.synthetic.draws import Draw, drawer, pick
from vaitiolo.ops.synthetic.identities import (
    BORN_BEFORE,
    WOMEN_SHARE,
    Name,
    Sex,
    invent_email,
    invent_hetu,
    invent_name,
    invent_phone,
    invent_street,
    origin_of,
)
from vaitiolo.ops.synthetic.notes import TEMPLATES, Pen
from vaitiolo.ops.synthetic.scales import Scale, scale_named
from vaitiolo.ops.synthetic.staff import invent_members, invent_units
from vaitiolo.ops.synthetic.stock_room import PLACES, Language
from vaitiolo.ops.synthetic.weeks import (
    A_WEEK,
    Slot,
    Week,
    is_working_day,
    lay_out,
)

MINUTES = 45
SAME_FAMILY_NAME = 0.6
ADULT_SINCE = BORN_BEFORE.replace(year=BORN_BEFORE.year - 18)
VIDEO_SHARE = 0.2
# A former patient's last session was two months to eight years ago.
LEFT_WEEKS_AGO = (9, 400)


@dataclass(frozen=True, slots=True)
class SyntheticClinic:
    """A clinic in which nobody lives. Patients and appointments are made when asked for."""

    seed: str
    scale: Scale
    today: date
    units: tuple[SyntheticUnit, ...]
    members: tuple[SyntheticMember, ...]
    therapists: tuple[SyntheticMember, ...]
    weeks: tuple[Week, ...]

    def patients(self, unit: SyntheticUnit | None = None) -> Iterator[SyntheticPatient]:
        """Make the patients one at a time, caseload by caseload, of one unit or of all."""
        for therapist in self.therapists:
            if unit is None or therapist.unit.number == unit.number:
                yield from self.caseload(therapist)

    def caseload(self, therapist: SyntheticMember) -> Iterator[SyntheticPatient]:
        count = len(self.therapists)
        for number in range(therapist.turn, self.scale.patients, count):
            yield self.patient(number)

    def patient(self, number: int) -> SyntheticPatient:
        return invent_patient(self, number)

    def appointments(self, unit: SyntheticUnit | None = None) -> Iterator[SyntheticAppointment]:
        """Make the diary of past and coming weeks, therapist by therapist, in order of time."""
        for therapist in self.therapists:
            if unit is None or therapist.unit.number == unit.number:
                yield from self.diary(therapist)

    def diary(self, therapist: SyntheticMember) -> Iterator[SyntheticAppointment]:
        patients, week = tuple(self.caseload(therapist)), self.weeks[therapist.turn]
        for day in week.days() if patients else ():
            for place, slot in week.places_on(day):
                yield book(week, slot, on=day, patient=patients[week.holder(place)])


def make_clinic(seed: int | str, scale: str, today: date) -> SyntheticClinic:
    """Make the clinic that belongs to a seed, a scale (see scales.py) and a day."""
    sizes = scale_named(scale)
    units = invent_units(str(seed), sizes.units)
    members = invent_members(str(seed), sizes, units)
    therapists = tuple(member for member in members if member.role == "therapist")
    count = len(therapists)
    weeks = tuple(
        lay_out(turn, caseload=len(range(turn, sizes.patients, count)), today=today)
        for turn in range(count)
    )
    return SyntheticClinic(str(seed), sizes, today, units, members, therapists, weeks)


def book(week: Week, slot: Slot, *, on: date, patient: SyntheticPatient) -> SyntheticAppointment:
    state = week.state(slot, on, patient=patient.number)
    lot = (patient.number * 31 + on.toordinal()) % 100
    return SyntheticAppointment(
        patient=patient,
        on=on,
        at=slot.at,
        minutes=MINUTES,
        state=state,
        is_charted=week.has_note(slot, on, patient=patient.number),
        where="video" if lot < 100 * VIDEO_SHARE else "room",
    )


def invent_patient(clinic: SyntheticClinic, number: int) -> SyntheticPatient:
    draw = drawer(clinic.seed, "patient", number)
    therapist = clinic.therapists[number % len(clinic.therapists)]
    place = PLACES["units"][therapist.unit.number]
    origin, language = origin_of(draw, place["swedish"])
    sex: Sex = "female" if draw() < WOMEN_SHARE else "male"
    name = invent_name(draw, sex, origin)
    born, hetu = invent_hetu(draw, number, people=clinic.scale.patients, sex=sex)
    kin = invent_kin(draw, name, language=language, is_minor=born > ADULT_SINCE)
    sessions, drafted_on = invent_course(clinic, number, draw=draw)
    return SyntheticPatient(
        number=number,
        therapist=therapist,
        name=name,
        born_on=born,
        hetu=hetu,
        # Even numbers for patients, odd ones for their kin.
        phone=invent_phone(2 * number),
        email=invent_email(draw, name, number),
        street=invent_street(draw),
        postal_code=place["postal"],
        town=place["town"],
        language=language,
        kin=SyntheticKin(kin[0], kin[1], invent_phone(2 * number + 1)),
        sessions=sessions,
        drafted_on=drafted_on,
        pen=Pen(clinic.seed, number, language, pick(draw, TEMPLATES)),
    )


def invent_kin(draw: Draw, name: Name, *, language: Language, is_minor: bool) -> tuple[Name, str]:
    """Invent the name of somebody close, and what they are to the patient."""
    sex: Sex = pick(draw, ("female", "male"))
    other = invent_name(draw, sex, "sv" if language == "sv" else "fi")
    family = name.family if draw() < SAME_FAMILY_NAME else other.family
    # A minor has neither a partner nor a grown-up child.
    fitting = [kin for kin in PLACES["kin"] if kin["sex"] in {sex, "any"}]
    fitting = [kin for kin in fitting if kin["of_minors"] or not is_minor]
    return Name(other.given, family), pick(draw, fitting)[language]


def invent_course(
    clinic: SyntheticClinic, number: int, *, draw: Draw
) -> tuple[tuple[date, ...], date | None]:
    """List the days with a note, and the day of the draft if this patient has one open."""
    few, many = clinic.scale.fewest_notes, clinic.scale.most_notes
    count = few + int(draw() * (many - few + 1))
    turn, week = number // len(clinic.therapists), clinic.weeks[number % len(clinic.weeks)]
    slots = week.own_slots(turn)
    if not slots:
        return former_course(clinic.today, count, draw=draw), None
    days = week.charted_days(turn, patient=number, count=count)
    return tuple(reversed(days)), drafted_on(week, slots)


def drafted_on(week: Week, slots: tuple[Slot, ...]) -> date | None:
    """Find the day of the draft: the first therapist's last session of the last working day."""
    day = week.written_until
    last = any(slot.weekday == day.weekday() and slot.left == 0 for slot in slots)
    return day if last and week.therapist == 0 else None


def former_course(today: date, count: int, *, draw: Draw) -> tuple[date, ...]:
    low, high = LEFT_WEEKS_AGO
    # Anchored to a Monday, so that the weekday drawn stays the same from week to week.
    day = today.fromordinal(today.toordinal() - today.weekday() + int(draw() * 5))
    day -= A_WEEK * (low + int(draw() * (high - low)))
    days = list[date]()
    while len(days) < count:
        if is_working_day(day):
            days.append(day)
        day -= A_WEEK
    return tuple(reversed(days))
