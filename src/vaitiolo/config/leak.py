"""`vaitiolo leak`: what in a criminal's files is ours, said on a computer without network."""

import sys

from vaitiolo.config.hardening import harden
from vaitiolo.leak import command

if __name__ == "__main__":
    harden()
    sys.exit(command.main())
