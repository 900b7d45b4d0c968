"""A text to an authority: written out of facts, frozen by its hash, set beside the one before.

Opens and asks nothing. What it cannot say it says is not known yet; no step of it needs typing.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Self

from vaitiolo.breach.drafts import fields, guard
from vaitiolo.breach.drafts.facts import Facts
from vaitiolo.breach.drafts.fields import Value
from vaitiolo.breach.drafts.words import PHASES, Recipient, Vocabulary, vocabulary
from vaitiolo.ledger.verify.tree import digest

SCHEMA: Final = 1


class DraftWrong(ValueError):
    """What was kept is no draft, or not the one its hash belongs to."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what is compared, and what is read."""

    name: str
    heading: str
    value: Value
    lines: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        return self.value != [None, None]


@dataclass(frozen=True, slots=True)
class Change:
    """A field that says something else than the notice before it."""

    name: str
    heading: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    # Something that was known and is now told otherwise; it has to be explained.
    is_correction: bool
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole text, in one language, for one recipient."""

    recipient: str
    client: str
    phase: str
    language: str
    title: str
    opening: tuple[str, ...]
    lines: tuple[Line, ...]
    closing: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    follows: str = ""

    @property
    def unknown(self) -> tuple[str, ...]:
        """The headings of what is not known yet."""
        return tuple(one.heading for one in self.lines if not one.is_known)

    def as_json(self) -> bytes:
        """Return the draft in its one form; this is what its hash is over."""
        return json.dumps(self._plain(), ensure_ascii=False, sort_keys=True).encode()

    @property
    def hash(self) -> str:
        """SHA-256 of its one form, in hexadecimal."""
        return digest(self.as_json()).hex()

    def as_text(self) -> str:
        """Return the text to copy or to send."""
        return "\n".join(_text(self)) + "\n"

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Return a draft that was kept. Raises DraftWrong."""
        try:
            found = json.loads(content)
            if found.pop("schema") != SCHEMA:
                raise DraftWrong("a draft of another schema")
            return cls(
                lines=tuple(_line(one) for one in found.pop("lines")),
                changes=tuple(_change(one) for one in found.pop("changes")),
                opening=tuple(found.pop("opening")),
                closing=tuple(found.pop("closing")),
                **found,
            )
        except (AttributeError, KeyError, TypeError, ValueError) as problem:
            raise DraftWrong("this is no draft") from problem

    def _plain(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "recipient": self.recipient,
            "client": self.client,
            "phase": self.phase,
            "language": self.language,
            "title": self.title,
            "opening": self.opening,
            "closing": self.closing,
            "follows": self.follows,
            "lines": [[one.name, one.heading, one.value, one.lines] for one in self.lines],
            "changes": [
                [one.name, one.heading, one.before, one.after, one.is_correction, one.reason]
                for one in self.changes
            ],
        }


def _line(found: list[Any]) -> Line:
    name, heading, value, lines = found
    return Line(name, heading, value, tuple(lines))


def _change(found: list[Any]) -> Change:
    name, heading, before, after, is_correction, reason = found
    return Change(name, heading, tuple(before), tuple(after), is_correction, reason)


@dataclass(frozen=True, slots=True)
class Sent:
    """The notice before this one, frozen, and when it was marked as sent."""

    draft: Draft
    at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """For whom a text is, in which language; whether it is called the final one."""

    recipient: Recipient
    language: str
    is_final: bool = False


def write(
    wanted: Wanted,
    facts: Facts,
    *,
    at: datetime,
    before: Sent | None = None,
) -> Draft:
    """Return the text that facts make for a recipient. Raises NotFit.

    A first one is preliminary, each later one supplementary unless it is called final; it then
    begins with what has changed since.
    """
    words, recipient = vocabulary(wanted.language), wanted.recipient
    lines = tuple(_lines(recipient, facts, words, at=at))
    changes = () if before is None else tuple(_changes(before.draft, lines))
    return Draft(
        recipient=recipient.id,
        client=facts.clients[0].name if facts.is_for_client else "",
        phase=PHASES[-1] if wanted.is_final else PHASES[before is not None],
        language=words.language,
        title=words.say("said", "title", reference=facts.reference),
        opening=_opening(recipient, facts, words),
        lines=lines,
        closing=tuple(_closing(lines, words)),
        changes=changes,
        follows="" if before is None else words.moment(before.at),
    )


def explain(draft: Draft, reasons: Mapping[str, str]) -> Draft:
    """Return a draft with the reasons for what it corrects. Raises NotFit."""
    changes = (
        replace(one, reason=guard.check(reasons.get(one.name, one.reason))) for one in draft.changes
    )
    return replace(draft, changes=tuple(changes))


def unexplained(draft: Draft) -> tuple[Change, ...]:
    """Return the corrections of an earlier notice that nobody has given a reason for."""
    return tuple(one for one in draft.changes if one.is_correction and not one.reason)


def _opening(recipient: Recipient, facts: Facts, words: Vocabulary) -> tuple[str, ...]:
    name = recipient.name.in_(words.language)
    if facts.is_for_client:
        name = facts.clients[0].name
    return words.say("said", "to", name=name), words.say(
        "said", "law", law=recipient.law.in_(words.language)
    )


def _lines(
    recipient: Recipient, facts: Facts, words: Vocabulary, *, at: datetime
) -> Iterator[Line]:
    for name in recipient.fields:
        if name == "delay" and not fields.is_late(facts, at):
            continue
        value, said = fields.writer_of(name)(facts, words)
        own = guard.check(facts.own_words.get(name, ""))
        if own:
            said = (*said, words.say("said", "own_words", text=own))
        if value is None and not own:
            said = (*said, words.say("said", "unknown"))
        yield Line(name, words.say("heading", name), [value, own or None], tuple(said))


def _closing(lines: tuple[Line, ...], words: Vocabulary) -> Iterator[str]:
    unknown = [one.heading for one in lines if not one.is_known]
    if unknown:
        yield words.say("said", "open", fields=", ".join(unknown))
    yield words.say("said", "secure")


def _changes(before: Draft, lines: tuple[Line, ...]) -> Iterator[Change]:
    old = {one.name: one for one in before.lines}
    for line in lines:
        was = old.get(line.name)
        if was is not None and _same(was.value, line.value):
            continue
        yield Change(
            line.name,
            line.heading,
            before=() if was is None else was.lines,
            after=line.lines,
            is_correction=was is not None and _contradicts(was.value, line.value),
        )


def _same(before: Value, after: Value) -> bool:
    return json.dumps(before) == json.dumps(after)


def _contradicts(before: Value, after: Value) -> bool:
    """Tell whether something that was said is now said otherwise; what is added says no other."""
    if before is None:
        return False
    if not isinstance(before, list) or not isinstance(after, list):
        return before != after
    if len(before) == len(after):
        return any(map(_contradicts, before, after))
    return any(one not in after for one in before)


def _text(draft: Draft) -> Iterator[str]:
    words = vocabulary(draft.language)
    yield draft.title
    yield words.say("phase", draft.phase)
    yield from draft.opening
    if draft.follows:
        yield ""
        yield from changed_lines(draft, words)
    for line in draft.lines:
        yield f"\n{line.heading}"
        yield from (f"  {one}" for one in line.lines)
    yield ""
    yield from draft.closing


def changed_lines(draft: Draft, words: Vocabulary) -> Iterator[str]:
    """Yield what a later notice says of the one before it."""
    if not draft.changes:
        yield words.say("said", "unchanged", when=draft.follows)
        return
    yield words.say("said", "changes", when=draft.follows)
    for one in draft.changes:
        before = " · ".join(one.before) or words.say("said", "unknown")
        yield f"  {one.heading}"
        yield "    " + words.say("said", "was", before=before)
        yield "    " + words.say("said", "now", after=" · ".join(one.after))
        if one.reason:
            yield "    " + words.say("said", "why", reason=one.reason)
