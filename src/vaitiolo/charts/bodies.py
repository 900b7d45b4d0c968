"""Notes and drafts as bytes and back: JSON in one form, written down in docs/formats.

Pure: no Django, no warden, no clock. Unknown forms are refused, never guessed.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from vaitiolo.kit.ids import HolderId

LONGEST: Final = 200 * 1024  # bytes of UTF-8
MOST_CARET: Final = 2**31

B = TypeVar("B")


class BodyUnknown(ValueError):
    """A note or draft of a form that this release does not know. Nothing of it is repeated."""


@dataclass(frozen=True, slots=True)
class NoteBody:
    """What stands under a signature. ``source`` names the register a note was brought in from."""

    held_at: date
    template: str
    text: str = field(repr=False)
    written_by: HolderId
    reason: str = field(default="", repr=False)
    source: str = ""

    def encode(self) -> bytes:
        """Return the bytes that are signed."""
        more = {"reason": self.reason, "source": self.source}
        return _canonical(
            {
                "held_at": self.held_at.isoformat(),
                "template": self.template,
                "text": self.text,
                "written_by": self.written_by.hex,
                **{name: value for name, value in more.items() if value},
            }
        )


@dataclass(frozen=True, slots=True)
class DraftBody:
    """Words not signed yet, where the caret stood, and when they were saved."""

    template: str
    text: str = field(repr=False)
    caret: int
    saved_at: datetime

    def encode(self) -> bytes:
        """Return the bytes that are sealed."""
        return _canonical(
            {
                "caret": self.caret,
                "saved_at": self.saved_at.isoformat(),
                "template": self.template,
                "text": self.text,
            }
        )


def parse_note(body: bytes) -> NoteBody:
    """Read a note. Raises BodyUnknown."""
    return _parse(body, _note)


def parse_draft(body: bytes) -> DraftBody:
    """Read a draft. Raises BodyUnknown."""
    return _parse(body, _draft)


def tidy(text: str) -> str:
    """Return words as they are kept: one kind of line end, and nothing that is no character."""
    whole = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return whole.replace("\r\n", "\n").replace("\r", "\n")


def is_too_long(text: str) -> bool:
    return len(text) > LONGEST or len(text.encode()) > LONGEST


def _note(read: dict[str, Any]) -> NoteBody:
    return NoteBody(
        held_at=_day_or_moment(read["held_at"]),
        template=read["template"],
        text=read["text"],
        written_by=HolderId(UUID(hex=read["written_by"])),
        reason=read.get("reason", ""),
        source=read.get("source", ""),
    )


def _draft(read: dict[str, Any]) -> DraftBody:
    return DraftBody(
        template=read["template"],
        text=read["text"],
        caret=min(max(int(read["caret"]), 0), MOST_CARET),
        saved_at=datetime.fromisoformat(read["saved_at"]),
    )


def _day_or_moment(text: str) -> date:
    # A session has an hour; a note beside the sessions, and most that were brought in, a day.
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _parse(body: bytes, make: Callable[[dict[str, Any]], B]) -> B:
    try:
        return make(json.loads(body))
    except (ValueError, TypeError, KeyError, AttributeError):
        # Not "from": the words would stand in the chained exception, and so in a log.
        raise BodyUnknown from None


def _canonical(value: dict[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
