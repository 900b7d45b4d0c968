"""The pages of one's own ways in, without a browser: what leads where, and what is refused."""

import json
import re

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from tests.cast import HOUR, Clinic
from tests.people.conftest import Browser
from tests.promises.seeking import dump, holds, spellings
from tests.warden.authenticator import Authenticator, b64
from vaitiolo.people import own_keys, sign_in
from vaitiolo.people.sign_in import as_bytes

PASSWORD = "neljä hiljaista kissaa"
NEW = "viisi äänekästä koiraa"
PAGES = ("", "confirm/new-key/", "confirm/new-code/", "password/")
PROVED = ("key/", "code/")


@pytest.fixture
def helmi(practice: Clinic) -> Client:
    """Helmi's browser, in which she has just signed in with her password."""
    practice.founding.give_password(
        practice.people["helmi"], sign_in_name="helmi", password=PASSWORD
    )
    browser = Client(headers={"Accept-Language": "en"})
    assert enter(browser, password=PASSWORD).status_code == 302
    return browser


def enter(browser: Client, **fields: str) -> HttpResponse:
    return browser.post("/sign-in/", {"name": "helmi", **fields})


def prove(browser: Client, deed: str) -> None:
    assert browser.post(f"/my-keys/confirm/{deed}/", {"password": PASSWORD}).status_code == 302


def prove_by_key(browser: Client, deed: str, key: Authenticator) -> None:
    there = f"/my-keys/confirm/{deed}/"
    over = re.search(r'name="over" value="([^"]+)"', words(browser.get(there)))
    assert over
    asked = browser.post("/touch/", {"over": over[1]}).json()
    answer = {"assertion": key.touch(as_bytes(asked["challenge"])).decode()}
    assert browser.post(there, {"password": PASSWORD}).status_code == 200, "no password beside it"
    assert browser.post(there, answer).status_code == 302


def add_key(browser: Client, key: Authenticator, **more: str) -> HttpResponse:
    prove(browser, "new-key")
    asked = browser.post("/my-keys/key/begin/").json()
    salt = as_bytes(asked["salt"])
    made = {
        "assertion": key.make(as_bytes(asked["challenge"])).decode(),
        "prf": b64(key.prf(salt)),
        "salt": asked["salt"],
    }
    typed = {"label": "Blue", "password": PASSWORD, "again": PASSWORD}
    return browser.post("/my-keys/key/", {**typed, **made, **more})


def by_key(key: Authenticator, name: str = "helmi") -> dict[str, str]:
    """Ask for a challenge for a name, and answer it with a key."""
    asked = Client().post("/sign-in/key/", {"name": name}).json()
    salt = next((one["salt"] for one in asked["keys"] if as_bytes(one["id"]) == key.id), "")
    touched = key.touch(as_bytes(asked["challenge"])).decode()
    return {"way": "key", "assertion": touched, "prf": b64(key.prf(as_bytes(salt)))}


def code_on(page: str) -> str:
    found = re.search(r"data-code>(.+?)</strong>", page)
    assert found
    return re.sub(r"<.+?>", "", found[1])


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_everybody_who_is_signed_in_has_the_pages(helmi: Client, browser: Browser) -> None:
    for path in PAGES:
        answer = helmi.get(f"/my-keys/{path}")
        assert answer.status_code == 200, path
        assert answer["Cache-Control"] == "no-store"
    page = words(browser("ritva").get("/staff/"))
    assert '<a href="/my-keys/">' in page


def test_a_key_signs_in_and_this_browser_is_told_that_it_does(helmi: Client) -> None:
    key = Authenticator()
    assert add_key(helmi, key)["Location"] == "/my-keys/"
    page = words(helmi.get("/my-keys/"))
    assert "Blue" in page
    assert "You have one security key only." in page
    another = Client()
    answer = enter(another, password=PASSWORD, **by_key(key))
    assert (answer.status_code, answer.cookies["notice"].value) == (302, "people/one-key")
    way = answer.cookies[sign_in.WAY_COOKIE]
    assert (way.value, way["secure"], way["httponly"], way["samesite"]) == (
        "key",
        True,
        True,
        "Strict",
    )


@pytest.mark.parametrize(
    "bent", [{"prf": ""}, {"prf": "!"}, {"prf": "AAAA"}, {"assertion": "{}"}, {"password": "wrong"}]
)
def test_half_of_it_has_the_one_answer(helmi: Client, bent: dict[str, str]) -> None:
    key = Authenticator()
    add_key(helmi, key)
    page = words(enter(Client(), **{"password": PASSWORD, **by_key(key), **bent}))
    assert "is not right" in page


def test_a_key_that_was_not_asked_is_said_so_and_no_try_is_counted(
    helmi: Client, practice: Clinic
) -> None:
    page = words(enter(Client(), password=PASSWORD, way="key"))
    assert "needs JavaScript" in page
    assert 'value="helmi"' in page
    assert not practice.install.tries._all


def test_for_every_name_a_browser_is_told_as_much(helmi: Client) -> None:
    add_key(helmi, Authenticator())
    told = [
        Client().post("/sign-in/key/", {"name": name}).json() for name in ("helmi", "nobody", "")
    ]
    assert {len(one["keys"]) for one in told} == {4}
    assert {frozenset(one) for one in told} == {frozenset({"challenge", "rpId", "keys"})}
    assert {one["rpId"] for one in told} == {"localhost"}
    assert Client().get("/sign-in/key/").status_code == 405


def test_a_house_that_is_no_demo_offers_the_key_first(
    helmi: Client, settings: LazySettings
) -> None:
    first = re.compile(r'name="way" value="(\w+)"')
    assert first.search(words(Client().get("/sign-in/")))[1] == "password"
    settings.DEMO = False
    page = words(Client().get("/sign-in/"))
    assert first.search(page)[1] == "key"
    assert "with the password alone" in page


def test_the_sign_in_page_is_there_while_the_warden_is_away(settings, tmp_path) -> None:
    from vaitiolo.warden.transport import OverSocket  # noqa: PLC0415 - for this page alone

    settings.WARDEN = OverSocket(tmp_path / "nobody.sock")
    page = words(Client(headers={"Accept-Language": "en"}).get("/sign-in/"))
    assert "Use a printed recovery code" in page


def test_a_printed_code_is_read_back_before_it_opens_anything(helmi: Client) -> None:
    prove(helmi, "new-code")
    page = words(helmi.get("/my-keys/code/"))
    code = code_on(page)
    assert code != code_on(words(helmi.get("/my-keys/code/"))), "each is drawn anew"
    wrong = helmi.post("/my-keys/code/", {"code": code, "letters": "ZZZZ" + code[-1]})
    assert code_on(words(wrong)) == code, "the paper stays right after a slip"
    in_by_code = {"name": "helmi", "password": code}
    assert Client().post("/sign-in/code/", in_by_code).status_code == 200
    assert helmi.post("/my-keys/code/", {"code": code, "letters": code[-4:].lower()})["Location"]
    entered = Client().post("/sign-in/code/", in_by_code)
    assert entered["Location"] == "/my-keys/"
    assert entered.cookies["notice"].value == "people/by-code"
    assert not holds(dump("default", "vault"), spellings(code.replace("-", "").encode()))


def test_a_code_that_is_none_is_not_taken(helmi: Client) -> None:
    prove(helmi, "new-code")
    answer = helmi.post("/my-keys/code/", {"code": "aaaa", "letters": "aaaa"})
    assert answer.status_code in {200, 403}
    assert "Printed recovery code" not in words(helmi.get("/my-keys/"))


def test_having_signed_in_just_now_proves_nothing_and_a_proof_is_for_one_change(
    helmi: Client, practice: Clinic
) -> None:
    for path, deed in (("key/", "new-key"), ("code/", "new-code")):
        assert helmi.get(f"/my-keys/{path}")["Location"] == f"/my-keys/confirm/{deed}/"
        assert helmi.post(f"/my-keys/{path}", {})["Location"] == f"/my-keys/confirm/{deed}/"
    assert helmi.post("/my-keys/key/begin/").status_code == 403
    there = "/my-keys/confirm/new-code/"
    assert "is not right" in words(helmi.post(there, {"password": "no"}))
    assert helmi.post(there, {"password": PASSWORD})["Location"] == "/my-keys/code/"
    assert helmi.get("/my-keys/code/").status_code == 200
    assert helmi.get("/my-keys/key/").status_code == 302
    practice.clock.ahead += HOUR // 10
    assert helmi.get("/my-keys/code/")["Location"] == there


@pytest.mark.parametrize("deed", ["nothing", "remove-", "remove-" + "0" * 32])
def test_no_proof_is_asked_for_what_is_no_change_of_ones_own(helmi: Client, deed: str) -> None:
    assert helmi.get(f"/my-keys/confirm/{deed}/").status_code == 404
    assert helmi.post(f"/my-keys/confirm/{deed}/", {"password": PASSWORD}).status_code == 404


def test_a_touch_is_a_proof_over_its_own_words_alone(helmi: Client, practice: Clinic) -> None:
    key, helmis = Authenticator(), practice.id("helmi")
    add_key(helmi, key)
    there = "/my-keys/confirm/new-code/"
    for words_, location in (
        (("own-keys", helmis), None),
        (("own-keys", helmis, "new-key"), None),
        (("own-keys", helmis, "new-code"), "/my-keys/code/"),
    ):
        asked = helmi.post("/touch/", {"over": own_keys.request_text(*words_)}).json()
        assert [as_bytes(one["id"]) for one in asked["keys"]] == [key.id]
        answer = {"assertion": key.touch(as_bytes(asked["challenge"])).decode()}
        assert helmi.post(there, answer).get("Location") == location


def test_a_password_is_changed_and_the_old_one_opens_nothing(helmi: Client) -> None:
    typed = {"old": PASSWORD, "password": NEW, "again": NEW}
    for slip in ({"again": PASSWORD}, {"password": "short", "again": "short"}, {"old": "wrong"}):
        assert helmi.post("/my-keys/password/", {**typed, **slip}).status_code == 200, slip
    assert helmi.post("/my-keys/password/", typed)["Location"] == "/my-keys/"
    assert enter(Client(), password=PASSWORD).status_code == 200
    assert enter(Client(), password=NEW).status_code == 302


def test_a_way_in_is_removed_after_a_second_look_and_the_last_one_never(
    helmi: Client, actor
) -> None:
    key = Authenticator()
    add_key(helmi, key)
    page = words(helmi.get("/my-keys/"))
    found = re.findall(r"/my-keys/([0-9a-f-]{36})/remove/", page)
    assert len(found) == 2
    first, second = (f"remove-{one.replace('-', '')}" for one in found)
    prove_by_key(helmi, second, key)
    look = helmi.get(f"/my-keys/{found[1]}/remove/")
    assert "Password alone" in words(look)
    assert helmi.post(f"/my-keys/{found[1]}/remove/")["Location"] == "/my-keys/"
    assert "The last everyday way" in words(helmi.get("/my-keys/"))
    assert helmi.get(f"/my-keys/{found[0]}/remove/")["Location"] == f"/my-keys/confirm/{first}/"
    assert helmi.get(f"/my-keys/confirm/{second}/").status_code == 404


def test_nobody_removes_a_way_in_of_anybody_elses(helmi: Client, practice: Clinic) -> None:
    add_key(helmi, Authenticator())
    found = re.findall(r"/my-keys/([0-9a-f-]{36})/remove/", words(helmi.get("/my-keys/")))
    practice.founding.give_password(practice.people["otso"], sign_in_name="otso", password=NEW)
    otso = Client(headers={"Accept-Language": "en"})
    otso.post("/sign-in/", {"name": "otso", "password": NEW})
    for slot in found:
        confirm = f"/my-keys/confirm/remove-{slot.replace('-', '')}/"
        assert otso.post(f"/my-keys/{slot}/remove/")["Location"] == confirm
        assert otso.get(confirm).status_code == 404
        assert otso.post(confirm, {"password": NEW}).status_code == 404
    assert len(re.findall(r"/remove/", words(helmi.get("/my-keys/")))) == 2


@pytest.mark.parametrize("over", ["", "!!", "AAAA", "a" * 5_000])
def test_a_touch_for_whatever_words_gives_a_challenge_and_nothing_else(
    helmi: Client, over: str
) -> None:
    asked = helmi.post("/touch/", {"over": over}).json()
    assert set(asked) == {"challenge", "rpId", "keys"}
    assert json.dumps(asked["keys"]) == "[]"


def test_a_stranger_gets_none_of_it(practice: Clinic) -> None:
    for path in (f"/my-keys/{page}" for page in (*PAGES, *PROVED)):
        assert Client().get(path)["Location"].startswith("/sign-in/")
    for path in ("/touch/", "/my-keys/key/begin/"):
        assert Client().post(path).status_code == 401
