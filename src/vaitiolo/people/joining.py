"""What a registrar sees of those who join, change or leave, and what is done about it.

The warden is asked first, always; the rows that the pages keep of somebody are made afterwards, and
made good at the next look where a kill came between.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from vaitiolo.kit.dates import day_since
from vaitiolo.kit.ids import HolderId, UnitId
from vaitiolo.people import access
from vaitiolo.people.access import Colleague
from vaitiolo.people.actor import ROLE_WORDS, Actor
from vaitiolo.people.models import Desk, Member, Unit
from vaitiolo.warden.kinds import Role

NEW_FOR: Final = timedelta(days=60)
# The next card is asked for at the first sign-in within this time before the last day.
RENEWED_BEFORE: Final = timedelta(days=30)


def new_since(today: date, came: Iterable[date]) -> date:
    """Return the first day whose comers are called new; nobody is, of a house's first day."""
    return max(today - NEW_FOR, min(came, default=today) + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """Somebody who has not come yet."""

    id: UUID
    name: str = field(repr=False)
    role: str
    unit_name: str
    until: date


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A card that waits, with the words to compare."""

    card: str
    name: str = field(repr=False)
    role: str
    unit_name: str
    why: str
    words: tuple[str, ...]
    signed_by_self: bool
    missing: int

    @property
    def is_newcomer(self) -> bool:
        return self.why == "joins"

    @property
    def is_broken(self) -> bool:
        return self.why == "broken"


@dataclass(frozen=True, slots=True)
class LeftLine:
    """What somebody who has left still leads to: turned by colleagues, or by nobody."""

    waiting: int
    nobody: int


# --- reading ----------------------------------------------------------------------


def list_units() -> tuple[tuple[UnitId, str], ...]:
    """Return the units by name."""
    rows = Unit.objects.order_by("name").values_list("id", "name")
    return tuple((UnitId(unit), name) for unit, name in rows)


def list_invitations(actor: Actor) -> tuple[InvitationLine, ...]:
    """Return who has been asked to join and has not come yet."""
    units = dict(list_units())
    return tuple(
        InvitationLine(
            one.id, one.name, role_word(one.role), unit_name(units, one.unit), day_since(one.until)
        )
        for one in access.list_invitations(actor)
    )


def list_requests(actor: Actor) -> tuple[RequestLine, ...]:
    """Return the cards that wait for a registrar."""
    units = dict(list_units())
    return tuple(
        RequestLine(
            one.card.hex(),
            one.name,
            role_word(one.role),
            unit_name(units, one.unit),
            one.why,
            one.words,
            one.signed_by_asker,
            one.missing,
        )
        for one in access.list_card_requests(actor)
    )


def get_request(actor: Actor, card: str) -> RequestLine:
    """Return one card that waits. Raises NoRequest."""
    for one in list_requests(actor):
        if one.card == card:
            return one
    raise access.NoRequest


def list_waiting(actor: Actor) -> tuple[Colleague, ...]:
    """Return the colleagues whom the actor could let into their common role."""
    return access.list_waiting_for_role(actor) if actor.is_reception else ()


def find_left(actor: Actor, person: HolderId) -> LeftLine:
    """Count what is left of somebody's access in what colleagues hold."""
    left = access.count_left_behind(actor, person)
    return LeftLine(left.waiting, left.nobody)


def is_last_in_role(actor: Actor, person: HolderId) -> bool:
    """Tell whether nobody else in the unit holds the reception's keys after somebody leaves."""
    everyone = [one for one in access.list_colleagues(actor) if one.is_active]
    own = next((one for one in everyone if one.person == person), None)
    if own is None or own.role != Role.RECEPTION:
        return False
    desk = [one for one in everyone if one.role == Role.RECEPTION and one.unit == own.unit]
    return len(desk) == 1


def role_word(role: int) -> str:
    """Return the word that templates use for a role."""
    return ROLE_WORDS[Role(role)] if role in set(Role) else ""


def unit_name(units: dict[UnitId, str], unit: UUID | None) -> str:
    """Return what a unit is called, empty for none."""
    return "" if unit is None else units.get(UnitId(unit), "")


# --- doing ------------------------------------------------------------------------


def invite(actor: Actor, *, name: str, role: int, unit: UnitId | None, sign_in: str) -> str:
    """Ask somebody to join; return the code, which nobody can be told again."""
    return access.invite(actor, name=name, role=role, unit=unit, sign_in=sign_in).code


def try_to_invite(actor: Actor, fields: Mapping[str, Any]) -> tuple[str, str]:
    """Return the code of an invitation, or the words why its name cannot be had."""
    try:
        return invite(actor, **fields), ""
    except access.NameTaken as refusal:
        return "", str(refusal)


def withdraw_invitation(actor: Actor, invitation: UUID) -> None:
    """Take an invitation back."""
    access.withdraw_invitation(actor, invitation)


def propose_role(actor: Actor, person: HolderId, fields: Mapping[str, Any]) -> None:
    """Propose what the form says."""
    access.propose_role(actor, person, role=fields["role"], unit=fields["unit"])


def let_in(actor: Actor, person: HolderId) -> None:
    """Let a colleague act with the role card that the actor holds."""
    access.let_into_role(actor, person)


def refuse_card(actor: Actor, card: bytes) -> None:
    """Refuse a card; somebody is told."""
    access.refuse_card(actor, card)


def sign_card(actor: Actor, card: bytes, *, assertion: bytes) -> bool:
    """Sign a card; return whether its holder can work now."""
    is_complete = access.sign_card(actor, card, assertion=assertion)
    if is_complete:
        keep_rows(access.list_colleagues(actor))
    return is_complete


def settle(actor: Actor) -> None:
    """Finish what a kill left undone: desks and role cards in the warden, rows here."""
    access.settle_staff(actor)
    keep_rows(access.list_colleagues(actor))


@transaction.atomic
def keep_rows(colleagues: Sequence[Colleague]) -> None:
    """Make the rows that the pages keep of the staff say what the warden says."""
    known = {row.id: row for row in Member.objects.select_for_update()}
    with_desk = set(Desk.objects.values_list("id", flat=True))
    units = set(Unit.objects.values_list("id", flat=True))
    for one in colleagues:
        unit = one.unit if one.unit in units else None
        row = known.get(one.person)
        if row is None:
            Member.objects.create(
                id=one.person, unit_id=unit, role=one.role, is_active=one.is_active
            )
        elif (row.unit_id, row.role, row.is_active) != (unit, one.role, one.is_active):
            row.unit_id, row.role, row.is_active = unit, one.role, one.is_active
            row.save(update_fields=("unit", "role", "is_active"))
        if one.desk is not None and one.desk not in with_desk:
            Desk.objects.get_or_create(holder=one.person, defaults={"id": one.desk})
