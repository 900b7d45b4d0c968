"""Pictures out of what was measured, as SVG: bars side by side, and a line of time."""

from collections.abc import Iterable, Sequence
from html import escape
from math import log10
from typing import Final

from vaitiolo.ops.replay.measured import Bar

WIDTH: Final = 640
LEFT: Final = 8
ROW: Final = 54
# The line of time begins at a second and ends after ten years, a decade as wide as the next.
FIRST, LAST = 1 / 60, 10 * 365 * 1440.0
MARKS: Final = (
    (1 / 60, "1 s"),
    (1.0, "1 min"),
    (60.0, "1 h"),
    (1440.0, "1 day"),
    (43_200.0, "1 month"),
    (525_600.0, "1 year"),
)
Point = tuple[str, float]


def bars(some: Sequence[Bar]) -> str:
    """Draw for each the share in the stand-in above the share here."""
    height = ROW * len(some) + 8
    drawn = "".join(_bar(one, at * ROW) for at, one in enumerate(some))
    said = "; ".join(
        f"{one.name}: {one.stand_in} of {one.of} in clear, {one.ours} of {one.of} here"
        for one in some
    )
    return _svg(height, said, drawn)


def line(title: str, ours: Iterable[Point], theirs: Iterable[Point]) -> str:
    """Draw minutes after the first sign on one line: ours above it, 2019 and 2020 below."""
    above, below = list(ours), list(theirs)
    middle = 18 * len(above) + 22
    parts = [f'<line class="axis" x1="{LEFT}" y1="{middle}" x2="{WIDTH - LEFT}" y2="{middle}"/>']
    for minutes, label in MARKS:
        x = _x(minutes)
        parts.append(f'<line class="tick" x1="{x}" y1="{middle - 4}" x2="{x}" y2="{middle + 4}"/>')
        parts.append(f'<text class="soft" x="{x}" y="{middle + 17}">{label}</text>')
    parts += _points(above, middle, up=True)
    parts += _points(below, middle + 20, up=False)
    height = middle + 36 + 18 * len(below)
    said = "; ".join(f"{name}: {_said(minutes)}" for name, minutes in (*above, *below))
    return _svg(height, f"{title}: {said}", "".join(parts))


def _bar(one: Bar, top: int) -> str:
    full = WIDTH - 2 * LEFT - 150
    parts = [f'<text x="{LEFT}" y="{top + 14}">{escape(one.name)}</text>']
    for at, (kind, number) in enumerate((("there", one.stand_in), ("here", one.ours))):
        y = top + 20 + 14 * at
        wide = full * number / one.of if one.of else 0
        parts.append(f'<rect class="rail" x="{LEFT}" y="{y}" width="{full}" height="11"/>')
        parts.append(f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{wide:.1f}" height="11"/>')
        words = "in clear" if kind == "there" else "vaitiolo"
        label = f"{number:,} of {one.of:,}, {words}"
        parts.append(f'<text class="soft" x="{LEFT + full + 6}" y="{y + 10}">{label}</text>')
    return "".join(parts)


def _points(points: list[Point], middle: int, *, up: bool) -> list[str]:
    parts = []
    for at, (name, minutes) in enumerate(points):
        x, y = _x(minutes), middle + (-18 * (at + 1) if up else 18 * (at + 1))
        kind = "here" if up else "there"
        parts.append(f'<line class="lead" x1="{x}" y1="{y + 3}" x2="{x}" y2="{middle}"/>')
        parts.append(f'<circle class="{kind}" cx="{x}" cy="{y}" r="4"/>')
        # What stands far right has its words on the left of it.
        side = f'text-anchor="end" x="{x - 8:.1f}"' if x > WIDTH / 2 else f'x="{x + 8:.1f}"'
        parts.append(f'<text {side} y="{y + 4}">{escape(name)}: {_said(minutes)}</text>')
    return parts


def _x(minutes: float) -> float:
    part = log10(max(minutes, FIRST) / FIRST) / log10(LAST / FIRST)
    return round(LEFT + part * (WIDTH - 2 * LEFT), 1)


def _said(minutes: float) -> str:
    for most, factor, unit in ((1, 60, "s"), (120, 1, "min"), (2880, 1 / 60, "h")):
        if minutes < most:
            return f"{minutes * factor:.1f} {unit}"
    return f"{minutes / 1440:,.0f} days"


def _svg(height: int, said: str, drawn: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(said)}">{drawn}</svg>'
    )
