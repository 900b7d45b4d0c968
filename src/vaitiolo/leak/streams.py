"""Streams over streams: counted, re-encoded, cut to a length. None of them ever writes a file."""

import codecs
import io
from abc import abstractmethod
from collections.abc import Callable
from typing import Final, Protocol

from vaitiolo.leak.limits import Budget

STEP: Final = 1 << 18
WINDOW: Final = 512  # what is looked at to tell what a stream is


class Readable(Protocol):
    """Whatever can be read from front to back."""

    def read(self, size: int, /) -> bytes:
        """Return up to so many bytes, none at the end."""
        ...


def some(source: Readable, size: int) -> bytes:
    """Return what comes next, up to so many bytes, and no more than is there without waiting.

    Whoever waits for a full measure loses all of it when the stream breaks off in between.
    """
    once: Callable[[int], bytes] = getattr(source, "read1", source.read)
    return once(size)


class Stream(io.RawIOBase):
    """A stream of which subclasses say how the next bytes are got."""

    def __init__(self) -> None:
        super().__init__()
        self._ready = b""

    def readable(self) -> bool:
        return True

    @abstractmethod
    def more(self) -> bytes:
        """Return the next bytes, none at the end."""

    def readinto(self, into: bytearray | memoryview) -> int:  # type: ignore[override]  # the stub's buffer has no length
        if not self._ready:
            self._ready = self.more()
        count = min(len(into), len(self._ready))
        into[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count


class Counted(Stream):
    """What comes out of an archive, counted against what it may unpack."""

    def __init__(self, source: Readable, budget: Budget) -> None:
        super().__init__()
        self._source, self._budget = source, budget

    def more(self) -> bytes:
        got = some(self._source, STEP)
        self._budget.spend(len(got))
        return got


class Part(Stream):
    """So many bytes of a stream, and then its end; `left` says how many were not there."""

    def __init__(self, source: Readable, length: int) -> None:
        super().__init__()
        self._source, self.left = source, length

    def more(self) -> bytes:
        got = some(self._source, min(STEP, self.left))
        self.left -= len(got)
        if self.left and not got:
            raise EOFError
        return got


class Recoded(Stream):
    """UTF-16 as UTF-8, so that markup and identifiers in it can be seen."""

    def __init__(self, source: Readable, encoding: str) -> None:
        super().__init__()
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def more(self) -> bytes:
        while got := some(self._source, STEP):
            if text := self._decoder.decode(got):
                return text.encode("utf-8", "replace")
        return b""


def peeked(source: Readable) -> tuple[bytes, io.BufferedReader]:
    """Return the first bytes of a stream and the stream with them still in it."""
    raw = source if isinstance(source, io.RawIOBase) else Whole(source)
    stream: io.BufferedReader = io.BufferedReader(raw, STEP)
    return stream.peek(WINDOW)[: 4 * WINDOW], stream


class Whole(Stream):
    """Any stream, as it is."""

    def __init__(self, source: Readable) -> None:
        super().__init__()
        self._source = source

    def more(self) -> bytes:
        return some(self._source, STEP)
