"""Whether a message is one of ours, told from its words alone; browsers reckon the same way.

It knows marks, not messages: what we wrote is kept nowhere.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from vaitiolo.notices.codes import CodeWrong, read

MARK_LENGTH: Final = 16
LONGEST: Final = 20_000
LEAST: Final = 40

Verdict = Literal["ours", "inside", "not-ours", "cannot-tell"]
Warning_ = Literal["link", "money", "bank"]

_LABEL: Final = b"vaitiolo/1/message-mark"
_JOINTS: Final = ".-/:@_+"
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_LINES: Final = re.compile(r"\r\n|\r|\n")
_QUOTED: Final = re.compile(r"^[ \t]*(?:[>|][ \t]?)+")
_CODE: Final = re.compile(r"[0-9a-z]{5}(?:-[0-9a-z]{5}){3}")
# Marks that say something although they are no letters: symbols, accents, what is drawn by a font,
# and what turns the order of letters around. Dropped, they would make room for a forger's words.
_SAYING: Final = frozenset({"So", "Sc", "Mn", "Mc", "Me", "Co"})
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SILENT: Final = frozenset({*map(chr, range(0xFE00, 0xFE10)), "\ufffc"})
# Lines that mail programs put above a message. What they say can be forged, and is not checked; so
# they are short, go over one line, and have neither a number to call nor what warns.
_LONGEST_HEADER: Final = 120
_HEADER: Final = re.compile(
    r"^(?:from|to|cc|bcc|subject|date|sent|reply-to|message-id|lähettäjä|vastaanottaja|aihe|päiväys"
    r"|päivämäärä|lähetetty|kopio|från|till|ämne|datum|skickat|kopia):"
    r"|(?:wrote|kirjoitti|skrev):$|^-+ ?(?:original|forwarded|alkuperäinen|välitetty"
    r"|ursprungligt|vidarebefordrat) ?[a-zåäö]* ?-+$",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(r"(?:\+[0-9]|\b0)[0-9 ()-]{5,}[0-9]")
_WARNINGS: Final[tuple[tuple[Warning_, re.Pattern[str]], ...]] = (
    ("link", re.compile(r"https?:|www\.|bit\.ly|t\.me/", re.IGNORECASE)),
    (
        "money",
        re.compile(
            r"bitcoin|\bbtc\b|monero|\bxmr\b|crypto|krypto|€|\beuro|\beur\b|lunna|maksa|maksu"
            r"|betal|lösen|ransom|\bpay\b|payment|iban",
            re.IGNORECASE,
        ),
    ),
    (
        "bank",
        re.compile(
            r"pankkitunnu|verkkopankk|tunnusluku|salasana|bankkod|bankid|nätbank|lösenord"
            r"|bank code|bank id|online bank|password|\bpin\b",
            re.IGNORECASE,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: the verdict, and the lines that do not belong to a message of ours."""

    verdict: Verdict
    around: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Flat:
    """The canonical form of a text, and where each line of the text begins and ends in it."""

    text: str
    edges: tuple[int, ...]

    def between(self, start: int, end: int) -> str:
        return self.text[self.edges[start] : self.edges[end]].strip(_JOINTS)


def mark_of(text: str) -> bytes:
    """Return the mark of a message's body: 16 bytes of SHA-256 of its canonical form.

    Every message of ours carries a code that nobody guesses, so a mark confirms no guess.
    """
    return _mark(canonical(text))


def canonical(text: str) -> str:
    """Return what a message says, whatever a mail program did to its lines.

    NFKC, lower case, every dash a hyphen; quoting marks, spaces and marks of writing go, and of
    those that addresses and codes consist of only what stands between two letters or digits stays.
    """
    return _flat(_LINES.split(text)).text


def is_ours(text: str, marks: Collection[bytes]) -> bool:
    """Return whether a pasted text is a message of ours and nothing but mail headers besides."""
    return check(text, marks).verdict == "ours"


def check(text: str, marks: Collection[bytes]) -> Checked:
    """Judge a pasted text: ours, ours inside other text, not ours, or too little to tell.

    A message of ours with something added is never called ours: the added lines are told.
    """
    lines = _LINES.split(text)
    flat = _flat(lines)
    if len(text) > LONGEST or len(flat.text) < LEAST:
        return Checked("cannot-tell")
    for start, end in _stretches(flat):
        if _mark(flat.between(start, end)) in marks:
            around = _strange(lines[:start], headers=True) + _strange(lines[end:], headers=False)
            return Checked("inside" if around else "ours", around)
    return Checked("not-ours")


def codes_in(text: str) -> tuple[str, ...]:
    """Return the codes that stand in a text; every message of ours carries one, with hyphens."""
    return tuple(dict.fromkeys(code for code, _, _ in _codes(canonical(text))))


def warnings_in(text: str) -> tuple[Warning_, ...]:
    """Return what a message of ours never has: a link, talk of money, bank codes asked for."""
    return tuple(name for name, pattern in _WARNINGS if pattern.search(text))


def _mark(flat: str) -> bytes:
    return hashlib.sha256(_LABEL + flat.encode()).digest()[:MARK_LENGTH]


def _flat(lines: list[str]) -> _Flat:
    kept: list[str] = []
    begins = [0]
    for line in lines:
        kept += _kept(line)
        begins.append(len(kept))
    stays = [_stays(kept, place) for place in range(len(kept))]
    counted = [0]
    for one in stays:
        counted.append(counted[-1] + one)
    text = "".join(one for one, stay in zip(kept, stays, strict=True) if stay)
    return _Flat(text, tuple(counted[place] for place in begins))


def _kept(line: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", _QUOTED.sub("", line)).lower().translate(_DASHES)
    return [one for one in plain if _says(one) or one in _JOINTS]


def _says(one: str) -> bool:
    if one.isalnum() or one in _TURNING:
        return True
    return unicodedata.category(one) in _SAYING and one not in _SILENT


def _stays(kept: list[str], place: int) -> bool:
    beside = kept[max(place - 1, 0) : place + 2]
    return _says(kept[place]) or (
        0 < place < len(kept) - 1 and _says(beside[0]) and _says(beside[-1])
    )


def _stretches(flat: _Flat) -> Iterator[tuple[int, int]]:
    """Yield the runs of whole lines that hold a code, the longest from the top first."""
    for _, first, last in _codes(flat.text):
        starts = [one for one in _filled(flat) if flat.edges[one] <= first]
        ends = [one + 1 for one in _filled(flat) if flat.edges[one + 1] >= last]
        for start in starts:
            for end in reversed(ends):
                yield start, end


def _filled(flat: _Flat) -> list[int]:
    lines = range(len(flat.edges) - 1)
    return [line for line in lines if flat.edges[line] < flat.edges[line + 1]]


def _codes(flat: str) -> Iterator[tuple[str, int, int]]:
    for found in _CODE.finditer(flat):
        try:
            yield read(found[0]), found.start(), found.end()
        except CodeWrong:
            continue


def _strange(lines: list[str], *, headers: bool) -> tuple[str, ...]:
    """Return the lines that say something, but for what a mail program puts above a message."""
    said = [line.strip() for line in lines if _kept(line)]
    return tuple(one for one in said if not (headers and _is_header(one)))


def _is_header(line: str) -> bool:
    is_one = len(line) <= _LONGEST_HEADER and _HEADER.search(line) is not None
    return is_one and not _PHONE.search(line) and not warnings_in(line)
