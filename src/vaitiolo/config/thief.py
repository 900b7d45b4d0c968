"""`vaitiolo thief`: lets the thief loose on an installation, with every address that it has.

It starts nothing and changes nothing there; what it copies is gone when it ends.
"""

import sys

from psycopg.conninfo import make_conninfo

from vaitiolo.config import env
from vaitiolo.config.hardening import harden
from vaitiolo.config.prepared import HALVES, owner_of
from vaitiolo.ops.thief import command


def main() -> int:
    harden()
    addresses = {
        alias: make_conninfo(**env.connection(owner_of(address)))
        for _program, alias, address in HALVES
        if env.text(address, "")
    }
    return command.main(sys.argv[1:], home=env.home(), addresses=addresses)


if __name__ == "__main__":
    sys.exit(main())
