"""The warden's settings: the vault and nothing else. No pages, no templates, no web secret."""

from vaitiolo.config import env
from vaitiolo.config.logs import logging_to_stderr

HOME = env.home()
PRODUCTION = env.flag("VAITIOLO_PRODUCTION")

# --- who may knock -----------------------------------------------------------
WARDEN_SOCKETS = HOME / "run"
# A socket for each asker. The kernel tells the warden whose process is at the other end.
WELCOME = {
    "web": env.user("VAITIOLO_WEB_USER"),
    "worker": env.user("VAITIOLO_WORKER_USER"),
    "console": env.user("VAITIOLO_CONSOLE_USER"),
}

# Where people go: security keys answer for this address and for no other.
PORT = env.number("VAITIOLO_PORT", 8000, most=65535)
ORIGIN = env.text("VAITIOLO_ORIGIN", f"http://localhost:{PORT}")

# --- the database ------------------------------------------------------------

# Every commit of the vault reaches the disk before anything is opened: synchronous is FULL.
# Django asks for a default; an empty one refuses every query.
DATABASES: dict[str, env.Database] = {
    "default": {},
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
