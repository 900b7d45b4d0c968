"""`vaitiolo replay`: a famous theft, played again with invented people in folders of its own."""

import sys

from vaitiolo.config.hardening import harden
from vaitiolo.ops.replay import command

if __name__ == "__main__":
    harden()
    sys.exit(command.main(sys.argv[1:]))
