"""An officer's own share on the page of own keys: from paper, under password and key."""

import pytest
from django.http import HttpResponse

from tests.cast import Clinic
from tests.people.conftest import Browser
from tests.warden.fingers import PASSWORD, Finger, give_key, text
from vaitiolo.people import sign_in

WHERE = "/my-keys/share/"


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def fields(practice: Clinic, seat: object, finger: Finger, *, share: str) -> dict[str, str]:
    over = sign_in.as_bytes(seat.get(WHERE).context["over"])  # type: ignore[attr-defined]  # a browser
    touch = finger.touch(practice.session("pia"), over).decode()
    return {"share": share, "password": PASSWORD, "prf": text(finger.prf), "assertion": touch}


def test_an_officer_locks_the_own_share_and_no_other(practice: Clinic, browser: Browser) -> None:
    seat, finger = browser("pia"), give_key(practice, "pia")
    page = said(seat.get("/my-keys/"))
    assert "Your share of the contact key" in page
    assert "On paper only" in page
    own, others = (practice.paper.shares[practice.id(one)] for one in ("pia", "mauri"))
    wrong = seat.post(WHERE, fields(practice, seat, finger, share=others))
    assert "This is not your share of the contact key." in said(wrong)
    right = fields(practice, seat, finger, share=own.replace("-", " ").lower())
    answer = seat.post(WHERE, right)
    assert answer.status_code == 302, said(answer)
    page = said(seat.get("/my-keys/"))
    assert "Locked here" in page
    assert own not in page
    assert "Locked here" not in said(browser("mauri").get("/my-keys/"))


def test_a_share_without_a_security_key_says_what_to_do(practice: Clinic, browser: Browser) -> None:
    page = said(browser("mauri").get(WHERE))
    assert "you have none yet" in page
    assert 'name="share"' not in page


@pytest.mark.parametrize("name", ["helmi", "aino"])
def test_of_others_no_share_is_expected(browser: Browser, name: str) -> None:
    assert browser(name).get(WHERE).status_code == 404
    assert "share of the contact key" not in said(browser(name).get("/my-keys/"))
