"""The command `vaitiolo ceremony`: rehearse, answer a request, sign registrars, make new sheets.

Runs on a computer without network and says so when there is one. Opens no database.
"""

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from vaitiolo.ceremony import (
    answering,
    incident_key,
    network,
    registering,
    rehearsing,
    shares,
    sheets,
)
from vaitiolo.ceremony.answering import CannotAnswer
from vaitiolo.ceremony.desk import Desk, Terminal
from vaitiolo.ceremony.files import FileThere, write_whole
from vaitiolo.ceremony.network import NetworkThere
from vaitiolo.keys.fields import day_number

ABOUT: Final = """\
Hold a ceremony: officers' paper shares open named charts for a successor, or sign registrars, on a
computer without network. Nothing else does either, and no share ever touches a server.
"""
SHEET_NAME: Final = "recovery-share"


def main(arguments: Sequence[str] | None = None, desk: Desk | None = None) -> int:
    """Run what was asked for; return 0, or 1 when the ceremony ended with a refusal."""
    desk = desk or Terminal()
    wanted = _parser().parse_args(arguments)
    steps: Callable[[argparse.Namespace, Desk, date], None] = wanted.steps
    try:
        network.demand_none()
        today = datetime.now(UTC).date()  # noqa: TID251 - a command reads the clock
        steps(wanted, desk, today)
    except (CannotAnswer, FileThere, NetworkThere) as refused:
        desk.say(f"vaitiolo ceremony: {refused}")
        return 1
    except OSError as problem:
        desk.say(f"vaitiolo ceremony: {problem.strerror}. Nothing was written.")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vaitiolo ceremony", description=ABOUT)
    programs = parser.add_subparsers(required=True, metavar="what")
    practice = programs.add_parser("rehearse", help="go through it all with invented shares")
    practice.set_defaults(steps=_rehearse)
    answer = programs.add_parser("answer", help="answer a request with three shares")
    answer.add_argument("request", type=Path, help="the file that an officer exported")
    answer.add_argument("answer", type=Path, help="the file to be written; it must not be there")
    answer.add_argument("--trust", type=Path, required=True, help="the folder with trust.toml")
    answer.set_defaults(steps=_answer)
    sign = programs.add_parser("registrars", help="sign registrars' cards with three shares")
    sign.add_argument("request", type=Path, help="what `vaitiolo registrar export` wrote")
    sign.add_argument("answer", type=Path, help="the file to be written; it must not be there")
    sign.add_argument("--trust", type=Path, required=True, help="the folder with trust.toml")
    sign.set_defaults(steps=_registrars)
    renew = programs.add_parser("sheets", help="make five new sheets from three shares")
    renew.add_argument("folder", type=Path, help="where the sheets are written")
    renew.add_argument("--trust", type=Path, required=True, help="the folder with trust.toml")
    renew.set_defaults(steps=_sheets)
    first = programs.add_parser(
        "incident-key", help="draw a first incident key, for a house without"
    )
    first.add_argument("folder", type=Path, help="where all is written; it must not be there")
    first.add_argument("--trust", type=Path, required=True, help="the folder with trust.toml")
    first.add_argument(
        "--officer", type=UUID, action="append", required=True, help="an officer's id"
    )
    first.set_defaults(steps=_incident_key)
    return parser


def _incident_key(wanted: argparse.Namespace, desk: Desk, today: date) -> None:
    if wanted.folder.exists():
        raise FileThere(f"{wanted.folder.name} is there already; nothing was written.")
    policy = registering.read_policy(wanted.trust)
    incident_key.draw(policy, wanted.officer, desk, to=wanted.folder, made=today)
    desk.say(
        f"Policy, key and sheets are in {wanted.folder}. Print each sheet alone, then delete it. "
        "Put trust.toml and trust.toml.sig in the place of the house's, start the warden again, "
        "and bring the key in: `vaitiolo recover --officer NAME incident-key FILE`."
    )


def _rehearse(_: argparse.Namespace, desk: Desk, today: date) -> None:
    rehearsing.rehearse(desk, day=day_number(today))


def _answer(wanted: argparse.Namespace, desk: Desk, today: date) -> None:
    # Before anybody types: an answer that could not be written would be typed for in vain.
    if wanted.answer.exists():
        raise FileThere(f"{wanted.answer.name} is there already; nothing was written.")
    pinned = answering.read_pins(wanted.trust)
    checked = answering.read_request(wanted.request.read_bytes(), pinned)
    made = answering.answer(checked, pinned, desk, made=day_number(today))
    answering.write(wanted.answer, made)
    desk.say(f"{len(made.grants)} keys are in {wanted.answer.name}. Put the shares away, sealed.")


def _registrars(wanted: argparse.Namespace, desk: Desk, today: date) -> None:
    if wanted.answer.exists():
        raise FileThere(f"{wanted.answer.name} is there already; nothing was written.")
    policy = registering.read_policy(wanted.trust)
    day = day_number(today)
    request = registering.read_request(wanted.request.read_bytes(), policy, today=day)
    signed = registering.sign(request, policy, desk, made=day)
    write_whole(wanted.answer, signed.encode())
    desk.say(
        f"Cards signed into {wanted.answer.name}: {len(signed.cards)}. Put the shares away, sealed."
    )


def _sheets(wanted: argparse.Namespace, desk: Desk, today: date) -> None:
    pinned = answering.read_pins(wanted.trust)
    with answering.joined(desk) as master:
        answering.demand_master(master, pinned.pins)
        five = shares.split(master)
    made = sheets.master_sheets(pinned.organisation, five, made=today)
    paths = sheets.write(wanted.folder, SHEET_NAME, made)
    desk.say(
        f"{len(paths)} sheets are in {wanted.folder}. Print each alone, then delete the files."
    )
    desk.say(
        "Sheets of different sets do not mix. Burn the old ones: three of them still open all."
    )
