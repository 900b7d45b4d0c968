"""`vaitiolo ledger …`: checks the record of who opened what, and hands out what proves it.

Runs under the warden's settings and changes nothing; no record is opened and no secret is read.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.warden.settings"
django.setup()

from django.conf import settings

from vaitiolo.config.warden import anchors
from vaitiolo.keys import trust
from vaitiolo.keys.trust_form import TrustRefused
from vaitiolo.kit.progress import shown
from vaitiolo.ledger import exporting
from vaitiolo.ledger.auditing import audit
from vaitiolo.ledger.exporting import CannotExport
from vaitiolo.ledger.publishing import Folders
from vaitiolo.ledger.verify.chains import Findings
from vaitiolo.ledger.verify.checkpoints import CheckpointBroken, LogKey, read_key
from vaitiolo.ledger.verify.folder import audit_folder
from vaitiolo.ledger.verify.tiles import Fetch
from vaitiolo.ledger.verify.tree import HistoryRewritten
from vaitiolo.warden.server.starting import INSIDE, PUBLIC, read_checkpoint

ABOUT = "Look at the tamper-evident record of who opened what."
VERIFY = """\
Read the whole ledger: every entry against its neighbours, its person's chain, the tree of heads,
the tree and every signed checkpoint. Ends with 0 when all of it fits and with 1 when anything does
not. A checkpoint that was kept elsewhere also shows whether the ledger's end was cut off since.
With --tsa-ca it has the program openssl verify every time-stamp under an authority's certificates.
"""
AUDIT = """\
Read a copy of the published log, as `vaitiolo ledger export` writes it, and check the same without
the installation: tiles, checkpoint, and where the copy has the entries also chains and the trees of
heads. Without a folder it checks what this installation has published.
"""
EXPORT = """\
Write tiles and the newest checkpoint into an empty folder, which anybody may have; with --entries
also the entries, which hold random tags, acts and times, for an auditor.
"""
PROVE = """\
Write the proof that an entry stands in the newest checkpoint (a .tlog-proof file), or with --from
that the newest checkpoint's log begins with that many entries.
"""


def main() -> int:
    harden()
    chosen = options().parse_args()
    try:
        deed: Callable[[argparse.Namespace], int] = chosen.do
        return deed(chosen)
    except CheckpointBroken:
        sys.stderr.write("A checkpoint given here is not one of this ledger's.\n")
    except HistoryRewritten:
        sys.stderr.write(
            "THE LEDGER WAS CHANGED OR DAMAGED: its entries do not give its checkpoint's root.\n"
        )
    except (TrustRefused, CannotExport, OSError, ValueError) as refused:
        sys.stderr.write(f"vaitiolo ledger: {refused}\n")
    return 1


def options() -> argparse.ArgumentParser:
    wanted = argparse.ArgumentParser(prog="vaitiolo ledger", description=ABOUT)
    deeds = wanted.add_subparsers(dest="deed", required=True)
    verify = deeds.add_parser("verify", help="check the whole ledger", description=VERIFY)
    tsa = "certificates in PEM of the time-stamp authority, to verify its tokens under"
    verify.add_argument("--tsa-ca", metavar="FILE", type=Path, help=tsa)
    verify.set_defaults(do=do_verify)
    copy = deeds.add_parser("audit", help="check a copy of the log", description=AUDIT)
    copy.add_argument("folder", nargs="?", type=Path, help="the copy; else what is published here")
    copy.add_argument("--key", help="the log's key, as name+id+base64; else the policy's")
    copy.set_defaults(do=do_audit)
    for one in (verify, copy):
        text = "a checkpoint that was kept elsewhere; may be given several times"
        one.add_argument("--earlier", metavar="FILE", type=Path, action="append", help=text)
    take = deeds.add_parser("export", help="write a copy for an auditor", description=EXPORT)
    take.add_argument("folder", type=Path, help="an empty folder")
    take.add_argument("--entries", action="store_true", help="with the entries")
    take.set_defaults(do=do_export)
    proof = deeds.add_parser("prove", help="write a proof", description=PROVE)
    what = proof.add_mutually_exclusive_group(required=True)
    what.add_argument("index", nargs="?", type=int, help="an entry, counted from 0")
    what.add_argument("--from", dest="old", type=int, metavar="SIZE", help="an earlier size")
    proof.add_argument("--out", type=Path, help="a file; else it is printed")
    proof.set_defaults(do=do_prove)
    # Another program does this one: it needs the other database.
    deeds.add_parser("reconcile", help="set what was signed beside the rows that there are")
    return wanted


def do_verify(chosen: argparse.Namespace) -> int:
    found = check(settings.HOME, kept(chosen))
    if chosen.tsa_ca:
        good = anchors.verify(found, chosen.tsa_ca)
        sys.stdout.write(f"{good:,} time-stamps verify\n")
    return tell(found)


def do_audit(chosen: argparse.Namespace) -> int:
    fetch = folders_of(chosen.folder).read if chosen.folder else published(settings.HOME)
    key = read_key(chosen.key) if chosen.key else key_of(settings.HOME)
    with shown("Reading the copy") as progress:
        found = audit_folder(fetch, key, earlier=kept(chosen), progress=progress)
    return tell(found)


def do_export(chosen: argparse.Namespace) -> int:
    key = key_of(settings.HOME)
    with shown("Writing the copy") as progress:
        stated = exporting.export(
            chosen.folder, key, with_entries=chosen.entries, progress=progress
        )
    sys.stdout.write(f"{stated.size:,} entries, root {stated.root.hex()}, in {chosen.folder}\n")
    return 0


def do_prove(chosen: argparse.Namespace) -> int:
    key, note, fetch = key_of(settings.HOME), exporting.newest(), published(settings.HOME)
    if chosen.old is None:
        text = exporting.prove(chosen.index, key, note=note, fetch=fetch).write()
    else:
        text = exporting.prove_growth(chosen.old, key, note=note, fetch=fetch).write()
    if chosen.out:
        chosen.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


def check(home: Path, earlier: list[str]) -> Findings:
    """Audit the ledger of an installation, also against what it publishes itself."""
    key = key_of(home)
    with shown("Reading the ledger") as progress:
        return audit(key, earlier=earlier, published=read_checkpoint(home), progress=progress)


def key_of(home: Path) -> LogKey:
    """Return the log's key as the signed policy of an installation has it."""
    policy = trust.load(home)
    return LogKey(policy.ledger.origin, policy.ledger.ed25519)


def kept(chosen: argparse.Namespace) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in chosen.earlier or ()]


def folders_of(copy: Path) -> Folders:
    return Folders(copy, copy)


def published(home: Path) -> Fetch:
    return Folders(home / PUBLIC, home / INSIDE).read


def tell(findings: Findings) -> int:
    """Write the findings for a person, and return how the program ends."""
    write = sys.stdout.write
    write(f"{findings.size:,} entries, root {findings.root.hex()}\n")
    if findings.heads:
        write(f"{findings.heads:,} trees of heads fit, the last up to {findings.covered:,}\n")
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
