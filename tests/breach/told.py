"""A published page, made as the warden makes it: for the tests of what people see."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from tests.notices.example import CERTIFICATE, CERTIFICATE_CODE, CODE, MESSAGE, PAGE
from vaitiolo.breach.told import actions
from vaitiolo.keys import pages as sealing
from vaitiolo.notices import pages
from vaitiolo.notices.checking import mark_of
from vaitiolo.notices.pages import Certificate, Page, SentMessage

SENT = (SentMessage("email", date(2026, 11, 25), mark_of(MESSAGE).hex()),)
ENGLISH = replace(PAGE, language="en", messages=SENT)


def publish(
    page: Page = ENGLISH,
    *,
    code: str = CODE,
    certificate: Certificate = CERTIFICATE,
    message: str = MESSAGE,
) -> UUID:
    """Publish a page, its certificate and the mark of its message; return the telling."""
    telling = uuid4()
    made = [(code, page), (CERTIFICATE_CODE, certificate)]
    actions.publish(
        telling,
        [(sealing.lookup_of(one), sealing.seal_page(one, pages.write(body))) for one, body in made],
        marks=[(sealing.lookup_of(code), mark_of(message))],
    )
    return telling
