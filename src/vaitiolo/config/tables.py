"""Brings one half's tables up to this release, under that half's own settings and as their owner.

Run by `vaitiolo migrate`, a process for each half: neither settings know the other database.
"""

import os
import sys

import django
from django.core.management import call_command

from vaitiolo.config.hardening import harden


def main(program: str, alias: str) -> None:
    harden()
    os.environ["DJANGO_SETTINGS_MODULE"] = f"vaitiolo.config.{program}.settings"
    django.setup()
    call_command("migrate", database=alias, interactive=False, verbosity=0)
    if program == "web":
        call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
