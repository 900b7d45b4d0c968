"""What each field of a text says, out of facts: a value to compare, and lines to read.

A field that facts say nothing of has the value none, and says that it is not known yet.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from vaitiolo.breach import rulebook
from vaitiolo.breach.drafts.facts import Facts
from vaitiolo.breach.drafts.words import Vocabulary, recipients

Value: TypeAlias = "str | int | bool | list[Value] | None"
Said: TypeAlias = tuple[Value, Sequence[str]]
Writer: TypeAlias = Callable[[Facts, Vocabulary], Said]

UNKNOWN: Final[Said] = (None, ())
_LIMIT_HOURS: Final = 72


def writer_of(field: str) -> Writer:
    """Return what writes a field. Raises KeyError."""
    return _WRITERS[field]


def is_late(facts: Facts, at: datetime) -> bool:
    """Tell whether the 72 hours of Art. 33(1) are over at a moment."""
    return (at - facts.aware_at).total_seconds() > _LIMIT_HOURS * 3600


def _controller(facts: Facts, words: Vocabulary) -> Said:
    reference = words.say("line", "reference", reference=facts.reference)
    if not facts.house:
        return None, (reference,)
    return [facts.house, facts.reference], (facts.house, reference)


def _processor(facts: Facts, words: Vocabulary) -> Said:
    value, lines = _controller(facts, words)
    names = [one.name for one in facts.clients]
    return (None if value is None else [value, *names]), (*lines, *names)


def _contact(facts: Facts, _words: Vocabulary) -> Said:
    return (facts.contact, (facts.contact,)) if facts.contact else UNKNOWN


def _times(facts: Facts, words: Vocabulary) -> Said:
    moments = {"aware": facts.aware_at, "began": facts.began_at, "ended": facts.ended_at}
    lines = [
        words.say("line", f"{name}_unknown")
        if at is None
        else words.say("line", name, when=words.moment(at))
        for name, at in moments.items()
    ]
    return [_stamp(at) for at in moments.values()], lines


def _delay(_facts: Facts, words: Vocabulary) -> Said:
    return "found", (words.say("delay", "found"),)


def _how(facts: Facts, words: Vocabulary) -> Said:
    cause = facts.cause if facts.cause in words.groups["cause"] else "other"
    return cause, (words.say("cause", cause),)


def _data(facts: Facts, words: Vocabulary) -> Said:
    if facts.kinds is None:
        return UNKNOWN
    how = "sealed" if facts.is_sealed else "readable"
    lines = (*_listed("kind", facts.kinds, words), words.say("kind", how))
    return [*facts.kinds, how], lines


def _people(facts: Facts, words: Vocabulary) -> Said:
    if facts.patients is None and facts.staff is None:
        return UNKNOWN
    counted = {"patients": facts.patients, "staff": facts.staff}
    lines = [words.say("line", name, count=n) for name, n in counted.items() if n is not None]
    lines += [words.say("line", "about")] if facts.is_approximate else []
    if facts.is_for_client:
        lines += [words.say("line", "own_numbers", name=one.name) for one in facts.clients]
    # A number that is about right is not contradicted by being called exact later.
    return [facts.patients, facts.staff, None if facts.is_approximate else True], lines


def _records(facts: Facts, words: Vocabulary) -> Said:
    if facts.records is None:
        return UNKNOWN
    return facts.records, (words.say("line", "records", count=facts.records),)


def _scale(facts: Facts, words: Vocabulary) -> Said:
    people, data = _people(facts, words), _data(facts, words)
    if people[0] is None and data[0] is None:
        return UNKNOWN
    return [people[0], data[0]], (*people[1], *data[1])


def _consequences(facts: Facts, words: Vocabulary) -> Said:
    return _codes("consequence", facts.consequences, words)


def _before(facts: Facts, words: Vocabulary) -> Said:
    return _codes("measure", facts.before or None, words)


def _after(facts: Facts, words: Vocabulary) -> Said:
    return _codes("measure", facts.after or None, words)


def _severity(facts: Facts, words: Vocabulary) -> Said:
    found = facts.severity
    if found is None:
        return UNKNOWN
    rules = rulebook.find_rules(found.rules)
    band = rules.band_of(found.score).words.in_(words.language)
    score = found.score_text.replace(".", "." if words.language == "en" else ",")
    first = words.say("line", "score", score=score, band=band, version=found.rules)
    steps = [rules.rule(one.rule).words.in_(words.language) for one in found.duties]
    return [found.score, found.rules, *(one.rule for one in found.duties)], (first, *steps)


def _telling(facts: Facts, words: Vocabulary) -> Said:
    told = facts.telling
    if told is None:
        return UNKNOWN
    when = "" if told.at is None else words.moment(told.at)
    line = words.say("telling", told.state, when=when, count=told.count)
    if told.state == "not-due":
        return ["not-due"], (line,)
    # From being prepared to being sent is a way on, and contradicts nothing.
    done = [] if told.state == "planned" else [f"{told.state} {_stamp(told.at)}"]
    return ["due", *done], (line,)


def _abroad(facts: Facts, words: Vocabulary) -> Said:
    return _answer(facts.is_abroad, words)


def _others(facts: Facts, words: Vocabulary) -> Said:
    names = {one.id: one.name.in_(words.language) for one in recipients()}
    if not facts.told:
        return [], (words.say("said", "none"),)
    lines = [
        words.say("line", "told", name=names.get(who, who), when=words.moment(at))
        for who, at in facts.told
    ]
    return [[who, at.isoformat()] for who, at in facts.told], lines


def _evidence(facts: Facts, words: Vocabulary) -> Said:
    if not facts.evidence:
        return [], (words.say("said", "none"),)
    return list(facts.evidence), [words.say("line", "hash", hash=one) for one in facts.evidence]


def _safety(facts: Facts, words: Vocabulary) -> Said:
    if facts.severity is None:
        return UNKNOWN
    felt = facts.severity.choice_of("interruption")
    return felt, (words.say("safety", felt),)


def _kanta(facts: Facts, words: Vocabulary) -> Said:
    if facts.is_kanta is None:
        return UNKNOWN
    return facts.is_kanta, (words.say("kanta", "yes" if facts.is_kanta else "no"),)


def _answer(told: bool | None, words: Vocabulary) -> Said:  # noqa: FBT001 - the answer itself
    return UNKNOWN if told is None else (told, (words.say("said", "yes" if told else "no"),))


def _stamp(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _codes(group: str, codes: Sequence[str] | None, words: Vocabulary) -> Said:
    return UNKNOWN if codes is None else (list(codes), _listed(group, codes, words))


def _listed(group: str, codes: Sequence[str], words: Vocabulary) -> list[str]:
    return [words.say(group, one) for one in codes]


_WRITERS: Final[Mapping[str, Writer]] = {
    "controller": _controller,
    "processor": _processor,
    "contact": _contact,
    "times": _times,
    "delay": _delay,
    "how": _how,
    "data": _data,
    "people": _people,
    "records": _records,
    "scale": _scale,
    "consequences": _consequences,
    "before": _before,
    "after": _after,
    "severity": _severity,
    "telling": _telling,
    "abroad": _abroad,
    "others": _others,
    "evidence": _evidence,
    "safety": _safety,
    "kanta": _kanta,
}
