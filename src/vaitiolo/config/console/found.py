"""`vaitiolo found`: founds a house with real people in an empty installation, or goes on with it.

Holds no key itself: it judges the answers, makes the tables, and has the warden's half and the
pages' half each do their part.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from vaitiolo.config import env
from vaitiolo.config.console import answers
from vaitiolo.config.console.answers import WrongAnswer
from vaitiolo.config.halves import HalfFailed, run
from vaitiolo.config.hardening import harden
from vaitiolo.config.migrate import prepare

ABOUT: Final = """\
Found a house with real people in VAITIOLO_HOME: its keys, its signed policy, its paper shares, and
an invitation for each of its first people. A founding that was cut off goes on when it is called
again with the same answers. For invented people, use `vaitiolo demo`.
"""
WARDENS: Final = "vaitiolo.config.warden.house"
PAGES: Final = "vaitiolo.config.console.units"
ROLE_WORDS: Final = {number: name.replace("_", " ") for name, number in answers.ROLES.items()}
NEXT: Final = """\

The house is founded. What to do now, in this order:
  1. Print each sheet in {sheets} alone, hand it to the person named on it in a sealed
     envelope, and destroy the files. Nothing else has what stands on them.
  2. Start the programs (`vaitiolo up`). Hand each person below the code, in person.
  3. Each enrols at {address}
     with a security key, and leaves the page with the eight words open.
  4. `vaitiolo registrar export REQUEST`. Carry the file, trust.toml and trust.toml.sig to a
     machine without network; three holders of sheets sign there: `vaitiolo ceremony registrars`.
  5. `vaitiolo registrar import ANSWER`. The registrars can sign in, and sign everybody else.
The root's fingerprint, to be kept on paper: {root}

Codes, said this once (lost ones: `vaitiolo registrar invite`):
"""


def main() -> int:
    wanted = _parser().parse_args()
    if wanted.example:
        sys.stdout.write(answers.EXAMPLE)
        return 0
    harden()
    try:
        _found(env.home(), _answers(wanted), wanted.sheets.absolute())
    except (WrongAnswer, OSError, EOFError) as wrong:
        why = str(wrong) or "The answers ended too early."
        sys.stderr.write(f"vaitiolo found: {why} Nothing was founded.\n")
    except HalfFailed:
        # The half that did not do its part has said why.
        pass
    else:
        return 0
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vaitiolo found", description=ABOUT)
    parser.add_argument("--example", action="store_true", help="print a file of answers, and end")
    about = "a file of answers; without it, each is asked for"
    parser.add_argument("--answers", type=Path, metavar="FILE", help=about)
    about = "where the sheets are written for printing: a new folder, best on a stick"
    parser.add_argument("--sheets", type=Path, metavar="FOLDER", default=Path("sheets"), help=about)
    return parser


def _answers(wanted: argparse.Namespace) -> dict[str, Any]:
    run(WARDENS, "--check")
    told = answers.read(wanted.answers) if wanted.answers else answers.ask(_question)
    port = env.number("VAITIOLO_PORT", 8000, most=65535)
    answers.demand_address(told, env.text("VAITIOLO_ORIGIN", f"http://localhost:{port}"))
    return told


def _found(home: Path, told: dict[str, Any], sheets: Path) -> None:
    prepare(home)
    house = json.loads(run(WARDENS, "--sheets", str(sheets), told=told))
    run(PAGES, told=house)
    say(NEXT.format(sheets=sheets, address=told["address"], root=house["root"]))
    for one in house["people"]:
        say(f"  {one['name']} ({ROLE_WORDS[one['role']]}): {_code(one)}")
    # Only now: whoever was cut off before this line has not been told the codes.
    run(WARDENS, "--end")


def _code(one: Mapping[str, Any]) -> str:
    if not one["code"]:
        return "has enrolled already"
    last = datetime.fromtimestamp(0, UTC).date() + timedelta(days=one["until"])
    return f"{one['code']}  (until {last.isoformat()})"


def _question(text: str) -> str:
    sys.stdout.write(text)
    sys.stdout.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.strip()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
