"""`vaitiolo unit`: adds a unit to a house. Holds no key; each half does its part."""

import argparse
import json
import sys
from typing import Final

from vaitiolo.config.console.answers import LONGEST
from vaitiolo.config.console.found import PAGES, WARDENS
from vaitiolo.config.halves import HalfFailed, run
from vaitiolo.config.hardening import harden

ABOUT: Final = """\
Add a unit, with the settings of the warden and of the pages. Its phone book and diary are made when
a registrar signs the card of its first receptionist.
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="vaitiolo unit", description=ABOUT)
    parser.add_argument("name", help="what the unit is called")
    name = parser.parse_args().name.strip()
    harden()
    if not 0 < len(name) <= LONGEST or not name.isprintable():
        sys.stderr.write(f"vaitiolo unit: a name has 1 to {LONGEST} letters. Nothing was added.\n")
        return 1
    try:
        run(PAGES, told=json.loads(run(WARDENS, "--unit", name)))
    except HalfFailed:
        return 1
    sys.stdout.write("The unit is there. Invite a receptionist to it first.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
