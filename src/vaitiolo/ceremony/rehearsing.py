"""A rehearsal: every step of a ceremony, with a house, shares and a request invented on the spot.

Uses the same code as the real thing and none of its keys. Everything is marked, nothing is kept.
"""

from contextlib import ExitStack
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from vaitiolo.ceremony import answering, shares
from vaitiolo.ceremony.answering import CannotAnswer, Pinned
from vaitiolo.ceremony.desk import Desk
from vaitiolo.ceremony.sheets import REHEARSAL
from vaitiolo.keys import cards, ceremonies, grants
from vaitiolo.keys.cards import Card, CardClass, Role, Terms, TrustedCard
from vaitiolo.keys.ceremonies import CeremonyPurpose, Pins
from vaitiolo.keys.fields import NO_END, ZERO
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.holders import HolderKeys, master_part
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.octets import random_bytes, wipe

COMPARTMENTS = 3
_NOBODY = UUID(int=0)


@dataclass
class _House:
    """An invented house, for as long as the rehearsal lasts."""

    org: UUID
    day: int
    stack: ExitStack = field(repr=False)

    def keys(self, seed: bytearray | None = None) -> HolderKeys:
        seed = seed or random_bytes(32)
        self.stack.callback(wipe, seed)
        return self.stack.enter_context(HolderKeys(seed, self.org))

    def terms(self, klass: CardClass, role: int) -> Terms:
        recovery = klass is CardClass.RECOVERY
        return Terms(
            org=self.org,
            holder=_NOBODY if recovery else uuid4(),
            klass=klass,
            role=role,
            not_before=0 if recovery else self.day,
            not_after=NO_END if recovery else self.day + 1,
        )


def rehearse(desk_of: Desk, *, day: int) -> int:
    """Go through a whole ceremony; return how many keys the successor could open at the end.

    Raises CannotAnswer where the real one would.
    """
    desk_of.say(
        f"{REHEARSAL}. The house, the shares and the request are invented; nothing is kept."
    )
    master = random_bytes(32)
    with ExitStack() as stack:
        stack.callback(wipe, master)
        house = _House(uuid4(), day, stack)
        for number, share in enumerate(shares.split(master), start=1):
            desk_of.say(f"{REHEARSAL} share {number} of {shares.COUNT}: {share}")
        successor = house.keys()
        pinned, raw, keys = _request(house, master, successor)
        desk_of.say(f"{REHEARSAL}: a request was made, {len(raw):,} bytes, and is now checked.")
        checked = answering.read_request(raw, pinned)
        made = answering.answer(checked, pinned, desk_of, made=day)
        ceremonies.check_answer(ceremonies.parse(made.encode()), checked)
        opened = _open_all(made.grants, successor, keys)
    desk_of.say(
        f"{REHEARSAL}: the successor opened {opened} of {COMPARTMENTS}. All keys are wiped."
    )
    return opened


@dataclass
class _Cast:
    """Who is in the invented house: keys, and cards up to its root."""

    house: _House
    successor: HolderKeys
    chart: HolderKeys

    def __post_init__(self) -> None:
        house = self.house
        self.root, self.registrar = house.keys(), house.keys()
        self.gone, self.officer = house.keys(), house.keys()
        public = cards.root_keys(self.root)
        own = cards.request(self.registrar, house.terms(CardClass.REGISTRAR, Role.REGISTRAR))
        self.first = cards.countersign(own, self.root, signer=public.id)
        recovery = house.terms(CardClass.RECOVERY, RecoveryRole.CHART)
        other = house.terms(CardClass.RECOVERY, RecoveryRole.CONTACT)
        self.recovery = cards.request(self.chart, recovery)
        contact = cards.request(house.keys(), other)
        self.pins = Pins(house.org, public, 1, contact.id, self.recovery.id)

    def carded(self, keys: HolderKeys, role: Role) -> Card:
        request = cards.request(keys, self.house.terms(CardClass.STAFF, role))
        return cards.countersign(request, self.registrar, signer=self.first.id)


def _request(
    house: _House, master: bytearray, successor: HolderKeys
) -> tuple[Pinned, bytes, list[bytearray]]:
    chart = house.keys(master_part(master, house.org, part="chart"))
    cast = _Cast(house, successor, chart)
    target = cast.carded(successor, Role.THERAPIST)
    gone = cast.carded(cast.gone, Role.THERAPIST)
    officer = cast.carded(cast.officer, Role.PRIVACY_OFFICER)
    keys = [random_bytes(32) for _ in range(COMPARTMENTS)]
    for key in keys:
        house.stack.callback(wipe, key)
    by = (cast.gone, gone)
    purpose, case = CeremonyPurpose.SUCCESSION, uuid4()
    request = ceremonies.make_request(
        ceremonies.Terms(purpose, house.org, case, house.day, cast.recovery.id, target.id),
        shown=[cast.recovery, target, gone, officer, cast.first],
        given=[_granted(key, house.org, cast.recovery, by=by) for key in keys],
        keys=cast.officer,
        signer=officer.id,
    )
    return Pinned(f"{REHEARSAL} (invented)", cast.pins), request.encode(), keys


def _granted(key: bytearray, org: UUID, recovery: Card, *, by: tuple[HolderKeys, Card]) -> Grant:
    keys, card = by
    return grants.make(
        key,
        grants.Terms(uuid4(), 1, ZERO),
        org=org,
        # Invented a moment ago and judged again with the whole request.
        recipient=TrustedCard(recovery),
        keys=keys,
        grantor=card.id,
    )


def _open_all(given: tuple[Grant, ...], successor: HolderKeys, keys: list[bytearray]) -> int:
    opened = [successor.open_grant(grant) for grant in given]
    try:
        if opened != keys:
            raise CannotAnswer("The successor opened other keys: this program must not be used.")
    finally:
        wipe(*opened)
    return len(opened)
