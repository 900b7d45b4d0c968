"""The trust policy: who the organisation is, which keys it trusts, which figures bind everybody.

Read from ``trust.toml``, outside every database, at start. Signed by the organisation's root over
its exact bytes; nothing in it is secret. Never corrected or completed: it is as signed, or refused.
"""

import base64
import os
import stat
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import primitives, toml, trust_form
from vaitiolo.keys.cards import CardClass, CardKeys, RootKeys
from vaitiolo.keys.kinds import RecoveryRole
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.slots import LEAST_COST, MOST_COST, PasswordCost, SlotKind, SlotPolicy
from vaitiolo.keys.trust_form import (
    FLAG,
    ID,
    NAME,
    SLOT_KINDS,
    TEXT,
    Rows,
    Table,
    TrustRefused,
    number,
    octets,
)

FILE_NAME: Final = "trust.toml"
SIGNATURE_NAME: Final = "trust.toml.sig"
SIGNATURE_LABEL: Final = b"vaitiolo/1/trust"

_VERSION: Final = 1
_MOST_BYTES: Final = 64 * 1024
_WRITABLE_BY_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH
_READABLE_BY_ALL: Final = 0o644
_HEADING: Final = (
    "# The trust policy of this installation. The root's signature is in trust.toml.sig:\n"
    "# after any change, even of a space, nothing starts until the root has signed again.\n"
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whose installation this is."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class RecoveryCards:
    """The ids of the recovery cards; each is valid because it stands here."""

    contact: bytes
    chart: bytes
    incident: bytes


@dataclass(frozen=True, slots=True)
class CardLife:
    """How many registrars sign a card, and for how many days it is in date."""

    registrars_per_card: int
    life_days: int
    patient_life_days: int


@dataclass(frozen=True, slots=True)
class SlotKinds:
    """Which kinds of slots each class of holders may have."""

    staff: frozenset[SlotKind]
    registrar: frozenset[SlotKind]
    patient: frozenset[SlotKind]
    machine: frozenset[SlotKind]


@dataclass(frozen=True, slots=True)
class CareTeamBudget:
    """So many different charts of one care-team member; at ``alert_day`` somebody is told."""

    hour: int
    day: int
    alert_day: int


@dataclass(frozen=True, slots=True)
class DeskBudget:
    """So many identities that one person at a desk opens out of the phone book."""

    identity_day: int


@dataclass(frozen=True, slots=True)
class Budgets:
    """The figures of each role. Nobody and nothing raises them but the root's signature."""

    new_grants_per_minute: int
    care_team: CareTeamBudget
    reception: DeskBudget
    billing: DeskBudget


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Whether there is break-glass, how often and how long, which witness co-signs ("" for none).

    So many different patients of one clinician in 28 days, so many of a unit in a day.
    """

    enabled: bool
    witness: str
    patients_in_28_days: int
    unit_patients_a_day: int
    minutes: int


@dataclass(frozen=True, slots=True)
class LedgerIdentity:
    """The ledger's origin and public key, and how many witnesses make a checkpoint believed."""

    origin: str
    ed25519: bytes
    quorum: int


@dataclass(frozen=True, slots=True)
class HetuIndex:
    """The salt of the index of identity codes, and the number of its key in the KMS."""

    salt: bytes
    key: int


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness of the ledger: its key name and its public key."""

    name: str
    ed25519: bytes


@dataclass(frozen=True, slots=True)
class Trust:
    """A trust policy. `load` returns only what the root has signed; ``fingerprint`` says which."""

    demo: bool
    organisation: Organisation
    root: RootKeys
    recovery: RecoveryCards
    cards: CardLife
    argon2: PasswordCost
    slots: SlotKinds
    budgets: Budgets
    break_glass: BreakGlass
    ledger: LedgerIdentity
    hetu: HetuIndex
    witnesses: tuple[Witness, ...] = ()
    format: int = _VERSION
    fingerprint: bytes = b""

    @property
    def org(self) -> UUID:
        """Return the organisation's id."""
        return self.organisation.id

    def recovery_card(self, role: RecoveryRole) -> bytes:
        """Return the id of the recovery card that is pinned for a role."""
        pinned: bytes = getattr(self.recovery, role.name.lower())
        return pinned

    def slot_policy(self, klass: CardClass) -> SlotPolicy:
        """Return what slots of this class of holders may be; a class without slots gets none."""
        kinds: frozenset[SlotKind] = getattr(self.slots, klass.name.lower(), frozenset())
        return SlotPolicy(self.org, kinds, self.argon2)


# The bounds stand here, in code: no signature makes a policy that protects nobody.
_DESK: Final = Table(DeskBudget, {"identity_day": number(1, 500)})
_FORM: Final = Table(
    Trust,
    {
        "format": number(_VERSION, _VERSION),
        "demo": FLAG,
        "organisation": Table(Organisation, {"id": ID, "name": NAME}),
        "root": Table(RootKeys, {"ed25519": octets(32), "mldsa65": octets(1952)}),
        "recovery": Table(RecoveryCards, dict.fromkeys(RecoveryCards.__slots__, octets(32))),
        "cards": Table(
            CardLife,
            {
                "registrars_per_card": number(1, 2),
                "life_days": number(1, 400),
                "patient_life_days": number(1, 3653),
            },
        ),
        "argon2": Table(
            PasswordCost,
            {
                name: number(getattr(LEAST_COST, name), getattr(MOST_COST, name))
                for name in PasswordCost.__slots__
            },
        ),
        "slots": Table(SlotKinds, dict.fromkeys(SlotKinds.__slots__, SLOT_KINDS)),
        "budgets": Table(
            Budgets,
            {
                "new_grants_per_minute": number(1, 10),
                "care_team": Table(
                    CareTeamBudget,
                    {"hour": number(1, 30), "day": number(1, 80), "alert_day": number(1, 80)},
                ),
                "reception": _DESK,
                "billing": _DESK,
            },
        ),
        "break_glass": Table(
            BreakGlass,
            {
                "enabled": FLAG,
                "witness": TEXT,
                "patients_in_28_days": number(1, 20),
                "unit_patients_a_day": number(1, 50),
                "minutes": number(5, 240),
            },
        ),
        "ledger": Table(
            LedgerIdentity, {"origin": NAME, "ed25519": octets(32), "quorum": number(0, 9)}
        ),
        "hetu": Table(HetuIndex, {"salt": octets(16), "key": number(1, 999_999_999)}),
        "witnesses": Rows(Table(Witness, {"name": NAME, "ed25519": octets(32)})),
    },
)


def load(folder: Path) -> Trust:
    """Return the signed policy of an installation.

    Both signatures are over the exact bytes, by the root that the file names: whoever exchanges the
    whole file exchanges the root, so no card verifies and ``fingerprint`` (SHA-256 of the file),
    which stands in the ledger at each start, is another. Raises `TrustRefused`.
    """
    content = _read_file(folder / FILE_NAME)
    signature = _read_file(folder / SIGNATURE_NAME)
    trust: Trust = trust_form.read(_parsed(content), _FORM)
    _check_signatures(content, signature, trust.root)
    _check_sense(trust)
    return replace(trust, fingerprint=primitives.sha256(content))


def write(folder: Path, trust: Trust, *, root: CardKeys) -> Trust:
    """Write and sign a policy, and return it as `load` reads it back.

    The old one stays in force unless the new one loads. Raises `TrustRefused`.
    """
    document = trust_form.write(trust, _FORM)
    content = (_HEADING + toml.written(document)).encode("utf-8")
    message = SIGNATURE_LABEL + content
    draft = folder / f".trust-{primitives.random_bytes(8).hex()}"
    draft.mkdir(mode=stat.S_IRWXU)
    try:
        _write_file(draft / FILE_NAME, content)
        signatures = (root.sign(message), root.sign_mldsa65(message))
        _write_file(draft / SIGNATURE_NAME, _signature_text(*signatures))
        loaded = load(draft)
        # A crash between the two leaves a pair that does not load, which is seen at once.
        for name in (SIGNATURE_NAME, FILE_NAME):
            (draft / name).replace(folder / name)
    finally:
        for left in draft.iterdir():
            left.unlink()
        draft.rmdir()
    return loaded


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise TrustRefused("trust.toml is not TOML in UTF-8.") from None


def _check_signatures(content: bytes, signature: bytes, root: RootKeys) -> None:
    message = SIGNATURE_LABEL + content
    try:
        ed25519, mldsa65 = map(base64.b64decode, signature.split())
        primitives.ed25519_verify(root.ed25519, message, ed25519)
        primitives.mldsa65_verify(root.mldsa65, message, mldsa65)
        # Base64 has several spellings of the same bytes; only one of them is ours.
        is_exact = _signature_text(ed25519, mldsa65) == signature
    except (Refused, ValueError):
        is_exact = False
    if not is_exact:
        raise TrustRefused("trust.toml is not what the organisation's root has signed.")


def _signature_text(*signatures: bytes) -> bytes:
    return b"".join(base64.b64encode(signature) + b"\n" for signature in signatures)


def _check_sense(trust: Trust) -> None:
    names = [witness.name for witness in trust.witnesses]
    care_team = trust.budgets.care_team
    recovery = {trust.recovery_card(role) for role in RecoveryRole}
    rules = {
        "budgets.care_team: hour and alert_day may not be above day": (
            max(care_team.hour, care_team.alert_day) <= care_team.day
        ),
        "witnesses must have a name of its own each": len(set(names)) == len(names),
        "ledger.quorum may not be above the number of witnesses": (
            trust.ledger.quorum <= len(names)
        ),
        "break_glass.witness must be the name of a witness, or empty": (
            trust.break_glass.witness in {"", *names}
        ),
        "recovery: each key must have a card of its own": len(recovery) == len(RecoveryRole),
        "slots.registrar: outside a demo a password alone is not enough": (
            trust.demo or SlotKind.PASSWORD not in trust.slots.registrar
        ),
    }
    for rule, is_kept in rules.items():
        if not is_kept:
            raise TrustRefused(f"In trust.toml, {rule}.")


def _read_file(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        raise TrustRefused(f"{path.name} cannot be read. Nothing was started.") from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_mode & _WRITABLE_BY_OTHERS:
            raise TrustRefused(f"{path.name} is not a file that its owner alone can write.")
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise TrustRefused(f"{path.name} is longer than a trust policy can be.")
    return content


def _write_file(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, _READABLE_BY_ALL), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
