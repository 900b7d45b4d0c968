"""`vaitiolo witness`: runs at somebody else's, without a database of ours and without Django."""

import logging.config
import sys

from vaitiolo.config.hardening import harden
from vaitiolo.config.logs import logging_to_stderr
from vaitiolo.witness import command

if __name__ == "__main__":
    harden()
    logging.config.dictConfig(logging_to_stderr())
    sys.exit(command.main())
