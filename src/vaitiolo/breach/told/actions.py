"""Publishing what the warden sealed: a page again under the same code takes the old one's place."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from vaitiolo.breach.models import MessageMark, PublishedPage


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
