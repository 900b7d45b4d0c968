"""Founding a house with real people: policy, recovery keys, units, invitations. Once, at a console.

The root's and the recovery keys' seeds are drawn and wiped here, and stay on paper alone: even the
first registrars' cards are signed in a ceremony. What was cut off is begun again before the policy
is signed, and goes on from there afterwards.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from vaitiolo.keys import cards, store, trust
from vaitiolo.keys.cards import Card, CardClass
from vaitiolo.keys.holders import HolderKeys, master_part
from vaitiolo.keys.kinds import CompartmentClass, RecoveryRole
from vaitiolo.keys.kms import Keeper, KmsAway, KmsMisset, choosing
from vaitiolo.keys.octets import random_bytes, sha256, wipe
from vaitiolo.keys.rows import CardRow, IncidentPairRow, PairRow
from vaitiolo.keys.store import joining
from vaitiolo.keys.trust import Trust
from vaitiolo.keys.trust_form import TrustRefused
from vaitiolo.keys.unit_compartments import unit_compartment
from vaitiolo.ledger.acts import Act
from vaitiolo.warden.server import policies, recovery_keys, registrars, starting, unit_books
from vaitiolo.warden.server.founding import CannotBeFounded
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.policies import KMS_KEYS, Named
from vaitiolo.warden.server.recording import NOBODY, STAFF, Deed
from vaitiolo.warden.server.recovery_keys import Drawn, Keeping
from vaitiolo.warden.server.registrars import Invitee

BEGUN: Final = "founding.json"
MOST_OFFICERS: Final = 5


@dataclass(frozen=True, slots=True)
class Answers:
    """What the house decides."""

    name: str
    origin: str
    units: tuple[str, ...]
    people: tuple[tuple[str, str, int], ...] = field(repr=False)
    registrars_per_card: int
    witnesses: tuple[str, ...] = ()
    quorum: int = 0
    break_glass: bool = False
    break_glass_witness: str = ""

    @property
    def print(self) -> str:
        """What tells one set of answers from another, without saying any of it."""
        said = [self.name, self.origin, self.units, self.people, self.registrars_per_card]
        said += [self.witnesses, self.quorum, self.break_glass, self.break_glass_witness]
        return sha256(json.dumps(said).encode()).hex()


@dataclass(frozen=True, slots=True)
class Begun:
    """How far a founding is, in a file of the warden's until it is over. Holds no name of people.

    ``cards``, ``pairs`` and ``incident`` are what the paper leads back to; empty until the seeds
    were drawn.
    """

    service: str
    print: str
    org: UUID
    units: tuple[UUID, ...]
    people: tuple[UUID, ...]
    cards: tuple[bytes, ...] = ()
    pairs: tuple[tuple[UUID, UUID, bytes], ...] = field(default=(), repr=False)
    incident: tuple[tuple[UUID, UUID, bytes], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit and the ids of its books, for the rows of the pages."""

    id: UUID
    name: str
    phonebook: UUID
    diary: UUID


@dataclass(frozen=True, slots=True)
class House:
    """What was founded: whose root, which units, and each invited person's code."""

    root: bytes
    units: tuple[Unit, ...]
    codes: tuple[tuple[str, int, str, int], ...] = field(repr=False)


def refuse_what_is_there(home: Path, *, environ: Mapping[str, str]) -> None:
    """Return quietly when a house can be founded here, or its founding can go on.

    Raises CannotBeFounded, with what exists, and for keys in files.
    """
    if (home / trust.FILE_NAME).exists() and read_begun(home) is None:
        raise CannotBeFounded(f"{_described(home)} Nothing was changed.")
    try:
        kind = choosing.kind_of(environ)
    except KmsMisset as refused:
        raise CannotBeFounded(f"{refused} Nothing was founded.") from None
    if kind == "file":
        raise CannotBeFounded(
            "The key service is set to files (VAITIOLO_KMS), which is for demonstrations alone: "
            "whoever copies the folder has the keys. Set it to pkcs11 or openbao. "
            "Nothing was founded."
        )


def found(
    home: Path, answers: Answers, clock: Callable[[], int], *, keeping: Callable[..., Keeping]
) -> House:
    """Found a house in a folder whose vault has its tables, or finish a founding that was cut off.

    ``keeping`` is called with the officers' ids before anything is drawn, and hands out the paper.
    Raises CannotBeFounded. Does not end the founding: the caller does, with `end`.
    """
    refuse_what_is_there(home, environ=os.environ)
    if not (home / trust.FILE_NAME).exists():
        _draw(home, answers, keeping)
    begun = read_begun(home)
    if begun is None or begun.print != answers.print:
        raise CannotBeFounded(
            "A founding was cut off here, and these are other answers than that one's. Give the "
            "same ones, and it goes on. Nothing was changed."
        )
    policy = trust.load(home)
    demand_own(policy, begun)
    with starting.running(home, policy, clock) as install:
        house = _finish(install, answers, begun)
        starting.note_stop(install)
    return house


def add_unit(install: Installation, name: str) -> Unit:
    """Name one more unit; its books are made with its first receptionist, as at the founding."""
    unit = uuid4()
    unit_books.record(install, [unit])
    return _unit(install.org, unit, name)


def goes_on(home: Path) -> bool:
    """Return whether a founding was cut off after the policy was signed: its paper is good."""
    return (home / trust.FILE_NAME).exists() and read_begun(home) is not None


def demand_own(policy: Trust, begun: Begun) -> None:
    """Return quietly when a policy is the one that a founding signed. Raises CannotBeFounded.

    It names its own root: one put in its place would load, and the sheets would open nothing.
    """
    drawn = {cards.parse(card).id for card in begun.cards}
    pinned = {policy.recovery_card(role) for role in RecoveryRole}
    if (policy.org, pinned) != (begun.org, drawn):
        raise CannotBeFounded(
            "The policy here (trust.toml) is not the one that this founding signed: it was "
            "exchanged, or two foundings ran at once. Empty the folder, destroy the sheets and "
            "begin again. Nothing was changed."
        )


def end(home: Path) -> None:
    """End a founding: from now on there is a house here."""
    (home / "warden" / BEGUN).unlink(missing_ok=True)


def read_begun(home: Path) -> Begun | None:
    """Return how far a founding is; nothing where none was begun, or it is over."""
    path = home / "warden" / BEGUN
    if not path.exists():
        return None
    said: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
    return Begun(
        said["service"],
        said["print"],
        UUID(said["org"]),
        tuple(map(UUID, said["units"])),
        tuple(map(UUID, said["people"])),
        tuple(map(bytes.fromhex, said["cards"])),
        tuple((UUID(a), UUID(b), bytes.fromhex(sealed)) for a, b, sealed in said["pairs"]),
        tuple((UUID(a), UUID(b), bytes.fromhex(sealed)) for a, b, sealed in said["incident"]),
    )


# --- before the policy is signed ------------------------------------------------------


def _draw(home: Path, answers: Answers, keeping: Callable[..., Keeping]) -> None:
    """Make keys and paper, and sign the policy; whatever an earlier try left is made anew."""
    try:
        keeper = choosing.keeper(home, demo=False, environ=os.environ)
        begun = _begin(home, answers, there=set(keeper.names()) & set(KMS_KEYS))
        master = random_bytes(32)
        try:
            drawn = recovery_keys.draw(begun.org, master, keeping(begun.people[:MOST_OFFICERS]))
            _make_kms_keys(keeper)
            _write(home, _with_drawn(begun, drawn))
            _sign_policy(home, answers, begun, master=master, drawn=drawn)
        finally:
            wipe(master)
    except KmsMisset as refused:
        raise CannotBeFounded(f"{refused} Nothing was founded.") from None
    except (KmsAway, TrustRefused) as problem:
        raise CannotBeFounded(f"{problem} Nothing was founded; begin again.") from None


def _begin(home: Path, answers: Answers, *, there: set[str]) -> Begun:
    """Note that a founding has begun. Keys that are there must be those of an earlier try of it."""
    service, earlier = _service(), read_begun(home)
    if there and (earlier is None or earlier.service != service):
        raise CannotBeFounded(
            f"The key service holds keys already ({', '.join(sorted(there))}), perhaps of another "
            "house. Give this one a token or a mount of its own. Nothing was founded."
        )
    units = tuple(uuid4() for _ in answers.units)
    people = tuple(uuid4() for _ in answers.people)
    begun = Begun(service, answers.print, uuid4(), units, people)
    _write(home, begun)
    return begun


def _make_kms_keys(keeper: Keeper) -> None:
    there = set(keeper.names())
    for name in KMS_KEYS:
        if name not in there:
            keeper.create(name)


def _sign_policy(
    home: Path, answers: Answers, begun: Begun, *, master: bytearray, drawn: Drawn
) -> None:
    # The log's key of an earlier try signed nothing: no ledger begins before the policy is there.
    (home / "warden" / starting.LOG_KEY).unlink(missing_ok=True)
    seed = master_part(master, begun.org, part="root")
    named = Named(
        begun.org,
        answers.name,
        answers.origin,
        demo=False,
        registrars_per_card=answers.registrars_per_card,
        witnesses=policies.read_witnesses(answers.witnesses),
        quorum=answers.quorum,
        break_glass=policies.break_glass(
            enabled=answers.break_glass, witness=answers.break_glass_witness
        ),
    )
    try:
        with HolderKeys(seed, begun.org) as root:
            policies.write_first(home, named, root=root, recovery=drawn.cards)
    finally:
        wipe(seed)


def _service() -> str:
    """Name the key service that is set, to know it again: no secret stands in these settings."""
    names = ("", "_MODULE", "_TOKEN", "_ADDRESS", "_MOUNT")
    return "\n".join(os.environ.get(f"{choosing.SETTING}{name}", "").strip() for name in names)


def _with_drawn(begun: Begun, drawn: Drawn) -> Begun:
    return replace(
        begun,
        cards=tuple(card.encode() for card in drawn.cards),
        pairs=tuple((pair.first, pair.second, pair.sealed_seed) for pair in drawn.pairs),
        incident=tuple((pair.first, pair.second, pair.sealed_seed) for pair in drawn.incident),
    )


def _write(home: Path, begun: Begun) -> None:
    """Put the note in the place of an earlier one, whole or not at all, for its owner alone."""
    folder = home / "warden"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    said = {
        "service": begun.service,
        "print": begun.print,
        "org": begun.org.hex,
        "units": [unit.hex for unit in begun.units],
        "people": [person.hex for person in begun.people],
        "cards": [card.hex() for card in begun.cards],
        "pairs": [(a.hex, b.hex, sealed.hex()) for a, b, sealed in begun.pairs],
        "incident": [(a.hex, b.hex, sealed.hex()) for a, b, sealed in begun.incident],
    }
    draft = folder / f".{BEGUN}"
    draft.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(draft, flags, 0o600), "w", encoding="ascii") as file:
        json.dump(said, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / BEGUN)


# --- after it ---------------------------------------------------------------------------


def _finish(install: Installation, answers: Answers, begun: Begun) -> House:
    """Record and store what is missing. The codes are new each time; earlier ones open nothing."""
    _admit_recovery(install, [cards.parse(card) for card in begun.cards])
    if begun.pairs and not store.officers():
        store.put_pairs([PairRow(*pair) for pair in begun.pairs])
    if begun.incident and not store.has_incident_key():
        store.put_incident_pairs([IncidentPairRow(*pair) for pair in begun.incident])
    unit_books.record(install, begun.units)
    codes = tuple(
        _invite(install, Invitee(name, sign_in, role, person))
        for (name, sign_in, role), person in zip(answers.people, begun.people, strict=True)
    )
    units = tuple(
        _unit(install.org, unit, name)
        for unit, name in zip(begun.units, answers.units, strict=True)
    )
    return House(install.trust.root.id, units, codes)


def _admit_recovery(install: Installation, drawn: list[Card]) -> None:
    if store.cards_of_class(CardClass.RECOVERY):
        return
    said = [{"cards": [card.id.hex()], "holder": card.holder.hex, "unit": ""} for card in drawn]
    leaves = install.recording.record([Deed(Act.CARD, STAFF, NOBODY, one) for one in said])
    install.cards.read_on()
    store.put_cards(
        CardRow(card.id, card.holder, card.klass, card.role, card.encode(), leaf_index=leaf)
        for card, leaf in zip(drawn, leaves, strict=True)
    )


def _invite(install: Installation, invitee: Invitee) -> tuple[str, int, str, int]:
    if store.holder(invitee.id) is not None or joining.request_of(invitee.id) is not None:
        # The founding was cut off late, and somebody has enrolled meanwhile.
        return invitee.name, invitee.role, "", 0
    joining.remove_invitation(invitee.id)
    try:
        code, until = registrars.invite(install, invitee)
    except registrars.RegistrarRefused as refused:
        raise CannotBeFounded(f"{invitee.name}: {refused}") from None
    return invitee.name, invitee.role, code, until


def _unit(org: UUID, unit: UUID, name: str) -> Unit:
    return Unit(
        unit,
        name,
        unit_compartment(org, unit, CompartmentClass.PHONEBOOK),
        unit_compartment(org, unit, CompartmentClass.DIARY),
    )


def _described(home: Path) -> str:
    try:
        there = trust.load(home)
    except TrustRefused:
        return "There is a trust.toml here already, and it does not load."
    kind = "a demo" if there.demo else "a house"
    return f"There is {kind} here already: {there.organisation.name}."
