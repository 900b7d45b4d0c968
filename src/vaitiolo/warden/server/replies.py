"""Replies: sealed as they come, to a key whose private half lies under an incident's key.

Taking one needs no session and opens nothing. Reading is recorded first, and each reply is compared
with the entry that was made when it came.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from vaitiolo.keys import pages, replies
from vaitiolo.keys.octets import sha256
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.replies import ReplyKey, ReplySpot
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.reply_parts import BroughtReply, KnownReply, ReplyBoxKey
from vaitiolo.warden.server import evidence, incident_story
from vaitiolo.warden.server.incidents import OFFICERS
from vaitiolo.warden.server.install import SECOND, Installation
from vaitiolo.warden.server.recording import NOBODY, SYSTEM, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.unlocked import unlocked

KINDS: Final = frozenset({"evidence", "call", "channel", "silence"})
LARGEST_FILE: Final = 10 * 1024 * 1024
LARGEST_WORDS: Final = 128 * 1024
MOST_AT_ONCE: Final = 200
BOX: Final = "box"
TAKEN: Final = "taken"


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the ledger says of a reply that was taken."""

    mark: str
    sealed: str
    index: int
    time_us: int


def open_replies(install: Installation, question: protocol.OpenReplies) -> protocol.RepliesOpened:
    """Make a telling's box, once. Raises No(not-granted), No(not-allowed) where there is one."""
    seat = sit(install, question.cookie)
    story = incident_story.find(install, question.incident)
    held = incident_story.held(install, seat.person, story)
    if seat.person.role not in OFFICERS:
        raise No("not-allowed", subject=question.incident, because="officers alone")
    with install.turns[question.telling]:
        if _box_of(install, question.telling) is not None:
            raise No("not-allowed", subject=question.telling, because="there is a box")
        with unlocked(install, seat, held, cookie=question.cookie) as compartment:
            public, sealed = replies.make_box(
                compartment.dk, org=install.org, telling=question.telling, epoch=held.epoch
            )
        detail = {
            "incident": question.incident.hex,
            "key": sha256(public).hex(),
            "person": seat.person.id.hex,
            "step": BOX,
        }
        install.recording.record([Deed(Act.PAGE_REPLY, question.telling, seat.person.id, detail)])
    box = ReplyBoxKey(question.incident, question.telling, public, sealed)
    return protocol.RepliesOpened(box)


def take(install: Installation, question: protocol.TakeReply) -> protocol.ReplyTaken:
    """Seal what somebody sends in, recorded first. Raises No(too-many-tries), No(too-large)."""
    lookup = pages.lookup_of_token(question.token)
    _check(install, question)
    install.replies.begin(lookup, now=install.clock())
    spot = ReplySpot(install.org, question.telling, uuid4(), lookup)
    made = replies.seal_reply(question.public, spot, words=_words(question), file=question.file)
    detail = {
        "kind": question.kind,
        "mark": _mark(made.sealed, made.sealed_file),
        "row": spot.row.hex,
        "sealed": sha256(made.sealed).hex(),
        "step": TAKEN,
    }
    install.recording.record([Deed(Act.PAGE_REPLY, question.telling, NOBODY, detail)])
    return protocol.ReplyTaken(BroughtReply(spot.row, made.sealed, made.sealed_file))


def read(install: Installation, question: protocol.ReadReplies) -> protocol.RepliesRead:
    """Record the looking, then give each reply's words. Raises No(not-granted), Refused."""
    if len(question.replies) > MOST_AT_ONCE:
        raise No("too-large", subject=question.box.telling)
    with _opened(install, question.cookie, question.box, step="read") as key:
        taken = _taken(install, question.box.telling)
        found = tuple(_known(key, one, taken) for one in question.replies)
    brought = {one.row for one in question.replies}
    return protocol.RepliesRead(found, len(taken.keys() - brought))


def take_file(install: Installation, question: protocol.TakeReplyFile) -> protocol.ReplyFileTaken:
    """Record the taking, then give a file that is what was sent. Raises Refused, No."""
    reply = question.reply
    with _opened(install, question.cookie, question.box, step="file") as key:
        known = _known(key, reply, _taken(install, question.box.telling), whole=True)
        if known.state != "whole":
            raise Refused("reply.changed")
        file = bytes(key.open(reply.sealed, reply.sealed_file).file)
    if sha256(file).hex() != known.sha256:
        raise Refused("reply.file")
    return protocol.ReplyFileTaken(known, file)


def note_published(install: Installation, question: protocol.NotePublished) -> protocol.Done:
    """Record that a copy of the page is made: its manifest's hash, and how much is in it."""
    detail = {
        "advice": question.advice,
        "files": question.files,
        "manifest": question.manifest.hex(),
        "pages": question.pages,
        "what": "told-page",
    }
    install.recording.record([Deed(Act.EXPORT_RUN, SYSTEM, NOBODY, detail)])
    return protocol.Done()


@contextmanager
def _opened(
    install: Installation, cookie: bytes, box: ReplyBoxKey, *, step: str
) -> Iterator[ReplyKey]:
    """Record a look into a box and open it. Raises No(not-granted), Refused for a strange box."""
    seat = sit(install, cookie)
    story = incident_story.find(install, box.incident)
    held = incident_story.held(install, seat.person, story)
    _demand_box(install, box.telling, box.public, incident=box.incident)
    detail = {"person": seat.person.id.hex, "step": step}
    install.recording.record([Deed(Act.PAGE_REPLY, box.telling, seat.person.id, detail)])
    with unlocked(install, seat, held, cookie=cookie) as compartment:
        yield ReplyKey(
            compartment.dk,
            org=install.org,
            telling=box.telling,
            public=box.public,
            sealed_seed=box.sealed_seed,
        )


def _check(install: Installation, question: protocol.TakeReply) -> None:
    """Refuse what is no reply, or is for a key that no officer has made. Raises No, Refused."""
    if len(question.file) > LARGEST_FILE or len(question.words) > LARGEST_WORDS:
        raise No("too-large", subject=question.telling)
    if question.kind not in KINDS:
        raise No("not-allowed", subject=question.telling, because="kind")
    _demand_box(install, question.telling, question.public)


def _demand_box(
    install: Installation, telling: UUID, public: bytes, *, incident: UUID | None = None
) -> None:
    """Refuse a public key that was exchanged in the table. Raises Refused."""
    box = _box_of(install, telling)
    if box is None or box.get("key") != sha256(public).hex():
        raise Refused("reply.box")
    if incident is not None and box.get("incident") != incident.hex:
        raise Refused("reply.incident")


def _box_of(install: Installation, telling: UUID) -> Mapping[str, object] | None:
    said = evidence.details_of(install.recording, telling, act=Act.PAGE_REPLY)
    return next((one for one in said if one.get("step") == BOX), None)


def _taken(install: Installation, telling: UUID) -> dict[UUID, _Entry]:
    """Return what came in, by row. Raises Refused when the chain is not whole."""
    found = {}
    for entry, said in evidence.Chain(install.recording, telling).newer():
        if entry.leaf.act == Act.PAGE_REPLY and said.get("step") == TAKEN:
            row = UUID(hex=str(said["row"]))
            found[row] = _Entry(
                str(said["mark"]), str(said["sealed"]), entry.index, entry.leaf.time_us
            )
    return found


def _words(question: protocol.TakeReply) -> bytes:
    """Return what is sealed beside a file: the words, the kind, and the file's hash and size."""
    said = {
        "kind": question.kind,
        "sha256": sha256(question.file).hex() if question.file else "",
        "size": len(question.file),
        "words": question.words.decode("utf-8", "replace"),
    }
    return json.dumps(said, ensure_ascii=False).encode()


def _known(
    key: ReplyKey, reply: BroughtReply, taken: Mapping[UUID, _Entry], *, whole: bool = False
) -> KnownReply:
    entry = taken.get(reply.row)
    if entry is None:
        return KnownReply(reply.row, 0, 0, "", "strange", b"", "", 0)
    said = _opened_words(key, reply, entry, whole=whole)
    return KnownReply(
        row=reply.row,
        index=entry.index,
        at=entry.time_us // SECOND,
        kind=said.get("kind", ""),
        state="whole" if said else "broken",
        words=str(said.get("words", "")).encode(),
        sha256=said.get("sha256", ""),
        size=said.get("size", 0),
    )


def _opened_words(
    key: ReplyKey, reply: BroughtReply, entry: _Entry, *, whole: bool
) -> dict[str, Any]:
    """Return what stands beside a file; nothing when it is not what was taken."""
    # Whoever has the table has the public key, too: words sealed anew open, and were never taken.
    if sha256(reply.sealed).hex() != entry.sealed:
        return {}
    # Without its file only the words can be compared; the mark is over both.
    if whole and _mark(reply.sealed, reply.sealed_file) != entry.mark:
        return {}
    try:
        opened = key.open(reply.sealed)
    except Refused:
        return {}
    said: dict[str, Any] = json.loads(opened.words) if opened.spot.row == reply.row else {}
    return said


def _mark(sealed: bytes, sealed_file: bytes) -> str:
    return sha256(b"vaitiolo/1/reply-mark", sha256(sealed), sha256(sealed_file)).hex()


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.OpenReplies: open_replies,
    protocol.TakeReply: take,
    protocol.ReadReplies: read,
    protocol.TakeReplyFile: take_file,
    protocol.NotePublished: note_published,
}
