"""The web as one callable, loaded by the process that answers requests."""

import os

from django.core.wsgi import get_wsgi_application

from vaitiolo.config.hardening import harden

os.environ["DJANGO_SETTINGS_MODULE"] = "vaitiolo.config.web.settings"
harden()
application = get_wsgi_application()
