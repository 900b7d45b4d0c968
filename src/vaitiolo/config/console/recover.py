"""`vaitiolo recover`: asks the running warden for a ceremony's request, and gives it the answer."""

import os
import sys

import django

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.console.settings"
django.setup()

from django.conf import settings

from vaitiolo.ops import recovering


def main() -> int:
    harden()
    return recovering.main(sys.argv[1:], home=settings.HOME)


if __name__ == "__main__":
    sys.exit(main())
