"""The log's signed statement of size and root: a C2SP checkpoint in a C2SP signed note.

Holds no key and reads no table; the only file of the ledger that knows a signature.
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass

from vaitiolo.keys import signatures
from vaitiolo.keys.refused import Refused
from vaitiolo.ledger.verify.tree import HASH_BYTES, digest

# The signature type of an Ed25519 log key in a signed note.
ED25519 = b"\x01"
KEY_ID_BYTES = 4
_MARK = "\N{EM DASH} "
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_LARGEST = 1 << 63
_LONGEST_NOTE = 64 * 1024


class CheckpointBroken(Exception):
    """This is no checkpoint of this log: its form, its origin or its signature is wrong."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says: this many leaves, with this root."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class LogKey:
    """The name and the public half of the key that signs a log's checkpoints.

    The name is the log's origin, as C2SP recommends.
    """

    origin: str
    public: bytes

    def __post_init__(self) -> None:
        """Refuse a name that a note cannot carry; raises ValueError."""
        if not self.origin or any(sign.isspace() or sign == "+" for sign in self.origin):
            raise ValueError("An origin has no spaces and no plus sign.")

    @property
    def id(self) -> bytes:
        """SHA-256(name ‖ 0x0A ‖ type ‖ public key), its first 4 bytes."""
        return digest(self.origin.encode(), b"\n", ED25519, self.public)[:KEY_ID_BYTES]

    @property
    def verifier(self) -> str:
        """The key as other tools take it: `name+id+base64(type ‖ key)`."""
        return f"{self.origin}+{self.id.hex()}+{_base64(ED25519 + self.public)}"


def read_key(text: str) -> LogKey:
    """Read a log key as `LogKey.verifier` writes it; raises ValueError."""
    origin, _, rest = text.strip().partition("+")
    encoded = rest.partition("+")[2]
    try:
        kind = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        kind = b""
    key = LogKey(origin, kind[1:])
    if kind[:1] != ED25519 or key.verifier != text.strip():
        raise ValueError("This is not a log key of the form name+id+base64.")
    return key


def text_of(origin: str, checkpoint: Checkpoint) -> str:
    """Return what is signed: origin, size and root, a line each, and no extension line."""
    return f"{origin}\n{checkpoint.size}\n{_base64(checkpoint.root)}\n"


def sign(key: LogKey, checkpoint: Checkpoint, *, signer: Callable[[bytes], bytes]) -> str:
    """Return a checkpoint as a signed note with one Ed25519 line.

    `signer` gives 64 bytes for a message; the key itself is never seen here.
    """
    text = text_of(key.origin, checkpoint)
    signature = _base64(key.id + signer(text.encode()))
    return f"{text}\n{_MARK}{key.origin} {signature}\n"


def read(note: str, key: LogKey) -> Checkpoint:
    """Check a signed note by the log's key and return what it says; raises CheckpointBroken.

    Lines of unknown keys (a witness, a later algorithm) are passed over; one bad line of the
    known key rejects the note, and so does a text that is not exactly a checkpoint of this log.
    """
    checkpoint, text = read_foreign(note, key)
    if text != text_of(key.origin, checkpoint):
        raise CheckpointBroken
    return checkpoint


def read_foreign(note: str, key: LogKey) -> tuple[Checkpoint, str]:
    """Check a note as `read` does, and return with what it says the text that is signed.

    For logs that others write: their text may go on with extension lines, which mean nothing here.
    """
    if len(note) > _LONGEST_NOTE:
        raise CheckpointBroken
    text, divider, lines = note.rpartition("\n\n")
    if not divider or not lines.endswith("\n"):
        raise CheckpointBroken
    text += "\n"
    # A list, so that every line of ours is checked and not the first one alone.
    if not [True for line in lines[:-1].split("\n") if _signs(line, text, key)]:
        raise CheckpointBroken
    return _parse(text, key.origin), text


def _signs(line: str, text: str, key: LogKey) -> bool:
    """Say whether a line is a good signature of this key; a bad one of it raises."""
    name, _, encoded = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or not name:
        raise CheckpointBroken
    signature = _unbase64(encoded)
    if name != key.origin or signature[:KEY_ID_BYTES] != key.id:
        return False
    try:
        signatures.verify(key.public, text.encode(), signature[KEY_ID_BYTES:])
    except Refused:
        raise CheckpointBroken from None
    return True


def _parse(text: str, origin: str) -> Checkpoint:
    """Read the three lines, in the one way in which they can be written, and pass over the rest."""
    lines = text[:-1].split("\n")
    stated, root = (*lines[1:3], "", "")[:2]
    if lines[0] != origin or not _SIZE.fullmatch(stated):
        raise CheckpointBroken
    checkpoint = Checkpoint(int(stated), _unbase64(root))
    if len(checkpoint.root) != HASH_BYTES or checkpoint.size >= _LARGEST:
        raise CheckpointBroken
    if not all(line and line.isprintable() for line in lines[3:]):
        raise CheckpointBroken
    return checkpoint


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _unbase64(encoded: str) -> bytes:
    try:
        value = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointBroken from None
    if _base64(value) != encoded:
        # Spare bits of the last character would let one signature be written in several ways.
        raise CheckpointBroken
    return value
