"""Publishing what the warden sealed, taking what people send in, and putting it into evidence."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from vaitiolo.breach.incidents import access as incidents
from vaitiolo.breach.models import MessageMark, PublishedPage
from vaitiolo.breach.told import access
from vaitiolo.people.actor import Actor


@transaction.atomic
def publish(
    telling: UUID, pages: Iterable[tuple[bytes, bytes]], *, marks: Iterable[tuple[bytes, bytes]]
) -> None:
    """Store sealed pages (lookup, sealed) and the marks of messages (lookup of the code, mark).

    Twice is harmless: a page is found once, in its newest form, and a mark is stored once.
    """
    PublishedPage.objects.bulk_create(
        (PublishedPage(lookup=lookup, telling=telling, sealed=sealed) for lookup, sealed in pages),
        update_conflicts=True,
        unique_fields=["lookup"],
        update_fields=["sealed"],
    )
    MessageMark.objects.bulk_create(
        (
            MessageMark(mark=mark, telling=telling, bucket=int.from_bytes(lookup[:2], "big") >> 4)
            for lookup, mark in marks
        ),
        ignore_conflicts=True,
    )


def take(token: bytes, kind: str, *, words: str, file: bytes) -> None:
    """Take what somebody sent in. Raises NoBox, TooManyTries, TooLarge."""
    access.take(token, kind, words=words.encode(), file=file)


def open_box(actor: Actor, incident: UUID, telling: UUID) -> None:
    """Let people answer to a telling. Raises RepliesNotFound, NotAllowed."""
    access.open_box(actor, incident, telling)


def keep(actor: Actor, incident: UUID, *, telling: UUID, row: UUID) -> None:
    """Put a reply into the incident's evidence as it was sent. Raises RepliesNotFound."""
    reply, file = access.take_file(actor, incident, telling=telling, row=row)
    content = file or reply.words.encode()
    is_mail = file.lstrip()[:400].lower().startswith((b"received:", b"from:", b"return-path:"))
    said = {
        "kind": "mail" if is_mail else "file",
        "name": f"reply-{row.hex[:8]}{'.eml' if is_mail else '.bin' if file else '.txt'}",
        "text": f"Sent in by {reply.name}, {reply.reference}.",
    }
    incidents.add(actor, incident, "evidence", said=said, file=content)
