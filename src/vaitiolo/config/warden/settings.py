"""The warden's settings: the vault and nothing else. No pages, no templates, no web secret."""

from vaitiolo.config import env
from vaitiolo.config.logs import logging_to_stderr

HOME = env.home()
PRODUCTION = env.flag("VAITIOLO_PRODUCTION")
WARDEN_SOCKETS = HOME / "run"

# Every commit of the vault reaches the disk before anything is opened: synchronous is FULL.
DATABASES = {
    "vault": env.database("VAITIOLO_VAULT", file="vault.sqlite3", synchronous="FULL"),
}
DATABASE_ROUTERS = ["vaitiolo.config.vault.VaultRouter"]
INSTALLED_APPS = ["vaitiolo.keys", "vaitiolo.ledger"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
DEBUG = False
LOGGING = logging_to_stderr()
