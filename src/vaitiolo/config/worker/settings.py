"""The worker's settings: the web's database and the warden's socket. No vault, no pages."""

from pathlib import Path

from vaitiolo.config import env
from vaitiolo.config.logs import logging_to_stderr
from vaitiolo.config.worker.addresses import addresses

SECURE_SMTP = 465
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}

HOME = env.home()
PRODUCTION = env.flag("VAITIOLO_PRODUCTION")
WARDEN_SOCKET = HOME / "run" / "worker.sock"

# --- the mail server that reminders go out by --------------------------------
# Without one, reminders wait, and the worker's log says so.
EMAIL_HOST = env.text("VAITIOLO_MAIL_HOST", "")
EMAIL_PORT = env.number("VAITIOLO_MAIL_PORT", 587, most=65535)
EMAIL_HOST_USER = env.text("VAITIOLO_MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.password("VAITIOLO_MAIL")
EMAIL_USE_SSL = EMAIL_PORT == SECURE_SMTP
# Nothing leaves this machine unencrypted; a server on it needs no certificate of its own.
EMAIL_USE_TLS = not EMAIL_USE_SSL and EMAIL_HOST not in THIS_MACHINE
EMAIL_TIMEOUT = 30
# What a patient reads as the sender: choose one that says nothing of treatment.
DEFAULT_FROM_EMAIL = env.text("VAITIOLO_MAIL_FROM", "")
if EMAIL_HOST and "@" not in DEFAULT_FROM_EMAIL:
    raise env.WrongSetting("VAITIOLO_MAIL_FROM", "must be an address when a mail server is set.")

# Where text messages of notices go: a folder out of which a gateway of the house takes them.
_SMS = env.text("VAITIOLO_SMS", "")
if _SMS and not _SMS.startswith("file:"):
    raise env.WrongSetting("VAITIOLO_SMS", "must be file: and the folder of the gateway.")
SMS = Path(_SMS.removeprefix("file:")) if _SMS else None
# A Maildir for mails that could not be delivered: they come to bounce+...@ the sender's domain.
_BOUNCES = env.text("VAITIOLO_BOUNCES", "")
BOUNCES = Path(_BOUNCES) if _BOUNCES else None

# --- who watches the ledger from outside --------------------------------------
# `name=address` of each witness, with spaces between; their keys are pinned in trust.toml.
try:
    WITNESSES = addresses(env.text("VAITIOLO_WITNESSES", ""))
except ValueError:
    raise env.WrongSetting(
        "VAITIOLO_WITNESSES", "must be name=https://address for each witness, once."
    ) from None
# An RFC 3161 time-stamp authority, asked each hour. Without one, nothing is stamped.
TSA = env.text("VAITIOLO_TSA", "")
if TSA and not TSA.startswith(("https://", "http://")):
    raise env.WrongSetting("VAITIOLO_TSA", "must be an address that begins with https://.")
# The page of the day: where it is kept, and to whom it is mailed besides.
DAILY_PAGES = Path(env.text("VAITIOLO_DAILY_PAGES", str(HOME / "daily")))
DAILY_PAGE_TO = env.words("VAITIOLO_DAILY_PAGE_TO", "")
# Who is written to when nobody acts on an alert or an incident: the data-protection officer, and
# somebody outside the house. The witnesses are told in any case.
ALARMS_TO = env.words("VAITIOLO_ALARMS_TO", "")

# --- the database ------------------------------------------------------------
DATABASES = {
    "default": env.database("VAITIOLO_DATABASE", file="default.sqlite3", synchronous="NORMAL")
}
DATABASE_ROUTERS = ["vaitiolo.config.vault.VaultRouter"]
INSTALLED_APPS = ["vaitiolo.people", "vaitiolo.schedule", "vaitiolo.charts", "vaitiolo.breach"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_I18N = True
LANGUAGE_CODE = "fi"
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
DEBUG = False
LOGGING = logging_to_stderr()
