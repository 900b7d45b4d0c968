"""What is published, as anybody may have it: buckets of sealed pages, marks, and the page itself.

Nothing here knows a code, a name or whom a page is about.
"""

from base64 import b64encode
from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from django.conf import settings
from django.templatetags.static import static

from vaitiolo.breach.models import MessageMark, PublishedPage
from vaitiolo.breach.told import access
from vaitiolo.breach.told.access import ReadBox
from vaitiolo.breach.told.page import SCRIPTS, STYLES, Places, write_page
from vaitiolo.notices.advice import NEWEST, AdviceWrong, Pack, find_pack
from vaitiolo.people.actor import Actor

BUCKETS: Final = 4096
_ON_THE_WEB: Final = "breach/told/"
# The page of a day is the same for everybody and takes long to write, so it is written once.
_written: dict[tuple[date, bytes | None], str] = {}


def bucket_file(number: int) -> str:
    """Return every sealed page whose lookup begins with these twelve bits, as one line."""
    rows = PublishedPage.objects.filter(lookup__gte=_edge(number)).order_by("lookup")
    if number + 1 < BUCKETS:
        rows = rows.filter(lookup__lt=_edge(number + 1))
    return pages_file(
        number, ((bytes(a), bytes(b)) for a, b in rows.values_list("lookup", "sealed"))
    )


def marks_file(number: int) -> str:
    """Return the marks of messages in a bucket, as one line."""
    rows = MessageMark.objects.filter(bucket=number).values_list("mark", flat=True)
    return file_of_marks(number, map(bytes, rows))


def pages_file(number: int, pages: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the line of a bucket; what is in it is base64 and nothing else."""
    packed = b"".join(
        lookup + len(sealed).to_bytes(4, "big") + sealed for lookup, sealed in sorted(pages)
    )
    return _line("bucket", number, packed)


def file_of_marks(number: int, marks: Iterable[bytes]) -> str:
    """Return the line of marks; their order tells nothing of when."""
    return _line("marks", number, b"".join(sorted(marks)))


def house_advice() -> Pack:
    """Return today's pack with what the house has confirmed. Raises AdviceWrong."""
    return find_pack(house=_confirmed())


def advice_to_confirm(on: date) -> tuple[str, ...]:
    """Return the names of the items that nobody may publish before they are confirmed.

    Where the house's own file cannot be read, nothing counts as confirmed.
    """
    return tuple(item.id for item in _pack(_confirmed()).due(on))


def page(on: date) -> str:
    """Return the page as it stands on a day; the same for everybody."""
    house = _confirmed()
    written = _written.get((on, house))
    if written is None:
        _written.clear()
        written = _written[on, house] = write_page(_pack(house), _places(), on=on)
    return written


def can_answer(telling: UUID) -> bool:
    """Tell whether the people of a telling can send something in."""
    return access.has_box(telling)


def read_box(actor: Actor, incident: UUID, telling: UUID) -> ReadBox:
    """Read what was sent in; recorded first. Raises RepliesNotFound."""
    return access.read_box(actor, incident, telling)


def _places() -> Places:
    scripts = tuple(static(_ON_THE_WEB + one) for one in SCRIPTS)
    return Places(scripts, static(_ON_THE_WEB + STYLES), is_copy=False)


def _pack(house: bytes | None) -> Pack:
    try:
        return find_pack(NEWEST, house=house)
    except AdviceWrong:
        return find_pack(NEWEST)


def _confirmed() -> bytes | None:
    file = settings.ADVICE_CONFIRMED
    return file.read_bytes() if file.exists() else None


def _edge(number: int) -> bytes:
    return (number << 4).to_bytes(2, "big")


def _line(name: str, number: int, packed: bytes) -> str:
    return f'told.{name}("{number:03x}","{b64encode(packed).decode()}");\n'
