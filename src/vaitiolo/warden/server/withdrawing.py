"""Taking an access away: recorded, deleted, and the key turned so that a copy of it is worth less.

What somebody was given by whom one lets go stays: their grants end with the epoch, not before.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from vaitiolo.keys import grants, store
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import CompartmentRow, DueReason, GrantRow
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.server import duty_cards, holding, turning
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Held, Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

ENDED_AT_ONCE: Final = 200
AT_WORK: Final = frozenset({CardClass.STAFF, CardClass.REGISTRAR, CardClass.ROLE})


def withdraw(install: Installation, question: protocol.Withdraw) -> protocol.Done:
    """Take a colleague's access away, or one's own; the keys are turned by whoever remains.

    Raises No(not-allowed) when nobody who works here would be left, or when the asker's own access
    ends before the colleague's: a substitute does not send the therapist away.
    """
    seat = sit(install, question.cookie)
    person = seat.person
    helds = holding.find_all(install, person, question.compartments)
    if any(held.klass is CompartmentClass.CASE for held in helds):
        # Nobody puts another officer out of an incident, or leaves one to whoever remains.
        raise No("not-allowed", subject=person.id, because="a case")
    keep = -1 if question.keep is None else question.keep
    losses = [
        (held, [one for one in _grants_of(install, held, question.person) if one.until > keep])
        for held in helds
    ]
    losses = [(held, lost) for held, lost in losses if lost]
    if not losses:
        raise No("not-allowed", subject=person.id, because="nothing to withdraw")
    for held, lost in losses:
        _check(install, held, lost)
    deeds = [deed(held, person, lost=lost, because="withdrawn") for held, lost in losses]
    install.recording.record(deeds)
    remove([(held.compartment, lost) for held, lost in losses])
    compartments = [held.compartment for held, _ in losses]
    store.ask_rotation(compartments, without=(), why=DueReason.WITHDRAWN, on=install.today())
    if question.person != person.id:
        with install.memory.keys(question.cookie, seat) as keys:
            turner = turning.Turner(install, person, keys)
            for compartment in compartments:
                with install.turns[compartment]:
                    turner.turn(compartment)
    return protocol.Done()


def withdraw_ended(install: Installation, person: Person) -> None:
    """Withdraw what ended by itself, in compartments of somebody who is there to turn their keys.

    The warden refused such a grant from its last day on; now it goes, and its key with it.
    """
    ended = store.ended_grants(person.recipients, day=install.today(), most=ENDED_AT_ONCE)
    by_compartment: dict[UUID, list[GrantRow]] = {}
    for row in ended:
        by_compartment.setdefault(row.compartment, []).append(row)
    for compartment, rows in by_compartment.items():
        stored = store.compartment(compartment)
        if stored is not None:
            _withdraw_ended(install, person, stored, lost=_parsed(rows))


def _withdraw_ended(
    install: Installation, person: Person, row: CompartmentRow, *, lost: Sequence[Grant]
) -> None:
    withdrawn = install.turnings.of(row.id, subject=row.subject).withdrawn
    lost = [grant for grant in lost if grant.id not in withdrawn]
    if not lost:
        return
    ended = _deed(row.id, row.subject, person, lost=lost, because="until")
    install.recording.record([ended])
    remove([(row.id, lost)])
    store.ask_rotation([row.id], without=(), why=DueReason.ENDED, on=install.today())


def _parsed(rows: Iterable[GrantRow]) -> list[Grant]:
    """Return what is a grant and stands under its own id; anything else is for others to judge."""
    found = []
    for row in rows:
        try:
            grant = grants.parse(row.grant)
        except Refused:
            continue
        if grant.id == row.id:
            found.append(grant)
    return found


def _grants_of(install: Installation, held: Held, person: UUID) -> list[Grant]:
    both = [*held.others, *(() if held.coming is None else held.coming.others)]
    return [grant for grant in both if _holder_of(install, grant) == person]


def _holder_of(install: Installation, grant: Grant) -> UUID | None:
    card = install.cards.known(grant.recipient)
    if card is None or card.klass not in AT_WORK - {CardClass.ROLE}:
        return None
    return card.holder


def _check(install: Installation, held: Held, lost: Sequence[Grant]) -> None:
    newest = holding.newest(held)
    if max(grant.until for grant in lost) > newest.grant.until:
        raise No("not-allowed", subject=held.subject, because="ends before the other")
    cards = {grant.recipient for grant in newest.others} - {grant.recipient for grant in lost}
    left = [install.cards.known(card) for card in cards]
    # A duty card opens in an emergency: it is nobody who treats the patient.
    left = [card for card in left if not duty_cards.is_duty(card)]
    if not any(card is not None and card.klass in AT_WORK for card in left):
        raise No("not-allowed", subject=held.subject, because="nobody left")


def deed(held: Held, person: Person, *, lost: Sequence[Grant], because: str) -> Deed:
    """Return the entry of grants withdrawn from a compartment, by one who holds it."""
    return _deed(held.compartment, held.subject, person, lost=lost, because=because)


def _deed(
    compartment: UUID, subject: UUID, person: Person, *, lost: Sequence[Grant], because: str
) -> Deed:
    detail = {
        "because": because,
        "compartment": compartment.hex,
        "from": sorted({grant.recipient.hex() for grant in lost}),
        "grants": [grant.id.hex() for grant in lost],
    }
    return Deed(Act.REVOKE_GRANT, subject, person.id, detail)


def remove(losses: Sequence[tuple[UUID, Sequence[Grant]]]) -> None:
    """Delete grants; one that others hang on stays as their link, and opens nothing any more."""
    for compartment, lost in losses:
        parents = {one.parent for one in _parsed(store.grants_of(compartment))}
        store.remove_grants(grant.id for grant in lost if grant.id not in parents)
