"""`vaitiolo ledger …`: becomes the half that can answer; neither half's settings know the other's.

Reconciliation reads the pages' database and asks the warden; everything else reads the vault.
"""

import os
import sys

VAULT, BOTH = "vaitiolo.config.warden.ledger", "vaitiolo.config.worker.reconcile"


def main() -> None:
    arguments = sys.argv[1:]
    module = BOTH if arguments[:1] == ["reconcile"] else VAULT
    rest = arguments[1:] if module == BOTH else arguments
    os.execv(sys.executable, [sys.executable, "-m", module, *rest])  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main()
