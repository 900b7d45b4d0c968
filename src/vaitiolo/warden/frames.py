"""Messages as bytes and back: a JSON head and binary parts, nothing guessed.

Frame: ``length u32 | head length u32 | head | parts``, head ``[version, name, fields, lengths]``
(docs/formats-socket.md). Unknown version, unknown name, a field too many or too few: refused.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, Union
from uuid import UUID

from vaitiolo.warden import protocol

MAX_FRAME = 32 * 1024 * 1024
LENGTH = 4

type_of = typing.get_origin
Parts = list[memoryview]
Writer = Callable[[Any, list[bytes]], Any]
Reader = Callable[[Any, Parts], Any]


class FrameBroken(ValueError):
    """The bytes are not a message of this version."""


def encode(message: protocol.Message) -> bytes:
    """Return a message as a frame, its length in front."""
    parts: list[bytes] = []
    name = type(message).__name__
    fields = MESSAGES[name].write(message, parts)
    head = json.dumps(
        [protocol.VERSION, name, fields, [len(part) for part in parts]],
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()
    length = LENGTH + len(head) + sum(map(len, parts))
    if length > MAX_FRAME:
        raise FrameBroken
    return b"".join([length.to_bytes(LENGTH), len(head).to_bytes(LENGTH), head, *parts])


def decode(frame: bytes | bytearray | memoryview) -> protocol.Message:
    """Return the message in a frame (without the length in front). Raises FrameBroken."""
    try:
        return _decode(memoryview(frame))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise FrameBroken from None


def _decode(view: memoryview) -> protocol.Message:
    head_end = LENGTH + int.from_bytes(view[:LENGTH])
    version, name, fields, lengths = json.loads(bytes(view[LENGTH:head_end]))
    if version != protocol.VERSION:
        raise FrameBroken
    parts: Parts = []
    for length in lengths:
        if type(length) is not int or length < 0:
            raise FrameBroken
        parts.append(view[head_end : head_end + length])
        head_end += length
    if head_end != len(view):
        raise FrameBroken
    message: protocol.Message = MESSAGES[name].read(fields, parts)
    return message


@dataclasses.dataclass(frozen=True, slots=True)
class Codec:
    """How one kind of value is written into a head and read out of it."""

    write: Writer
    read: Reader


def _broken() -> NoReturn:
    raise FrameBroken


def _exactly(kind: type) -> Codec:
    def read(value: Any, _parts: Parts) -> Any:
        return value if type(value) is kind else _broken()

    return Codec(lambda value, _parts: value, read)


def _read_text(value: Any, _parts: Parts) -> str:
    if type(value) is not str:
        _broken()
    # Half a surrogate pair, which JSON can spell, is no text and cannot be written down.
    value.encode()
    return str(value)


def _read_id(value: Any, _parts: Parts) -> UUID:
    found = UUID(hex=value)
    # Capitals, braces and hyphens would be other spellings of the same id.
    return found if found.hex == value else _broken()


def _write_bytes(value: bytes, parts: list[bytes]) -> int:
    parts.append(value)
    return len(parts) - 1


def _read_bytes(value: Any, parts: Parts) -> bytes:
    return bytes(parts[value]) if type(value) is int and value >= 0 else _broken()


PLAIN: dict[Any, Codec] = {
    int: _exactly(int),
    str: Codec(lambda value, _parts: value, _read_text),
    bool: _exactly(bool),
    bytes: Codec(_write_bytes, _read_bytes),
    UUID: Codec(lambda value, _parts: value.hex, _read_id),
}


def _optional(inner: Codec) -> Codec:
    return Codec(
        lambda value, parts: None if value is None else inner.write(value, parts),
        lambda value, parts: None if value is None else inner.read(value, parts),
    )


def _sequence(inner: Codec) -> Codec:
    def read(values: Any, parts: Parts) -> tuple[Any, ...]:
        return tuple(inner.read(value, parts) for value in _list(values))

    return Codec(lambda values, parts: [inner.write(value, parts) for value in values], read)


def _list(value: Any) -> list[Any]:
    return value if type(value) is list else _broken()


def _record(kind: Any) -> Codec:
    hints = typing.get_type_hints(kind)
    fields = [(item.name, _codec(hints[item.name])) for item in dataclasses.fields(kind)]

    def write(value: Any, parts: list[bytes]) -> list[Any]:
        return [codec.write(getattr(value, name), parts) for name, codec in fields]

    def read(values: Any, parts: Parts) -> Any:
        if len(_list(values)) != len(fields):
            raise FrameBroken
        pairs = zip(fields, values, strict=True)
        return kind(*(codec.read(value, parts) for (_, codec), value in pairs))

    return Codec(write, read)


def _codec(hint: Any) -> Codec:
    if hint in PLAIN:
        return PLAIN[hint]
    arguments = typing.get_args(hint)
    if type_of(hint) in {types.UnionType, Union}:
        return _optional(_codec(arguments[0]))
    if type_of(hint) is tuple:
        return _sequence(_codec(arguments[0]))
    return _record(hint)


def _messages() -> Iterator[type[protocol.Message]]:
    for value in vars(protocol).values():
        if not (isinstance(value, type) and issubclass(value, protocol.Message)):
            continue
        if "__dataclass_fields__" in vars(value):
            yield value


MESSAGES: dict[str, Codec] = {kind.__name__: _record(kind) for kind in _messages()}
