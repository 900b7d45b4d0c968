"""Answers to the factors of severity out of what is known; the rest is answered carefully.

Knows counts and kinds, and no patient.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from vaitiolo.breach.rulebook import Rulebook
from vaitiolo.breach.severity import Given

# In a house of therapy already the list of who comes there is data about health.
SENSITIVE = frozenset({"identity", "chart", "working", "shared", "diary", "phonebook"})
NAMING = frozenset({"identity", "phonebook", "diary"})


@dataclass(frozen=True, slots=True)
class Known:
    """What facts say of a breach: kinds of data, how many people, who has it, sealed or not.

    The kinds are those of compartments, and ``invoice`` and ``staff`` beside them. None: not known.
    """

    kinds: frozenset[str] = field(default=frozenset())
    people: int | None = None
    recipients: str | None = None  # "none", "known", "unknown"
    is_theft: bool | None = None
    is_sealed: bool | None = None
    has_evidence: bool = True


def prefilled(rules: Rulebook, known: Known) -> tuple[Given, ...]:
    """Return an answer with its reason for every factor of the rules."""
    answers = _answers(known)
    return tuple(Given(one.id, *answers[one.id]) for one in rules.factors)


def _answers(known: Known) -> dict[str, tuple[str, str]]:
    none_told = _("Nothing of this kind is known so far.")
    return {
        "kind": _kind(known.kinds),
        "context": ("same", _("Not weighed yet.")),
        "identification": _identification(known.kinds),
        "confidentiality": _confidentiality(known.recipients),
        "integrity": ("none", none_told),
        "availability": ("none", none_told),
        "intent": _intent(known),
        "readable": _readable(known),
        "recipient": ("other", none_told),
        "interruption": ("none", none_told),
        "imposture": _imposture(known.kinds),
    }


def _kind(kinds: frozenset[str]) -> tuple[str, str]:
    if not kinds:
        return "sensitive", _("Not known yet, so the most delicate kind is assumed.")
    if kinds & SENSITIVE:
        return "sensitive", _("That somebody is a patient here is data about health.")
    if "invoice" in kinds:
        return "financial", _("From the kinds of data in the scope.")
    return "simple", _("From the kinds of data in the scope.")


def _identification(kinds: frozenset[str]) -> tuple[str, str]:
    if not kinds:
        return "maximum", _("Not known yet, so names are assumed.")
    if kinds & (NAMING | {"invoice", "staff"}):
        return "maximum", _("Names are among the data.")
    return "significant", _("Records without name and contact details still tell of one person.")


def _confidentiality(recipients: str | None) -> tuple[str, str]:
    if recipients is None:
        return "unknown", _("Not known yet, so unknown people are assumed.")
    return recipients, _("From what the incident says of who has it.")


def _intent(known: Known) -> tuple[str, str]:
    if known.is_theft is None:
        return "malice", _("Not known yet, so purpose is assumed.")
    if known.is_theft:
        return "malice", _("From how the incident began.")
    return "accident", _("From how the incident began.")


def _readable(known: Known) -> tuple[str, str]:
    """Sealed counts with evidence alone, and only when somebody said so."""
    if known.is_sealed and known.has_evidence:
        return "sealed", _("The scope says: ciphertext only, keys untouched.")
    return "readable", _("It is not shown that whoever has it cannot read it.")


def _imposture(kinds: frozenset[str]) -> tuple[str, str]:
    if not kinds or "identity" in kinds:
        return "yes", _("Identity codes or addresses may be among the data.")
    return "no", _("No identity codes or addresses are among the data.")
