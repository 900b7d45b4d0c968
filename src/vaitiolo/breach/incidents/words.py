"""The words for what incidents are made of: signs, roles, topics, states. Words only."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = tuple[tuple[str, str | Promise], ...]

SIGNS: Final[Words] = (
    ("lost", _("A device, key or paper is lost or stolen")),
    ("recipient", _("Something went to the wrong person")),
    ("message", _("A strange message, a threat or a demand for money")),
    ("opening", _("Somebody has opened records for no good reason")),
    ("other", _("Something else")),
)
# What incidents come from when nobody filled in a report.
CAUSES: Final[dict[str, str | Promise]] = {
    **dict(SIGNS),
    "alert": _("A critical alert"),
    "break-glass": _("An emergency opening that its therapist does not find right"),
}
ROLES: Final[Words] = (
    ("lead", _("Leads")),
    ("deputy", _("Deputy")),
    ("communications", _("Speaks to the outside")),
)
TOPICS: Final[Words] = (
    ("ransom", _("Contact with whoever threatens, or payment")),
    ("measures", _("Measures")),
    ("publicity", _("What is said outside")),
    ("hold", _("Something is held back at somebody's request")),
    ("other", _("Something else")),
)
CLOCK_STATES: Final[Words] = (
    ("done", _("Done")),
    ("not-needed", _("Does not concern this incident")),
    ("aside", _("Put aside for a reason; the time goes on")),
    ("running", _("Concerns this incident")),
)
EVIDENCE: Final[Words] = (
    ("mail", _("An e-mail, saved with its headers (.eml)")),
    ("screenshot", _("A picture of a screen")),
    ("file", _("Another file")),
)
YES_NO: Final[Words] = (("yes", _("Yes")), ("no", _("No")))
STEPS: Final[dict[str, str | Promise]] = {
    "opened": _("opened the incident"),
    "resumed": _("went on with an opening that was cut off"),
    "note": _("wrote down an event"),
    "confirm": _("confirmed an event"),
    "task": _("gave a task"),
    "done": _("finished a task"),
    "role": _("gave a role"),
    "decision": _("recorded a decision"),
    "link": _("linked another incident"),
    "clock": _("said how a time limit stands"),
    "severity": _("judged how severe it is"),
    "facts": _("wrote down what is known"),
    "sent": _("marked a text to an authority as sent"),
    "hold": _("changed whether notices to people wait"),
    "scope": _("recorded who is concerned"),
    "evidence": _("put in evidence"),
    "leak": _("put in the result of a search"),
    "accounts": _("asked which accounts a leak fits"),
    "notify": _("decided whom to tell"),
    "alert": _("linked a critical alert"),
    "ask-close": _("asked to close it"),
    "close": _("closed it"),
    "reopen": _("opened it again"),
    "looked": _("looked at it"),
    "let-in": _("let %(other)s in"),
    "taken": _("took a file out"),
    "telling-planned": _("planned how people are told"),
    "telling-approved": _("approved how people are told"),
    "telling-stopped": _("stopped the notices to people"),
    "telling-went-on": _("let the notices to people go on"),
}


def word(words: Words, key: str) -> str | Promise:
    """Return the words for a key; an unknown one as it stands."""
    return dict(words).get(key, key)
