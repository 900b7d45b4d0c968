"""Looks for what is wanted in any bytes, through up to three disguises one inside the other.

Windows overlap, so that nothing is lost at their edges. It reports places, never persons.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from vaitiolo.ops.thief.disguises import (
    LONG_HEX,
    SHORTEST_BASE64,
    Bundle,
    Bytes,
    Stretch,
    base64_stretches,
    bundles,
    escape_stretches,
    hex_runs,
    hex_stretches,
    inflated,
    mapping,
    regions,
    wide_stretches,
)
from vaitiolo.ops.thief.spellings import Kind
from vaitiolo.ops.thief.wanted import Match, Wanted

WINDOW, LAP = 4 << 20, 64 << 10
DEEPEST = 3
PLACES_SHOWN = 3
# A disguise that the window's end cuts inside a group of letters cannot be undone from there on,
# so this much more counts as this window's.
GROUP = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found: a file, a byte, a kind and how it was written. Never whose."""

    label: str
    offset: int
    kind: Kind
    writing: str


@dataclass(slots=True)
class Findings:
    """What was found so far, and how much was looked through."""

    found: dict[Kind, set[int]] = field(default_factory=lambda: {kind: set() for kind in Kind})
    times: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    places: list[Place] = field(default_factory=list)
    shown: Counter[tuple[str, Kind, str]] = field(default_factory=Counter)

    def note(self, place: Place, value: int) -> None:
        self.found[place.kind].add(value)
        self.times[place.kind, place.writing] += 1
        here = (place.label, place.kind, place.writing)
        self.shown[here] += 1
        if self.shown[here] <= PLACES_SHOWN:
            self.places.append(place)

    def owners(self, wanted: Wanted) -> set[int]:
        """List the patients of whom anything was found."""
        return {wanted.owner(value) for values in self.found.values() for value in values}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a piece of text came from. `locate` leads from its bytes to bytes of the file.

    What begins at the limit or later is left to the next window.
    """

    label: str
    locate: Callable[[int], int]
    limit: int
    disguises: tuple[str, ...] = ()

    def shifted(self, by: int) -> "Spot":
        return Spot(self.label, lambda at: self.locate(at + by), self.limit, self.disguises)

    def inside(self, stretch: Stretch | Bundle) -> "Spot":
        def locate(at: int) -> int:
            return self.locate(stretch.locate(at))

        return Spot(self.label, locate, self.limit, (*self.disguises, stretch.disguise))

    def reaches(self, at: int) -> bool:
        return self.locate(at) < self.limit + (GROUP if self.disguises else 0)


class Search:
    """One search for what is wanted, over as many files as one likes."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.findings = Findings()
        self.table = mapping(wanted.letters)

    def through(
        self, data: Bytes, label: str, *, passed: Callable[[int], None] = lambda _count: None
    ) -> None:
        """Look through the bytes of a file, telling `passed` how many were looked at."""
        for begin in range(0, len(data), WINDOW):
            end = min(begin + WINDOW, len(data))
            spot = Spot(label, begin.__add__, end)
            self.window(data[begin : end + LAP], spot)
            for stretch in inflated(data, begin, end):
                self.deeper(stretch, Spot(label, int, end))
            passed(end - begin)

    def window(self, text: bytes, spot: Spot) -> None:
        """Look through a piece of text, as it stands and with two bytes a letter."""
        for start, end in regions(text, self.table, self.wanted.shortest):
            if spot.reaches(start):
                self.region(text[start:end], spot.shifted(start))
        for stretch in wide_stretches(text, self.table):
            self.deeper(stretch, spot)

    def region(self, text: bytes, spot: Spot) -> None:
        """Look through a piece that consists of letters only, as it stands and decoded."""
        runs = hex_runs(text)
        readable, outside = text.decode("latin-1"), outside_long_hex(runs, len(text))
        for start, end in outside:
            for match in self.wanted.matches(text, readable, begin=start, end=end):
                self.report(match, spot)
        if len(text) >= SHORTEST_BASE64 and len(spot.disguises) < DEEPEST:
            for bundle in bundles(disguised(text, runs, outside)):
                self.deeper(bundle, spot)

    def deeper(self, stretch: Stretch | Bundle, spot: Spot) -> None:
        """Look through what came out of a disguise, which may hold another one."""
        worth = len(stretch.text) >= self.wanted.shortest and len(spot.disguises) < DEEPEST
        if worth and spot.reaches(stretch.locate(0)):
            inner = spot.inside(stretch)
            self.window(stretch.text, inner)
            for stream in inflated(stretch.text, 0, len(stretch.text)):
                self.deeper(stream, inner)

    def report(self, match: Match, spot: Spot) -> None:
        if spot.reaches(match.start):
            writing = " in ".join((match.charset, *reversed(spot.disguises)))
            place = Place(spot.label, spot.locate(match.start), match.kind, writing)
            self.findings.note(place, match.value)


Parts = list[tuple[int, int]]


def disguised(text: bytes, runs: Parts, outside: Parts) -> Iterator[Stretch]:
    """Decode whatever in a text may be hex, base64 or escaped."""
    yield from hex_stretches(text, runs)
    for start, end in outside:
        yield from base64_stretches(text, start, end)
        yield from escape_stretches(text, start, end)


def outside_long_hex(runs: Parts, length: int) -> Parts:
    """Leave out long runs of hexadecimal digits: nothing wanted stands in them as it is."""
    outside, begin = [], 0
    for start, end in runs:
        if end - start >= LONG_HEX:
            outside.append((begin, start))
            begin = end
    return [*outside, (begin, length)]
