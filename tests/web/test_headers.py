"""Every answer carries the headers that keep a page to itself."""

from django.test import Client


def test_nothing_but_our_own_files_may_run_or_be_asked(browser: Client) -> None:
    policy = browser.get("/")["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    for loophole in ("unsafe", "http", "*", "data:", "blob:"):
        assert loophole not in policy


def test_every_page_is_kept_by_nobody_even_a_refusal(browser: Client) -> None:
    for address in ("/", "/taken/", "/nowhere/", "/broken/"):
        assert browser.get(address)["Cache-Control"] == "no-store", address


def test_a_static_file_may_be_kept(browser: Client) -> None:
    assert "Cache-Control" not in browser.get("/static/web/nothing.css")


def test_other_sites_learn_nothing_and_reach_nothing(browser: Client) -> None:
    answer = browser.get("/")
    # Not "no-referrer": browsers then send "Origin: null" with our own forms.
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in answer["Permissions-Policy"]
