"""How grave a breach is, by ENISA's formula SE = DPC x EI + CB, from tables that are data.

What was decided keeps its factors and the version of its rules: years later it comes out the same.
A score decides nothing; people do, and say why.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "data"
NEWEST: Final = "2013-1"
FACTORS: Final = (
    "context", "identification", "confidentiality", "integrity", "availability", "intent"
)  # fmt: skip
CIRCUMSTANCES: Final = FACTORS[2:]
BANDS: Final = ("medium", "high", "very_high")


class RulesUnknown(ValueError):
    """There are no rules of this version, or no such word in them."""


@dataclass(frozen=True, slots=True)
class Score:
    """A score in hundredths, its band, and the rules that it is by."""

    hundredths: int
    band: str
    rules: str

    @property
    def text(self) -> str:
        """Return the score as people write it."""
        return f"{self.hundredths // 100}.{self.hundredths % 100:02}"


RULES: Final[Mapping[str, Mapping[str, Any]]] = {
    file.stem.removeprefix("severity-"): tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted(FOLDER.glob("severity-*.toml"))
}


def score(factors: Mapping[str, str], *, shift: int = 0, version: str = NEWEST) -> Score:
    """Return the score of chosen words; ``shift`` is how many steps the context moves the base.

    Raises RulesUnknown.
    """
    if version not in RULES:
        raise RulesUnknown(version)
    tables = RULES[version]
    context, limits = _value(tables, "context", factors), tables["context"]
    moved = min(max(context + 100 * shift, limits["least"]), limits["most"])
    identified = _value(tables, "identification", factors)
    circumstances = sum(_value(tables, name, factors) for name in CIRCUMSTANCES)
    # Of two numbers in hundredths the product is in ten-thousandths; all of them are multiples.
    total = moved * identified // 100 + circumstances
    return Score(total, _band(tables, total), version)


def _value(tables: Mapping[str, Any], name: str, factors: Mapping[str, str]) -> int:
    try:
        value: int = tables[name][factors[name]]
    except KeyError:
        raise RulesUnknown(name) from None
    return value


def _band(tables: Mapping[str, Any], total: int) -> str:
    reached = [band for band in BANDS if total >= tables["bands"][band]]
    return reached[-1] if reached else "low"
