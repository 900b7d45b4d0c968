"""Hears of a clinic's critical alerts, and whether anybody there has taken note of them.

Believes only what the clinic's own signed ledger contains; a body names the rule and no person.
"""

import base64
import binascii
import json
from http import HTTPStatus
from typing import Final

from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import Leaf, LeafBroken
from vaitiolo.ledger.verify.checkpoints import CheckpointBroken
from vaitiolo.ledger.verify.proofs import Inclusion
from vaitiolo.ledger.verify.specials import commitment
from vaitiolo.ledger.verify.tree import NotIncluded
from vaitiolo.witness.answering import NOT_A_REQUEST, NOT_SIGNED, UNKNOWN_LOG, Answer, Witness

_PARTS: Final = 3
_LONGEST_RULE: Final = 300
HEARD: Final = Answer(HTTPStatus.OK)


class _No(Exception):
    """This is not taken note of."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body)
        self.answer = answer


def alert(witness: Witness, body: str) -> Answer:
    """Take note of an alert, or of its acknowledgement, that stands in a known log."""
    try:
        leaf, salt, detail, proof = _read(body)
        origin, entry = _checked(witness, leaf, proof)
        said = _opened(entry, salt, detail)
        return _remember(witness, origin, entry, place=proof.index, said=said)
    except _No as no:
        return no.answer


def _checked(witness: Witness, leaf: bytes, proof: Inclusion) -> tuple[str, Leaf]:
    key = witness.logs.get(proof.note.partition("\n")[0])
    if key is None:
        raise _No(UNKNOWN_LOG)
    try:
        proof.check(leaf, key)
        return key.origin, Leaf.parse(leaf)
    except (CheckpointBroken, NotIncluded, LeafBroken):
        raise _No(NOT_SIGNED) from None


def _opened(entry: Leaf, salt: bytes, detail: bytes) -> dict[str, object]:
    """Return what an entry says, once it is seen that the entry commits to it."""
    try:
        said = json.loads(detail)
    except ValueError:
        raise _No(NOT_A_REQUEST) from None
    if commitment(salt, detail) != entry.detail_commit or not isinstance(said, dict):
        raise _No(NOT_A_REQUEST)
    return said


def _remember(
    witness: Witness, origin: str, entry: Leaf, *, place: int, said: dict[str, object]
) -> Answer:
    at, answered = witness.clock(), said.get("alert")
    with witness.memory.deciding() as decision:
        if entry.act == Act.ALERT:
            rule = str(said.get("rule", ""))[:_LONGEST_RULE]
            decision.alert(origin, place, rule=rule, at=at)
        elif entry.act == Act.ACKNOWLEDGED and type(answered) is int:
            decision.answer(origin, answered, at=at)
        else:
            raise _No(NOT_A_REQUEST)
    return HEARD


def _read(body: str) -> tuple[bytes, bytes, bytes, Inclusion]:
    *lines, rest = body.split("\n", _PARTS)
    try:
        leaf, salt, detail = (base64.b64decode(line, validate=True) for line in lines)
        return leaf, salt, detail, Inclusion.read(rest)
    except (binascii.Error, ValueError):
        raise _No(NOT_A_REQUEST) from None
