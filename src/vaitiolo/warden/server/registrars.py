"""Registrars: invited at the console, their cards signed by the root on a machine without network.

No registrar makes another, and no key is here: an invitation opens nothing, and what comes back is
believed for the root's signature alone.
"""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid4

from vaitiolo.keys import cards, invitations, registrations, store, typed, words
from vaitiolo.keys.cards import Card, CardClass, Role
from vaitiolo.keys.invitations import Terms
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.registrations import Direction, Registration
from vaitiolo.keys.rows import InvitationRow, RequestReason, RequestRow
from vaitiolo.keys.store import joining
from vaitiolo.keys.vouching import Moment, renews
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.server import card_signing, witnesses
from vaitiolo.warden.server.enrolling import LONGEST_NAME, free_tag
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import NOBODY, STAFF, Deed
from vaitiolo.warden.server.refusing import No

# Who may be there before any registrar is: what they are decides nothing about any patient.
AT_CONSOLE: Final = frozenset({Role.REGISTRAR, Role.PRIVACY_OFFICER, Role.MANAGER})


class RegistrarRefused(Exception):
    """What was asked for is not done; the message is for the operator and holds no secret."""


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who is invited at the console, under an id of their own."""

    name: str = field(repr=False)
    sign_in: str = field(repr=False)
    role: int = Role.REGISTRAR
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A registrar's card that waits for the root."""

    card: Card
    name: str = field(repr=False)

    @property
    def words(self) -> tuple[str, ...]:
        """The eight words that stand on the registrar's own screen."""
        return words.of_card(self.card.id)


@dataclass(frozen=True, slots=True)
class Admitted:
    """How many cards came in with an answer, and how many were in already."""

    new: int
    already: int


def invite(install: Installation, invitee: Invitee) -> tuple[str, int]:
    """Make an invitation; return its code, said once, and its last day. Raises RegistrarRefused."""
    name = invitee.name.strip()
    if invitee.role not in AT_CONSOLE or not 0 < len(name) <= LONGEST_NAME:
        raise RegistrarRefused("The name is empty or too long, or the role is none for a console.")
    try:
        tag = free_tag(install, invitee.sign_in)
    except No:
        raise RegistrarRefused("The sign-in name is taken, or empty. Nobody was invited.") from None
    code, until = typed.new_code(), install.today() + invitations.DAYS
    terms = Terms(name, invitee.role)
    row = InvitationRow(
        invitee.id,
        invitations.code_tag(code, kms=install.kms, org=install.org),
        tag,
        invitations.seal_terms(terms, kms=install.kms, org=install.org, subject=invitee.id),
        until,
    )
    detail = {
        "at": "console",
        "invitation": invitee.id.hex,
        "role": int(invitee.role),
        "unit": "",
        "until": until,
    }
    install.recording.record([Deed(Act.INVITED, STAFF, NOBODY, detail)])
    joining.put_invitation(row)
    return code, until


def waiting(install: Installation) -> list[Waiting]:
    """Return the registrars' cards that the root could sign today; others are left out."""
    found = []
    for row in joining.requests():
        if not card_signing.waits_for_root(install, row):
            continue
        try:
            card = _judged(install, row, cards.parse(row.request))
        except Refused:
            continue
        found.append(Waiting(card, card_signing.terms_of(install, row).name))
    return found


def export(install: Installation, chosen: list[Waiting]) -> bytes:
    """Return a request for these cards, once it is recorded that it goes out."""
    if not chosen:
        raise RegistrarRefused("No registrar's card waits. Nothing was written.")
    shown = tuple(one.card for one in chosen[: registrations.MOST_CARDS])
    request = Registration(Direction.REQUEST, install.org, install.today(), shown)
    detail = {"cards": [card.id.hex() for card in shown], "purpose": "registrars"}
    install.recording.record([Deed(Act.CEREMONY_EXPORTED, STAFF, NOBODY, detail)])
    return request.encode()


def admit(install: Installation, answer: bytes) -> Admitted:
    """Bring in the cards that the root has signed; each is recorded before it is stored.

    Where the policy names a quorum, it has witnessed that an answer was brought before any card is
    in. Raises RegistrarRefused. Repeated after a kill, what is in stays in.
    """
    try:
        read = registrations.parse(answer)
        registrations.check_answer(read, org=install.org, root=install.trust.root)
    except Refused as refused:
        _note_refusal(install, refused)
        raise RegistrarRefused(
            f"The answer is not one of this house's root ({refused.reason}). Nothing was changed."
        ) from None
    said = {"cards": [card.id.hex() for card in read.cards], "purpose": "registrars"}
    [leaf] = install.recording.record([Deed(Act.CEREMONY_IMPORTED, STAFF, NOBODY, said)])
    _await_witnesses(install, leaf)
    known = [card for card in read.cards if store.card(card.id) is not None]
    for card in read.cards:
        if card not in known:
            _admit(install, card)
    return Admitted(len(read.cards) - len(known), len(known))


def _await_witnesses(install: Installation, leaf: int) -> None:
    try:
        witnesses.demand(install, leaf, subject=STAFF)
    except No as silent:
        _note_refusal(install, silent)
        raise RegistrarRefused(
            "Too few witnesses have seen the ledger. No card came in; the answer can be brought"
            " again once the worker runs and the witnesses answer."
        ) from None


def _admit(install: Installation, card: Card) -> None:
    row = joining.request(card.id)
    if row is None:
        raise RegistrarRefused("A card of the answer does not wait any more, or never did.")
    try:
        _judged(install, row, card)
        card_signing.admit(
            install, row, card, actor=NOBODY, detail={"at": "ceremony", "why": int(row.why)}
        )
    except (Refused, No) as refused:
        _note_refusal(install, refused)
        raise RegistrarRefused(
            f"A card of the answer may not come in ({refused}). The ones before it are in."
        ) from None


def _note_refusal(install: Installation, refused: Refused | No) -> None:
    detail = {"because": refused.reason, "question": "admit registrars", "reason": "not-allowed"}
    install.recording.record([Deed(Act.REFUSED, STAFF, NOBODY, detail)])


def _judged(install: Installation, row: RequestRow, card: Card) -> Card:
    """Return a registrar's card when it is lawful and what its row says. Raises Refused."""
    registrations.demand_lawful(
        card,
        org=install.org,
        life_days=install.trust.cards.life_days,
        today=install.today(),
    )
    if (card.id, card.holder) != (row.id, row.holder):
        raise Refused("request.card")
    card_signing.demand_asked(install, card)
    own = store.cards_of(card.holder)
    if row.why == RequestReason.JOINS:
        if own or store.holder(card.holder) is not None or card.terms.generation != 1:
            raise Refused("request.holder")
        return card
    if row.why != RequestReason.RENEWS or not own:
        raise Refused("request.why")
    before = install.cards.trusted(own[-1].id, at=Moment(install.today()))
    if before.klass is not CardClass.REGISTRAR or not renews(card, before):
        raise Refused("request.renews")
    return card
