"""Looking people up: the unit's phone book in memory, and the one index, of identity codes."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import hetu, store
from vaitiolo.keys.hetu import IndexKey, NotAnIdentityCode
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.rows import HetuTagRow
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.kinds import Mode
from vaitiolo.warden.server import holding
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Seat
from vaitiolo.warden.server.phone_books import Book, read_row
from vaitiolo.warden.server.recording import HETU_INDEX, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.unlocked import unlocked

LONGEST: Final = 100


def load(install: Installation, question: protocol.LoadBook) -> protocol.Done:
    """Enter sealed rows into the book in memory; the session may look in it from now on."""
    seat = sit(install, question.cookie)
    handle = install.memory.handle(question.cookie, question.handle, now=install.clock())
    held = handle.held
    if held.klass is not CompartmentClass.PHONEBOOK or handle.mode != Mode.READ:
        raise No("not-granted", subject=held.subject, because="not a book")
    with unlocked(install, seat, held, cookie=question.cookie) as compartment:
        # Only now: that the key opens is the proof that this session may look in the book.
        book = install.take_book(seat, held.compartment)
        for row in question.rows:
            place, body = compartment.unseal(row)
            book.put(read_row(place.row, body))
    if question.is_last:
        book.is_complete = True
    return protocol.Done()


def find(install: Installation, question: protocol.Find) -> protocol.Found:
    """Look in a book that this session has open. The entry stands before anything is shown."""
    seat = sit(install, question.cookie)
    book = _book(install, seat, question.book)
    if book is None:
        return protocol.Found(is_loaded=False)
    detail = {"compartment": question.book.hex, "person": seat.person.id.hex}
    install.recording.record([Deed(Act.SEARCH, question.book, seat.person.id, detail)])
    rows, total = book.find(question.text[:LONGEST])
    return protocol.Found(
        is_loaded=True,
        rows=tuple(parts.BookRow(row.patient, row.shown) for row in rows),
        total=total,
    )


def _book(install: Installation, seat: Seat, book: UUID) -> Book | None:
    """Return a complete book that the session has opened, none if it is yet to be loaded."""
    known = install.books.get(book)
    if known is None or not known.is_complete or book not in seat.books:
        return None
    return known


def find_hetu(install: Installation, question: protocol.FindHetu) -> protocol.HetuFound:
    """Say whether an identity code is known: here, perhaps elsewhere, or nowhere."""
    seat = sit(install, question.cookie)
    code = code_of(question.hetu)
    install.hetu_pace.spend(install.clock())
    detail = {"person": seat.person.id.hex}
    install.recording.record([Deed(Act.HETU_FOUND, HETU_INDEX, seat.person.id, detail)])
    book = _book(install, seat, question.book)
    here = None if book is None else book.with_hetu(code)
    if here is not None:
        return protocol.HetuFound("here", here.patient)
    tagged = store.identities_tagged(_tag(install, code))
    return protocol.HetuFound("perhaps-elsewhere" if tagged else "none")


def put_hetu(install: Installation, question: protocol.PutHetu) -> protocol.Done:
    """Enter the code of an identity that the asker holds."""
    seat = sit(install, question.cookie)
    held = holding.find(install, seat.person, question.identity)
    if held.klass is not CompartmentClass.IDENTITY:
        raise No("not-granted", subject=held.subject, because="class")
    tag = _tag(install, code_of(question.hetu))
    detail = {"identity": question.identity.hex, "person": seat.person.id.hex}
    install.recording.record([Deed(Act.HETU_PUT, held.subject, seat.person.id, detail)])
    store.remove_hetu_tag(question.identity)
    store.put_hetu_tags([HetuTagRow(question.identity, tag)])
    return protocol.Done()


def _tag(install: Installation, code: str) -> int:
    policy = install.trust.hetu
    return hetu.tag(code, kms=install.kms, key=IndexKey(policy.key, install.org, policy.salt))


def code_of(text: str) -> str:
    """Return an identity code in its one form. Raises No(question-broken)."""
    try:
        return hetu.normalise(text)
    except NotAnIdentityCode:
        raise No("question-broken", because="identity code") from None


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.LoadBook: load,
    protocol.Find: find,
    protocol.FindHetu: find_hetu,
    protocol.PutHetu: put_hetu,
}
