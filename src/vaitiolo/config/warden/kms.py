"""`vaitiolo kms`: shows the key service, begins an epoch, and ends one for ever.

It runs as the warden's user beside a warden that runs, with entries of its own; no key passes here.
"""

import argparse
import os
import sys

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.warden.settings"
django.setup()

from django.conf import settings

from vaitiolo.warden.server import epochs
from vaitiolo.warden.server.agent import read_clock
from vaitiolo.warden.server.epochs import EpochRefused
from vaitiolo.warden.server.starting import CannotStart, started

ABOUT = "Look at the key service, begin a new epoch of its keys, or end an old one."
NEW = """\
Make a new key for a family and use it from now on. Sign-ins move to it one by one, each at the next
time somebody signs in; the old key stays until it is destroyed.
"""
DESTROY = """\
End the key of an earlier epoch for ever. Every copy and every backup of a sign-in that is still
locked with it opens with no password and no security key from then on.
"""
BEGINNING = """\
A new key {family}-{number} will be made in the key service ({kind}).
What is locked from now on needs it; what was locked before keeps its own key and stays usable.
"""
ENDING = """\
The key {family}-{number} will be destroyed in the key service ({kind}), for ever.
{lost}
Backups made before then open with no password: that is the purpose.
The key service's own backups still hold the key until they are destroyed as well.
"""
LOST = {
    "slot": (
        "{count:,} sign-ins are still locked with it and will never open again; whoever has no "
        "other needs a new invitation."
    ),
    "outbox": (
        "Messages that still wait under it can never be sent. How many, this program cannot see."
    ),
}


def main() -> int:
    options = read_arguments()
    harden()
    try:
        return int(options.run(options))
    except (EpochRefused, CannotStart) as refused:
        sys.stderr.write(f"vaitiolo kms: {refused}\n")
        return 1


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="vaitiolo kms", description=ABOUT)
    deeds = parser.add_subparsers(dest="deed", required=True)
    deeds.add_parser("status", help="show keys and epochs").set_defaults(run=show)
    new = deeds.add_parser("new-epoch", help="begin the next epoch", description=NEW)
    new.add_argument("family", choices=tuple(LOST))
    new.set_defaults(run=begin)
    end = deeds.add_parser("destroy", help="end an earlier epoch", description=DESTROY)
    end.add_argument("family", choices=tuple(LOST))
    end.add_argument("number", type=int)
    end.set_defaults(run=destroy)
    return parser.parse_args()


def show(_options: argparse.Namespace) -> int:
    state = epochs.survey(settings.HOME)
    write = sys.stdout.write
    write(f"key service  {state.kind}\n")
    write(f"keys         {', '.join(state.keys) or 'cannot be listed: ' + state.trouble}\n")
    for family, number in state.current.items():
        write(f"{family:<12} epoch {number} is current\n")
    for number, count in sorted(state.slots.items()):
        write(f"sign-ins     {count:,} of epoch {number}{note(state, number)}\n")
    return 0


def note(state: epochs.State, number: int) -> str:
    """Say what becomes of the sign-ins of an epoch."""
    if state.keys and f"slot-{number}" not in state.keys:
        return "  (shut for ever: its key is gone)"
    return "" if number >= state.current["slot"] else "  (move at their next sign-in)"


def begin(options: argparse.Namespace) -> int:
    state = epochs.survey(settings.HOME)
    number = state.current[options.family] + 1
    sys.stdout.write(BEGINNING.format(family=options.family, number=number, kind=state.kind))
    if not is_sure(number):
        return 1
    with started(settings.HOME, read_clock) as install:
        keeper = epochs.open_keeper(settings.HOME, demo=install.trust.demo)
        made = epochs.next_epoch(install, keeper, options.family)
    sys.stdout.write(f"Epoch {made} of {options.family} is current.\n")
    return 0


def destroy(options: argparse.Namespace) -> int:
    family, number = options.family, options.number
    state = epochs.survey(settings.HOME)
    lost = LOST[family].format(count=state.slots.get(number, 0))
    sys.stdout.write(ENDING.format(family=family, number=number, kind=state.kind, lost=lost))
    if not is_sure(number):
        return 1
    with started(settings.HOME, read_clock) as install:
        keeper = epochs.open_keeper(settings.HOME, demo=install.trust.demo)
        epochs.destroy(install, keeper, family=family, number=number)
    sys.stdout.write(f"The key {family}-{number} is gone.\n")
    return 0


def is_sure(number: int) -> bool:
    """Let the operator type the epoch's number; anything else changes nothing."""
    sys.stdout.write(f"Type {number} to go on: ")
    sys.stdout.flush()
    if sys.stdin.readline().strip() == str(number):
        return True
    sys.stdout.write("Nothing was changed.\n")
    return False


if __name__ == "__main__":
    sys.exit(main())
