"""What the pages of an incident's duties show. Reading an incident is recorded, each time."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Min
from django.utils.translation import get_language

from vaitiolo.breach import prefill, rulebook, severity
from vaitiolo.breach.drafts import words, writing
from vaitiolo.breach.drafts.facts import Telling
from vaitiolo.breach.drafts.words import LANGUAGES, Recipient
from vaitiolo.breach.drafts.writing import Change, Draft, Sent, Wanted
from vaitiolo.breach.duties import filling, folding
from vaitiolo.breach.duties.folding import Folded, Judged, SentText
from vaitiolo.breach.incidents import access, clocks
from vaitiolo.breach.incidents.access import IncidentNotFound, OpenIncident
from vaitiolo.breach.incidents.clocks import Clock
from vaitiolo.breach.models import Notice
from vaitiolo.breach.rulebook import Rulebook, RulesUnknown
from vaitiolo.breach.scope import access as asking
from vaitiolo.breach.scope import queries as scopes
from vaitiolo.breach.scope.access import ScopeNotFound
from vaitiolo.breach.scope.queries import Known as KnownScope
from vaitiolo.breach.severity import AssessmentWrong, Given
from vaitiolo.breach.states import NoticeState
from vaitiolo.kit.dates import day_of
from vaitiolo.people.actor import Actor
from vaitiolo.warden.kinds import Role

CLIENT: Final = "client"
MAY_ASK: Final = frozenset({Role.PRIVACY_OFFICER, Role.MANAGER})
NAMES: Final = {"fi": "suomi", "sv": "svenska", "en": "English"}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the bridge that decided, in words."""

    duty: str
    is_due: bool
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """A factor as it was chosen, and why."""

    name: str
    choice: str
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """An assessment as it is read: numbers, words, and whether it still reckons the same."""

    judged: Judged
    score: str
    band: str
    band_id: str
    version: str
    steps: tuple[Step, ...]
    weighed: tuple[Weighed, ...]
    exits: tuple[str, ...]
    is_many: bool
    is_sealed: bool
    is_same: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A recipient with what was sent, what is due next, and whether the facts have moved on."""

    recipient: Recipient
    name: str
    client: int | None
    verify: str
    law: str
    due_at: datetime | None
    is_late: bool
    is_asked: bool
    is_old: bool
    sent: tuple[SentText, ...]
    unsent: int
    language: str

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        """In which languages the recipient takes a text, each in its own name."""
        return tuple((one, NAMES[one]) for one in self.recipient.languages)

    @property
    def last(self) -> SentText | None:
        return self.sent[-1] if self.sent else None


@dataclass(frozen=True, slots=True)
class Duties:
    """All of it for an incident's page."""

    folded: Folded
    verdict: Verdict | None
    rows: tuple[Row, ...]
    is_held: bool
    renewal_by: str = field(repr=False)
    is_renewal_mine: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it would go out now."""

    folded: Folded
    row: Row
    draft: Draft
    unexplained: tuple[Change, ...]


def read(actor: Actor, incident: UUID, *, at: datetime) -> Folded:
    """Read an incident; recorded first. Raises IncidentNotFound."""
    return folding.fold(access.open_incident(actor, incident), at=at, told=_told(incident))


def of_opened(actor: Actor, opened: OpenIncident, *, at: datetime) -> Duties:
    """Return the duties of an incident that is open already, in the reader's language."""
    language = (get_language() or LANGUAGES[0])[:2]
    return show(
        actor,
        folding.fold(opened, at=at, told=_told(opened.known.incident)),
        language=language,
        at=at,
    )


def _told(incident: UUID) -> Telling | None:
    """Return since when how many people were told; none before the first was."""
    told = Notice.objects.filter(
        telling__incident=incident,
        patient__isnull=False,
        state__in=(NoticeState.SENT, NoticeState.DONE),
    )
    said = told.aggregate(first=Min("settled_at"), people=Count("patient", distinct=True))
    return Telling("sent", said["first"], said["people"]) if said["people"] else None


def list_scopes(actor: Actor) -> tuple[KnownScope, ...]:
    """Return the scopes that the facts can be filled in from; none for who may not ask for one."""
    return scopes.list_known(actor) if actor.role in MAY_ASK else ()


def fill(actor: Actor, number: int) -> dict[str, Any]:
    """Return facts out of a scope. Raises ScopeNotFound."""
    if actor.role not in MAY_ASK:
        raise ScopeNotFound
    listed = asking.list_some(actor, number, start=0, count=1, controller="", incident=None)
    return filling.filled(listed.facts)


def show(actor: Actor, folded: Folded, *, language: str, at: datetime) -> Duties:
    """Return the duties of an incident that was read."""
    held, renewal = folded.hold, folded.hold.renewal if folded.hold else None
    return Duties(
        folded=folded,
        verdict=verdict_of(folded.last, language=language) if folded.last else None,
        rows=tuple(rows_of(folded, language=language, at=at)),
        is_held=held is not None and held.lasts(at),
        renewal_by=folded.names.get(renewal.by, "") if renewal else "",
        is_renewal_mine=renewal is not None and renewal.by == actor.id,
    )


def verdict_of(judged: Judged, *, language: str) -> Verdict | None:
    """Return an assessment in words, by that day's rules; none where these are gone."""
    kept = judged.assessment
    try:
        rules = rulebook.find_rules(kept.rules)
        weighed = tuple(_weighed(rules, one, language) for one in kept.given)
        steps = tuple(_step(rules, one.rule, language) for one in kept.duties)
    except (RulesUnknown, LookupError, StopIteration):
        return None
    return Verdict(
        judged=judged,
        score=score_text(kept.score_text, language),
        band=rules.band(kept.band).words.in_(language),
        band_id=kept.band,
        version=kept.rules,
        steps=steps,
        weighed=weighed,
        exits=tuple(one.words.in_(language) for one in rules.exits),
        is_many=kept.people is not None and kept.people > rules.many_people,
        is_sealed=kept.choice_of("readable") == "sealed",
        is_same=_is_same(judged),
    )


def score_text(score: str, language: str) -> str:
    """Write a score as people here write a number."""
    return score if language == "en" else score.replace(".", ",")


def suggested(rules: Rulebook, folded: Folded) -> Mapping[str, Given]:
    """Return an answer to every factor: the last one given, or what facts say."""
    from_facts = {one.factor: one for one in prefill.prefilled(rules, folded.known)}
    if folded.last is None:
        return from_facts
    return from_facts | {one.factor: one for one in folded.last.assessment.given}


def rows_of(folded: Folded, *, language: str, at: datetime) -> list[Row]:
    """Return everybody who may have to be told, each controller-client by itself."""
    rows = []
    for one in words.recipients():
        if one.id != CLIENT:
            rows.append(_row(folded, one, language=language, at=at))
            continue
        rows += [
            _row(folded, one, language=language, at=at, client=number)
            for number in range(len(folded.facts.clients))
        ]
    return rows


def written(folded: Folded, row: Row, *, wanted: Wanted, at: datetime) -> Written:
    """Return the text for a recipient out of the facts of this moment. Raises NotFit."""
    facts = folded.facts
    if row.client is not None:
        facts = facts.for_client(facts.clients[row.client])
    # Of who else was told, the text for a recipient need not tell that recipient itself.
    facts = replace(facts, told=tuple(one for one in facts.told if one[0] != row.recipient.id))
    before = Sent(row.last.draft, row.last.at) if row.last else None
    draft = writing.write(wanted, facts, at=at, before=before)
    return Written(folded, row, draft, writing.unexplained(draft))


def find_row(
    folded: Folded, recipient: str, client: int | None, *, language: str, at: datetime
) -> Row:
    """Return one recipient's row. Raises IncidentNotFound."""
    for one in rows_of(folded, language=language, at=at):
        if (one.recipient.id, one.client) == (recipient, client):
            return one
    raise IncidentNotFound


def find_sent(folded: Folded, row: UUID) -> SentText:
    """Return a text that was sent. Raises IncidentNotFound."""
    for one in folded.sent:
        if one.row == row:
            return one
    raise IncidentNotFound


def _row(
    folded: Folded,
    recipient: Recipient,
    *,
    language: str,
    at: datetime,
    client: int | None = None,
) -> Row:
    named = folded.facts.clients[client].name if client is not None else ""
    sent = folded.sent_to(recipient.id, named)
    clock = _clock(recipient, folded, is_told=bool(sent) and client is not None)
    row = Row(
        recipient=recipient,
        name=named or recipient.name.in_(language),
        client=client,
        verify=recipient.verify.in_(language),
        law=recipient.law.in_(language),
        due_at=clock.ends if clock else None,
        is_late=clock is not None and clock.is_over,
        is_asked=_is_asked(recipient, folded),
        is_old=recipient.is_old(day_of(at)),
        sent=sent,
        unsent=0,
        language=language if language in recipient.languages else recipient.languages[0],
    )
    if not sent:
        return row
    wanted = Wanted(recipient, sent[-1].draft.language)
    changes = written(folded, row, wanted=wanted, at=at).draft.changes
    return replace(row, unsent=len(changes))


def _clock(recipient: Recipient, folded: Folded, *, is_told: bool) -> Clock | None:
    """Return the clock that a text for a recipient stops next; none where no clock is open."""
    keys = () if is_told else tuple(recipient.clocks.values())
    return next((one for one in folded.clocks if one.rule.key in keys and one.is_open), None)


def _is_asked(recipient: Recipient, folded: Folded) -> bool:
    """Whether this recipient comes into it as far as is known; what is not known counts as yes."""
    facts, last = folded.facts, folded.last
    if recipient.id == "ombudsman":
        return last is None or last.assessment.is_due("authority")
    said = [one.state for one in folded.clocks if one.rule.key in recipient.clocks.values()]
    if said and all(one == clocks.NOT_NEEDED for one in said):
        return False
    answers = {"crime": facts.is_crime, "kanta": facts.is_kanta}
    return answers.get(recipient.trigger) is not False


def _step(rules: Rulebook, name: str, language: str) -> Step:
    rule = rules.rule(name)
    return Step(rule.duty, rule.is_due, rule.words.in_(language), rule.source)


def _weighed(rules: Rulebook, given: Given, language: str) -> Weighed:
    factor = rules.factor(given.factor)
    choice = next(one for one in factor.choices if one.id == given.choice)
    return Weighed(factor.words.in_(language), choice.words.in_(language), given.reason)


def _is_same(judged: Judged) -> bool:
    try:
        severity.reckon_again(judged.assessment)
    except (RulesUnknown, AssessmentWrong):
        return False
    return True
