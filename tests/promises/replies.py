"""Questions about replies to a telling that is none, and replies as they are worked on."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from tests.cast import Clinic
from vaitiolo.warden import protocol
from vaitiolo.warden.client.incidents import open_incident
from vaitiolo.warden.client.replies import (
    BroughtReply,
    ReplyBoxKey,
    note_published,
    open_replies,
    read_replies,
    take_reply,
    take_reply_file,
)
from vaitiolo.warden.protocol import Question
from vaitiolo.warden.session import Session

TOKEN = bytes(range(32))
WORDS = b'{"name":"Aada","words":"Soittakaa."}'


def reply_questions(cookie: bytes, patient: UUID) -> Iterator[Question]:
    """Every question about replies, of an incident that is none."""
    box = ReplyBoxKey(patient, patient, bytes(1216), bytes(64))
    reply = BroughtReply(uuid4(), bytes(64), b"")
    yield protocol.OpenReplies(cookie, patient, patient)
    yield protocol.TakeReply(patient, box.public, TOKEN, "call", WORDS, b"")
    yield protocol.ReadReplies(cookie, box, (reply,))
    yield protocol.TakeReplyFile(cookie, box, reply)
    yield protocol.NotePublished(bytes(32), 1, 1, "")


def answer_a_telling(clinic: Clinic, web: Any, console: Any) -> None:
    """Somebody sends a file in; an officer reads it; a copy of the page is noted."""
    pia = Session(clinic.session("pia").cookie, web)
    incident = open_incident(pia, "recipient", b'{"text":"A mail came."}').incident
    box = open_replies(pia, incident, uuid4())
    made = take_reply(web, box, TOKEN, kind="evidence", words=WORDS, file=b"Subject: x")
    [read] = read_replies(pia, box, [made]).replies
    assert read.state == "whole"
    assert take_reply_file(pia, box, made).file == b"Subject: x"
    note_published(console, bytes(32), files=3, pages=2, advice="2026-11-24")
