"""The page of the socket says what the protocol does: every message, field, caller and reason."""

import dataclasses
import re
import types
import typing
from pathlib import Path
from typing import Any
from uuid import UUID

from vaitiolo.ledger.acts import Act
from vaitiolo.warden import (
    client,
    drill_parts,
    emergency_parts,
    erasure_parts,
    frames,
    leak_parts,
    parts,
    protocol,
    reply_parts,
    scope_parts,
    server,
    telling_parts,
)
from vaitiolo.warden.kinds import Caller, Mode, Purpose
from vaitiolo.warden.protocol import Message, Question
from vaitiolo.warden.server import tries

PAGE = (Path(__file__).parents[2] / "docs" / "formats-socket.md").read_text(encoding="utf-8")
WORDS: dict[Any, str] = {int: "int", str: "text", bool: "bool", bytes: "bytes", UUID: "id"}


def word(hint: Any) -> str:
    if hint in WORDS:
        return WORDS[hint]
    inner = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        return f"{word(inner[0])}*"
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        return f"{word(inner[0])}?"
    return str(hint.__name__)


def row(kind: Any) -> str:
    hints = typing.get_type_hints(kind)
    said = [f"`{one.name}` {word(hints[one.name])}" for one in dataclasses.fields(kind)]
    fields = ", ".join(said) or "-"
    if issubclass(kind, Question):
        return f"| `{kind.__name__}` | {', '.join(sorted(kind.callers))} | {fields} | "
    return f"| `{kind.__name__}` | {fields} |"


def kinds_in(module: Any) -> list[Any]:
    own = [value for value in vars(module).values() if isinstance(value, type)]
    return [one for one in own if "__dataclass_fields__" in vars(one)]


PARTS = (
    parts,
    drill_parts,
    emergency_parts,
    erasure_parts,
    leak_parts,
    reply_parts,
    scope_parts,
    telling_parts,
)
KINDS = {kind for module in (protocol, *PARTS) for kind in kinds_in(module)}


def test_every_message_and_part_stands_there_field_by_field() -> None:
    for kind in KINDS:
        assert row(kind) in PAGE, row(kind)
    named = set(re.findall(r"^\| `([A-Z]\w+)` \|", PAGE, re.MULTILINE))
    assert named == {kind.__name__ for kind in KINDS}


def test_every_question_has_an_answer_that_there_is() -> None:
    answers = {one.__name__ for one in kinds_in(protocol) if issubclass(one, Message)}
    rows = re.findall(
        r"^\| `(\w+)` \| [^|]+ \| [^|]+ \| `(\w+)` \| ([^|]+) \|$", PAGE, re.MULTILINE
    )
    questions = {one.__name__ for one in kinds_in(protocol) if issubclass(one, Question)}
    assert {name for name, _, _ in rows} == questions
    assert {answer for _, answer, _ in rows} <= answers
    entries = set(re.findall(r"\b([A-Z]{3,}(?:_[A-Z]+)+)\b", " ".join(one for *_, one in rows)))
    assert entries <= set(Act.__members__)


def test_every_reason_stands_there() -> None:
    folder = Path(server.__file__).parent
    given = set()
    for file in folder.glob("*.py"):
        given |= set(re.findall(r'(?:No|Refused)\("([a-z]+-[a-z-]+)"', file.read_text()))
    last = PAGE.partition("## 6.")[2]
    reasons = set(re.findall(r"^\| `([a-z-]+)` \|", last, re.MULTILINE))
    assert reasons == {*client.REFUSALS, "question-broken"}
    assert given <= reasons


def test_figures_and_words_stand_there() -> None:
    assert f"{frames.MAX_FRAME:,}" in PAGE
    assert f"`version` is {protocol.VERSION}." in PAGE
    assert (tries.PER_NAME, tries.WHOLE_HOUSE) == (5, 200)
    for one in (*Mode, *Purpose):
        assert f"`{one}`" in PAGE
    for caller in Caller:
        assert f"`{caller}.sock`" in PAGE
