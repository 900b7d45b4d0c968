"""A process that speaks the transit engine's API over a Unix socket, as OpenBao 2.7 was seen to.

Its keys lie in a file, so it can be stopped and started again. `switches` holds what is wrong
with it today: sealed, slow, garbage, or a status for everything.
"""

import base64
import hmac
import json
import os
import socketserver
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TOKEN = "s.standing-in"
STEPS = {
    ("LIST", "keys", 1): "names",
    ("POST", "config", 2): "configure",
    ("POST", "keys", 2): "create",
    ("POST", "keys", 3): "allow",
    ("DELETE", "keys", 2): "delete",
}
NOT_FOUND = (400, {"errors": ["encryption key not found"]})


class Engine:
    """Keys by name, each in version 1 only, kept in a file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.keys: dict[str, dict[str, str]] = json.loads(file.read_text()) if file.exists() else {}

    def answer(self, method: str, path: list[str], body: dict[str, Any]) -> tuple[int, Any]:
        what, name = path[0], path[1] if len(path) > 1 else ""
        if what in {"hmac", "encrypt", "decrypt"}:
            return getattr(self, what)(name, body) if name in self.keys else NOT_FOUND
        step = STEPS.get((method, what, len(path)), "nothing")
        answered: tuple[int, Any] = getattr(self, step)(name)
        return answered

    def nothing(self, _name: str) -> tuple[int, Any]:
        return 404, {"errors": ["no handler for route"]}

    def names(self, _name: str) -> tuple[int, Any]:
        return (200, {"data": {"keys": sorted(self.keys)}}) if self.keys else (404, {"errors": []})

    def configure(self, _name: str) -> tuple[int, Any]:
        return 200, {"data": {"disable_upsert": True}}

    def allow(self, name: str) -> tuple[int, Any]:
        self.keys[name]["deletion_allowed"] = "yes"
        return self.kept(200)

    def kept(self, status: int) -> tuple[int, Any]:
        self.file.write_text(json.dumps(self.keys))
        return status, {"data": {}}

    def create(self, name: str) -> tuple[int, Any]:
        self.keys.setdefault(name, {"key": os.urandom(32).hex(), "hmac": os.urandom(32).hex()})
        return self.kept(200)

    def delete(self, name: str) -> tuple[int, Any]:
        if "deletion_allowed" not in self.keys.get(name, {}):
            return 400, {"errors": [f"error deleting policy {name}"]}
        del self.keys[name]
        return self.kept(204)

    def hmac(self, name: str, body: dict[str, Any]) -> tuple[int, Any]:
        if body.get("key_version", 1) != 1:
            return 400, {"errors": ["key version does not exist"]}
        text, key = base64.b64decode(body["input"]), bytes.fromhex(self.keys[name]["hmac"])
        mac = hmac.digest(key, text, "sha256")
        return 200, {"data": {"hmac": "vault:v1:" + base64.b64encode(mac).decode()}}

    def encrypt(self, name: str, body: dict[str, Any]) -> tuple[int, Any]:
        nonce = os.urandom(12)
        sealed = self.cipher(name).encrypt(
            nonce, base64.b64decode(body["plaintext"]), base64.b64decode(body["associated_data"])
        )
        text = "vault:v1:" + base64.b64encode(nonce + sealed).decode()
        return 200, {"data": {"ciphertext": text, "key_version": 1}}

    def decrypt(self, name: str, body: dict[str, Any]) -> tuple[int, Any]:
        sealed = base64.b64decode(body["ciphertext"].removeprefix("vault:v1:"))
        if len(sealed) < 12:
            return 400, {"errors": ["invalid ciphertext length"]}
        try:
            opened = self.cipher(name).decrypt(
                sealed[:12], sealed[12:], base64.b64decode(body["associated_data"])
            )
        except InvalidTag:
            return 400, {"errors": ["cipher: message authentication failed"]}
        return 200, {"data": {"plaintext": base64.b64encode(opened).decode()}}

    def cipher(self, name: str) -> AESGCM:
        return AESGCM(bytes.fromhex(self.keys[name]["key"]))


class Handler(BaseHTTPRequestHandler):
    """One connection; HTTP/1.1, so that it stays open."""

    protocol_version = "HTTP/1.1"
    engine: Engine
    switches: Path

    def answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        wrong = self.switches.read_text().strip() if self.switches.exists() else ""
        status, body = self.troubled(wrong) or self.well(content)
        raw = b"<html>" if wrong == "garbage" else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(0 if status == 204 else len(raw)))
        self.end_headers()
        if status != 204:
            self.wfile.write(raw)

    do_POST = do_LIST = do_DELETE = answer  # noqa: N815 - the names that the library looks for

    def troubled(self, wrong: str) -> tuple[int, Any] | None:
        if wrong == "slow":
            time.sleep(20)
        if wrong == "sealed":
            return 503, {"errors": ["Vault is sealed"]}
        if wrong.isdigit():
            return int(wrong), {"errors": ["as was asked for"]}
        return (200, json.loads(wrong)) if wrong.startswith("{") else None

    def well(self, content: bytes) -> tuple[int, Any]:
        if self.headers.get("X-Vault-Token") != TOKEN:
            return 403, {"errors": ["permission denied"]}
        mount, *path = self.path.removeprefix("/v1/").split("/")
        if mount != "transit":
            return 404, {"errors": [f"no handler for route {mount!r}"]}
        return self.engine.answer(self.command, path, json.loads(content or b"{}"))

    def log_message(self, *_words: object) -> None:
        """Say nothing."""

    def address_string(self) -> str:
        return "a socket"


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class StandIn:
    """The process, from the test's side."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.switches = folder / "switches"
        self.token = folder / "token"
        self.token.write_text(TOKEN)
        self.token.chmod(0o600)
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        (self.folder / "socket").unlink(missing_ok=True)
        self.process = subprocess.Popen([sys.executable, __file__, str(self.folder)])
        while not (self.folder / "socket").exists():
            assert self.process.poll() is None
            time.sleep(0.01)

    def stop(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def goes_wrong(self, how: str) -> None:
        self.switches.write_text(how)

    def environ(self) -> dict[str, str]:
        return {
            "VAITIOLO_KMS": "openbao",
            "VAITIOLO_KMS_ADDRESS": f"unix:{self.folder / 'socket'}",
            "VAITIOLO_KMS_TOKEN_FILE": str(self.token),
            "VAITIOLO_KMS_KEEPER_TOKEN_FILE": str(self.token),
        }


def main() -> None:
    folder = Path(sys.argv[1])
    Handler.engine = Engine(folder / "keys.json")
    Handler.switches = folder / "switches"
    draft = folder / "draft"
    draft.unlink(missing_ok=True)
    with Server(str(draft), Handler) as server:
        draft.rename(folder / "socket")
        server.serve_forever()


if __name__ == "__main__":
    main()
