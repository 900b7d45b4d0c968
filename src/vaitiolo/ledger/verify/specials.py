"""Entries about the ledger itself: their values, in clear, and the commitment the leaf holds.

Their salt and detail are published with the leaf; they never name a person or hold a secret.
"""

import hmac  # noqa: TID251 - a published commitment is computed again; no secret is compared
import json
import re
from collections.abc import Mapping

from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import Pending

Values = Mapping[str, str | int]

# JCS writes numbers as JavaScript does, and beyond 2^53 it loses digits.
_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
_HASH = re.compile(r"[0-9a-f]{64}")
_TAG = re.compile(r"[0-9a-f]{32}")
_TEXT = re.compile(r"[ -~]{1,200}")

# Exactly these names, and values of exactly these forms; a number is a JSON number.
SHAPES: Mapping[Act, Mapping[str, re.Pattern[str]]] = {
    Act.HEADS: {"covered": _NUMBER, "root": _HASH, "size": _NUMBER},
    Act.HEARTBEAT: {"every": _NUMBER},
    Act.ANCHOR: {"authority": _TEXT, "root": _HASH, "size": _NUMBER, "token": _HASH},
    Act.KEY: {
        "key": _TEXT,
        "of": re.compile("log|witness"),
        "state": re.compile("introduced|retired"),
    },
    Act.ERASE: {"basis": _TEXT, "details": _NUMBER, "tag": _TAG},
}


class SpecialBroken(Exception):
    """These are not the values of such an entry, or not those that its leaf commits to."""


def canonical(act: Act, values: Values) -> bytes:
    """Return the values as RFC 8785 (JCS) writes them; raises SpecialBroken for a wrong shape."""
    shape = SHAPES.get(act)
    if shape is None or values.keys() != shape.keys():
        raise SpecialBroken
    if not all(_fits(value, shape[name]) for name, value in values.items()):
        raise SpecialBroken
    # With ASCII names, strings and small integers this is JCS, byte by byte.
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def commitment(salt: bytes, detail: bytes) -> bytes:
    """Return HMAC-SHA256(salt, detail), RFC 2104: what `detail_commit` of a leaf holds."""
    return hmac.digest(salt, detail, "sha256")


def prepare(
    act: Act, values: Values, *, subject_tag: bytes, actor_tag: bytes, salt: bytes
) -> Pending:
    """Return such an entry ready to be recorded; raises SpecialBroken for a wrong shape."""
    detail = canonical(act, values)
    return Pending(act, subject_tag, actor_tag, commitment(salt, detail), detail, salt)


def read(act: Act, detail: bytes, *, salt: bytes, commit: bytes) -> dict[str, str | int]:
    """Check published values against the leaf's commitment; raises SpecialBroken."""
    if commitment(salt, detail) != commit:
        raise SpecialBroken
    return parse(act, detail)


def parse(act: Act, detail: bytes) -> dict[str, str | int]:
    """Read values in the one way in which they can be written; raises SpecialBroken.

    Says nothing of whether a leaf commits to them.
    """
    try:
        values: object = json.loads(detail)
    except ValueError:
        raise SpecialBroken from None
    if not isinstance(values, dict) or canonical(act, values) != detail:
        raise SpecialBroken
    return values


def _fits(value: str | int, form: re.Pattern[str]) -> bool:
    """Say whether a value has its form; a number as text, or true for 1, has not."""
    is_number = type(value) is int
    return is_number == (form is _NUMBER) and form.fullmatch(str(value)) is not None
