"""`vaitiolo drill`: an exercise of the breach desk, with invented people in a folder of its own."""

import sys

from vaitiolo.config.hardening import harden
from vaitiolo.ops.replay import drilling

if __name__ == "__main__":
    harden()
    sys.exit(drilling.main(sys.argv[1:]))
