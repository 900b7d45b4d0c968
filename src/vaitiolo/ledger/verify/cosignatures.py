"""What a witness says of a log: a C2SP cosignature/v1, Ed25519 with a time, under a checkpoint.

Whoever signs keeps the key to themselves: `Cosigner` shows its public half only. Reads no table.
"""

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from vaitiolo.keys import signatures
from vaitiolo.keys.refused import Refused
from vaitiolo.ledger.verify.checkpoints import Checkpoint, CheckpointBroken, LogKey, text_of
from vaitiolo.ledger.verify.tree import digest

# The signature type of an Ed25519 cosigner in a signed note.
COSIGNATURE: Final = b"\x04"
KEY_ID_BYTES: Final = 4
TIME_BYTES: Final = 8
SEED_BYTES: Final = 32
_MARK: Final = "\N{EM DASH} "
_LATEST: Final = (1 << 63) - 1
# 100 bits, in letters and digits that cannot be taken for each other.
_FINGERPRINT: Final = 20
_GROUP: Final = 5


class NotAKey(ValueError):
    """This is not a witness's key of the form name+id+base64."""


@dataclass(frozen=True, slots=True)
class CosignerKey:
    """The name and the public half of the key with which a witness cosigns."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        """Refuse a name that a note cannot carry; raises ValueError."""
        if not self.name or any(sign.isspace() or sign == "+" for sign in self.name):
            raise ValueError("A witness's name has no spaces and no plus sign.")

    @property
    def id(self) -> bytes:
        """SHA-256(name ‖ 0x0A ‖ 0x04 ‖ public key), its first 4 bytes (C2SP tlog-cosignature)."""
        return digest(self.name.encode(), b"\n", COSIGNATURE, self.public)[:KEY_ID_BYTES]

    @property
    def verifier(self) -> str:
        """The key as other tools take it: `name+id+base64(type ‖ key)`."""
        return f"{self.name}+{self.id.hex()}+{_base64(COSIGNATURE + self.public)}"


def read_key(text: str) -> CosignerKey:
    """Read a key as `CosignerKey.verifier` writes it, and in no other way; raises NotAKey."""
    name, _, rest = text.strip().partition("+")
    try:
        found = base64.b64decode(rest.partition("+")[2], validate=True)
        key = CosignerKey(name, found[1:])
    except ValueError:
        raise NotAKey from None
    if found[:1] != COSIGNATURE or len(found) != 1 + SEED_BYTES or key.verifier != text.strip():
        raise NotAKey
    return key


class Cosigner:
    """A witness's own key. It signs cosignatures and nothing else."""

    def __init__(self, name: str, seed: bytes) -> None:
        """Take the 32 bytes of a seed; raises ValueError for another length."""
        if len(seed) != SEED_BYTES:
            raise ValueError("A seed has 32 bytes.")
        self._seed = seed
        self.key = CosignerKey(name, signatures.public_of(seed))

    def cosign(self, origin: str, stated: Checkpoint, *, at: int) -> str:
        """Return the signature line for a checkpoint, at a time in seconds since 1970."""
        return self.cosign_text(text_of(origin, stated), at=at)

    def cosign_text(self, text: str, *, at: int) -> str:
        """Return the same for a checkpoint's text as it was signed, extension lines among it."""
        message = _message(text, at)
        signature = self.key.id + at.to_bytes(TIME_BYTES) + signatures.sign(self._seed, message)
        return f"{_MARK}{self.key.name} {_base64(signature)}\n"


def draw_seed() -> bytes:
    """Return the seed of a new cosigner's key."""
    return bytes(signatures.new_seed())


def find(
    lines: str, key: CosignerKey, *, origin: str, stated: Checkpoint
) -> tuple[int, str] | None:
    """Return time and line of a witness's cosignature among lines, the newest of several.

    Lines of unknown keys are passed over, as the standard demands. Raises CheckpointBroken when a
    line of this key is not a good signature of this checkpoint, or when it is no signature line.
    """
    found = [
        (at, f"{line}\n")
        for line in lines.splitlines()
        if (at := _time_of(line, key, origin=origin, stated=stated)) is not None
    ]
    return max(found, default=None)


def policy_of(log: LogKey, witnesses: Collection[CosignerKey], quorum: int) -> str:
    """Return the keys and the quorum as a C2SP tlog-policy, which other tools read."""
    names = {key: f"W{number}" for number, key in enumerate(witnesses, 1)}
    lines = [f"log {log.verifier}"]
    lines += [f"witness {name} {key.verifier}" for key, name in names.items()]
    if quorum:
        lines.append(f"group enough {quorum} {' '.join(names.values())}")
    lines.append(f"quorum {'enough' if quorum else 'none'}")
    return "".join(f"{line}\n" for line in lines)


def fingerprint(origin: str, stated: Checkpoint) -> str:
    """Return 100 bits of SHA-256 over a checkpoint's text, in four groups of five characters.

    For paper and for letters: whoever holds one can tell whether the log is still the same.
    """
    encoded = base64.b32encode(digest(text_of(origin, stated).encode())).decode()[:_FINGERPRINT]
    return "-".join(encoded[at : at + _GROUP] for at in range(0, _FINGERPRINT, _GROUP))


def parse_unverified(note: str) -> tuple[str, Checkpoint]:
    """Return origin, size and root as a note states them, by whomever it is signed.

    Raises CheckpointBroken for what is not three such lines.
    """
    lines = note.split("\n", 3)
    try:
        origin, size, root = lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (IndexError, ValueError):
        raise CheckpointBroken from None
    return origin, Checkpoint(size, root)


def _time_of(line: str, key: CosignerKey, *, origin: str, stated: Checkpoint) -> int | None:
    name, _, encoded = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or not name:
        raise CheckpointBroken
    try:
        signature = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointBroken from None
    if name != key.name or signature[:KEY_ID_BYTES] != key.id:
        return None
    stamped = signature[KEY_ID_BYTES:]
    at = int.from_bytes(stamped[:TIME_BYTES])
    if at > _LATEST:
        raise CheckpointBroken
    try:
        message = _message(text_of(origin, stated), at)
        signatures.verify(key.public, message, stamped[TIME_BYTES:])
    except Refused:
        raise CheckpointBroken from None
    return at


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
