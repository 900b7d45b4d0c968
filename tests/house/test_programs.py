"""What each program has in its memory and knows of the databases, seen in a fresh interpreter."""

import json
import os
import re
import subprocess
import sys

import pytest

# What a program must never have loaded, and which databases it may know.
PROGRAMS = {
    "web": (
        r"cryptography|vaitiolo\.(keys|warden\.server|ledger\.(models|recorder|sequencing))",
        ["default"],
    ),
    "warden": (
        r"vaitiolo\.(?!config|warden|ledger|keys|kit|fingerprints|notices)|numba|numpy",
        ["vault"],
    ),
    # The worker opens rows of the outbox, with a key that stays in the KMS, and nothing else.
    "worker": (
        (
            r"vaitiolo\.(keys\.(cards|chains|drops|grants|holders|models|slots|store)"
            r"|ledger\.(models|recorder|sequencing)|warden\.server\.(?!outbox$))"
        ),
        ["default"],
    ),
}
# The web's pages are loaded by the process that answers requests, not by the one that starts it.
ENTRANCES = {"web": ("main", "wsgi"), "warden": ("main",), "worker": ("main",)}
LOAD = """
import importlib, json, sys
for entrance in {entrances}:
    importlib.import_module("vaitiolo.config.{program}." + entrance)
from django.conf import settings
known = [name for name, db in settings.DATABASES.items() if "dummy" not in db["ENGINE"]]
urls = getattr(settings, "ROOT_URLCONF", None)
if urls:
    importlib.import_module(urls)
print(json.dumps([sorted(sys.modules), known]))
"""


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_loads_only_what_it_may_hold(program: str) -> None:
    strangers, databases = PROGRAMS[program]
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    code = LOAD.format(program=program, entrances=ENTRANCES[program])
    modules, known = json.loads(subprocess.check_output([sys.executable, "-c", code], env=env))
    assert not [name for name in modules if re.match(strangers, name)], "keys stay in the warden"
    assert known == databases


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_supervisor_tells_a_program_of_its_own_database_only(program: str) -> None:
    from vaitiolo.config.up import WITHHELD  # noqa: PLC0415 - a fence around one import

    others = {"web": "VAITIOLO_VAULT", "worker": "VAITIOLO_VAULT", "warden": "VAITIOLO_DATABASE"}
    assert others[program] in WITHHELD[program]


@pytest.mark.parametrize("flag", ["VAITIOLO_PRODUCTION", "VAITIOLO_PORT", "VAITIOLO_DATABASE"])
def test_a_wrong_setting_stops_the_start_and_is_named(flag: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import vaitiolo.config.web.settings"],
        env={**os.environ, flag: "perhaps"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"vaitiolo: {flag} is")
