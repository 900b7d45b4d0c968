"""The page of leaks: results add up, tiers are never merged, and no account is called proof."""

import gzip
import re
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.cast import Clinic
from tests.people.conftest import Browser
from tests.warden.leaks import Kit, found, some_note
from vaitiolo.breach.leaks import words
from vaitiolo.breach.leaks.found import CLASSES, read
from vaitiolo.breach.leaks.tiers import NOT_FOUND, PUBLISHED, TAKEN, tiers
from vaitiolo.breach.scope.access import ScopeKind, ScopePatient, Tier
from vaitiolo.leak.verdicts import Authenticity, Class
from vaitiolo.warden.kinds import CompartmentClass

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.fixture
def where(browser: Browser) -> str:
    answer = browser("helmi").post("/incidents/report/", {"sign": "message", "text": "Pay."})
    return answer.url.removesuffix("receipt/")


def put(seat: Client, where: str, raw: bytes) -> HttpResponse:
    return seat.post(f"{where}leaks/", {"result": SimpleUploadedFile("r.json", raw)})


def test_every_word_of_a_search_has_its_sentence() -> None:
    assert set(words.AUTHENTICITY) == set(words.SURENESS) == set(map(str, Authenticity))
    assert list(words.CLASSES) == list(CLASSES) == list(map(str, Class))


def test_results_add_up_and_the_new_ones_are_told(
    practice: Clinic, browser: Browser, where: str
) -> None:
    seat, kit = browser("pia"), Kit().taken(practice)
    assert "No result yet" in said(seat.get(f"{where}leaks/"))
    first, second, third = (uuid4() for _ in range(3))
    raw = kit.result(practice, found(first, notes=(some_note(),)), found(second, "possible"))
    assert put(seat, where, raw).status_code == 302
    more = kit.result(practice, found(first), found(third, "identifiers only", kinds=("code",)))
    assert put(seat, where, gzip.compress(more)).status_code == 302
    page = said(seat.get(f"{where}leaks/"))
    assert "1 new" in page
    assert "1.9.2026" in page
    assert "Found published" in page
    assert "taken not before" in page
    assert str(third) in page
    # Whoever is only possible is for a reviewer, and counted.
    assert str(second) not in page
    assert "Possible: for a reviewer" in page
    row = re.search(rf"{where}leaks/([0-9a-f-]{{36}})/", page)
    assert row
    assert seat.post(f"{where}leaks/{row[1]}/").content in {raw, more}
    case = said(seat.post(f"{where}leaks/case/"))
    assert str(first) in case
    assert str(third) in case
    assert str(second) not in case
    assert "put in the result of a search" in said(seat.get(where))


def test_a_forged_foreign_or_repeated_one_is_told_and_changes_nothing(
    practice: Clinic, browser: Browser, where: str
) -> None:
    seat, kit = browser("pia"), Kit().taken(practice)
    raw = kit.result(practice, found(uuid4()))
    for one, words_of in (
        (raw.replace(b"confirmed", b"possible!"), "not as it was signed"),
        (Kit().result(practice), "No incident kit that left this house"),
        (b"\x1f\x8bxx", "cannot be unpacked"),
    ):
        answer = put(seat, where, one)
        assert words_of in said(answer), one
    assert "No result yet" in said(seat.get(f"{where}leaks/"))
    put(seat, where, raw)
    assert "in the incident already" in said(put(seat, where, raw))
    assert browser("helmi").get(f"{where}leaks/").status_code == 403
    assert browser("mauri").get(f"{where}leaks/").status_code == 404


def test_accounts_that_fit_are_a_list_and_no_proof(
    practice: Clinic, browser: Browser, where: str, registered: dict[str, UUID]
) -> None:
    seat, kit = browser("pia"), Kit().taken(practice)
    put(
        seat,
        where,
        kit.result(
            practice,
            *(found(one, "identifiers only", kinds=("code",)) for one in registered.values()),
        ),
    )
    page = said(seat.post(f"{where}leaks/accounts/", {}))
    assert "never proof of a person" in page
    assert "No account opened all of them" in page
    assert "asked which accounts a leak fits" in said(seat.get(where))
    assert browser("ritva").post(f"{where}leaks/accounts/", {}).status_code == 403


def test_decoys_are_told_once_and_found_again(practice: Clinic, browser: Browser) -> None:
    seat = browser("pia")
    page = said(seat.post("/incidents/invented/", {"purpose": "a move"}))
    [code, *_] = re.findall(r"<code>(\d{6}[-+A]9\d\d\w)</code>", page)
    assert "personal copy" in page
    assert code not in said(seat.get("/incidents/invented/"))
    answer = said(seat.post("/incidents/invented/find/", {"text": code}))
    assert "This is an invented person of our export" in answer
    assert code not in answer
    assert "None of the invented people" in said(
        seat.post("/incidents/invented/find/", {"text": "a@b.example"})
    )
    assert browser("helmi").get("/incidents/invented/").status_code == 403


def test_tiers_stand_beside_each_other_and_are_never_merged(practice: Clinic) -> None:
    both, taken, out, perhaps = (uuid4() for _ in range(4))
    chart = ScopeKind(CompartmentClass.CHART, Tier.READ, 1, 2, 10**15, 10**15)
    sealed = ScopeKind(CompartmentClass.IDENTITY, Tier.SEALED, 0, 0, 0, 0)
    scope = [
        ScopePatient(one, "", (), perhaps_twice=False, refused=0, kinds=(chart, sealed))
        for one in (both, taken)
    ]
    raw = Kit().result(
        practice,
        found(both, notes=(some_note("2026-01-02"), some_note("2026-03-04")), kinds=("mail",)),
        found(out, "identifiers only", kinds=("code",)),
        found(perhaps, "possible", notes=(some_note(),)),
    )
    people = {one.patient: one for one in tiers(scope, [read(raw, row=uuid4(), at=NOW)])}
    assert set(people) == {both, taken, out}
    rows = {
        who: [(row.part, row.tier, row.kinds, row.count) for row in one.rows]
        for who, one in people.items()
    }
    assert rows[both] == [
        ("chart", TAKEN, (), 2),
        ("identity", PUBLISHED, ("email",), 1),
        ("chart", PUBLISHED, ("notes",), 2),
    ]
    assert rows[taken] == [
        ("chart", TAKEN, (), 2),
        ("identity", NOT_FOUND, (), 0),
        ("chart", NOT_FOUND, (), 0),
    ]
    assert rows[out][0] == ("identity", PUBLISHED, ("identity-code",), 1)
    assert {(one.as_of, one.files) for one in people.values()} == {(NOW, 1)}
    # Without a search nothing is said of finding.
    assert {row.tier for one in tiers(scope, []) for row in one.rows} == {TAKEN}
