"""Phone books in the warden's memory: rows that were sealed on disk, searched by a plain scan.

A book is dropped when the last session that uses it ends. Nothing of it is written anywhere.
"""

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Final
from uuid import UUID

from vaitiolo.keys import hetu

SHOWN: Final = 12
SHORTEST: Final = 2
SPOKEN_DATE: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
COUNTRY: Final = "358"


@dataclass(frozen=True, slots=True)
class Row:
    """One patient's line: what is looked through, and what may be shown (no identity code)."""

    patient: UUID
    line: str = field(repr=False)
    name: str = field(repr=False)
    hetu: str = field(repr=False)
    shown: bytes = field(repr=False)


def fold(text: str) -> str:
    """Bring text into the form that is compared: compatibility form, case folded."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def read_row(patient: UUID, body: bytes | bytearray) -> Row:
    """Turn a phone-book document (JSON: name, born, phone, email, hetu …) into a row."""
    entry = json.loads(bytes(body))
    code = entry.pop("hetu", "")
    name = fold(entry.get("name", ""))
    words = {name, _without_marks(name), fold(entry.get("email", "")), entry.get("born", "")}
    line = " ".join(sorted(words - {""})) + " " + _digits(entry.get("phone", ""))
    shown = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
    return Row(patient, line, name, hetu_of(code), shown)


def hetu_of(text: str) -> str:
    """Return the identity code in what was typed or stored, empty when it is none."""
    try:
        return hetu.normalise(text)
    except hetu.NotAnIdentityCode:
        return ""


class Book:
    """One unit's phone book."""

    def __init__(self) -> None:
        self.is_complete = False
        self._rows: dict[UUID, Row] = {}
        self._by_hetu: dict[str, UUID] = {}
        self._lock = Lock()
        self._text = ""
        self._starts: list[int] = []
        self._order: list[Row] = []
        self._is_stale = True

    def put(self, row: Row) -> None:
        """Enter a row, or replace the patient's earlier one."""
        with self._lock:
            before = self._rows.get(row.patient)
            if before is not None:
                self._by_hetu.pop(before.hetu, None)
            self._rows[row.patient] = row
            if row.hetu:
                self._by_hetu[row.hetu] = row.patient
            self._is_stale = True

    def remove(self, patient: UUID) -> None:
        """Take a patient out, who was erased."""
        with self._lock:
            before = self._rows.pop(patient, None)
            if before is not None:
                self._by_hetu.pop(before.hetu, None)
            self._is_stale = True

    def with_hetu(self, code: str) -> Row | None:
        """Return the patient with an identity code (normalised), if any."""
        with self._lock:
            patient = self._by_hetu.get(code)
            return None if patient is None else self._rows[patient]

    def find(self, text: str) -> tuple[list[Row], int]:
        """Return the best few rows for what was typed, and how many there are."""
        code = hetu_of(text)
        exact = self.with_hetu(code) if code else None
        if exact is not None:
            return [exact], 1
        words = _words(text)
        if not words:
            return [], 0
        with self._lock:
            self._refresh()
            found = [row for row in self._candidates(words) if all(w in row.line for w in words)]
        found.sort(key=lambda row: (not _begins(row.name, words), row.name))
        return found[:SHOWN], len(found)

    def _refresh(self) -> None:
        if not self._is_stale:
            return
        self._order = list(self._rows.values())
        self._starts, position = [], 0
        for row in self._order:
            self._starts.append(position)
            position += len(row.line) + 1
        self._text = "\n".join(row.line for row in self._order)
        self._is_stale = False

    def _candidates(self, words: list[str]) -> Iterator[Row]:
        # The longest word is looked for in one pass of C code over the whole book.
        rarest = max(words, key=len)
        position = self._text.find(rarest)
        while position >= 0:
            at = bisect_right(self._starts, position) - 1
            yield self._order[at]
            after = self._starts[at] + len(self._order[at].line)
            position = self._text.find(rarest, after)


def _words(text: str) -> list[str]:
    folded = fold(text)
    spoken = SPOKEN_DATE.fullmatch(folded)
    if spoken:
        day, month, year = spoken.groups()
        return [f"{year}-{int(month):02}-{int(day):02}"]
    if re.fullmatch(r"[\d\s+()/-]+", folded) and not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", folded):
        digits = _digits(folded)
        return [digits] if len(digits) >= SHORTEST else []
    return [word for word in folded.replace(",", " ").split() if len(word) >= SHORTEST]


def _digits(phone: str) -> str:
    digits = "".join(letter for letter in phone if letter.isdigit())
    if digits.startswith("00"):
        digits = digits.removeprefix("00")
    if digits.startswith(COUNTRY):
        digits = "0" + digits.removeprefix(COUNTRY)
    return digits


def _without_marks(text: str) -> str:
    apart = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _begins(name: str, words: list[str]) -> bool:
    return any(part.startswith(words[0]) for part in name.split())
