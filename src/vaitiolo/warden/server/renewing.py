"""What a sign-in brings with it: the request for another card, when one is proposed or due.

The seed is open at that moment anyway, so that its holder's own signature costs no question.
"""

from typing import Final

from vaitiolo.keys import cards, invitations
from vaitiolo.keys.cards import CardClass, Terms, TrustedCard
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import ProposalRow, RequestReason, RequestRow
from vaitiolo.keys.store import joining
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import STAFF, Deed

RENEWED_BEFORE: Final = 30  # days


def at_sign_in(install: Installation, person: Person, seed: bytearray) -> None:
    """Ask for the card that was proposed to somebody, or that follows one about to end.

    Nothing here keeps anybody from signing in: a proposal that is not what was stored is an alarm,
    and is left where it is.
    """
    card = install.cards.known(person.card)
    # A registrar's own next card waits for the root, in a ceremony.
    if card is None or card.klass not in {CardClass.STAFF, CardClass.REGISTRAR}:
        return
    proposal = joining.proposal(person.id)
    is_due = card.terms.not_after - install.today() <= RENEWED_BEFORE
    if proposal is None and (not is_due or joining.request_of(person.id) is not None):
        return
    try:
        _ask(install, card, seed, proposal=proposal)
    except Refused as refused:
        detail = {"because": refused.reason, "rule": "proposal broken"}
        install.recording.record([Deed(Act.ALERT, STAFF, person.id, detail)])


def _ask(
    install: Installation, card: TrustedCard, seed: bytearray, *, proposal: ProposalRow | None
) -> None:
    terms = _terms(install, card, proposal)
    today = install.today()
    with HolderKeys(seed, install.org) as keys:
        request = cards.request(
            keys,
            Terms(
                org=install.org,
                holder=card.holder,
                klass=card.klass,
                role=terms.role,
                generation=card.terms.generation,
                not_before=today,
                not_after=today + install.trust.cards.life_days,
                prev=card.id,
            ),
        )
    why = RequestReason.RENEWS if proposal is None else RequestReason.CHANGES
    detail = {
        "card": request.id.hex(),
        "holder": card.holder.hex,
        "role": terms.role,
        "unit": terms.unit,
        "why": int(why),
    }
    install.recording.record([Deed(Act.CARD_ASKED, STAFF, card.holder, detail)])
    sealed = invitations.seal_terms(terms, kms=install.kms, org=install.org, subject=card.holder)
    joining.put_request(
        RequestRow(request.id, card.holder, why, request.encode(), sealed, b"", b"", b"", today)
    )


def _terms(
    install: Installation, card: TrustedCard, proposal: ProposalRow | None
) -> invitations.Terms:
    if proposal is not None:
        return invitations.unseal_terms(
            proposal.sealed_terms, kms=install.kms, org=install.org, subject=card.holder
        )
    colleague = install.directory.find(card.holder)
    if colleague is None:
        raise Refused("request.holder")
    unit = "" if colleague.unit is None else colleague.unit.hex
    return invitations.Terms(colleague.name, card.role, unit)
