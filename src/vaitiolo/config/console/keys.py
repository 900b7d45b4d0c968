"""`vaitiolo keys`: asks the running warden who holds which keys. It holds none itself."""

import os
import sys

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.console.settings"
django.setup()

from django.conf import settings

from vaitiolo.ops import key_survey


def main() -> int:
    harden()
    return key_survey.main(sys.argv[1:], home=settings.HOME)


if __name__ == "__main__":
    sys.exit(main())
