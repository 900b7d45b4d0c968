"""Both halves in one process, for tests and types only: the web's settings plus the vault.

SQLite, or PostgreSQL with `--db=postgres` (see tests/postgres.py).
"""

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

CHOICE = "VAITIOLO_TEST_DB"
CLUSTER = "VAITIOLO_TEST_CLUSTER"

if "--db=postgres" in sys.argv:
    os.environ[CHOICE] = "postgres"
# A browser's driver leaves an event loop in the tests' thread, and Django then fears that tests are
# asynchronous. Nothing of ours is.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
# Each process of a test run has an installation of its own, gone when the process ends.
scratch = Path(tempfile.mkdtemp(prefix="vaitiolo-tests-"))
atexit.register(shutil.rmtree, scratch, ignore_errors=True)
for folder in ("web", "run", "db", "log", "tmp", "kms", "ledger", "static"):
    (scratch / folder).mkdir()
(scratch / "web" / "secret-key").write_text("for tests only, and made of nothing secret at all")
os.environ["VAITIOLO_HOME"] = str(scratch)
for left_over in ("VAITIOLO_DATABASE", "VAITIOLO_VAULT", "VAITIOLO_PRODUCTION", "VAITIOLO_ORIGIN"):
    os.environ.pop(left_over, None)

from vaitiolo.config import env  # noqa: E402 - the installation must be there before it is read
from vaitiolo.config.warden import settings as warden  # noqa: E402
from vaitiolo.config.web.settings import *  # noqa: E402, F403 - the very settings the web runs on
from vaitiolo.config.web.settings import INSTALLED_APPS  # noqa: E402

WARDEN_SOCKETS = warden.WARDEN_SOCKETS
WELCOME = warden.WELCOME
INSTALLED_APPS = [*INSTALLED_APPS, *warden.INSTALLED_APPS]


def database(alias: str) -> env.Database:
    if os.environ.get(CHOICE) == "postgres":
        if CLUSTER not in os.environ:
            os.environ[CLUSTER] = tempfile.mkdtemp(prefix="vaitiolo-pg-")
        cluster = os.environ[CLUSTER]
        found = env.postgresql(alias, f"postgresql://vaitiolo_owner@/{alias}?host={cluster}")
        return {**found, "CONN_MAX_AGE": 0, "TEST": test_database(alias, f"tests_{alias}")}
    name = str(scratch / "db" / f"{alias}.sqlite3")
    # A file, not memory: the recorder writes from a thread of its own, over its own connection.
    found = env.sqlite(name, synchronous="FULL" if alias == "vault" else "NORMAL")
    return {**found, "TEST": test_database(alias, name)}


def test_database(alias: str, name: str) -> env.Database:
    # Unless told otherwise, Django makes every other database only after the default one.
    return {"NAME": name, "DEPENDENCIES": []}


DATABASES = {alias: database(alias) for alias in ("default", "vault")}
# Manifests and compression belong to an installation, not to a test.
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
