"""`vaitiolo ceremony`: what officers do with paper shares, on a computer without network."""

import sys

from vaitiolo.ceremony import command
from vaitiolo.config.hardening import harden

if __name__ == "__main__":
    harden()
    sys.exit(command.main())
