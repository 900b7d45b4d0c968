"""From nothing to a machine that can run vaitiolo, or test it. Needs Python, its pip, and no more.

`bootstrap.py run` makes .venv with what runs; `check` adds what tests and gates need; `test` adds
PostgreSQL and Chromium. Everything is pinned by hash. A second run finds its stamps: it is free.
"""

import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import packages
from steps import Failed, say, step

REPO = Path(__file__).resolve().parents[1]
VENV = REPO / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = REPO / "requirements"
OLDEST, NEWEST = (3, 11), (3, 14)
STARTER = """\
#!{python}
import sys
from vaitiolo.config.cli import main
sys.exit(main())
"""


def main() -> int:
    wanted = sys.argv[1] if len(sys.argv) > 1 else "run"
    if wanted not in {"run", "check", "test"}:
        sys.stderr.write(f"usage: {Path(__file__).name} run | check | test\n")
        return 2
    os.chdir(REPO)
    try:
        set_up(wanted)
    except Failed as failed:
        sys.stderr.write(f"\n{failed}\n")
        return 1
    return 0


def set_up(wanted: str) -> None:
    refuse_a_strange_python()
    if wanted == "test":
        packages.install_what_is_missing()
    make_environment()
    install("run" if wanted == "run" else "test")
    if wanted == "test" and not packages.has_postgresql():
        install("postgresql")
    compile_catalogues()


def refuse_a_strange_python() -> None:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        found = ".".join(map(str, sys.version_info[:2]))
        raise Failed(f"Python 3.11 to 3.14 is needed; this is {found}.")


def make_environment() -> None:
    """Make .venv without pip: bringing pip in costs more than all the rest."""
    libraries = VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    if not PYTHON.exists() or not libraries.is_dir():
        with step("Making .venv"):
            venv.create(VENV, with_pip=False, clear=VENV.exists(), symlinks=True)
    path = libraries / "site-packages" / "vaitiolo.pth"
    if not path.exists():
        path.write_text(f"{REPO / 'src'}\n")
    starter = VENV / "bin" / "vaitiolo"
    if not starter.exists():
        starter.write_text(STARTER.format(python=PYTHON))
        starter.chmod(0o755)


def install(name: str) -> None:
    """Install one lock. What tests need contains what runs, so it is never taken away again."""
    if name == "run" and is_done("test", (LOCKS / "test.lock").read_bytes()):
        return
    lock = LOCKS / f"{name}.lock"
    count = lock.read_text().count("==")
    label = f"Installing {count} packages"
    once(name, lock.read_bytes(), deed=lambda: fetch(lock), label=label)


def fetch(lock: Path) -> None:
    """Install by uv, and by pip where uv cannot reach the packages; both check every hash."""
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        pip(LOCKS / "installer.lock")
    common = ["--require-hashes", "--only-binary=:all:", "--requirement", str(lock)]
    command = [str(uv), "pip", "install", "--quiet", "--python", str(PYTHON), *common]
    if subprocess.run(command, check=False).returncode:
        say("uv could not install; trying pip, which reads the same list")
        pip(lock)


def pip(lock: Path) -> None:
    quiet = ["-qq", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore"]
    hashes = ["--require-hashes", "--only-binary=:all:", "--requirement", str(lock)]
    command = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", *quiet, *hashes]
    if subprocess.run(command, check=False).returncode:
        raise Failed(f"The packages of {lock.name} could not be installed; see above. Try again?")


def compile_catalogues() -> None:
    sources = sorted((REPO / "src").glob("vaitiolo/*/locale/*/LC_MESSAGES/*.po"))
    if not all(source.with_suffix(".mo").exists() for source in sources):
        stamp("catalogues").unlink(missing_ok=True)
    content = b"".join(source.read_bytes() for source in sources)
    label = "Compiling the translations"
    once("catalogues", content, deed=lambda: run_tool("catalogues.py"), label=label)


def run_tool(name: str) -> None:
    if subprocess.run([str(PYTHON), str(REPO / "tools" / name)], check=False).returncode:
        raise Failed(f"tools/{name} did not succeed; see above.")


def once(name: str, content: bytes, *, deed: Callable[[], None], label: str) -> None:
    """Do something unless it was done for this very content."""
    if is_done(name, content):
        return
    with step(label):
        deed()
    stamp(name).write_text(digest(content))


def is_done(name: str, content: bytes) -> bool:
    return stamp(name).exists() and stamp(name).read_text() == digest(content)


def stamp(name: str) -> Path:
    return VENV / f".done-{name}"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
