"""What a loss did to one person, as pages and messages say it: parts, tiers, dates. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.kit.dates import day_of
from vaitiolo.notices.pages import Certificate, Page, PagePart, SentMessage
from vaitiolo.notices.writing import NoticeFacts
from vaitiolo.warden.losses import Tier
from vaitiolo.warden.server.scope_found import Row
from vaitiolo.warden.telling_parts import TellingPlan

SECOND: Final = 1_000_000
PARTS: Final[Mapping[int, str]] = {
    CompartmentClass.IDENTITY: "identity",
    CompartmentClass.CHART: "chart",
    CompartmentClass.WORKING: "working",
    CompartmentClass.SHARED: "shared",
}
# What lies in each part; the log says which part was opened, and not which page of it.
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "identity": ("identity",),
    "chart": ("note", "plan", "measure", "letter"),
    "working": ("working-note",),
    "shared": ("message", "questionnaire"),
}
# What a search of a leak can tell: identifiers, and texts of notes.
SOUGHT: Final = ("identity", "chart")
NONE_FOUND: Final = "none"
_TIERS: Final = {Tier.READ: "taken", Tier.COULD: "could"}


@dataclass(frozen=True, slots=True)
class Theirs:
    """What of one person's it was."""

    parts: tuple[PagePart, ...]
    untouched: tuple[str, ...]

    @property
    def has_identity(self) -> bool:
        """Whether name and contact details were within reach."""
        return any(one.part == "identity" for one in self.parts)


@dataclass(frozen=True, slots=True)
class Whose:
    """Who is told, in which language, with which codes, and what of theirs it was."""

    name: str = field(repr=False)
    born_on: date | None = field(repr=False)
    language: str
    fields: tuple[str, ...]
    code: str = field(repr=False)
    certificate: str = field(repr=False)
    theirs: Theirs


def theirs(rows: Iterable[Row], *, found: str) -> Theirs:
    """Return what the rows of a scope come to for one person, and what searches of a leak added.

    ``found`` names the parts that were found published; `NONE_FOUND` where nothing was.
    """
    parts = sorted(_parts(rows), key=lambda one: [*KINDS].index(one.part))
    published = [one for one in KINDS if one in found.split()]
    reached = {one.part for one in parts}
    untouched = tuple(one for one in KINDS if one not in reached and one not in published)
    # A search knows notes and identifiers alone: of the other parts it says nothing.
    sought = [one for one in SOUGHT if one in reached and one not in published] if found else []
    parts += [_found(one, "published") for one in published]
    parts += [_found(one, "not-found") for one in sought]
    return Theirs(tuple(parts), untouched)


def _found(part: str, tier: str) -> PagePart:
    return PagePart(part, KINDS[part], tier, 0, None, None)  # type: ignore[arg-type]  # words of pages


def _parts(rows: Iterable[Row]) -> Iterator[PagePart]:
    for row in rows:
        tier, part = _TIERS.get(Tier(row.tier)), PARTS.get(row.klass)
        if tier is not None and part is not None:
            first, last = _day(row.first), _day(row.last)
            yield PagePart(part, KINDS[part], tier, row.times, first, last)  # type: ignore[arg-type]  # words of pages


def facts(plan: TellingPlan, whose: Whose, *, reference: str) -> NoticeFacts:
    """Return what a message is written from."""
    return NoticeFacts(
        name=whose.name,
        reference=reference,
        happened_from=_of(plan.happened_from),
        happened_to=_of(plan.happened_to),
        known_since=_of(plan.known_since),
        parts=whose.theirs.parts,
        untouched=whose.theirs.untouched,
        fields=whose.fields if whose.theirs.has_identity else (),
        phone=plan.contact.phone,
        contact=contact_of(plan),
        followup=plan.followup,
    )


def page(
    plan: TellingPlan,
    whose: Whose,
    *,
    reference: str,
    told_on: date,
    messages: Sequence[SentMessage],
) -> Page:
    """Return the person's own page."""
    said = facts(plan, whose, reference=reference)
    # Words of the plan that name what no part of a record is, such as appointments.
    more = [one for one in plan.untouched if one not in KINDS]
    return Page(
        language=whose.language if whose.language in {"fi", "sv", "en"} else "fi",  # type: ignore[arg-type]  # one of the three
        reference=reference,
        told_on=told_on,
        name=whose.name,
        happened_from=said.happened_from,
        happened_to=said.happened_to,
        known_since=said.known_since,
        parts=said.parts,
        untouched=(*said.untouched, *more),
        fields=said.fields,  # type: ignore[arg-type]  # words of pages
        audiences=_audiences(plan, said.fields),
        contact=said.contact,
        messages=tuple(messages),
        certificate=whose.certificate if said.fields else "",
    )


def certificate(plan: TellingPlan, whose: Whose, *, reference: str, issued: date) -> Certificate:
    """Return what a creditor may know: which details got out, and no house."""
    said = facts(plan, whose, reference=reference)
    born = 0 if whose.born_on is None else whose.born_on.year
    return Certificate(whose.name, born, issued, said.fields, reference)  # type: ignore[arg-type]  # words of pages


def contact_of(plan: TellingPlan) -> str:
    """Return who answers, in one line."""
    said = plan.contact
    return f"{said.phone}, {said.hours}, {said.address}"


def _audiences(plan: TellingPlan, fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return whom the advice is for; about identity codes only for whose code it was."""
    chosen = ["everyone", "data_leaked", *plan.audiences]
    own = [one for one in dict.fromkeys(chosen) if one != "identity_code_leaked"]
    return (*own, "identity_code_leaked") if "identity-code" in fields else tuple(own)


def _of(seconds: int) -> date:
    return day_of(datetime.fromtimestamp(seconds, tz=UTC))


def _day(time_us: int) -> date | None:
    return _of(time_us // SECOND) if time_us else None
