"""Keeps in an installation which clinic was invented for it: seed, scale and day, and no person."""

import json
from datetime import date
from pathlib import Path

from vaitiolo.ops.synthetic.clinic import SyntheticClinic, make_clinic

CRIB = "demo.json"


class NoInventedClinic(Exception):
    """This installation does not say which invented people are in it."""


def write_crib(home: Path, clinic: SyntheticClinic) -> None:
    words = {"seed": clinic.seed, "scale": clinic.scale.name, "today": clinic.today.isoformat()}
    fresh = home / f"{CRIB}.new"
    fresh.write_text(json.dumps(words) + "\n", encoding="ascii")
    fresh.replace(home / CRIB)


def read_crib(home: Path) -> SyntheticClinic:
    """Make the clinic again that was brought into an installation."""
    try:
        words = json.loads((home / CRIB).read_text(encoding="ascii"))
        return make_clinic(words["seed"], words["scale"], date.fromisoformat(words["today"]))
    except (OSError, ValueError, KeyError, TypeError):
        reason = "so it is not known whom to look for; `vaitiolo demo` makes such an installation"
        raise NoInventedClinic(f"{home / CRIB} names no invented clinic, {reason}.") from None
