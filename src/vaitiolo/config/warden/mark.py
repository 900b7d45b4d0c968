"""`vaitiolo mark`: says which state of the ledger a check mark from a letter or a page belongs to.

Runs under the warden's settings, reads published states alone, and changes nothing.
"""

import argparse
import os
import sys

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.warden.settings"
django.setup()

from vaitiolo.ledger.cosigning import state_marked

ABOUT = """\
Look a check mark up: the 20 letters and digits under a reminder or on the page of the day. Ends
with 0 when a state of the ledger has it. When none has, and it was not mistyped, the ledger is not
the one from which it was taken: ends with 1.
"""


def main() -> int:
    harden()
    parser = argparse.ArgumentParser(prog="vaitiolo mark", description=ABOUT)
    parser.add_argument("mark", help="like LYNQC-ML7V3-G5IWZ-CS2E7; case and hyphens do not matter")
    stated = state_marked(parser.parse_args().mark)
    if stated is None:
        sys.stdout.write("NO STATE OF THIS LEDGER HAS THIS CHECK MARK.\n")
        return 1
    sys.stdout.write(f"{stated.size:,} entries, root {stated.root.hex()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
