"""Replies: a box for them, one that comes in, reading them; and a copy of the page being made."""

from collections.abc import Sequence
from uuid import UUID

from vaitiolo.warden import protocol
from vaitiolo.warden.client.asking import ask
from vaitiolo.warden.protocol import RepliesRead, ReplyFileTaken
from vaitiolo.warden.reply_parts import BroughtReply, KnownReply, ReplyBoxKey
from vaitiolo.warden.session import Session
from vaitiolo.warden.transport import Transport

__all__ = [
    "BroughtReply",
    "KnownReply",
    "RepliesRead",
    "ReplyBoxKey",
    "ReplyFileTaken",
    "note_published",
    "open_replies",
    "read_replies",
    "take_reply",
    "take_reply_file",
]


def open_replies(session: Session, incident: UUID, telling: UUID) -> ReplyBoxKey:
    """Make the box for a telling's replies. Raises NotGranted, NotAllowed when there is one."""
    question = protocol.OpenReplies(session.cookie, incident, telling)
    return ask(session.transport, question, protocol.RepliesOpened).box


def take_reply(
    transport: Transport, box: ReplyBoxKey, token: bytes, *, kind: str, words: bytes, file: bytes
) -> BroughtReply:
    """Have a reply sealed; recorded first. Raises TooManyTries, TooLarge, NotAllowed."""
    question = protocol.TakeReply(box.telling, box.public, token, kind, words, file)
    return ask(transport, question, protocol.ReplyTaken).reply


def read_replies(
    session: Session, box: ReplyBoxKey, replies: Sequence[BroughtReply]
) -> RepliesRead:
    """Read replies; recorded first. Raises NotGranted, SealBroken."""
    question = protocol.ReadReplies(session.cookie, box, tuple(replies))
    return ask(session.transport, question, RepliesRead)


def take_reply_file(session: Session, box: ReplyBoxKey, reply: BroughtReply) -> ReplyFileTaken:
    """Take a reply's file out; recorded first. Raises NotGranted, SealBroken."""
    question = protocol.TakeReplyFile(session.cookie, box, reply)
    return ask(session.transport, question, ReplyFileTaken)


def note_published(
    transport: Transport, manifest: bytes, *, files: int, pages: int, advice: str
) -> None:
    """Have it recorded that a copy of the page is about to be written."""
    ask(transport, protocol.NotePublished(manifest, files, pages, advice), protocol.Done)
