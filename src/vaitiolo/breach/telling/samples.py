"""Five messages as they would go out, to an invented person, for the officer who approves them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import ndiff
from typing import Final

from vaitiolo.breach.telling.access import KnownTelling
from vaitiolo.breach.telling.folding import moment
from vaitiolo.kit.dates import day_of
from vaitiolo.notices import codes, writing
from vaitiolo.notices.pages import Field, PagePart
from vaitiolo.notices.writing import NoticeFacts, Texts, TextsUnknown

KINDS: Final = (("fi", "email"), ("sv", "email"), ("en", "letter"), ("fi", "sms"), ("", "letter"))
NAME: Final = "Aino Esimerkki"
# The code of nobody: twelve zero bytes are never drawn, and no page lies under it.
CODE: Final = codes.fresh(bytes(codes.RANDOM_BYTES))
FIELDS: Final[tuple[Field, ...]] = ("identity-code", "name", "address", "email", "phone")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a sample, and whether it is new or gone since the texts before."""

    text: str = field(repr=False)
    change: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One message: in which language, which way, and what is other than in the texts before."""

    language: str
    channel: str
    subject: str
    lines: tuple[Line, ...] = field(repr=False)
    is_changed: bool
    length: int


def samples_of(known: KnownTelling) -> tuple[Sample, ...]:
    """Return the samples of a plan, by the texts it names. Raises TextsUnknown."""
    texts = writing.find_texts(known.plan.texts)
    if texts.hash != known.plan.texts_hash:
        raise TextsUnknown("the texts are others than the plan names")
    before = _before(known.plan.texts)
    return tuple(_sample(known, one, texts=texts, before=before) for one in KINDS)


def has_earlier(known: KnownTelling) -> bool:
    """Tell whether there are older texts to compare with."""
    return _before(known.plan.texts) is not None


def _before(version: str) -> Texts | None:
    older = [one for one in writing.versions() if one < version]
    return writing.find_texts(older[-1]) if older else None


def _sample(
    known: KnownTelling, kind: tuple[str, str], *, texts: Texts, before: Texts | None
) -> Sample:
    language, channel = kind
    message = _written(known, kind, texts)
    lines = [Line(one) for one in message.body.splitlines()]
    if before is not None:
        lines = list(_changes(_written(known, kind, before).body, message.body))
    return Sample(
        language=language,
        channel=channel,
        subject=message.subject,
        lines=tuple(lines),
        is_changed=any(one.change for one in lines),
        length=len(message.body),
    )


def _written(known: KnownTelling, kind: tuple[str, str], texts: Texts) -> writing.Message:
    language, channel = kind
    return writing.write(
        _facts(known),
        language=language,
        channel=channel,
        code=CODE,
        address=known.plan.address,
        texts=texts,
    )


def _facts(known: KnownTelling) -> NoticeFacts:
    plan = known.plan
    first, last, since = map(_day, (plan.happened_from, plan.happened_to, plan.known_since))
    parts = tuple(
        PagePart(part=one, kinds=(), tier="taken", count=1, first=first, last=last)
        for one in ("identity", "chart", "shared")
        if one not in plan.untouched
    )
    contact = plan.contact
    return NoticeFacts(
        name=NAME,
        reference="V-0",
        happened_from=first,
        happened_to=last,
        known_since=since,
        parts=parts,
        untouched=plan.untouched,
        fields=() if "identity" in plan.untouched else FIELDS,
        phone=contact.phone,
        contact=f"{contact.phone}, {contact.hours}, {contact.address}",
        followup=plan.followup,
    )


def _day(seconds: int) -> date:
    return day_of(moment(seconds))


def _changes(before: str, after: str) -> Iterator[Line]:
    for line in ndiff(before.splitlines(), after.splitlines()):
        if line[0] in "+- ":
            yield Line(line[2:], {"+": "new", "-": "gone"}.get(line[0], ""))
