"""The web's settings, in the order an operator meets them. The web knows no vault and no key."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from vaitiolo.config import env
from vaitiolo.config.logs import logging_to_stderr
from vaitiolo.warden.transport import OverSocket, Transport

HOUSE = Path(__file__).parents[2]
HOME = env.home()
PRODUCTION = env.flag("VAITIOLO_PRODUCTION")

# --- where it is reached -----------------------------------------------------
PORT = env.number("VAITIOLO_PORT", 8000, most=65535)
ORIGIN = env.text("VAITIOLO_ORIGIN", f"http://localhost:{PORT}")
ALLOWED_HOSTS = env.words("VAITIOLO_HOSTS", "localhost,127.0.0.1")
CSRF_TRUSTED_ORIGINS = [ORIGIN]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
if PRODUCTION and not ORIGIN.startswith("https://"):
    raise env.WrongSetting("VAITIOLO_ORIGIN", "must begin with https:// in production.")

# --- secrets and the warden --------------------------------------------------
# Signs the cross-site token and nothing else: no link and no session rests on it.
SECRET_KEY = env.secret(HOME / "web" / "secret-key")
WARDEN_SOCKET = HOME / "run" / "web.sock"
WARDEN: Transport = OverSocket(WARDEN_SOCKET)

# --- invented people ---------------------------------------------------------
# A demo's installation holds a list of who can sign in. It makes pages say "Demo" and lets
# invented identity codes in; what the keys allow is for the signed policy alone to say.
DEMO = (HOME / "demo.json").exists()

# --- what victims are advised ------------------------------------------------
# What officers of the house have asked the services themselves, with day and name (docs/told.md).
ADVICE_CONFIRMED = HOME / "advice-confirmed.toml"

# --- the database ------------------------------------------------------------
DATABASES = {
    "default": env.database("VAITIOLO_DATABASE", file="default.sqlite3", synchronous="NORMAL")
}
DATABASE_ROUTERS = ["vaitiolo.config.vault.VaultRouter"]
# A question to the warden cannot be rolled back, so no wider transaction may pretend it can.
ATOMIC_REQUESTS = False

# --- language and time -------------------------------------------------------
LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [HOUSE / "web" / "locale"]
LANGUAGE_COOKIE_NAME = "django_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_AGE = 31_536_000
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"

# --- what it is made of ------------------------------------------------------
INSTALLED_APPS = [
    "vaitiolo.people",
    "vaitiolo.schedule",
    "vaitiolo.charts",
    "vaitiolo.breach",
    "vaitiolo.watch",
    "vaitiolo.web",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "vaitiolo.config.web.request_ids.RequestIds",
    "vaitiolo.web.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "vaitiolo.web.middleware.Refusals",
    "vaitiolo.people.middleware.Actors",
]
ROOT_URLCONF = "vaitiolo.config.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "vaitiolo.people.context.navigation",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- static files ------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "staticfiles": {"BACKEND": "vaitiolo.web.storage.HashedFiles"},
}

# --- cookies -----------------------------------------------------------------
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None  # gone with the browser
CSRF_FAILURE_VIEW = "vaitiolo.web.views.stale_form"

# --- what people are told with -------------------------------------------------
# The address that people type to open their own page, and the sender that stands in the window of
# a letter: a postal box, without a word of what the house does.
NOTICE_ADDRESS = env.text("VAITIOLO_NOTICE_ADDRESS", "")
NOTICE_SENDER = env.text("VAITIOLO_NOTICE_SENDER", "")

# --- what comes in -----------------------------------------------------------
# Memory only: the usual second handler writes large uploads to disk in clear. The cap is the
# same as the handler's, because a file over the handler's limit would vanish without a word.
MOST_BYTES_UPLOADED = 25 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = MOST_BYTES_UPLOADED
FILE_UPLOAD_TEMP_DIR = str(HOME / "tmp")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# --- what stays out ----------------------------------------------------------
DEBUG = False
# No cache may outlive a request: what passed a door would stay in it.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
ADMINS: list[str] = []
MANAGERS: list[str] = []
LOGGING = logging_to_stderr()
