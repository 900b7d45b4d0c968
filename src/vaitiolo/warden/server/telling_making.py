"""Makes notices: opens contact details by a running case, decides the way, writes, seals.

Every opening is an entry before it is done, every message's mark is one before it leaves. Of what
was opened nothing leaves in clear, but a letter, which an entry says was given out.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from vaitiolo.keys import pages as sealed_pages
from vaitiolo.keys import store
from vaitiolo.keys.kinds import CompartmentClass, Kind
from vaitiolo.keys.octets import random_bytes
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import Opening
from vaitiolo.ledger.acts import Act
from vaitiolo.notices import codes, pages, writing
from vaitiolo.notices.mail import Mail
from vaitiolo.notices.pages import SentMessage
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server import (
    cases,
    holding,
    telling,
    telling_books,
    telling_pages,
    telling_people,
    telling_state,
    telling_story,
)
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.openings import readers_of
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.telling_desk import Desk, at_desk, check_list, recorded
from vaitiolo.warden.server.telling_pages import Whose
from vaitiolo.warden.server.telling_people import Someone, Ways
from vaitiolo.warden.server.telling_state import State
from vaitiolo.warden.telling_parts import (
    MOST_AT_ONCE,
    Channel,
    MadeNotice,
    Outcome,
    SealedPage,
    ToldOne,
    ToTell,
)

# So long a therapist has for the call, before officers are told that it did not come about.
CALL_WITHIN: Final = 48 * 60 * 60

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """One person whose record was opened, and what is done about them."""

    to_tell: ToTell
    someone: Someone = field(repr=False)
    ways: Ways = field(repr=False)


def next_of(install: Installation, question: protocol.NextToTell) -> protocol.ToTellListed:
    """Return some of the case's patients, so that their sealed records can be brought."""
    person = sit(install, question.cookie).person
    story = telling_story.ready(install, question.telling)
    if question.start < 0 or not 1 <= question.count <= MOST_AT_ONCE:
        raise No("question-broken", subject=question.telling, because="how many")
    with cases.running_for(install, story.plan.case, person) as running:
        check_list(install, story, running)
        some = running.patients[question.start : question.start + question.count]
        total = len(running.patients)
    found = tuple(parts.CasePatient(one, cases.identity_of(one)) for one in some)
    return protocol.ToTellListed(found, total)


def tell_some(install: Installation, question: protocol.TellSome) -> protocol.ToldSome:
    """Make the notices of some people. Raises No before anything is opened for all of them."""
    with at_desk(install, question.cookie, question.telling, people=question.people) as desk:
        openings = recorded(desk, question.people)
        opened = [open_one(desk, one, openings.get(one.patient)) for one in question.people]
        told = [
            _tell(desk, one) if isinstance(one, Opened) else _nothing(to_tell, one)
            for to_tell, one in zip(question.people, opened, strict=True)
        ]
        deeds = [_notice(desk, one) for one in told if one.outcome != Outcome.ERASED]
        if deeds:
            said = telling_books.made(desk.story.telling, told, followup=desk.plan.followup)
            own = Deed(Act.NOTICE, desk.story.telling, desk.person.id, said)
            install.recording.record([*deeds, own])
        desk.running.read.update(one.to_tell.patient for one in opened if isinstance(one, Opened))
        return protocol.ToldSome(tuple(told))


# --- opening -----------------------------------------------------------------------------


def open_one(desk: Desk, to_tell: ToTell, opening: Opening | None) -> Opened | Outcome:
    """Open one record and decide what is done; one that does not open stops none of the others."""
    if opening is None:
        return Outcome.ERASED
    if to_tell.document is None or to_tell.document.place.kind != Kind.IDENTITY:
        return Outcome.NO_RECORD
    try:
        someone = _someone(desk, to_tell.document, opening)
    except (No, Refused) as refused:
        # An alarm, as for any seal that is broken; the answer and its entry say it too.
        log.critical("seal refused: %s in TellSome", refused)
        return Outcome.NO_RECORD
    ways = telling_people.ways_to(someone, on=desk.today, without=frozenset(to_tell.without))
    return Opened(to_tell, someone, ways)


def _someone(desk: Desk, document: parts.Sealed, opening: Opening) -> Someone:
    if document.place.row != opening.compartment.subject:
        raise Refused("identity.place")
    signed, _author = cases.read_identity(
        desk.install, desk.keys, opening, document=document, card=desk.person.card
    )
    return telling_people.read(signed.text)


# --- writing -----------------------------------------------------------------------------


def _tell(desk: Desk, opened: Opened) -> ToldOne:
    whose = _whose(desk, opened)
    messages = [
        _made(desk, opened, whose, channel=channel, to=to) for channel, to in opened.ways.ways
    ]
    page = telling_pages.page(
        desk.plan,
        whose,
        reference=desk.reference,
        told_on=desk.today,
        messages=[
            SentMessage(one.channel, desk.today, one.mark.hex())  # type: ignore[arg-type]  # written ways alone have marks
            for one in messages
            if one.mark
        ],
    )
    return ToldOne(
        patient=opened.to_tell.patient,
        outcome=opened.ways.outcome,
        therapist=_therapist(desk, opened),
        notices=tuple(messages),
        pages=tuple(_sealed_pages(desk, whose, page)),
        state=_kept(desk, opened.to_tell, whose),
    )


def _kept(desk: Desk, to_tell: ToTell, whose: Whose) -> bytes:
    state = State(
        whose.code, whose.certificate, whose.language, whose.name, whose.fields, to_tell.found
    )
    case = desk.cases[desk.plan.case]
    return telling_state.seal(case, desk.story.telling, to_tell.patient, state=state)


def _whose(desk: Desk, opened: Opened) -> Whose:
    """Return who is told; with the codes of an earlier notice where its state was brought."""
    someone, to_tell = opened.someone, opened.to_tell
    state = state_of(desk, to_tell)
    return Whose(
        name=someone.name,
        born_on=someone.born_on,
        language=someone.language,
        fields=someone.fields,
        code=state.code if state else _fresh(),
        certificate=state.certificate if state else _fresh(),
        theirs=telling_pages.theirs(desk.rows[to_tell.patient], found=to_tell.found),
    )


def state_of(desk: Desk, to_tell: ToTell) -> State | None:
    """Return what an earlier notice was written with, if it was brought. Raises Refused."""
    if not to_tell.state:
        return None
    case = desk.cases[telling_state.case_of(to_tell.state) or desk.plan.case]
    return telling_state.open_state(case, desk.story.telling, to_tell.patient, sealed=to_tell.state)


def _made(desk: Desk, opened: Opened, whose: Whose, *, channel: Channel, to: str) -> MadeNotice:
    row, due = uuid4(), opened.to_tell.due
    if channel is Channel.BY_CALL:
        return MadeNotice(row, channel, due + CALL_WITHIN, b"", 0, b"")
    if channel is Channel.BY_HAND:
        return MadeNotice(row, channel, due, b"", 0, b"")
    message, bucket = message_of(desk, whose, channel=channel), telling.bucket_of(whose.code)
    if channel is Channel.LETTER:
        return MadeNotice(row, channel, due, message.mark, bucket, b"")
    mail = Mail(channel, to, message.subject, message.body)
    sealed = telling.seal(desk.install, mail, row=row, due=due)
    return MadeNotice(row, channel, due, message.mark, bucket, sealed)


def message_of(desk: Desk, whose: Whose, *, channel: Channel) -> writing.Message:
    """Write somebody's message by the plan's own texts."""
    return writing.write(
        telling_pages.facts(desk.plan, whose, reference=desk.reference),
        language=whose.language,
        channel=channel,
        code=whose.code,
        address=desk.plan.address,
        texts=writing.find_texts(desk.plan.texts),
    )


def _sealed_pages(desk: Desk, whose: Whose, page: pages.Page) -> Iterator[SealedPage]:
    yield _sealed_page(whose.code, page)
    if page.certificate:
        paper = telling_pages.certificate(
            desk.plan, whose, reference=desk.reference, issued=desk.today
        )
        yield _sealed_page(whose.certificate, paper)


def _sealed_page(code: str, page: pages.Page | pages.Certificate) -> SealedPage:
    return SealedPage(sealed_pages.lookup_of(code), sealed_pages.seal_page(code, pages.write(page)))


def _therapist(desk: Desk, opened: Opened) -> UUID | None:
    """Return who is to call: a therapist who holds the patient's chart."""
    if opened.ways.outcome is not Outcome.CALL_FIRST:
        return None
    patient = opened.to_tell.patient
    charts = [one.id for one in store.compartments_of(patient, klass=CompartmentClass.CHART)]
    for opening in store.openings(charts).values():
        readers = readers_of(desk.install, holding.valid_grants(desk.install, opening))
        therapists = (one.person for one in readers if one.role == Role.THERAPIST)
        for person in sorted(one for one in therapists if one is not None):
            colleague = desk.install.directory.find(person)
            if colleague is not None and colleague.is_active:
                return person
    return None


def _nothing(to_tell: ToTell, outcome: Outcome) -> ToldOne:
    return ToldOne(to_tell.patient, outcome, None, (), (), b"")


def _fresh() -> str:
    return codes.fresh(bytes(random_bytes(codes.RANDOM_BYTES)))


def _notice(desk: Desk, told: ToldOne) -> Deed:
    """Return the entry of somebody's notice: which messages, with their marks."""
    said = {
        "messages": [[one.row.hex, one.channel, one.mark.hex()] for one in told.notices],
        "outcome": told.outcome,
        "person": desk.person.id.hex,
        "telling": desk.story.telling.hex,
    }
    return Deed(Act.NOTICE, told.patient, desk.person.id, said)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.NextToTell: next_of,
    protocol.TellSome: tell_some,
}
