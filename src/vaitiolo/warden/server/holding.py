"""Whether somebody holds a compartment, by which grant, and who else does. No key until asked.

Steps 2 to 4 of the order of checks (docs/formats.md): form, cards, grant and chain. What a chain
says does not depend on today, so a verified grant is remembered by its id. While a key is being
turned a compartment is held at both epochs, or not at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final
from uuid import UUID

from vaitiolo.keys import chains, envelope, grants, rotations, store
from vaitiolo.keys.bodies import Place
from vaitiolo.keys.chains import Creation, Evidence
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass, Kind
from vaitiolo.keys.octets import wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rotations import Rotation
from vaitiolo.keys.rows import CompartmentRow, GrantRow, Opening
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.server import evidence
from vaitiolo.warden.server.card_index import Verified
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Held, HeldRole, Person
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.turnings import Turned

MOST_REMEMBERED: Final = 200_000
RECORDED_AS: Final = frozenset({Act.CREATE, Act.GRANT, Act.DUTY_GRANT, Act.ROTATE_BEGIN})


def find(install: Installation, person: Person, compartment: UUID) -> Held:
    """Return what a person holds of a compartment. Raises No(not-granted), Refused."""
    return find_all(install, person, [compartment])[0]


def find_all(install: Installation, person: Person, compartments: Sequence[UUID]) -> list[Held]:
    """Return what a person holds of several compartments, in their order. Raises as `find`."""
    stored = store.openings(compartments)
    # After the rows were read: what is withdrawn between the two counts already.
    install.turnings.read_on()
    return [_held(install, person, stored.get(compartment)) for compartment in compartments]


def newest(held: Held) -> Held:
    """Return a compartment as what is written from now on is sealed: at its next epoch, if any."""
    return held if held.coming is None else held.coming


def refreshed(install: Installation, person: Person, held: Held) -> Held:
    """Return what a handle stands for as it is now. Raises No(not-granted) when it was withdrawn.

    A handle lives for a minute; a key may be turned, or a grant withdrawn, within it.
    """
    row = store.compartment(held.compartment)
    if row is None:
        raise No("not-granted", subject=held.subject, because="no such compartment")
    coming = None if held.coming is None else held.coming.epoch
    turned = install.turnings.of(held.compartment, subject=held.subject)
    is_current = (row.epoch, row.pending_epoch) == (held.epoch, coming)
    is_good = install.today() <= held.grant.until and held.grant.id not in turned.withdrawn
    if is_current and is_good:
        return held
    return find(install, person, held.compartment)


def _held(install: Installation, person: Person, stored: Opening | None) -> Held:
    if stored is None:
        raise No("not-granted", because="no such compartment")
    row, own = stored.compartment, person.recipients
    if not any(grant.recipient_card in own for grant in stored.grants if grant.epoch == row.epoch):
        raise No("not-granted", subject=row.subject, because="no grant")
    turned = install.turnings.known(row.id, subject=row.subject)
    # Committed in the ledger and not yet in the row: a warden was killed in between.
    if turned.epoch > (row.pending_epoch or row.epoch):
        raise Refused("epoch.behind")
    held = _held_at(install, person, stored, epoch=row.epoch, turned=turned)
    if row.pending_epoch is None:
        return held
    coming = _held_at(install, person, stored, epoch=row.pending_epoch, turned=turned)
    return replace(held, coming=coming)


def valid_grants(
    install: Installation, opening: Opening, *, epoch: int | None = None
) -> list[Grant]:
    """Return the grants of an epoch, the present one unless said, that are good today.

    Raises Refused when two of them name two keys.
    """
    row = opening.compartment
    turned = install.turnings.of(row.id, subject=row.subject)
    return _valid_at(install, opening, epoch=epoch or row.epoch, turned=turned)


def _valid_at(
    install: Installation, opening: Opening, *, epoch: int, turned: Turned
) -> list[Grant]:
    rows = [grant for grant in opening.grants if grant.epoch == epoch]
    valid = _valid(install, opening.compartment, rows)
    return [grant for grant in valid if grant.id not in turned.withdrawn]


def _held_at(
    install: Installation, person: Person, stored: Opening, *, epoch: int, turned: Turned
) -> Held:
    row, own = stored.compartment, person.recipients
    valid = _valid_at(install, stored, epoch=epoch, turned=turned)
    mine = [grant for grant in valid if grant.recipient in own]
    if not mine:
        raise No("not-granted", subject=row.subject, because="no valid grant")
    grant = min(mine, key=lambda one: (one.recipient not in person.cards, -one.until))
    role = next((role for role in person.roles if role.card == grant.recipient), None)
    return Held(row.id, CompartmentClass(row.klass), row.subject, epoch, grant, role, tuple(valid))


@contextmanager
def key_of(install: Installation, keys: HolderKeys, held: Held) -> Iterator[bytearray]:
    """Open the key of a compartment for one question; it is wiped at the end of the block."""
    if held.role is None:
        dk = keys.open_grant(held.grant)
    else:
        with role_keys(install, keys, held.role) as role:
            dk = role.open_grant(held.grant)
    try:
        yield dk
    finally:
        wipe(dk)


@contextmanager
def role_keys(install: Installation, keys: HolderKeys, role: HeldRole) -> Iterator[HolderKeys]:
    """Open the seed of a role card with a person's own keys; wiped at the end of the block."""
    stored = store.openings([role.compartment]).get(role.compartment)
    sealed = store.role_seed(role.compartment)
    if stored is None or sealed is None:
        raise Refused("role.missing")
    row = stored.compartment
    valid = valid_grants(install, stored)
    mine = [one for one in valid if one.recipient in role.granted_to]
    if not mine:
        raise No("not-granted", subject=row.subject, because="role")
    seed = _role_seed(install, keys, mine[0], sealed=sealed)
    try:
        with HolderKeys(seed, install.org) as opened:
            yield opened
    finally:
        wipe(seed)


def role_seed_place(org: UUID, compartment: UUID) -> Place:
    """Return where the seed of a role card is sealed: the one document of its compartment."""
    return Place(org, compartment, Kind.ROLE_SEED, compartment, 1)


def _role_seed(
    install: Installation, keys: HolderKeys, grant: Grant, *, sealed: bytes
) -> bytearray:
    dk = keys.open_grant(grant)
    try:
        place = role_seed_place(install.org, grant.compartment)
        context = envelope.document_context(place, epoch=grant.epoch)
        return envelope.unseal(
            dk, context, sealed, epoch=grant.epoch, padding=envelope.Padding.NONE
        )
    finally:
        wipe(dk)


def _valid(install: Installation, row: CompartmentRow, rows: list[GrantRow]) -> list[Grant]:
    """Return the grants of a compartment that are signed, chained, recorded and in date."""
    today = install.today()
    parsed = {grant.id: grants.parse(grant.grant) for grant in rows}
    known = install.cards.verified_grants
    # What was verified is remembered by its bytes and by the row it was verified for, so that
    # neither can be exchanged in the database afterwards.
    marks = {row_id: _mark(row, grant) for row_id, grant in parsed.items()}
    if not set(marks.values()) <= known:
        _verify(install, row, rows, parsed=parsed)
    good = [grant for row_id, grant in parsed.items() if marks[row_id] in known]
    if chains.conflicting(good):
        raise Refused("grant.conflict")
    return [grant for grant in good if today <= grant.until]


def _verify(
    install: Installation,
    row: CompartmentRow,
    rows: list[GrantRow],
    *,
    parsed: dict[bytes, Grant],
) -> None:
    # A planted grant is left out, and recorded by whoever asks for it; it must not be able to
    # lock out those who hold good ones.
    facts = _evidence(install, row, rows, parsed=parsed)
    known = install.cards.verified_grants
    if len(known) >= MOST_REMEMBERED:
        # Before the loop, so that nothing of this compartment is forgotten within it.
        known.clear()
    for row_id, grant in parsed.items():
        if _mark(row, grant) in known:
            continue
        try:
            chains.verify_chain(grant, facts, install.cards.authority)
        except Refused:
            continue
        if grant.id != row_id:
            continue
        known.add(_mark(row, grant))


def _mark(row: CompartmentRow, grant: Grant) -> Verified:
    return grant.id, row.id, row.klass, row.subject


def _evidence(
    install: Installation,
    row: CompartmentRow,
    rows: list[GrantRow],
    *,
    parsed: dict[bytes, Grant],
) -> Evidence:
    _, made = evidence.detail_of(
        install.recording, row.creation_leaf, subject=row.subject, acts={Act.CREATE}
    )
    if (made["compartment"], made["class"]) != (row.id.hex, row.klass):
        raise Refused("leaf.other")
    creation = Creation(row.id, _bytes(made["creator"]), _bytes(made["dk_commit"]))
    moments: dict[bytes, Moment] = {}
    for grant in rows:
        try:
            moments[grant.id] = evidence.moment_of(
                install.recording,
                grant.leaf_index,
                subject=row.subject,
                acts=RECORDED_AS,
                says=("grants", grant.id.hex()),
            )
        except Refused:
            continue
    turns = _rotations(install, row, moments) if any(one.epoch > 1 for one in rows) else {}
    return Evidence(creation, parsed, turns, moments)


def _rotations(
    install: Installation, row: CompartmentRow, moments: dict[bytes, Moment]
) -> Mapping[bytes, Rotation]:
    """Return the rotations that entries name, and add the moments of those entries."""
    found = {}
    for stored in store.rotations_of(row.id):
        try:
            rotation = rotations.parse(stored.record)
            moments[rotation.id] = evidence.moment_of(
                install.recording,
                stored.leaf_index,
                subject=row.subject,
                acts={Act.ROTATE_BEGIN},
                says=("rotation", rotation.id.hex()),
            )
        except Refused:
            continue
        found[rotation.id] = rotation
    return found


def _bytes(value: object) -> bytes:
    return bytes.fromhex(value) if isinstance(value, str) else b""
