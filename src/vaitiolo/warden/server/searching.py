"""Searching one's own caseload: opened and scanned in memory. No index, and no text in hits."""

import json
import unicodedata
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys.bodies import HEAD_LENGTH
from vaitiolo.keys.kinds import CompartmentClass, Kind, signed_kinds
from vaitiolo.keys.octets import random_bytes, sha256, wipe
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.server import holding
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import HANDLE_BYTES, Search, Seat
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.unlocked import unlocked

SHORTEST: Final = 3
LONGEST: Final = 200
MOST_CHARTS: Final = 500
SHOWN: Final = 50
AT_ONCE: Final = 2


def fold(text: str) -> str:
    """Bring text into the form that is compared, so that composed and decomposed å, ä, ö meet."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())


def begin(install: Installation, question: protocol.BeginSearch) -> protocol.SearchBegun:
    """Record a search of charts that are one's own by a grant to one's own card."""
    seat = sit(install, question.cookie)
    person = seat.person
    words = tuple(fold(question.words[:LONGEST]).split())
    if not words or max(map(len, words)) < SHORTEST or len(question.charts) > MOST_CHARTS:
        raise No("question-broken", because="words")
    for held in holding.find_all(install, person, question.charts):
        if held.klass is not CompartmentClass.CHART or held.role is not None:
            raise No("not-granted", subject=held.subject, because="caseload")
    salt = bytes(random_bytes(32))
    listed = b"".join(sorted(chart.bytes for chart in question.charts))
    detail = {
        "charts": len(question.charts),
        "commitment": sha256(salt, listed).hex(),
        "person": person.id.hex,
        "salt": salt.hex(),
    }
    install.recording.record([Deed(Act.SEARCH, person.id, person.id, detail)])
    while len(seat.searches) >= AT_ONCE:
        seat.searches.pop(next(iter(seat.searches)))
    search = bytes(random_bytes(HANDLE_BYTES))
    seat.searches[search] = Search(words, frozenset(question.charts))
    return protocol.SearchBegun(search)


def scan(install: Installation, question: protocol.ScanChart) -> protocol.Done:
    """Look through some documents of one chart; what is found stays here until the end."""
    seat = sit(install, question.cookie)
    search = _search(seat, question.search)
    if question.chart not in search.charts:
        raise No("not-granted", because="not in this search")
    held = holding.find(install, seat.person, question.chart)
    with unlocked(install, seat, held, cookie=question.cookie) as compartment:
        for document in question.documents:
            place, body = compartment.unseal(document)
            try:
                text = _text(place.kind, body)
            finally:
                wipe(body)
            if all(word in text for word in search.words):
                hit = (question.chart, int(place.kind), place.row, place.version)
                search.hits.append(hit)
    return protocol.Done()


def _text(kind: Kind, body: bytearray) -> str:
    """Return the words of a document: what its JSON holds under "text"."""
    start = HEAD_LENGTH if kind in signed_kinds else 0
    try:
        return fold(json.loads(str(memoryview(body)[start:], "utf-8"))["text"])
    except (ValueError, KeyError, TypeError):
        return ""


def end(install: Installation, question: protocol.EndSearch) -> protocol.Hits:
    """Return hits; each patient of whom one is shown has an entry before."""
    seat = sit(install, question.cookie)
    search = _search(seat, question.search)
    del seat.searches[question.search]
    shown = search.hits[:SHOWN]
    held = holding.find_all(install, seat.person, list({hit[0] for hit in shown}))
    detail = {"person": seat.person.id.hex}
    deeds = [Deed(Act.SEARCH_HIT, one.subject, seat.person.id, detail) for one in held]
    if deeds:
        install.recording.record(deeds)
    return protocol.Hits(tuple(map(_hit, shown)), len(search.hits))


def _search(seat: Seat, search: bytes) -> Search:
    found = seat.searches.get(search)
    if found is None:
        raise No("not-granted", subject=seat.person.id, because="no such search")
    return found


def _hit(hit: tuple[UUID, int, UUID, int]) -> parts.Hit:
    chart, kind, row, version = hit
    return parts.Hit(chart, parts.Place(kind, row, version))


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.BeginSearch: begin,
    protocol.ScanChart: scan,
    protocol.EndSearch: end,
}
