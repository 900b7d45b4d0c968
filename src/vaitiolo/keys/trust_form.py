"""How a table of a trust policy is read and written: each key named, each value of one form.

A key too many or too few, another type or a figure out of bounds is refused with a sentence for the
operator. Nothing has a default, so that what binds everybody is all there to be read.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys.slots import SlotKind

_LONGEST_TEXT: Final = 200


class TrustRefused(Exception):
    """The trust policy is not as it was signed, or says what it may not; nothing was started."""


class WrongValue(ValueError):
    """What should have stood there, in words."""


@dataclass(frozen=True, slots=True)
class Value:
    """A form of value: how it is read, raising `WrongValue`, and how it is written."""

    read: Callable[[object], Any]
    write: Callable[[Any], object] = lambda value: value


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the frozen class it becomes, and the form of each of its keys."""

    becomes: Callable[..., Any]
    keys: Mapping[str, "Value | Table | Rows"]


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of tables of one form."""

    of: Table


Form = Value | Table | Rows


def read(found: object, form: Form, where: str = "") -> Any:
    """Return what stands at ``where``; raise `TrustRefused` with a plain sentence."""
    if isinstance(form, Table):
        return _read_table(found, form, where)
    if isinstance(form, Rows):
        if not isinstance(found, list):
            raise TrustRefused(f"In trust.toml, {where} must be a list of tables.")
        return tuple(_read_table(row, form.of, where) for row in found)
    try:
        return form.read(found)
    except WrongValue as wrong:
        raise TrustRefused(f"In trust.toml, {where} must be {wrong}.") from None


def write(value: Any, form: Form) -> Any:
    """Return a value as it stands in the file; the reverse of `read`."""
    if isinstance(form, Table):
        return {key: write(getattr(value, key), own) for key, own in form.keys.items()}
    if isinstance(form, Rows):
        return [write(row, form.of) for row in value]
    return form.write(value)


def number(least: int, most: int) -> Value:
    """Return the form of a whole number within bounds."""

    def read_number(found: object) -> int:
        if type(found) is not int or not least <= found <= most:
            raise WrongValue(f"a whole number from {least} to {most}")
        return found

    return Value(read_number)


def octets(length: int) -> Value:
    """Return the form of so many bytes in base64."""

    def read_octets(found: object) -> bytes:
        try:
            octets_found = base64.b64decode(str(found), validate=True)
        except (binascii.Error, ValueError):
            octets_found = b""
        if not isinstance(found, str) or len(octets_found) != length:
            raise WrongValue(f"{length} bytes in base64")
        return octets_found

    return Value(read_octets, lambda value: base64.b64encode(value).decode("ascii"))


def _read_table(found: object, form: Table, where: str) -> Any:
    place = f"[{where}]" if where else "the file"
    if not isinstance(found, dict):
        raise TrustRefused(f"In trust.toml, {place} must be a table.")
    lacking, unknown = form.keys.keys() - found.keys(), found.keys() - form.keys.keys()
    if lacking:
        raise TrustRefused(f"In trust.toml, {place} lacks {', '.join(sorted(lacking))}.")
    if unknown:
        # Named by place only: what somebody else wrote is not repeated on a console.
        raise TrustRefused(f"In trust.toml, {place} has {len(unknown)} key(s) that are not known.")
    values = {
        key: read(found[key], own, f"{where}.{key}".strip(".")) for key, own in form.keys.items()
    }
    return form.becomes(**values)


def _read_flag(found: object) -> bool:
    if not isinstance(found, bool):
        raise WrongValue("true or false")
    return found


def _read_text(found: object) -> str:
    if not isinstance(found, str) or not found.isprintable() or len(found) > _LONGEST_TEXT:
        raise WrongValue(f"a text of at most {_LONGEST_TEXT} letters on one line")
    return found


def _read_name(found: object) -> str:
    if not found or not isinstance(found, str) or found != found.strip():
        raise WrongValue("a name without spaces around it")
    return _read_text(found)


def _read_uuid(found: object) -> UUID:
    try:
        read_id = UUID(str(found))
    except ValueError:
        raise WrongValue("a UUID") from None
    if str(read_id) != found:
        raise WrongValue("a UUID in small letters with dashes")
    return read_id


def _read_slot_kinds(found: object) -> frozenset[SlotKind]:
    known = [int(kind) for kind in SlotKind]
    listed = found if isinstance(found, list) else [None]
    is_known = all(type(kind) is int and kind in known for kind in listed)
    if not is_known or sorted(set(listed)) != listed:
        raise WrongValue("a list of kinds of slots, from 1 to 6, each once and in order")
    return frozenset(map(SlotKind, listed))


FLAG: Final = Value(_read_flag)
TEXT: Final = Value(_read_text)
NAME: Final = Value(_read_name)
ID: Final = Value(_read_uuid, str)
SLOT_KINDS: Final = Value(_read_slot_kinds, lambda kinds: sorted(map(int, kinds)))
