"""Looks through the officers' own words before they go into a text to an authority.

It knows no patient, so it cannot find every name; it refuses what looks like one, and anything that
reads like an identity code, a way to reach somebody, or a word of treatment.
"""

import re
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

LONGEST: Final = 600

_CODE: Final = re.compile(r"\b\d{6}\s?[-+A-FU-Y]\s?\d{3}[0-9A-Y]\b", re.IGNORECASE)
_MAIL: Final = re.compile(r"\S+@\S+")
_PHONE: Final = re.compile(r"(?:\+\d|\b0)\d(?:[\s-]?\d){5,}")
_DIAGNOSIS: Final = re.compile(r"\b[A-Z]\d{2}(?:\.\d{1,2})?\b")
# Stems, as they begin words in Finnish, Swedish and English.
_CLINICAL: Final = re.compile(
    r"\b(?:masen|depress|ahdist|ångest|anxi|itsemurh|självmord|suicid|psykoo|psykos|psychos|"
    r"diagnoo|diagnos|trauma|päihde|missbruk|addict|riippuv|lääkity|lääkkei|medicin|medicat|"
    r"syömishäiri|ätstörn|eating disorder|skitso|schizo|bipol|adhd|raskau|gravid|pregnan|abort|"
    r"raiskau|våldtäk|rape|hiv\b|parisuhde|äktenskap|marriage)",
    re.IGNORECASE,
)
# A capital letter where no sentence begins. Houses and offices are written by the text itself.
_INSIDE: Final = re.compile(r"(?<![.!?:]\s)(?<=[\w,;)»”\"]\s)[A-ZÅÄÖÉŠŽ][\w'-]*")
_PAIR: Final = re.compile(r"\b[A-ZÅÄÖÉŠŽ][\w'-]+\s+[A-ZÅÄÖÉŠŽ][\w'-]+")
_ALLOWED: Final = re.compile(
    r"^(?:SHA|PDF|USB|VPN|DNS|IP|PIN|SMS|IT|EU|GDPR|Art|Kela|Kanta|FPA|Traficom|Posti|"
    r"I|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|"
    r"May|June|July|August|September|October|November|December|Finland|Helsinki|"
    r"Windows|Linux|Android|Tor|Shodan)$"
)


class NotFit(ValueError):
    """Words that must not stand in a text to an authority; its message says why, not what."""


def check(text: str) -> str:
    """Return words that may go out, without spaces around them. Raises NotFit."""
    plain = text.strip()
    problems = list(_problems(plain))
    if problems:
        raise NotFit(" ".join(problems))
    return plain


def _problems(text: str) -> Iterator[str]:
    if len(text) > LONGEST:
        yield _("This is longer than 600 characters. Nothing of it was taken.")
    if _CODE.search(text):
        yield _("An identity code stands in it. Nothing of it was taken.")
    if _MAIL.search(text) or _PHONE.search(text):
        yield _("An e-mail address or a phone number stands in it. Nothing of it was taken.")
    if _DIAGNOSIS.search(text) or _CLINICAL.search(text):
        yield _("It reads like something about somebody's health. Nothing of it was taken.")
    if _names(text):
        yield _(
            "A capital letter inside a sentence may be a name. Write who somebody is to the house "
            "instead, as in “a therapist”. Nothing of it was taken."
        )


def _names(text: str) -> bool:
    found = [
        *_INSIDE.findall(text),
        *(part for pair in _PAIR.findall(text) for part in pair.split()),
    ]
    return any(not _ALLOWED.match(one) for one in found)
