"""The command `vaitiolo leak scan`: what in these files is ours, whose it is, and how sure that is.

Runs on a computer without network. Reads the files, writes one result, keeps nothing else.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

from vaitiolo.ceremony import network
from vaitiolo.ceremony.desk import Desk, Terminal
from vaitiolo.ceremony.files import FileThere, write_whole
from vaitiolo.ceremony.network import NetworkThere
from vaitiolo.keys import contact, kits
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.octets import digest, wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.kit.progress import shown
from vaitiolo.leak import kernels, kit, result, scan, table, verdicts
from vaitiolo.leak.corpus import KitRefused
from vaitiolo.leak.kit import Opened
from vaitiolo.leak.result import Evidence, Written

ABOUT: Final = """\
Search files of a leak for what is ours, on a computer without network. Two officers open the
incident kit with their shares; the result names patients by id, and holds nothing of the leak.
The kit comes from `vaitiolo leak kit OUT`, in the house.
"""
FOUND, NOTHING, REFUSED = 0, 4, 1
SHARES: Final = 2
Said = TypeVar("Said")
_READ: Final = 1 << 22


def main(arguments: Sequence[str] | None = None, desk: Desk | None = None) -> int:
    """Search; return 0 when anything of ours was found, 4 when nothing was, 1 for a refusal."""
    desk = desk or Terminal()
    wanted = _parser().parse_args(arguments)
    try:
        network.demand_none()
        written = _scan(wanted, desk)
    except (KitRefused, FileThere, NetworkThere) as refused:
        desk.say(f"vaitiolo leak: {refused}")
        return REFUSED
    except EOFError:
        desk.say("vaitiolo leak: The shares were not both typed. Nothing was searched.")
        return REFUSED
    except OSError as problem:
        desk.say(f"vaitiolo leak: {problem.strerror}. No result was written.")
        return REFUSED
    _say(written, desk, wanted.out)
    return FOUND if any(written.tally.values()) or written.exports else NOTHING


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vaitiolo leak", description=ABOUT)
    programs = parser.add_subparsers(required=True, metavar="what")
    search = programs.add_parser("scan", help="search files for what is ours")
    search.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder")
    search.add_argument("--kit", type=Path, required=True, help="the incident kit, as exported")
    search.add_argument("--out", type=Path, required=True, help="the result; it must not be there")
    return parser


def _scan(wanted: argparse.Namespace, desk: Desk) -> Written:
    # Before anybody types: a result that could not be written would be searched for in vain.
    if wanted.out.exists():
        raise FileThere(f"{wanted.out.name} is there already; nothing was written.")
    files = _files(wanted.paths)
    seed = _seed(wanted.kit, desk)
    try:
        opened = kit.open_kit(wanted.kit, seed)
    finally:
        wipe(seed)
    try:
        written = _searched(files, opened, result.written)
        write_whole(wanted.out, result.sealed(written.line, opened.result_seed))
    finally:
        wipe(opened.result_seed)
    return written


def search(files: list[Path], opened: Opened) -> dict[str, Any]:
    """Search files with an open kit and return what is found. Raises OSError."""
    return _searched(files, opened, result.body)


def _searched(files: list[Path], opened: Opened, say: Callable[..., Said]) -> Said:
    with shown("hashing the evidence") as report:
        evidence = [_evidence(path, report) for path in files]
    whole = table.build(opened.corpus)
    loops = kernels.kernel(opened.corpus.key)
    with shown("searching") as report:
        findings = scan.search(files, opened.corpus, whole, report=report)
    judged = verdicts.judge(opened.corpus, whole, findings, loops=loops)
    return say(opened, evidence, findings=findings, judged=judged, kernel=loops.name)


def _files(paths: list[Path]) -> list[Path]:
    # A link is not followed: whoever made the folder could have it lead anywhere.
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*"))
            files += [one for one in inside if one.is_file() and not one.is_symlink()]
        else:
            files.append(path)
    return files


def _evidence(path: Path, report: Callable[[int, int], None]) -> Evidence:
    size = path.stat().st_size
    with path.open("rb") as file:

        def read() -> bytes:
            report(file.tell(), size)
            return file.read(_READ)

        return Evidence(digest(iter(read, b"")), size)


def _seed(path: Path, desk: Desk) -> bytearray:
    try:
        with path.open("rb") as file:
            front = kits.read_front(file)
    except Refused:
        raise KitRefused(f"{path.name} is no incident kit. Nothing was searched.") from None
    officers = {officer for pair, _ in front.pairs for officer in pair}
    typed: dict[UUID, bytearray] = {}
    try:
        while len(typed) < SHARES:
            line = desk.ask(f"Share {len(typed) + 1} of {SHARES}, as it stands on paper: ")
            desk.clear()
            one = _share(line, officers - set(typed), org=front.org)
            if one is None:
                desk.say("That is no share of this kit, or it was typed already. Type it again.")
                continue
            typed.update([one])
        return kit.seed_of(front, typed)
    finally:
        wipe(*typed.values())


def _share(line: str, officers: set[UUID], *, org: UUID) -> tuple[UUID, bytearray] | None:
    for officer in officers:
        try:
            role = RecoveryRole.INCIDENT
            return officer, contact.read(line, org=org, officer=officer, role=role)
        except Refused:
            continue
    return None


def _say(written: Written, desk: Desk, out: Path) -> None:
    content = written.content
    verdict, taken = content["verdict"], content["taken"]
    desk.say(f"\nThe files: {verdict['authenticity']}.")
    for name, count in written.tally.items():
        desk.say(f"  {count:>7,} patients {name}")
    if written.exports:
        desk.say(f"Invented patients of these exports were found: {sorted(written.exports)}.")
    if taken["not_before"]:
        desk.say(f"Taken not before {taken['not_before']}, not after {taken['not_after'] or '?'}.")
        desk.say(
            f"  {taken['violations']} of {taken['versions']} versions disagree. {result.CAVEAT}"
        )
    if content["left_out"]:
        desk.say(f"{len(content['left_out'])} members were left out or broken off:")
        for one in content["left_out"][:20]:
            desk.say(f"  {'.'.join(map(str, one['member']))} {one['why']}")
    desk.say(f"The signed result is in {out.name}. What was not found may still be elsewhere.")
