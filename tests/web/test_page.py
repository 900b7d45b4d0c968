"""What stands around every page, and the answers after a deed."""

from http import HTTPStatus

from django.test import Client

from vaitiolo.web import notices


def test_a_page_says_who_is_signed_in_and_where_one_can_go(browser: Client) -> None:
    page = browser.get("/").content.decode()
    assert "Helmi" in page
    assert "Therapist · Tampere" in page
    assert '<a href="/" aria-current="page">Today</a>' in page
    assert '<a href="/find/">' in page


def test_only_a_demo_says_that_it_is_one(browser: Client, settings) -> None:
    assert "invented people" not in browser.get("/").content.decode()
    settings.DEMO = True
    assert "invented people" in browser.get("/").content.decode()


def test_a_language_is_chosen_by_a_form_and_kept(browser: Client) -> None:
    answer = browser.post("/language/", {"language": "fi", "next": "/person/"})
    assert answer["Location"] == "/person/"
    assert 'lang="fi"' in browser.get("/person/").content.decode()


def test_a_theme_is_kept_in_a_cookie_and_nothing_else_is(browser: Client) -> None:
    browser.post("/look/", {"theme": "dark", "keys": "off", "next": "/"})
    page = browser.get("/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-keys="off"' in page
    browser.post("/look/", {"theme": "<script>", "next": "/"})
    assert browser.cookies["theme"].value == "dark"


def test_a_choice_never_leads_to_another_site(browser: Client) -> None:
    for there in ("//evil.example/", "https://evil.example/", "javascript:alert(1)"):
        assert browser.post("/look/", {"theme": "dark", "next": there})["Location"] == "/"
        assert browser.post("/language/", {"language": "fi", "next": there})["Location"] == "/"


def test_choosing_is_never_done_by_following_a_link(browser: Client) -> None:
    assert browser.get("/look/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert browser.get("/language/").status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_after_a_deed_a_page_moves_on_and_a_module_is_told_where(browser: Client) -> None:
    assert browser.post("/done/")["Location"] == "/"
    answer = browser.post("/done/", headers={"Accept": "application/json"})
    assert answer.json() == {"next": "/"}


def test_the_find_box_asks_for_its_list_alone(browser: Client) -> None:
    assert browser.post("/find/").content == b"page"
    assert browser.post("/find/", headers={"X-Fragment": "results"}).content == b"list"


def test_a_notice_is_shown_once(browser: Client, settings, tmp_path) -> None:
    (tmp_path / "web" / "notices").mkdir(parents=True)
    (tmp_path / "web" / "notices" / "tried.html").write_text("It was tried.")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    browser.post("/done/")
    assert "It was tried." in browser.get("/").content.decode()
    assert "It was tried." not in browser.get("/").content.decode()


def test_a_forged_notice_shows_nothing(browser: Client) -> None:
    for code in ("web/none-such", "../../secret/x", "web/base", "<b>/x"):
        browser.cookies[notices.COOKIE] = code
        assert browser.get("/").status_code == HTTPStatus.OK
        assert "data-announce" not in browser.get("/").content.decode()
