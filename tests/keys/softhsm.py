"""Tokens of SoftHSM in a folder, which can be taken away and put back."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from vaitiolo.keys.kms.pkcs11 import Socket

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
)
PIN = "4711"
LABEL = "vaitiolo"

module = next((Path(found) for found in MODULES if Path(found).exists()), None)


class SoftHsm:
    """One token. SoftHSM reads where its tokens lie once for each process that loads it."""

    def __init__(self, folder: Path) -> None:
        assert module is not None
        self.tokens = folder / "tokens"
        self.tokens.mkdir(parents=True)
        self.settings = folder / "softhsm2.conf"
        self.settings.write_text(f"directories.tokendir = {self.tokens}\nlog.level = ERROR\n")
        self.pin = folder / "pin"
        self.pin.write_text(PIN + "\n")
        self.pin.chmod(0o600)
        asked = ("--init-token", "--free", "--label", LABEL, "--so-pin", "12345678", "--pin", PIN)
        done = subprocess.run(
            ["softhsm2-util", *asked],
            env={**os.environ, "SOFTHSM2_CONF": str(self.settings)},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self.socket = Socket(module, LABEL, self.pin)

    def environ(self) -> dict[str, str]:
        return {
            "VAITIOLO_KMS": "pkcs11",
            "VAITIOLO_KMS_MODULE": str(self.socket.module),
            "VAITIOLO_KMS_TOKEN": self.socket.token,
            "VAITIOLO_KMS_PIN_FILE": str(self.pin),
            "SOFTHSM2_CONF": str(self.settings),
        }

    def take_out(self) -> None:
        self.tokens.rename(self.tokens.with_name("taken-out"))

    def put_back(self) -> None:
        self.tokens.with_name("taken-out").rename(self.tokens)


def forget_module() -> None:
    """Unload the module, so that the next test's token is seen."""
    pkcs11 = sys.modules.get("pkcs11")
    if pkcs11 is not None and module is not None:
        pkcs11.unload(str(module))


def throw_away(folder: Path) -> None:
    forget_module()
    shutil.rmtree(folder, ignore_errors=True)
