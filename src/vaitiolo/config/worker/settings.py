"""The worker's settings: the web's database and the warden's socket. No vault, no pages."""

from vaitiolo.config import env
from vaitiolo.config.logs import logging_to_stderr

HOME = env.home()
PRODUCTION = env.flag("VAITIOLO_PRODUCTION")
WARDEN_SOCKET = HOME / "run" / "worker.sock"

DATABASES = {
    "default": env.database("VAITIOLO_DATABASE", file="default.sqlite3", synchronous="NORMAL")
}
DATABASE_ROUTERS = ["vaitiolo.config.vault.VaultRouter"]
INSTALLED_APPS = ["vaitiolo.people", "vaitiolo.schedule", "vaitiolo.charts"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_I18N = True
LANGUAGE_CODE = "fi"
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
DEBUG = False
LOGGING = logging_to_stderr()
