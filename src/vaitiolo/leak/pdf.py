"""The text of a PDF, read in a process of its own that has little time and memory.

Without the library that reads PDFs, they are said to be left out.
"""

import io
import subprocess
import sys
from typing import Final

from vaitiolo.leak.limits import Stopped

SECONDS: Final = 60
MEMORY: Final = 1 << 30
MOST_TEXT: Final = 64 << 20
MISSING, ENDLESS = 3, 4
_READ: Final = f"""
import io, resource, sys
left = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
try:
    import pypdf
except ImportError:
    sys.exit({MISSING})
import logging
logging.disable()
for page in pypdf.PdfReader(io.BytesIO(sys.stdin.buffer.read())).pages:
    text = page.extract_text().encode("utf-8", "replace") + b"\\n"
    left -= len(text)
    if left < 0:
        sys.exit({ENDLESS})
    sys.stdout.buffer.write(text)
"""


def text_of(file: io.BytesIO) -> io.BytesIO:
    """Return the text of a PDF. Raises Stopped when it cannot be read here."""
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter, and a program of ours
            [sys.executable, "-I", "-c", _READ, str(MOST_TEXT)],
            input=file.getvalue(),
            capture_output=True,
            timeout=2 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Stopped("is a PDF that takes too long to read") from None
    if done.returncode == MISSING:
        raise Stopped("is a PDF, and pypdf is not installed here")
    if done.returncode == ENDLESS:
        raise Stopped("is a PDF of too much text")
    if done.returncode:
        raise Stopped("is a PDF that cannot be read")
    if not done.stdout.strip():
        raise Stopped("is a PDF without text: pictures of pages are not read")
    return io.BytesIO(done.stdout)
