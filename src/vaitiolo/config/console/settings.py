"""The console's settings: a folder, and nothing else. No database, no secret, no pages."""

from vaitiolo.config import env
from vaitiolo.config.logs import logging_to_stderr

HOME = env.home()
DATABASES: dict[str, env.Database] = {}
INSTALLED_APPS: list[str] = []
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
DEBUG = False
LOGGING = logging_to_stderr()
