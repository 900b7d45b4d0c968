"""Is it ours? The incident kit is taken out, and mail and leak are searched without network.

Two officers take the kit at the console; two of the paper shares open it, typed where this process
cannot see the house: in a network of its own that leads nowhere.
"""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from vaitiolo.ops.replay import history
from vaitiolo.ops.replay.extorting import SAMPLE
from vaitiolo.ops.replay.house import PASSWORD
from vaitiolo.ops.replay.measured import Act, Figure, Missing, demand, said
from vaitiolo.ops.replay.sitting import Sitting
from vaitiolo.ops.replay.stage import Stage, timed
from vaitiolo.ops.replay.visitor import Unexpected

ALONE: Final = ("unshare", "--map-root-user", "--net")
NEEDED: Final = ("numpy", "pypdf", "shamir_mnemonic")
FOUND, NOTHING = 0, 4
SHARES: Final = 2
SURE: Final = frozenset({"confirmed", "shared"})
COUNTED: Final = "named · for a reviewer · missed · wrongly"
GROUP: Final = re.compile(r"(\d+)\.\s+([0-9A-Z]{4})\b")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a search said, whom it named, and how long it took."""

    says: str
    confirmed: frozenset[UUID]
    # Those who have a text in common with one or two others: each of them is told.
    shared: frozenset[UUID]
    # For a reviewer: less of their text is there, or an identifier alone.
    perhaps: frozenset[UUID]
    seconds: float

    def is_right(self, people: frozenset[UUID]) -> bool:
        """Whether none of these people is missed, and nobody else is confirmed."""
        return not self.missed(people) and self.confirmed <= people

    def missed(self, people: frozenset[UUID]) -> frozenset[UUID]:
        """Return those of these people of whom the search says nothing."""
        return people - self.confirmed - self.shared - self.perhaps

    def counts(self, people: frozenset[UUID]) -> str:
        """Return four numbers, as `COUNTED` names them."""
        sure = people & (self.confirmed | self.shared)
        review = (people & self.perhaps) - sure
        wrong = self.confirmed - people
        return f"{len(sure)} · {len(review)} · {len(self.missed(people))} · {len(wrong)}"


def search(stage: Stage) -> Act:
    """Search the mail, then all that was published; compare with who was really read."""
    mail = stage.file("mail-searched.eml")
    mail.write_bytes(stage.props["mail"])
    kit, took_kit = timed(lambda: take_kit(stage))
    _nothing, took_setting_up = timed(lambda: set_up(stage, kit))
    sample = scan(stage, kit, [mail], name="sample")
    whole = scan(stage, kit, stage.props["leak"], name="leak")
    stage.props["verdict"] = sample
    stage.props["kit_seconds"] = took_kit
    in_sample, in_all = shown_in(stage, SAMPLE), shown_in(stage, None)
    with stage.passwordless() as database:
        rows = database.execute("SELECT name FROM sqlite_master WHERE name LIKE '%finger%'")
        demand(not rows.fetchall(), "the stand-in can recognise a text")
    return Act(
        key="search",
        title="Is it ours, and whose is it",
        story=(
            (
                "Two officers take the incident kit out at the console. Two paper shares open it "
                "where there is no network, and the mail is searched, then all that was published."
            ),
            (
                "The stand-in has nothing to recognise a text by: somebody reads the sample and "
                "compares it by hand with a register of everybody."
            ),
            (
                "Invented notes are put together from stock sentences. What more than three "
                "patients have is not looked at, so that nobody is named for it; notes that "
                "people write have more of their own."
            ),
        ),
        figures=_figures(
            sample, whole, took=(took_kit, took_setting_up), people=(in_sample, in_all)
        ),
        holds=sample.is_right(in_sample) and whole.is_right(in_all),
        seconds=took_kit + sample.seconds + whole.seconds,
    )


def _figures(
    sample: Verdict,
    whole: Verdict,
    *,
    took: tuple[float, float],
    people: tuple[frozenset[UUID], frozenset[UUID]],
) -> tuple[Figure, ...]:
    return (
        Figure("verdict on the mail", "by hand", sample.says, history.FORENSICS),
        Figure("kit taken out in", "-", said(took[0])),
        Figure("that computer made ready, once", "-", said(took[1])),
        Figure("verdict in", "by hand", said(sample.seconds), "weeks"),
        Figure(
            f"of {len(people[0])} in the mail: {COUNTED}",
            "by hand",
            sample.counts(people[0]),
        ),
        Figure(
            f"of {len(people[1])} published: {COUNTED}",
            "by hand",
            whole.counts(people[1]),
        ),
        Figure("all that was published, searched in", "-", said(whole.seconds)),
    )


def why_not(stage: Stage) -> Missing | None:
    """Say why a search cannot be played on this machine; nothing where it can."""
    absent = [name for name in NEEDED if find_spec(name) is None]
    why = ""
    if absent:
        why = "the extras `leak` and `offline` are not installed here"
    elif not _may_be_alone():
        why = "this machine lets nobody leave its network"
    elif not _sheets(stage):
        why = "this house has no shares of the key `incident`"
    return Missing("Is it ours, and whose is it", history.FORENSICS, why) if why else None


def take_kit(stage: Stage) -> Path:
    """Take the incident kit out, as two officers at the console. Raises HouseFailed."""
    kit = stage.file("incident.kit")
    kit.unlink(missing_ok=True)
    house = stage.house
    names = ["--first", house.someone("privacy_officer"), "--second", house.someone("registrar")]
    house.run("leak", "kit", str(kit), *names, told=f"{PASSWORD}\n" * SHARES)
    return kit


def set_up(stage: Stage, kit: Path) -> None:
    """Search nothing once: the computer compiles its loops, as when it is made ready."""
    empty = stage.file("nothing.txt")
    empty.write_bytes(b"Nothing here is anybody's.")
    scan(stage, kit, [empty], name="nothing")


def scan(stage: Stage, kit: Path, paths: list[Path], *, name: str) -> Verdict:
    """Search files with the kit, without network. Raises Unexpected."""
    out = stage.file(f"result-{name}.json")
    out.unlink(missing_ok=True)
    command = [*ALONE, sys.executable, "-m", "vaitiolo.config.leak", "scan", *map(str, paths)]
    typed = "".join(f"{one}\n" for one in _sheets(stage)[:SHARES])
    done, took = timed(
        lambda: subprocess.run(  # noqa: S603 - our own interpreter and module
            [*command, "--kit", str(kit), "--out", str(out)],
            cwd=stage.folder,
            env=stage.house.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
    )
    if done.returncode not in {FOUND, NOTHING}:
        raise Unexpected(f"a search ended with {done.returncode}: {done.stdout[-500:]}")
    return _verdict(json.loads(out.read_bytes().split(b"\n")[0]), took)


def shown_in(stage: Stage, most: int | None) -> frozenset[UUID]:
    """Return who stood on the thief's pages, up to a number."""
    seen: Sitting = stage.props["sitting"]
    whose = stage.truth()
    return frozenset(whose[chart] for chart in seen.opened[:most])


def _verdict(result: dict[str, Any], took: float) -> Verdict:
    named = [(one["class"], UUID(one["patient"])) for one in result["patients"]]
    return Verdict(
        says=str(result["verdict"]["authenticity"]),
        confirmed=frozenset(who for what, who in named if what == "confirmed"),
        shared=frozenset(who for what, who in named if what == "shared"),
        perhaps=frozenset(who for what, who in named if what not in SURE),
        seconds=took,
    )


def _may_be_alone() -> bool:
    if shutil.which(ALONE[0]) is None:
        return False
    return not subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode  # noqa: S603 - a fixed command


def _sheets(stage: Stage) -> list[str]:
    """Read the shares off the sheets of the demo, as officers would off their paper."""
    from pypdf import PdfReader  # noqa: PLC0415 - an extra, which `why_not` has asked for

    found = []
    for path in sorted((stage.house.home / "demo-shares").glob("incident-share-*.pdf")):
        text = "\n".join(page.extract_text() for page in PdfReader(path).pages)
        groups = sorted((int(number), group) for number, group in GROUP.findall(text))
        found.append("-".join(group for _number, group in groups))
    return found
