"""`vaitiolo ledger verify`: reads the whole ledger and says whether anything was changed.

Runs under the warden's settings and changes nothing; no record is opened and no secret is read.
"""

import argparse
import os
import sys
from pathlib import Path

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.warden.settings"
django.setup()

from django.conf import settings

from vaitiolo.keys import trust
from vaitiolo.keys.trust_form import TrustRefused
from vaitiolo.kit.progress import shown
from vaitiolo.ledger.auditing import audit
from vaitiolo.ledger.verify.chains import Findings
from vaitiolo.ledger.verify.checkpoints import CheckpointBroken, LogKey
from vaitiolo.warden.server.starting import read_checkpoint

ABOUT = "Look at the tamper-evident record of who opened what."
VERIFY = """\
Read the whole ledger: every entry against its neighbours, its person's chain, the tree and every
signed checkpoint. Ends with 0 when all of it fits and with 1 when anything does not. A checkpoint
that was kept elsewhere also shows whether the ledger's end was cut off since.
"""


def main() -> int:
    harden()
    options = argparse.ArgumentParser(prog="vaitiolo ledger", description=ABOUT)
    deeds = options.add_subparsers(dest="deed", required=True)
    verify = deeds.add_parser("verify", help="check the whole ledger", description=VERIFY)
    text = "a checkpoint that was kept elsewhere; may be given several times"
    verify.add_argument("--earlier", metavar="FILE", type=Path, action="append", help=text)
    chosen = options.parse_args()
    try:
        earlier = [file.read_text(encoding="utf-8") for file in chosen.earlier or ()]
        return tell(check(settings.HOME, earlier))
    except CheckpointBroken:
        sys.stderr.write("A checkpoint given here is not one of this ledger's.\n")
    except (TrustRefused, OSError) as refused:
        sys.stderr.write(f"vaitiolo ledger: {refused}\n")
    return 1


def check(home: Path, earlier: list[str]) -> Findings:
    """Audit the ledger of an installation, also against what it publishes itself."""
    policy = trust.load(home)
    published = read_checkpoint(home)
    key = LogKey(policy.ledger.origin, policy.ledger.ed25519)
    with shown("Reading the ledger") as progress:
        return audit(key, earlier=earlier, published=published, progress=progress)


def tell(findings: Findings) -> int:
    """Write the findings for a person, and return how the program ends."""
    write = sys.stdout.write
    write(f"{findings.size:,} entries, root {findings.root.hex()}\n")
    for fault in findings.faults:
        write(f"  {fault.kind} at {fault.index:,}: {fault.says}\n")
    if findings.more_faults:
        write(f"  and {findings.more_faults:,} more\n")
    for remark in findings.remarks:
        write(f"  note: {remark}\n")
    write("This check does not see:\n")
    for unseen in findings.unseen:
        write(f"  {unseen}\n")
    write("Everything fits.\n" if findings.is_sound else "THE LEDGER WAS CHANGED OR DAMAGED.\n")
    return 0 if findings.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
