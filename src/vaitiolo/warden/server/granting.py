"""Making compartments and granting them: the only two ways a grant comes into the world.

A compartment is made with its recovery grant or not at all. A grant is made from the grantor's own,
signed, chained to it, and recorded before it is stored.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from vaitiolo.keys import grants, store
from vaitiolo.keys.cards import CardClass, TrustedCard
from vaitiolo.keys.fields import NO_END, ZERO
from vaitiolo.keys.grants import Grant, Terms
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass, compartment_class_of, recovery_of
from vaitiolo.keys.octets import random_bytes, wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import CompartmentRow, GrantRow
from vaitiolo.keys.signatures import Signer
from vaitiolo.keys.unit_compartments import OF_A_UNIT, unit_compartment
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server import duty_cards, evidence, holding, unit_cards
from vaitiolo.warden.server.install import DAY, Installation
from vaitiolo.warden.server.memory import MINUTE, Held, Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

CREATORS: Final = frozenset({Role.RECEPTION, Role.THERAPIST, Role.MANAGER, Role.REGISTRAR})
MADE_ON_PAGES: Final = frozenset(
    {
        CompartmentClass.IDENTITY,
        CompartmentClass.CHART,
        CompartmentClass.WORKING,
        CompartmentClass.SHARED,
    }
)
# What was said is for those who treat, never for a desk or an office.
CLINICAL: Final = MADE_ON_PAGES - {CompartmentClass.IDENTITY}
PERSONAL: Final = frozenset({CardClass.STAFF, CardClass.REGISTRAR})
GRANTS: Final = frozenset({Act.CREATE, Act.GRANT})


@dataclass(frozen=True, slots=True)
class Made:
    """A compartment that was made, not yet recorded or stored. Its key goes with the block."""

    id: UUID
    klass: CompartmentClass
    subject: UUID
    creator: bytes
    dk: bytearray = field(repr=False)
    grants: tuple[Grant, ...]

    def deed(self, actor: UUID, more: Mapping[str, object] | None = None) -> Deed:
        """Return the creation leaf's deed: it binds id, class, creator and commitment."""
        detail = {
            # To whom each of the grants goes: a removed row must not take that with it.
            "cards": [grant.recipient.hex() for grant in self.grants],
            "class": int(self.klass),
            "compartment": self.id.hex,
            "creator": self.creator.hex(),
            "dk_commit": grants.commitment(self.dk).hex(),
            "grants": [grant.id.hex() for grant in self.grants],
        }
        return Deed(Act.CREATE, self.subject, actor, detail | dict(more or {}))


@contextmanager
def make(
    install: Installation,
    klass: CompartmentClass,
    subject: UUID,
    *,
    recipients: Sequence[tuple[TrustedCard, int]],
    signer: Signer,
    creator: bytes,
) -> Iterator[Made]:
    """Make a compartment with its key, recovery grant and first grants; the key is wiped after.

    ``recipients`` are cards, each with the last day of its grant.
    """
    dk = random_bytes(32)
    compartment = unit_compartment(install.org, subject, klass) if klass in OF_A_UNIT else uuid4()
    try:
        cards = [*recovery_card(install, klass), *recipients]
        made = tuple(
            grants.make(
                dk,
                Terms(compartment, 1, ZERO, until),
                org=install.org,
                recipient=card,
                keys=signer,
                grantor=creator,
            )
            for card, until in cards
        )
        yield Made(compartment, klass, subject, creator, dk, made)
    finally:
        wipe(dk)


def store_made(made: Sequence[Made], leaves: Sequence[int]) -> None:
    """Store compartments and grants whose creation leaves are durable."""
    pairs = list(zip(made, leaves, strict=True))
    store.put_compartments(
        [
            CompartmentRow(
                one.id, one.klass, one.subject, one.creator, grants.commitment(one.dk), leaf
            )
            for one, leaf in pairs
        ]
    )
    store.put_grants([grant_row(grant, leaf) for one, leaf in pairs for grant in one.grants])


def grant_row(grant: Grant, leaf: int) -> GrantRow:
    """Return a grant as it is stored."""
    return GrantRow(
        grant.id, grant.compartment, grant.recipient, grant.epoch, grant.encode(), leaf_index=leaf
    )


def recovery_card(install: Installation, klass: CompartmentClass) -> list[tuple[TrustedCard, int]]:
    """Return the pinned recovery card of a class with its last day, or nothing if it has none."""
    recovery = recovery_of(klass)
    if recovery is None:
        return []
    card_id = install.trust.recovery_card(recovery)
    return [(install.cards.trusted(card_id, at=Moment(install.today())), NO_END)]


def create(install: Installation, question: protocol.Create) -> protocol.Created:
    """Make compartments of one patient; whoever makes them need not be able to open them."""
    seat = sit(install, question.cookie)
    person = seat.person
    plans = [_plan(install, person, new) for new in question.compartments]
    with install.turns[person.id], install.memory.keys(question.cookie, seat) as keys:
        _check_pace(install, person, [new.subject for new in question.compartments])
        made = []
        for klass, subject, recipients in plans:
            with make(
                install,
                klass,
                subject,
                recipients=[(card, NO_END) for card in recipients],
                signer=keys,
                creator=person.card,
            ) as one:
                deed = one.deed(person.id)
                [leaf] = install.recording.record([deed])
                store_made([one], [leaf])
                made.append(one.id)
    return protocol.Created(tuple(made))


def _plan(
    install: Installation, person: Person, new: parts.NewCompartment
) -> tuple[CompartmentClass, UUID, list[TrustedCard]]:
    klass = compartment_class_of(new.klass)
    if person.role not in CREATORS or klass not in MADE_ON_PAGES:
        raise No("not-allowed", subject=person.id, because="create")
    if store.compartments_of(new.subject, klass=klass) and klass is not CompartmentClass.WORKING:
        raise No("not-allowed", subject=new.subject, because="exists")
    recipients = [person_card(install, one, klass) for one in new.persons]
    recipients += [role_card(install, unit, klass) for unit in new.units]
    if not recipients:
        raise No("not-allowed", subject=new.subject, because="nobody")
    return klass, new.subject, recipients + _duty_cards(install, new, klass)


def _duty_cards(
    install: Installation, new: parts.NewCompartment, klass: CompartmentClass
) -> list[TrustedCard]:
    """Return the duty cards that a new compartment is granted to besides: of whoever gets it."""
    if klass not in duty_cards.REACHED:
        return []
    found = (install.directory.find(one) for one in new.persons)
    units = [one.unit for one in found if one is not None and one.unit is not None]
    return duty_cards.of_units(install, [*units, *new.units])


def person_card(install: Installation, person: UUID, klass: CompartmentClass) -> TrustedCard:
    """Return a colleague's card, if such a compartment may be granted to it."""
    colleague = install.directory.find(person)
    if colleague is None or not colleague.is_active:
        raise No("not-allowed", because="recipient")
    try:
        card = install.cards.present(colleague.card, at=Moment(install.today()))
    except Refused as refused:
        raise No("not-allowed", because=refused.reason) from None
    # Which card somebody has stands in a row; whose card it is stands in the card.
    if card.holder != person or card.klass not in PERSONAL:
        raise No("not-allowed", because="card of another")
    if klass in CLINICAL and card.role != Role.THERAPIST:
        raise No("not-allowed", because="clinical")
    return card


def role_card(install: Installation, unit: UUID, klass: CompartmentClass) -> TrustedCard:
    """Return the reception's role card of a unit; clinical compartments are never for a role."""
    if klass in CLINICAL:
        raise No("not-allowed", because="clinical")
    own = unit_cards.of(install, unit, role=Role.RECEPTION)
    if not own:
        raise No("not-allowed", because="unit")
    card = install.cards.trusted(own[-1].id, at=Moment(install.today()))
    if (card.klass, card.holder, card.role) != (CardClass.ROLE, unit, Role.RECEPTION):
        raise No("not-allowed", because="card of another")
    return card


def _check_pace(
    install: Installation,
    person: Person,
    subjects: Sequence[UUID],
    *,
    declared: Collection[bytes] = (),
) -> None:
    """Refuse more new patients a minute than the signed policy allows, beside those declared."""
    tags = {install.recording.tag(subject) for subject in subjects}
    recent = queries.distinct_subjects(
        install.recording.tag(person.id), GRANTS, since_us=install.clock() - MINUTE
    )
    if tags <= set(declared):
        return
    if len((recent | tags) - set(declared)) > install.trust.budgets.new_grants_per_minute:
        raise No("over-budget", subject=person.id, because="grants")


def declared_tags(install: Installation, person: Person, *, to: UUID) -> frozenset[bytes]:
    """Return whom somebody declared, within a day, to hand over to a colleague: tags of patients.

    Access that somebody gives to themselves for a time belongs to any hand-over of theirs.
    """
    tags: set[bytes] = set()
    actor = install.recording.tag(person.id)
    for index in queries.indices_by(actor, Act.HAND_OVER, since_us=install.clock() - DAY):
        _, said = evidence.detail_of(
            install.recording, index, subject=person.id, acts={Act.HAND_OVER}
        )
        patients = said["patients"] if isinstance(said["patients"], list) else []
        if to == person.id or said["to"] == to.hex:
            tags.update(bytes.fromhex(patient) for patient in patients)
    return frozenset(tags)


def grant(install: Installation, question: protocol.Grant) -> protocol.Done:
    """Let a colleague open a compartment that the asker holds."""
    seat = sit(install, question.cookie)
    person = seat.person
    held = holding.find(install, person, question.compartment)
    card = person_card(install, question.person, held.klass)
    until = NO_END if question.until is None else question.until
    if until < install.today() or until > held.grant.until:
        raise No("not-allowed", subject=held.subject, because="until")
    if held.klass not in MADE_ON_PAGES:
        raise No("not-allowed", subject=held.subject, because="class")
    with install.turns[person.id], install.turns[held.compartment]:
        declared = declared_tags(install, person, to=question.person)
        _check_pace(install, person, [held.subject], declared=declared)
        with install.memory.keys(question.cookie, seat) as keys:
            give(install, person, keys, compartment=held.compartment, card=card, until=until)
    return protocol.Done()


def give(
    install: Installation,
    person: Person,
    keys: HolderKeys,
    *,
    compartment: UUID,
    card: TrustedCard,
    until: int = NO_END,
) -> None:
    """Record and store a grant; while the key is being turned, one of each epoch."""
    held = holding.find(install, person, compartment)
    epochs = [held] if held.coming is None else [held, held.coming]
    made = [child(install, keys, one, card=card, until=until) for one in epochs]
    keep(install, person, held, made=made, card=card)


def keep(
    install: Installation, person: Person, held: Held, *, made: Sequence[Grant], card: TrustedCard
) -> None:
    """Record grants of a held compartment to one card, then store them. Raises No(not-allowed)."""
    detail = {
        "compartment": held.compartment.hex,
        "grants": [one.id.hex() for one in made],
        "to": card.holder.hex,
        "until": made[0].until,
    }
    # Beside the figure of new grants a minute: a duty card is nobody whom one lets in.
    act = Act.DUTY_GRANT if duty_cards.is_duty(card) else Act.GRANT
    [leaf] = install.recording.record([Deed(act, held.subject, person.id, detail)])
    pending = None if held.coming is None else held.coming.epoch
    try:
        store.add_grants([grant_row(one, leaf) for one in made], epoch=held.epoch, pending=pending)
    except store.RotationRefused:
        # Another warden began or ended a turn of this key just now. Nothing was given.
        raise No("not-allowed", subject=held.subject, because="turned meanwhile") from None


def child(
    install: Installation, keys: HolderKeys, held: Held, *, card: TrustedCard, until: int = NO_END
) -> Grant:
    """Return a grant made from a held one: same key, signed by whom the held one names."""
    terms = Terms(held.compartment, held.epoch, held.grant.id, until)
    with holding.key_of(install, keys, held) as dk, signer_of(install, keys, held) as signer:
        return grants.make(
            dk,
            terms,
            org=install.org,
            recipient=card,
            keys=signer,
            grantor=held.grant.recipient,
        )


@contextmanager
def signer_of(install: Installation, keys: HolderKeys, held: Held) -> Iterator[HolderKeys]:
    """Open the keys of the card that a compartment is held by; wiped at the end of the block."""
    if held.role is None:
        yield keys
    else:
        with holding.role_keys(install, keys, held.role) as role:
            yield role


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.Create: create,
    protocol.Grant: grant,
}
