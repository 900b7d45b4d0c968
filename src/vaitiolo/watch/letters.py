"""A decision on a request for a report, as the letter that the law asks for."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vaitiolo.people.actor import Actor
from vaitiolo.people.references import Reference
from vaitiolo.watch import access, printing, words
from vaitiolo.watch.access import PatientUnknown, ReportDecision

TITLE: Final = _("Decision on a request for log data")
PATIENT: Final = _("Number of the patient: %(number)s")
REQUEST: Final = _("What was asked for: %(request)s")
OUTCOMES: Final[dict[str, str | Promise]] = {
    "granted": _("Decision: the request is granted."),
    "partly": _("Decision: the request is granted in part."),
    "refused": _("Decision: the request is refused."),
}
GROUNDS: Final[dict[str, str | Promise]] = {
    "age": _(
        "Log data older than two years are given only on a special ground, and none was shown."
    ),
    "health": _("Giving the data would seriously endanger somebody's health or care."),
    "others": _("Giving the data would endanger the rights of somebody else."),
}
REASON: Final = _("Reason: %(reason)s")
OLDER: Final = _("Entries older than two years are given, because there is a special ground.")
WITHHELD: Final = _(
    "Lines withheld: %(count)s. A proof bundle shows that they exist, and not what they say."
)
NUMBERS: Final = _("Lines withheld: %(numbers)s.")
LAW: Final = _(
    "The right to log data: Act on the Processing of Client Data in Healthcare and Social Welfare "
    "(703/2023), section 11."
)
APPEAL: Final = _(
    "If you do not agree, you may bring this decision before the Data Protection Ombudsman: Office "
    "of the Data Protection Ombudsman, P.O. Box 800, 00531 Helsinki, tietosuoja.fi. Enclose this "
    "letter."
)
DECIDED: Final = _("Decided on %(when)s by %(name)s, privacy officer.")
# Stands on the patient's chain, in one language like all that the house itself writes there.
WHY: Final = "letter of a decision"


def write(actor: Actor, *, patient: UUID, sequence: int, language: str, at: datetime) -> bytes:
    """Return a decision as PDF. Raises NotAllowed, PatientUnknown, NotDrawn."""
    told = access.read_decisions(actor, patient, reason=WHY)
    wanted = [one for one in told.decisions if one.sequence == sequence]
    if not wanted:
        raise PatientUnknown
    with translation.override(language):
        return printing.drawn(
            {
                "language": language,
                "title": str(TITLE),
                "texts": [told.house, *texts_of(wanted[0], patient)],
                "headings": [],
                "rows": [],
                "reference": Reference(told.made, actor.name, at).line(),
            }
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A decision as its officer's page shows it, in the language that is active."""

    sequence: int
    at: datetime
    name: str = field(repr=False)
    outcome: str
    texts: tuple[str, ...] = field(repr=False)


def row_of(decision: ReportDecision) -> Row:
    """Return a decision as the page shows it."""
    said = [str(GROUNDS[decision.ground])] if decision.ground else []
    if decision.older:
        said.append(str(OLDER))
    if decision.withheld:
        numbers = ", ".join(str(one) for one in decision.withheld)
        said.append(str(NUMBERS) % {"numbers": numbers})
    return Row(
        decision.sequence,
        _moment(decision),
        decision.name,
        str(words.GROUNDS[decision.outcome]),
        (decision.request, *said, decision.reason),
    )


def _moment(decision: ReportDecision) -> datetime:
    return timezone.localtime(datetime.fromtimestamp(decision.time_us / 1_000_000, UTC))


def texts_of(decision: ReportDecision, patient: UUID) -> list[str]:
    """Return the letter, a paragraph each, in the language that is active."""
    said: list[str] = [
        str(PATIENT) % {"number": patient},
        str(REQUEST) % {"request": decision.request},
        str(OUTCOMES[decision.outcome]),
    ]
    if decision.ground:
        said.append(str(GROUNDS[decision.ground]))
    said.append(str(REASON) % {"reason": decision.reason})
    if decision.older:
        said.append(str(OLDER))
    if decision.withheld:
        said.append(str(WITHHELD) % {"count": len(decision.withheld)})
    said.append(str(LAW))
    if decision.outcome != "granted":
        said.append(str(APPEAL))
    when = f"{_moment(decision):%d.%m.%Y %H.%M}"
    said.append(str(DECIDED) % {"when": when, "name": decision.name})
    return said
