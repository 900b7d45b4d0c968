"""Messages about what people send in by their page, and about a copy of the page being made."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.protocol.saying import Message, Question
from vaitiolo.warden.reply_parts import BroughtReply, KnownReply, ReplyBoxKey


@dataclass(frozen=True, slots=True)
class OpenReplies(Question):
    """Make the key pair that replies of a telling are sealed to, under an incident's key."""

    cookie: bytes = field(repr=False)
    incident: UUID
    telling: UUID


@dataclass(frozen=True, slots=True)
class RepliesOpened(Message):
    """The box, to be stored."""

    box: ReplyBoxKey


@dataclass(frozen=True, slots=True)
class TakeReply(Question):
    """Somebody with a code sends something in. ``token`` shows the code without telling it."""

    callers = frozenset({Caller.WEB})
    telling: UUID
    public: bytes = field(repr=False)
    token: bytes = field(repr=False)
    kind: str
    words: bytes = field(repr=False)
    file: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReplyTaken(Message):
    """The reply as it is to be stored; whoever passes it on cannot read it."""

    reply: BroughtReply


@dataclass(frozen=True, slots=True)
class ReadReplies(Question):
    """Read what was sent in, without the files."""

    cookie: bytes = field(repr=False)
    box: ReplyBoxKey
    replies: tuple[BroughtReply, ...]


@dataclass(frozen=True, slots=True)
class RepliesRead(Message):
    """The replies in the order of the question, and how many of the ledger's were not brought."""

    replies: tuple[KnownReply, ...]
    missing: int


@dataclass(frozen=True, slots=True)
class TakeReplyFile(Question):
    """Take the file of a reply out; the taking is recorded first."""

    cookie: bytes = field(repr=False)
    box: ReplyBoxKey
    reply: BroughtReply


@dataclass(frozen=True, slots=True)
class ReplyFileTaken(Message):
    """The reply, and its file as it was sent."""

    reply: KnownReply
    file: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NotePublished(Question):
    """A copy of the page is about to be written to a folder that anybody may serve."""

    callers = frozenset({Caller.CONSOLE})
    manifest: bytes
    files: int
    pages: int
    advice: str
