"""`vaitiolo verify REPORT.zip`: checks a proof bundle offline, for whoever was given one.

Needs no installation, no database, no network and no secret; writes nothing.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from vaitiolo.config.verify_words import WORDS, Sentences
from vaitiolo.ledger.entries import Leaf
from vaitiolo.ledger.verify import archives, bundle_checks, bundles
from vaitiolo.ledger.verify.archives import ArchiveBroken
from vaitiolo.ledger.verify.bundle_checks import Said
from vaitiolo.ledger.verify.bundles import Bundle, BundleBroken
from vaitiolo.ledger.verify.policies import Policy, PolicyBroken, read_policy

ABOUT = """\
Check a proof bundle: a patient's report that proves itself. Every check is a line; ends with 0 when
everything in the bundle is genuine, with 1 when anything is not, or when it cannot be read.
"""
LARGEST_POLICY: Final = 64 * 1024
# Which value of a check is a time.
TIMES: Final = {"until": 0, "witness": 1}


def main() -> int:
    chosen = options().parse_args()
    words = WORDS[chosen.language]
    try:
        policy = _given(chosen.policy) if chosen.policy else None
        for line in verify(archives.read(chosen.bundle), policy, words=words):
            sys.stdout.write(f"{line}\n")
        if chosen.entries:
            sys.stdout.writelines(f"{line}\n" for line in listed(chosen.bundle))
    except ArchiveBroken as broken:
        return _refuse(words, "archive", where=str(broken))
    except BundleBroken as broken:
        return _refuse(words, broken.code, where=broken.where)
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "UTF-8"
        sys.stderr.write(f"{words['cannot'].format(reason)}\n")
        return 1
    sys.stdout.write(f"\n{words['unseen']}\n\n{words['good']}\n")
    return 0


def options() -> argparse.ArgumentParser:
    wanted = argparse.ArgumentParser(prog="vaitiolo verify", description=ABOUT)
    wanted.add_argument("bundle", type=Path, help="the file that was given")
    text = "the log's and witnesses' keys (C2SP tlog-policy), from another road than the bundle"
    wanted.add_argument("--policy", type=Path, metavar="FILE", help=text)
    wanted.add_argument("--language", choices=sorted(WORDS), default="en")
    wanted.add_argument("--entries", action="store_true", help="list what the entries say, too")
    return wanted


def verify(files: dict[str, bytes], given: Policy | None, *, words: Sentences) -> Iterator[str]:
    """Yield what holds, a line each. Raises BundleBroken at the first thing that does not."""
    bundle = bundles.read(files)
    yield _line(words["file"])
    policy = given or _policy(bundle.policy)
    yield _line(words["keys-given"]) if given else _line(words["keys-own"], is_warning=True)
    for said in bundle_checks.check(bundle, policy):
        yield _line(_worded(said, words), is_warning=said.is_warning)


def listed(place: Path) -> Iterator[str]:
    """Yield what the entries say, for whoever will not take report.pdf's word for it."""
    bundle: Bundle = bundles.read(archives.read(place))
    for shown, _proof in bundle.entries:
        if shown.is_withheld:
            yield f"{shown.sequence:>6}  -"
            continue
        leaf = Leaf.parse(shown.leaf)
        at = f"{_moment(leaf.time_us / 1_000_000)}Z"
        said = "-" if shown.detail is None else _printable(shown.detail.decode())
        yield f"{shown.sequence:>6}  {at}  {leaf.act.name:<14}  {leaf.actor_tag.hex()}  {said}"


def _given(place: Path) -> Policy:
    with place.open("rb") as file:
        return _policy(file.read(LARGEST_POLICY).decode())


def _policy(text: str) -> Policy:
    try:
        return read_policy(text)
    except PolicyBroken:
        raise BundleBroken("policy") from None


def _worded(said: Said, words: Sentences) -> str:
    values = list(said.values)
    if said.code in TIMES:
        at = TIMES[said.code]
        values[at] = _moment(int(str(values[at])))
    shown = (f"{one:,}".replace(",", " ") if isinstance(one, int) else str(one) for one in values)
    return words[said.code].format(*map(_printable, shown))


def _line(text: str, *, is_warning: bool = False) -> str:
    return f"{'!' if is_warning else '+'} {text}"


def _refuse(words: Sentences, code: str, *, where: str) -> int:
    at = words["at"].format(_printable(where)) if where else ""
    sys.stdout.write(f"- {words['bad'].format(words[f'bad-{code}'], at)}\n")
    return 1


def _moment(seconds: float) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"
    except (OverflowError, ValueError, OSError):
        return "?"


def _printable(text: str) -> str:
    """Leave out what would move a terminal's cursor: names in a bundle may be anybody's."""
    return "".join(one if one.isprintable() else "?" for one in text)


if __name__ == "__main__":
    sys.exit(main())
