"""How a name, a number or an address may be written. Knows nothing of files or encodings."""

from collections.abc import Iterator
from enum import IntEnum

from vaitiolo.ops.synthetic.cast import SyntheticPatient
from vaitiolo.ops.synthetic.identities import Name

# A shorter run of letters may stand in any text by chance.
SHORTEST_RUN_TOGETHER = 10


class Kind(IntEnum):
    """What is looked for. The order is that of the report."""

    NAME = 0
    HETU = 1
    PHONE = 2
    EMAIL = 3
    ADDRESS = 4
    KIN = 5
    SENTENCE = 6


# As they are called on screen.
TITLES = {
    Kind.NAME: "names",
    Kind.HETU: "identity codes",
    Kind.PHONE: "telephone numbers",
    Kind.EMAIL: "e-mail addresses",
    Kind.ADDRESS: "street addresses",
    Kind.KIN: "names of next of kin",
    Kind.SENTENCE: "sentences of notes",
}


def spellings_of(patient: SyntheticPatient) -> Iterator[tuple[Kind, int, list[str]]]:
    """Spell what identifies a patient in the ways that programs and people write it.

    One turn for each value; the first spelling is the one on screen. The number tells apart
    several values of one kind.
    """
    kin = patient.kin
    yield Kind.NAME, 0, of_name(patient.name)
    yield Kind.HETU, 0, [patient.hetu, patient.hetu.lower()]
    yield Kind.PHONE, 0, of_phone(patient.phone)
    yield Kind.EMAIL, 0, [patient.email, patient.email.upper()]
    yield Kind.ADDRESS, 0, [patient.street, patient.street.casefold()]
    yield Kind.KIN, 0, of_name(kin.name)
    yield Kind.PHONE, 1, of_phone(kin.phone)
    yield from ((Kind.SENTENCE, place, [said]) for place, said in enumerate(sentences_of(patient)))


def sentences_of(patient: SyntheticPatient) -> Iterator[str]:
    """List the sentence of each note, and of the open draft, that no other note holds."""
    yield from (note.telling for note in patient.notes())
    if draft := patient.draft():
        yield draft.telling


def of_name(name: Name) -> list[str]:
    given, family = name.given, name.family
    written = [str(name), f"{family}, {given}", f"{family} {given}"]
    written += [f"{given}\t{family}", f"{family}\t{given}"]
    # Neighbouring columns of a table stand in its file without anything between them.
    if len(given) + len(family) >= SHORTEST_RUN_TOGETHER:
        written += [given + family, family + given]
    return written + [text.casefold() for text in written]


def of_phone(phone: str) -> list[str]:
    area, start, end = phone.split(" ")
    rest, abroad = start + end, area.removeprefix("0")
    written = [phone, f"{area} {rest}", f"{area}-{rest}", f"{area}-{start} {end}", area + rest]
    for code in ("+358", "00358"):
        written += [f"{code} {abroad} {start} {end}", f"{code} {abroad} {rest}"]
        written += [f"{code} {abroad}{rest}", f"{code}{abroad}{rest}"]
    return written
