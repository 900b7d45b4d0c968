"""`vaitiolo ledger reconcile`: entries beside rows, under the worker's settings."""

import os
import sys

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.worker.settings"
django.setup()

from django.conf import settings

from vaitiolo.ops import reconciliation


def main() -> int:
    harden()
    return reconciliation.main(sys.argv[1:], home=settings.HOME)


if __name__ == "__main__":
    sys.exit(main())
