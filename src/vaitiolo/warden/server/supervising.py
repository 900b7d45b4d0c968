"""Supervision: named notes copied for one named reader, into a small compartment with an end.

The reader is never given the chart's key, and cannot pass the copies on. Each copy is signed anew
by whoever copies, so only an author's own notes are copied.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from vaitiolo.keys import bodies
from vaitiolo.keys.bodies import SignedBody
from vaitiolo.keys.fields import NO_END
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass, Kind
from vaitiolo.keys.octets import wipe
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.kinds import Mode
from vaitiolo.warden.server import granting
from vaitiolo.warden.server.granting import Made
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Handle, Held, Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.unlocked import Unlocked, unlocked

MOST: Final = 50
LONGEST_DAYS: Final = 366


def copy(install: Installation, question: protocol.CopyNotes) -> protocol.Copied:
    """Copy notes for a reader. Every note's entry stands before a copy exists.

    Raises No(not-allowed) for notes of others, a reader who is no therapist, or no end.
    """
    seat = sit(install, question.cookie)
    handle = install.memory.handle(question.cookie, question.handle, now=install.clock())
    _check(install, seat.person, question, handle=handle)
    reader = granting.person_card(install, question.reader, CompartmentClass.CHART)
    own = install.cards.trusted(seat.person.card, at=Moment(install.today()))
    with unlocked(install, seat, handle.held, cookie=question.cookie) as chart:
        texts = _own_texts(chart, seat.person, question.documents)
        with granting.make(
            install,
            CompartmentClass.COPY,
            handle.held.subject,
            recipients=[(reader, question.until), (own, NO_END)],
            signer=chart.keys,
            creator=seat.person.card,
        ) as made:
            deeds = _deeds(seat.person, handle, question, made=made)
            leaf, *_others = install.recording.record(deeds)
            granting.store_made([made], [leaf])
            copies = _seal(install, seat.person, made, keys=chart.keys, texts=texts)
            return protocol.Copied(made.id, copies)


def _check(
    install: Installation, person: Person, question: protocol.CopyNotes, *, handle: Handle
) -> None:
    held, today = handle.held, install.today()
    if held.klass is not CompartmentClass.CHART or handle.mode != Mode.READ:
        raise No("not-granted", subject=held.subject, because="not an open chart")
    if not today <= question.until <= today + LONGEST_DAYS or question.reader == person.id:
        raise No("not-allowed", subject=held.subject, because="until or reader")
    kinds = {document.place.kind for document in question.documents}
    if kinds != {Kind.NOTE} or len(question.documents) > MOST:
        raise No("not-allowed", subject=held.subject, because="which notes")


def _own_texts(
    chart: Unlocked, person: Person, documents: Sequence[parts.Sealed]
) -> list[SignedBody]:
    """Open notes and check that the asker signed each of them. Raises No, Refused."""
    install, texts = chart.install, []
    for document in documents:
        place, body = chart.unseal(document)
        try:
            signed = bodies.check_body(body, place, public_key_of=install.cards.signing_key)
        finally:
            wipe(body)
        author = install.cards.known(signed.author)
        if author is None or author.holder != person.id:
            raise No("not-allowed", subject=chart.held.subject, because="not the author")
        texts.append(signed)
    return texts


def _deeds(
    person: Person, handle: Handle, question: protocol.CopyNotes, *, made: Made
) -> list[Deed]:
    """Return the creation of the compartment and, for each note, its release."""
    released = [
        Deed(
            Act.RELEASE,
            handle.held.subject,
            person.id,
            {
                "compartment": handle.held.compartment.hex,
                "copy": made.id.hex,
                "for": handle.purpose,
                "person": person.id.hex,
                "row": document.place.row.hex,
                "to": question.reader.hex,
                "until": question.until,
                "version": document.place.version,
            },
        )
        for document in question.documents
    ]
    return [made.deed(person.id), *released]


def _seal(
    install: Installation,
    person: Person,
    made: Made,
    *,
    keys: HolderKeys,
    texts: Sequence[SignedBody],
) -> tuple[parts.Sealed, ...]:
    held = Held(made.id, made.klass, made.subject, 1, made.grants[0], None, ())
    fresh = Unlocked(install, held, made.dk, keys, person.card)
    copies = []
    for signed in texts:
        # A row of its own: nothing in a copy leads back to the note that it is of.
        place = parts.Place(Kind.NOTE, uuid4(), 1)
        copies.append(parts.Sealed(place, fresh.seal(parts.Plain(place, signed.text))))
    return tuple(copies)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {protocol.CopyNotes: copy}
