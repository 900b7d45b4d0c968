"""Runs a half of a founding that needs other settings than the program that asks for it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any


class HalfFailed(Exception):
    """A half ended with a fault; it has said itself which."""


def run(module: str, *arguments: str, told: Mapping[str, Any] | None = None) -> str:
    """Run a module of ours with JSON on its stdin; return what it wrote. Raises HalfFailed."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and modules
        [sys.executable, "-m", module, *arguments],
        input=json.dumps(told),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise HalfFailed
    return done.stdout
