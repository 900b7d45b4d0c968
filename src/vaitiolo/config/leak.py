"""`vaitiolo leak`: what in a criminal's files is ours, said on a computer without network.

`vaitiolo leak kit` is the one part that asks a running house, and becomes a program of its own.
"""

import os
import sys

from vaitiolo.config.hardening import harden

KIT = "vaitiolo.config.console.kit"

if __name__ == "__main__":
    if sys.argv[1:2] == ["kit"]:
        os.execv(sys.executable, [sys.executable, "-m", KIT, *sys.argv[2:]])  # noqa: S606 - no shell is the point
    from vaitiolo.leak import command

    harden()
    sys.exit(command.main())
