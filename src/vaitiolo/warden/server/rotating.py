"""Turning a compartment's key: asked for, begun, documents re-sealed, committed.

Two databases cannot change at once, so both epochs open until the last document is re-sealed; a
kill at any point loses nothing, and whoever holds the compartment can go on.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import envelope, store
from vaitiolo.keys.cards import CardClass, TrustedCard
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.octets import wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import CompartmentRow, DueReason, DueRow
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.server import duty, holding, turning, unit_cards, withdrawing
from vaitiolo.warden.server.install import SECOND, Installation
from vaitiolo.warden.server.memory import Held, Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.unlocked import Unlocked, unlocked

AT_ONCE: Final = 50
# What was sealed at the old epoch just before the new one began may still be on its way into its
# row. No request lives as long as this, so after it every row has come to stand.
SETTLING: Final = 120 * SECOND


def ask(
    install: Installation,
    compartments: Iterable[UUID],
    *,
    why: DueReason,
    without: Sequence[bytes] = (),
) -> int:
    """Ask that compartments get a new key without these cards; return how many there are of them.

    Turned by whoever holds them and is next signed in. Asked twice it is one rotation. A unit's
    role card among ``without`` is followed by the unit's newest card of the same role.
    """
    return store.ask_rotation(compartments, without=without, why=why, on=install.today())


def due(install: Installation, question: protocol.DueRotations) -> protocol.Due:
    """List what the asker could turn; what ended by itself is withdrawn first, and recorded."""
    seat = sit(install, question.cookie)
    person = seat.person
    withdrawing.withdraw_ended(install, person)
    duty.settle(install, question.cookie, seat)
    rows, total = store.due_for(person.recipients, most=AT_ONCE)
    could = tuple(_turning(install, row) for row in rows if _holds(install, person, row))
    return protocol.Due(could, total - (len(rows) - len(could)))


def _holds(install: Installation, person: Person, row: CompartmentRow) -> bool:
    # A grant that was withdrawn may stand there as the link that others hang on.
    try:
        holding.find(install, person, row.id)
    except (No, Refused):
        return False
    return True


def _turning(install: Installation, row: CompartmentRow) -> parts.Turning:
    settled = row.pending_epoch is not None and _is_settled(install, row)
    return parts.Turning(row.id, row.klass, row.subject, row.pending_epoch, settled)


def _is_settled(install: Installation, row: CompartmentRow) -> bool:
    """Return whether all that was sealed before the rotation began stands in its row by now."""
    begun = next(
        (one for one in store.rotations_of(row.id) if one.epoch == row.pending_epoch), None
    )
    entry = None if begun is None else queries.entry(begun.leaf_index)
    return entry is not None and install.clock() - entry.leaf.time_us >= SETTLING


def begin(install: Installation, question: protocol.BeginRotation) -> protocol.RotationBegun:
    """Make the next key for those who remain. Raises No(not-allowed) when nobody asked for one."""
    seat = sit(install, question.cookie)
    with install.turns[question.compartment]:
        held = holding.find(install, seat.person, question.compartment)
        asked = store.due_of(held.compartment)
        if not asked and held.coming is None:
            raise No("not-allowed", subject=held.subject, because="nobody asked")
        without = _vouched(install, seat.person, held, asked=asked)
        with install.memory.keys(question.cookie, seat) as keys:
            turner = turning.Turner(install, seat.person, keys)
            epoch = turner.turn(held.compartment, without=without)
            if held.klass is CompartmentClass.ROLE:
                turner.finish_role(held.compartment)
            return protocol.RotationBegun(epoch)


def _vouched(
    install: Installation, person: Person, held: Held, *, asked: Sequence[DueRow]
) -> frozenset[bytes]:
    """Return the cards that the next key is not for: those that ended, and unit's exchanged ones.

    A row that asks for it could be planted, to turn somebody away who treats the patient. The key
    is turned all the same, for that colleague too; and the row is recorded.
    """
    wanted = frozenset(one.without_card for one in asked if one.without_card)
    standing = {card for card in wanted if _stands(install, card)}
    if standing:
        said = {"because": "nothing ended it", "cards": sorted(card.hex() for card in standing)}
        detail = {"compartment": held.compartment.hex, **said}
        install.recording.record([Deed(Act.REFUSED, held.subject, person.id, detail)])
    return wanted - standing


def _stands(install: Installation, card_id: bytes) -> bool:
    known = install.cards.known(card_id)
    if known is None:
        return False
    if known.klass is CardClass.ROLE and card_id != _newest_of_role(install, known):
        return False
    try:
        install.cards.trusted(card_id, at=Moment(install.today()))
    except Refused:
        return False
    return True


def _newest_of_role(install: Installation, card: TrustedCard) -> bytes | None:
    """Return the unit's present card of a role: no exchange has ended it."""
    own = unit_cards.of(install, card.holder, role=card.role)
    return own[-1].id if own else None


def rotate(install: Installation, question: protocol.RotateDocuments) -> protocol.SealedBack:
    """Seal documents at the next epoch as they are: prev, author, signature and words stay.

    What does not open under its own key is answered with nothing, and recorded: one broken row
    must not keep an old key alive. No word of any document is returned.
    """
    seat = sit(install, question.cookie)
    held = _being_turned(install, question.cookie, question.compartment)
    with unlocked(install, seat, held, cookie=question.cookie) as compartment:
        sealed, broken = _reseal_all(compartment, question.documents)
    if broken:
        detail = {"compartment": held.compartment.hex, **broken}
        install.recording.record([Deed(Act.REFUSED, held.subject, seat.person.id, detail)])
    return protocol.SealedBack(sealed)


def _reseal_all(
    compartment: Unlocked, documents: Sequence[parts.Sealed]
) -> tuple[tuple[bytes, ...], Mapping[str, object]]:
    sealed = []
    because: set[str] = set()
    for document in documents:
        try:
            sealed.append(_reseal(compartment, document))
        except Refused as refused:
            because.add(refused.reason)
            sealed.append(b"")
    broken = sum(one == b"" for one in sealed)
    return tuple(sealed), {"because": sorted(because), "broken": broken} if broken else {}


def _reseal(compartment: Unlocked, document: parts.Sealed) -> bytes:
    if envelope.epoch_of(document.sealed) == holding.newest(compartment.held).epoch:
        return bytes(document.sealed)
    place, body = compartment.unseal(document)
    try:
        return compartment.seal_body(place, body)
    finally:
        wipe(body)


def commit(install: Installation, question: protocol.CommitRotation) -> protocol.Done:
    """Make the next epoch the present one; the grants of the key before are deleted.

    Raises No(not-allowed) as long as something sealed before the beginning may be on its way.
    """
    person = sit(install, question.cookie).person
    with install.turns[question.compartment]:
        held = _being_turned(install, question.cookie, question.compartment)
        row = store.compartment(held.compartment)
        if row is None or not _is_settled(install, row):
            raise No("not-allowed", subject=held.subject, because="not settled")
        turning.record_commit(install, person, held)
        turning.commit(held)
    return protocol.Done()


def _being_turned(install: Installation, cookie: bytes, compartment: UUID) -> Held:
    held = holding.find(install, sit(install, cookie).person, compartment)
    if held.coming is None:
        raise No("not-allowed", subject=held.subject, because="not being turned")
    return held


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.Withdraw: withdrawing.withdraw,
    protocol.DueRotations: due,
    protocol.BeginRotation: begin,
    protocol.RotateDocuments: rotate,
    protocol.CommitRotation: commit,
}
