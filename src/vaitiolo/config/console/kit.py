"""`vaitiolo leak kit`: asks the running warden for the incident kit and writes it to a file."""

import os
import sys

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.console.settings"
django.setup()

from django.conf import settings

from vaitiolo.ops import incident_kit


def main() -> int:
    harden()
    return incident_kit.main(sys.argv[1:], home=settings.HOME)


if __name__ == "__main__":
    sys.exit(main())
