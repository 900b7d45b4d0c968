"""`make lock`: writes requirements/*.lock anew from pyproject.toml, with a hash for every file.

The locks agree with each other: what runs is a part of what is tested. No release younger than
a week gets in (see [tool.uv] in pyproject.toml).
"""

import subprocess
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
OPTIONS = ["--universal", "--generate-hashes", "--no-header", "--quiet", "--upgrade"]
TEST = "requirements/test.lock"
# Tests first and the rest held to them: the other way round the two cannot always agree.
LOCKS = {
    TEST: ["pyproject.toml", "--extra=offline", "--extra=leak", "--group=dev"],
    # The demo founds a clinic with its share sheets, on the machine that then serves it.
    "requirements/run.lock": ["pyproject.toml", "--extra=offline", f"--constraint={TEST}"],
    "requirements/postgresql.lock": ["--group=postgresql"],
    "requirements/installer.lock": ["--group=installer"],
}


def main() -> int:
    uv = REPO / ".venv" / "bin" / "uv"
    for lock, sources in LOCKS.items():
        command = [uv, "pip", "compile", *sources, *OPTIONS, f"--output-file={lock}"]
        subprocess.run(command, cwd=REPO, check=True)
        pinned = (REPO / lock).read_text().count("==")
        sys.stdout.write(f"{lock}: {pinned} packages\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
