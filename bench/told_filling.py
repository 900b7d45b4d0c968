"""Publishes sealed pages for so many invented people, into the installation of VAITIOLO_HOME."""

from dataclasses import replace
from uuid import UUID

from tests.notices.example import CERTIFICATE, PAGE
from vaitiolo.breach.models import PublishedPage
from vaitiolo.breach.told import actions
from vaitiolo.keys import pages as sealing
from vaitiolo.notices import codes, pages

TELLING = UUID(int=1)
AT_ONCE = 500


def person(number: int) -> list[tuple[bytes, bytes]]:
    """Return the sealed page and certificate of one invented person."""
    # The lowest bit of twelve bytes is in no code.
    own, other = (codes.fresh((4 * number + one).to_bytes(12, "big")) for one in (0, 2))
    page = pages.write(replace(PAGE, reference=f"P-{number}", certificate=other))
    sealed = ((own, page), (other, pages.write(CERTIFICATE)))
    return [(sealing.lookup_of(code), sealing.seal_page(code, body)) for code, body in sealed]


def main(people: int) -> None:
    if PublishedPage.objects.count() == 2 * people:
        return
    PublishedPage.objects.all().delete()
    for first in range(0, people, AT_ONCE):
        rows = [row for one in range(first, min(first + AT_ONCE, people)) for row in person(one)]
        actions.publish(TELLING, rows, marks=[])
