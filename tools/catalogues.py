"""Turns every catalogue of translations (.po) into the form that Django reads (.mo)."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

REPO = Path(__file__).resolve().parents[1]


def main() -> int:
    for source in sorted((REPO / "src").glob("vaitiolo/*/locale/*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        # Complete or not there at all: another process may be reading it.
        fresh = source.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue, use_fuzzy=False)
        fresh.replace(source.with_suffix(".mo"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
