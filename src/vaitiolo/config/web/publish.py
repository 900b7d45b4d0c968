"""`vaitiolo page`: writes a copy of the page of whoever was told, and confirms its advice.

It reads what is public anyway. The copy is recorded by the warden before it is written.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Final

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.web.settings"
django.setup()

from django.conf import settings
from django.utils import timezone

from vaitiolo.breach.told import publishing
from vaitiolo.kit.dates import day_of
from vaitiolo.kit.errors import Refusal
from vaitiolo.notices.advice import AdviceWrong
from vaitiolo.warden.transport import OverSocket

ABOUT: Final = """\
Write the whole page of whoever was told (scripts, sealed pages, marks, advice, manifest) into a
folder that any server or a stick can serve when the house is down. Advice that nobody has confirmed
within 180 days keeps it from being written; `docs/told.md` says how it is confirmed.
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="vaitiolo page", description=ABOUT)
    parser.add_argument("act", choices=["publish"])
    parser.add_argument("folder", type=Path, help="empty, or holding an older copy")
    chosen = parser.parse_args(arguments)
    harden()
    transport = OverSocket(settings.HOME / "run" / "console.sock")
    try:
        made = publishing.publish(chosen.folder, transport, on=day_of(timezone.now()))
    except publishing.AdviceDue as due:
        return _refuse("these items have to be confirmed first:\n  " + "\n  ".join(due.items))
    except publishing.FolderTaken:
        return _refuse("the folder holds something that is no copy of the page.")
    except (AdviceWrong, Refusal) as problem:
        return _refuse(str(problem))
    sys.stdout.write(f"{made.files} files with {made.pages} pages.\n{made.manifest.hex()}\n")
    return 0


def _refuse(why: str) -> int:
    sys.stderr.write(f"vaitiolo page: {why}\nNothing was written.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
