"""Has OpenSSL's own program verify the time-stamps that are kept: nothing here checks a signature.

Reads the vault's anchors and tokens, which are public, and changes nothing.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vaitiolo.ledger import cosigning, queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.ledger.verify import specials, stamps
from vaitiolo.ledger.verify.chains import FaultKind, Findings
from vaitiolo.ledger.verify.specials import SpecialBroken
from vaitiolo.ledger.verify.stamps import StampBroken
from vaitiolo.ledger.verify.tree import digest

PAGE: Final = 500
PATIENCE: Final = 30.0


class CannotVerify(ValueError):
    """The program or the certificates are not there; in words for whoever asked."""


def verify(findings: Findings, authorities: Path) -> int:
    """Verify every anchored token under certificates in PEM; return how many are good.

    What does not verify is added to the findings. Raises CannotVerify.
    """
    program = shutil.which("openssl")
    if program is None:
        raise CannotVerify("The program openssl is not here; no time-stamp was verified.")
    if not authorities.is_file():
        raise CannotVerify(f"{authorities} is not there; no time-stamp was verified.")
    good = 0
    for anchor in _anchors(findings.size):
        says = _fault(anchor, (program, authorities))
        if says:
            findings.add(FaultKind.ANCHOR, anchor.index, says)
        good += not says
    return good


def _anchors(size: int) -> Iterator[Recorded]:
    since = 0
    while page := queries.entries_with({Act.ANCHOR}, since=since, before=size, most=PAGE):
        yield from page
        since = page[-1].index + 1


def _fault(anchor: Recorded, how: tuple[str, Path]) -> str:
    """Return what is wrong with an anchor, or nothing."""
    try:
        values = specials.parse(Act.ANCHOR, anchor.detail or b"")
        token = cosigning.token_of(bytes.fromhex(str(values["token"]))) or b""
        if digest(token).hex() != values["token"]:
            return "Its time-stamp token is gone, or another stands in its place."
        at = stamps.read(token).at
    except (SpecialBroken, StampBroken):
        return "What it kept is not a time-stamp."
    note = cosigning.note_of(int(values["size"])) or ""
    if not _verifies(how, token, note, at=at):
        return "OpenSSL does not verify its time-stamp over the checkpoint of that size."
    return ""


def _verifies(how: tuple[str, Path], token: bytes, note: str, *, at: int) -> bool:
    program, authorities = how
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "token").write_bytes(token)
        (folder / "note").write_text(note, encoding="utf-8")
        words = ["-data", str(folder / "note"), "-in", str(folder / "token"), "-token_in"]
        # An authority's certificate may have ended since; it had to be good when it stamped.
        trusted = ["-CAfile", str(authorities), "-attime", str(at)]
        done = subprocess.run(  # noqa: S603 - no shell, and the words are ours
            [program, "ts", "-verify", *words, *trusted],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    return done.returncode == 0
