"""Every gate the code must pass, two at a time. Quiet about what holds, loud about the rest."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
BIN = REPO / ".venv" / "bin"
PYTHON = str(BIN / "python")
# The slowest first. Each says what it guards.
GATES = {
    "types": ["mypy"],
    "floor plan": ["lint-imports", "--no-logo"],
    "migrations match the models": [
        "python", "-m", "django", "makemigrations", "--check", "--dry-run",
        "--settings=tests.settings",
    ],
    "templates": ["djlint", "src", "--lint", "--quiet"],
    "declared is used": ["deptry", "src", "tests"],
    "style": ["ruff", "check", "--quiet", "--output-format=concise"],
    "form": ["ruff", "format", "--check", "--quiet", "--output-format=concise"],
    "spelling": ["codespell", "src", "tests", "tools", "docs", "bench", "README.md", "AGENTS.md"],
}  # fmt: skip


def main() -> int:
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda name: (name, *run(name)), GATES))
    failed = [name for name, code, _output in results if code]
    for name, code, output in results:
        if code:
            sys.stdout.write(f"\n--- {name}: {' '.join(GATES[name])}\n{output}\n")
    took = time.monotonic() - began
    held = f"{len(GATES) - len(failed)} of {len(GATES)} gates hold ({took:.0f} s)"
    sys.stdout.write(f"{held}{': not ' + ', '.join(failed) if failed else ''}\n")
    return 1 if failed else 0


def run(name: str) -> tuple[int, str]:
    program, *arguments = GATES[name]
    environment = {**os.environ, "PYTHONPATH": f"{REPO / 'src'}{os.pathsep}{REPO}"}
    done = subprocess.run(
        [str(BIN / program), *arguments],
        cwd=REPO, env=environment, check=False, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode, done.stdout


if __name__ == "__main__":
    sys.exit(main())
