"""The doors of the page: what people send in, and officers who read it. Recorded first.

What is sent in is sealed by the warden at once; nothing of it is kept or told here in clear.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from vaitiolo.breach.models import PublishedPage, Reply, ReplyBox
from vaitiolo.kit.errors import Refusal
from vaitiolo.ledger.verify.tree import digest
from vaitiolo.people.actor import Actor
from vaitiolo.warden.client import replies as asking
from vaitiolo.warden.client.refusals import NotGranted
from vaitiolo.warden.client.replies import BroughtReply, KnownReply, ReplyBoxKey
from vaitiolo.warden.transport import Transport

LARGEST_FILE: Final = 10 * 1024 * 1024
AT_ONCE: Final = 200
_TOKEN: Final = 32
_LOOKUP: Final = 16


class NoBox(Refusal):
    """Nobody can take this: no such page, or the officers have opened no box for its replies."""

    status = HTTPStatus.NOT_FOUND
    message = _("Nothing can be taken here now. Nothing was kept of what was sent.")


class RepliesNotFound(Refusal):
    """There are no replies here that the asker may read."""

    status = HTTPStatus.NOT_FOUND
    message = _("There are no answers here that you can open. The attempt was recorded.")


@dataclass(frozen=True, slots=True)
class ReadReply:
    """A reply as an officer reads it."""

    row: UUID
    at: datetime
    kind: str
    state: str
    name: str = field(repr=False)
    reference: str = field(repr=False)
    words: str = field(repr=False)
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ReadBox:
    """The replies of a telling, the newest first, and how many of them are not stored any more."""

    replies: tuple[ReadReply, ...] = field(repr=False)
    missing: int
    more: int


def open_box(actor: Actor, incident: UUID, telling: UUID) -> None:
    """Let people answer to a telling. Raises RepliesNotFound, NotAllowed where one can already."""
    try:
        box = asking.open_replies(actor.session, incident, telling)
    except NotGranted:
        raise RepliesNotFound from None
    ReplyBox.objects.create(
        telling=telling, incident=incident, public=box.public, sealed_seed=box.sealed_seed
    )


def take(token: bytes, kind: str, *, words: bytes, file: bytes) -> None:
    """Have what somebody sends in sealed, and store it. Raises NoBox, TooManyTries, TooLarge."""
    telling = _telling_of(token)
    box = None if telling is None else ReplyBox.objects.filter(telling=telling).first()
    if box is None:
        raise NoBox
    transport: Transport = settings.WARDEN
    made = asking.take_reply(transport, _key(box), token, kind=kind, words=words, file=file)
    Reply.objects.create(
        id=made.row, telling=box.telling, sealed=made.sealed, sealed_file=made.sealed_file
    )


def read_box(actor: Actor, incident: UUID, telling: UUID) -> ReadBox:
    """Read what was sent in; recorded first. Raises RepliesNotFound."""
    box = _box(incident, telling)
    stored = Reply.objects.filter(telling=telling).values_list("id", "sealed")
    brought = [BroughtReply(row, bytes(sealed), b"") for row, sealed in stored[:AT_ONCE]]
    try:
        read = asking.read_replies(actor.session, _key(box), brought)
    except NotGranted:
        raise RepliesNotFound from None
    shown = sorted(map(_read, read.replies), key=lambda one: one.at, reverse=True)
    more = stored.count() - len(brought)
    return ReadBox(tuple(shown), read.missing - more, more)


def take_file(actor: Actor, incident: UUID, *, telling: UUID, row: UUID) -> tuple[ReadReply, bytes]:
    """Take out what was sent as a file; recorded first. Raises RepliesNotFound, SealBroken."""
    box = _box(incident, telling)
    reply = Reply.objects.filter(id=row, telling=telling).first()
    if reply is None:
        raise RepliesNotFound
    brought = BroughtReply(row, bytes(reply.sealed), bytes(reply.sealed_file))
    try:
        taken = asking.take_reply_file(actor.session, _key(box), brought)
    except NotGranted:
        raise RepliesNotFound from None
    return _read(taken.reply), taken.file


def has_box(telling: UUID) -> bool:
    """Tell whether people can answer to a telling."""
    return ReplyBox.objects.filter(telling=telling).exists()


def note_published(
    transport: Transport, manifest: bytes, *, files: int, pages: int, advice: str
) -> None:
    """Have it recorded that a copy of the page is about to be written."""
    asking.note_published(transport, manifest, files=files, pages=pages, advice=advice)


def _telling_of(token: bytes) -> UUID | None:
    """Return whose page a token is of: lookups are public, and lead to no token."""
    if len(token) != _TOKEN:
        return None
    lookup = digest(b"vaitiolo/1/page-lookup" + token)[:_LOOKUP]
    return PublishedPage.objects.filter(lookup=lookup).values_list("telling", flat=True).first()


def _box(incident: UUID, telling: UUID) -> ReplyBox:
    box = ReplyBox.objects.filter(incident=incident, telling=telling).first()
    if box is None:
        raise RepliesNotFound
    return box


def _key(box: ReplyBox) -> ReplyBoxKey:
    return ReplyBoxKey(box.incident, box.telling, bytes(box.public), bytes(box.sealed_seed))


def _read(known: KnownReply) -> ReadReply:
    said = _said(known.words)
    return ReadReply(
        row=known.row,
        at=datetime.fromtimestamp(known.at, tz=UTC),
        kind=known.kind,
        state=known.state,
        name=str(said.get("name", "")),
        reference=str(said.get("reference", "")),
        words=str(said.get("words", "")),
        sha256=known.sha256,
        size=known.size,
    )


def _said(words: bytes) -> Mapping[str, Any]:
    """Return what the page put beside the words; anything else that was sent is words alone."""
    try:
        said = json.loads(words) if words else {}
    except ValueError:
        said = None
    return said if isinstance(said, dict) else {"words": words.decode("utf-8", "replace")}
