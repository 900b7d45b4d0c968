"""Signing registrars' cards with the root, on the machine without network.

The root is joined from three shares after everybody has said yes to the words, and wiped before
anything is written. Each card is shown with its eight words: they, and no name, are what is signed.
"""

from pathlib import Path

from vaitiolo.ceremony import answering
from vaitiolo.ceremony.answering import CannotAnswer
from vaitiolo.ceremony.desk import Desk
from vaitiolo.keys import registrations, trust, words
from vaitiolo.keys.cards import Card
from vaitiolo.keys.fields import ZERO
from vaitiolo.keys.holders import HolderKeys, master_part
from vaitiolo.keys.octets import wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.registrations import Direction, Registration
from vaitiolo.keys.trust import Trust
from vaitiolo.keys.trust_form import TrustRefused


def read_policy(folder: Path) -> Trust:
    """Return the policy in a folder, its signatures checked. Raises CannotAnswer."""
    try:
        return trust.load(folder)
    except TrustRefused as refused:
        raise CannotAnswer(str(refused)) from None


def read_request(raw: bytes, policy: Trust, *, today: int) -> Registration:
    """Return a request when the root may sign each card of it today. Raises CannotAnswer."""
    try:
        request = registrations.parse(raw)
        registrations.check_request(
            request, org=policy.org, life_days=policy.cards.life_days, today=today
        )
    except Refused as refused:
        raise CannotAnswer(
            f"The request is not to be believed ({refused.reason}). Nothing was signed."
        ) from None
    return request


def sign(request: Registration, policy: Trust, desk_of: Desk, *, made: int) -> Registration:
    """Show each card, take a "yes" for each and then three shares; return the answer.

    Raises CannotAnswer when nobody says yes to any, or the shares give another key.
    """
    _show(policy, desk_of)
    chosen = [card for card in request.cards if _is_wanted(card, desk_of)]
    if not chosen:
        raise CannotAnswer("Nobody said yes. Nothing was signed or written.")
    with answering.joined(desk_of) as master:
        answering.demand_master(master, answering.pinned_by(policy).pins)
        signed = _signed(chosen, master, policy)
    return Registration(Direction.ANSWER, policy.org, made, tuple(signed))


def _show(policy: Trust, desk_of: Desk) -> None:
    root = policy.root.id.hex()
    desk_of.say(f"Organisation: {policy.organisation.name}")
    desk_of.say(f"Root on paper begins: {' '.join(root[at : at + 4] for at in range(0, 32, 4))}")


def _is_wanted(card: Card, desk_of: Desk) -> bool:
    renews = "" if card.terms.prev == ZERO else ", who is one already"
    desk_of.say(f"A registrar's card{renews}, which reads:")
    desk_of.say(f"    {' '.join(words.of_card(card.id))}")
    try:
        said = desk_of.ask("Do the same words stand on this person's own screen? Type yes: ")
    except EOFError:
        return False
    return said.strip().lower() == "yes"


def _signed(chosen: list[Card], master: bytearray, policy: Trust) -> list[Card]:
    seed = master_part(master, policy.org, part="root")
    try:
        with HolderKeys(seed, policy.org) as root:
            return [registrations.sign(card, root=root, pinned=policy.root) for card in chosen]
    except Refused:
        raise CannotAnswer(
            "These shares give another root than the one that trust.toml pins. Nothing was signed."
        ) from None
    finally:
        wipe(seed)
