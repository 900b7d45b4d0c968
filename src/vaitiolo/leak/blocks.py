"""Cuts a stream into blocks that can be searched apart, in buffers that are used again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Final

from vaitiolo.fingerprints.canonical import LONGEST_TAG, safe_cut
from vaitiolo.fingerprints.identifiers import OVERLAP
from vaitiolo.leak.limits import TOTAL, Stopped
from vaitiolo.leak.peel import BROKEN
from vaitiolo.leak.streams import STEP, Readable

FRONT: Final = OVERLAP + LONGEST_TAG
Buffers = SimpleQueue[bytearray]


@dataclass(frozen=True, slots=True)
class Block:
    """Bytes of one member: new ones from `start` to `end`, before them the last of those before."""

    base: int  # where `start` lies among all bytes that are searched
    start: int
    end: int
    is_first: bool
    is_last: bool
    buffer: bytearray = field(repr=False)


@dataclass(slots=True)
class Cutter:
    """Cuts one member. `problem` says afterwards what ended it before its end."""

    base: int
    buffers: Buffers = field(repr=False)
    length: int = 0
    problem: BaseException | None = None

    def blocks(self, stream: Readable) -> Iterator[Block]:
        """Give the member's blocks. Whoever is done with one puts its buffer back."""
        overlap = rest = b""
        is_last = False
        while not is_last:
            buffer = self.buffers.get()
            start = len(overlap)
            buffer[: start + len(rest)] = overlap + rest
            end = self._fill(stream, buffer, start + len(rest))
            is_last = end < len(buffer)
            cut = end if is_last else start + (safe_cut(memoryview(buffer)[start:end]) or end)
            base, is_first = self.base + self.length, self.length == 0
            # Taken before the block is handed out: then its buffer is no longer ours.
            overlap, rest = bytes(buffer[max(0, cut - OVERLAP) : cut]), bytes(buffer[cut:end])
            self.length += cut - start
            yield Block(base, start, cut, is_first, is_last, buffer)

    def _fill(self, stream: Readable, buffer: bytearray, at: int) -> int:
        # In small steps: what came before a break is searched.
        view = memoryview(buffer)
        while at < len(buffer):
            try:
                if self.base + self.length + at > TOTAL:
                    raise Stopped(f"is more than the {TOTAL >> 30} GB that one search takes")
                count = _read(stream, view[at : at + STEP])
            except BROKEN as problem:
                self.problem = problem
                break
            if not count:
                break
            at += count
        return at


def _read(stream: Readable, into: memoryview) -> int:
    # Once, as in `some`: what was read before a break counts.
    for name in ("readinto1", "readinto"):
        if (readinto := getattr(stream, name, None)) is not None:
            return int(readinto(into))
    got = stream.read(len(into))
    into[: len(got)] = got
    return len(got)
