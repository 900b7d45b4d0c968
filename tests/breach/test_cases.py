"""The pages of cases: who sees them, what a list must be, what one officer alone does not get."""

import re
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse

from tests.breach.conftest import NAMES, Officers, join
from tests.cast import HOUR, Clinic
from tests.people.conftest import Browser
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act

LISTED = NAMES[:2]
REASON = "A laptop with an open session was stolen."


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def opened(browser: Browser, ids: list[UUID], *, by: str = "pia") -> str:
    fields = {"reason": REASON, "patients": "\n".join(map(str, ids)), "deed": "open"}
    answer = browser(by).post("/cases/open/", fields)
    assert answer.status_code == 302, said(answer)
    return answer.url


@pytest.fixture
def running(
    practice: Clinic, browser: Browser, officers: Officers, registered: dict[str, UUID]
) -> str:
    """A case for two of three patients, which two officers have joined."""
    where = opened(browser, [registered[name] for name in LISTED])
    for name, finger in officers.items():
        answer = join(practice, browser(name), where, finger=finger, name=name)
        assert answer.status_code == 302, said(answer)
    return where


# --- who, and for what ---


@pytest.mark.parametrize("name", ["helmi", "aino", "taito"])
def test_a_case_is_for_officers(browser: Browser, name: str) -> None:
    seat = browser(name)
    for path in ("", "open/", f"{uuid4()}/", f"{uuid4()}/state/"):
        answer = seat.get(f"/cases/{path}")
        assert answer.status_code == 403
        assert "another role" in said(answer)
    for path in ("read/", "close/"):
        assert seat.post(f"/cases/{uuid4()}/{path}").status_code == 403


def test_the_empty_page_says_what_a_case_is_for(browser: Browser) -> None:
    page = said(browser("pia").get("/cases/"))
    assert "No case was ever opened" in page
    assert "Your share is on paper only." in page
    assert 'href="/cases/"' in said(browser("mauri").get("/my-keys/"))


def test_an_officers_day_begins_with_the_cases(browser: Browser) -> None:
    for name in ("pia", "mauri"):
        assert browser(name).get("/").url == "/cases/"


# --- opening ---


def test_a_list_is_checked_line_by_line(
    practice: Clinic, browser: Browser, registered: dict[str, UUID]
) -> None:
    seat, (one, other, _) = browser("pia"), registered.values()
    lists = {
        f"{one}\n\nAada Mäkinen\n{other}\nx": "2 lines are not ids at all: lines 3, 5.",
        f"{one}\n{uuid4()}": "1 line is not the id of a patient here: line 2.",
        "": "required",
    }
    for patients, words in lists.items():
        fields = {"reason": REASON, "patients": patients, "deed": "open"}
        answer = seat.post("/cases/open/", fields)
        assert answer.status_code == 200
        assert words in said(answer)
        errors = re.search(r'class="errors.*?</div>', said(answer), re.DOTALL)
        assert "Mäkinen" not in (errors.group() if errors else "")
    assert "No case was ever opened" in said(seat.get("/cases/"))


def test_a_list_is_looked_at_before_it_is_opened(
    browser: Browser, registered: dict[str, UUID]
) -> None:
    seat, ids = browser("pia"), list(registered.values())
    twice = "\r\n".join(str(one) for one in [*ids, ids[0]])
    answer = seat.post("/cases/open/", {"reason": REASON, "patients": twice, "deed": "look"})
    assert "Open the case for 3 patients" in said(answer)
    assert not [name for name in NAMES if name in said(answer)]
    assert "No case was ever opened" in said(seat.get("/cases/"))
    carried = re.search(r"<textarea[^>]*hidden>(.*?)</textarea>", said(answer), re.DOTALL)
    assert carried
    fields = {"reason": REASON, "patients": carried.group(1)}
    assert "Check the list" in said(seat.post("/cases/open/", {**fields, "deed": "change"}))
    where = seat.post("/cases/open/", {**fields, "deed": "open"}).url
    for page in (said(browser("mauri").get("/cases/")), said(browser("mauri").get(where))):
        assert REASON in page
        assert not [name for name in NAMES if name in page]
    assert seat.get(where).context["case"].patients == 3


# --- joining ---


def test_one_officer_is_not_enough_and_does_not_count_twice(
    practice: Clinic, browser: Browser, officers: Officers, registered: dict[str, UUID]
) -> None:
    where = opened(browser, list(registered.values()))
    pia, finger = browser("pia"), officers["pia"]
    for _ in range(2):
        # The second time by hand: the page of one who is in has no form.
        answer = join(practice, pia, where, finger=finger, name="pia")
        assert answer.status_code == 302, said(answer)
        page = said(pia.get(where))
        assert "One officer is not enough" in page
        assert "Touch the key and join" not in page
        assert pia.get(f"{where}state/").json() == {"state": "waiting"}
        read = pia.post(f"{where}read/", {"start": 1})
        assert read.status_code == 409
        assert not [name for name in NAMES if name in said(read)]
    assert "waits for you" in said(browser("mauri").get(where))


def test_a_wrong_password_or_foreign_touch_joins_nothing(
    practice: Clinic, browser: Browser, officers: Officers, registered: dict[str, UUID]
) -> None:
    where = opened(browser, list(registered.values()))
    foreign = join(practice, browser("pia"), where, finger=officers["mauri"], name="pia")
    assert "needs a touch of your own security key" in said(foreign)
    finger = officers["pia"]
    finger.prf = bytes(range(32))
    wrong = join(practice, browser("pia"), where, finger=finger, name="pia")
    assert "This is not your share" in said(wrong)
    assert "Nobody has joined" in said(browser("mauri").get(where))


def test_a_case_that_is_none_is_not_found(browser: Browser) -> None:
    answer = browser("pia").get(f"/cases/{uuid4()}/")
    assert answer.status_code == 404


# --- reading and closing ---


def test_two_officers_read_the_listed_patients_and_each_is_recorded_first(
    practice: Clinic, browser: Browser, running: str, registered: dict[str, UUID]
) -> None:
    answer = browser("mauri").post(f"{running}read/", {"start": 1})
    page = said(answer)
    for name in LISTED:
        assert name in page
        tag = practice.install.recording.tag(registered[name])
        assert Act.OPEN_IDENTITY in [one.leaf.act for one in queries.entries_of(tag)]
    assert NAMES[2] not in page
    for words in ("Esimerkkikatu 1, 00100 Helsinki", "040 555 0100", "Only by letter"):
        assert words in page
    assert "Read the next" not in page
    assert "no-store" in answer["Cache-Control"]
    rows = browser("pia").post(f"{running}read/", {"start": 2}, headers={"X-Fragment": "patients"})
    assert said(rows).strip().startswith('<tbody data-done="2"')


def test_the_third_officer_and_others_read_nothing(
    browser: Browser, running: str, registered: dict[str, UUID]
) -> None:
    page = said(browser("ritva").get(running))
    assert "for nobody else" in page
    refused = browser("ritva").post(f"{running}read/", {"start": 1})
    assert refused.status_code == 409
    assert "This case does not run for you now" in said(refused)
    assert browser("ritva").post(f"{running}close/").status_code == 409
    assert browser("aino").post(f"{running}read/", {"start": 1}).status_code == 403


def test_a_closed_case_is_read_no_more(browser: Browser, running: str) -> None:
    pia = browser("pia")
    assert pia.post(f"{running}read/", {"start": 1}).status_code == 200
    assert pia.post(f"{running}close/").status_code == 302
    for name in ("pia", "mauri"):
        assert browser(name).post(f"{running}read/", {"start": 1}).status_code == 409
    page = said(pia.get(running))
    assert "2 of 2 patients were opened, 2 records were read" in page
    assert "Join it again" in page


def test_after_an_hour_it_is_closed_by_itself(
    practice: Clinic, browser: Browser, running: str
) -> None:
    browser("pia").post(f"{running}read/", {"start": 1})
    practice.clock.ahead += HOUR + 1
    practice.cookies.clear()
    assert browser("pia").post(f"{running}read/", {"start": 1}).status_code == 409
    assert "Closed" in said(browser("pia").get(running))


def test_one_record_that_was_tampered_with_does_not_keep_the_others(
    browser: Browser, running: str, registered: dict[str, UUID]
) -> None:
    from vaitiolo.people.models import IdentityVersion  # noqa: PLC0415 - the hand of a DBA

    one, other = (registered[name] for name in LISTED)
    stolen = IdentityVersion.objects.get(patient_id=registered[NAMES[2]])
    IdentityVersion.objects.filter(patient_id=one).update(sealed_body=stolen.sealed_body)
    page = said(browser("pia").post(f"{running}read/", {"start": 1}))
    assert "could not be verified" in page
    assert str(one) in page
    assert LISTED[1] in page
    assert NAMES[2] not in page
    IdentityVersion.objects.filter(patient_id=other).delete()
    assert "Nothing is kept" in said(browser("pia").post(f"{running}read/", {"start": 1}))
