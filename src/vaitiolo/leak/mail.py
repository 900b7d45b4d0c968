"""Mail and other text with base64 in it: what was encoded is decoded where it stands.

An archive that was attached is handed out, to be peeled by itself.
"""

import binascii
import re
from collections.abc import Callable
from typing import Final

from vaitiolo.leak.streams import STEP, Readable, Stream, some

_MAIL: Final = re.compile(
    rb"(?:\A|\n)(?:From [^\n]{3,200}\n|(?:Return-Path|Received|Delivered-To|From|To|Subject|Date"
    rb"|MIME-Version|Message-ID|Content-Type|Content-Transfer-Encoding): ?[^\n]*\n)",
    re.IGNORECASE,
)
# Two full lines at least, then the rest: a single word of letters is no base64.
_RUN: Final = re.compile(
    rb"(?:^[A-Za-z0-9+/]{40,100}\r?\n){2,}(?:[A-Za-z0-9+/]{2,100}={0,2}\s)?"
    rb"|^[A-Za-z0-9+/]{40,100}={0,2}\r?\n(?:[A-Za-z0-9+/]{2,100}={0,2}\s)?",
    re.MULTILINE,
)
_ONLY_BASE64: Final = re.compile(rb"[A-Za-z0-9+/=\r\n]+\Z")
_LINE: Final = 102
_LONGEST: Final = 64 << 20


def is_mail(start: bytes) -> bool:
    """Tell whether bytes are the beginning of mail, or of nothing but base64."""
    return _MAIL.search(start) is not None or (
        len(start) > _LINE and b"\n" in start[:_LINE] and _ONLY_BASE64.match(start) is not None
    )


class Unfolded(Stream):
    """A stream with its base64 decoded; `attached` gets what `is_archive` says is one."""

    def __init__(self, source: Readable, is_archive: Callable[[bytes], bool]) -> None:
        super().__init__()
        self._source, self._is_archive = source, is_archive
        self._held = b""
        self._ended = False
        self.attached: list[bytes] = []
        self.too_long = 0

    def more(self) -> bytes:
        while not self._ended:
            got = some(self._source, STEP)
            self._ended = not got
            self._held += got
            cut = len(self._held) if self._ended else self._settled()
            out, self._held = self._held[:cut], self._held[cut:]
            if done := _RUN.sub(self._decoded, out):
                return done
        return b""

    def _settled(self) -> int:
        # A run that reaches the end may go on in what comes next.
        at = len(self._held)
        if at > _LONGEST:
            self.too_long += 1
            return at
        lines_from = self._held.rfind(b"\n") + 1
        if at - lines_from > _LINE:
            return at
        return _run_before(self._held, lines_from)

    def _decoded(self, run: re.Match[bytes]) -> bytes:
        packed = b"".join(run[0].split())
        try:
            text = binascii.a2b_base64(packed[: len(packed) // 4 * 4])
        except binascii.Error:
            return run[0]
        if self._is_archive(text):
            self.attached.append(text)
            return b"\n"
        return text + b"\n"


def _run_before(held: bytes, end: int) -> int:
    # Where the lines of base64 begin that reach `end`.
    at = end
    while at > 0:
        before = held.rfind(b"\n", 0, at - 1) + 1
        if not _ONLY_BASE64.match(held[before:at]) or at - before > _LINE:
            break
        at = before
    return at
