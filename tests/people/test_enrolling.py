"""The newcomer's and the registrar's pages: from the invitation to the first day."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import KALLIO, Clinic
from tests.people.conftest import Actors, Browser
from vaitiolo.keys.models import StoredInvitation, StoredRequest
from vaitiolo.people import joining
from vaitiolo.people.enrolling import COOKIE
from vaitiolo.people.models import Desk, Member
from vaitiolo.warden.kinds import Role

PASSWORD = "vesi vanhin voitehista"
Invite = Callable[..., str]


@pytest.fixture
def ritva(browser: Browser) -> Client:
    return browser("ritva")


@pytest.fixture
def newcomer(practice: Clinic) -> Client:
    """A browser in which nobody was ever signed in."""
    return Client(headers={"Accept-Language": "en"})


@pytest.fixture
def invite(ritva: Client, practice: Clinic) -> Invite:
    def ask(role: Role = Role.THERAPIST) -> str:
        fields = {"name": "Uuno Uusi", "sign_in": "uuno", "role": str(int(role))}
        page = ritva.post("/staff/invite/", {**fields, "unit": practice.unit(KALLIO).hex})
        [code] = re.findall(r"data-code>([0-9A-Z-]+)<", page.content.decode())
        return code

    return ask


def words_on(page: str) -> list[str]:
    [listed] = re.findall(r'<ol class="eight" data-words>(.*?)</ol>', page, re.DOTALL)
    return re.findall(r"<li>([a-z]+)</li>", listed)


def enrol(newcomer: Client, code: str) -> str:
    page = newcomer.post("/join/", {"code": code}).content.decode()
    assert "Uuno Uusi" in page
    typed = {"code": code, "password": PASSWORD, "again": PASSWORD, "way": "password"}
    assert newcomer.post("/join/enrol/", typed)["Location"] == "/join/waiting/"
    return newcomer.get("/join/waiting/").content.decode()


def card_page(ritva: Client) -> str:
    page = ritva.get("/staff/").content.decode()
    [there] = set(re.findall(r"/staff/cards/[0-9a-f]{64}/", page))
    return there


def test_from_the_invitation_to_the_first_day(
    ritva: Client, newcomer: Client, invite: Invite, browser: Browser
) -> None:
    said = words_on(enrol(newcomer, invite()))
    there = card_page(ritva)
    page = ritva.get(there).content.decode()
    assert len(said) == 8
    assert words_on(page) == said
    assert "The words are the same: sign the card" in page
    answer = ritva.post(there, {"deed": "sign", "assertion": ""})
    assert answer.cookies["notice"].value == "people/card-complete"
    came = newcomer.get("/join/waiting/")
    assert (came["Location"], came.cookies["notice"].value) == ("/sign-in/", "people/card-signed")
    assert COOKIE not in newcomer.cookies or not newcomer.cookies[COOKIE].value
    entered = newcomer.post(
        "/sign-in/", {"name": "uuno", "password": PASSWORD, "way": "password"}, follow=True
    )
    assert entered.status_code == 200
    member = Member.objects.get(role=Role.THERAPIST, is_active=True, id=_id_of("Uuno Uusi", ritva))
    assert Desk.objects.filter(holder=member.id).exists()
    assert "Uuno Uusi" in browser("helmi").get("/staff/").content.decode()


def _id_of(name: str, ritva: Client) -> str:
    page = ritva.get("/staff/").content.decode()
    [found] = re.findall(rf'href="/staff/([0-9a-f-]{{36}})/end/">{name}<', page)
    return found


def test_the_code_is_in_no_address_no_cookie_and_on_no_later_page(
    ritva: Client, newcomer: Client, invite: Invite
) -> None:
    code = invite()
    plain = code.replace("-", "")
    listed = ritva.get("/staff/").content.decode()
    assert "Uuno Uusi" in listed
    waiting = enrol(newcomer, code)
    for page in (listed, waiting, str(newcomer.cookies), str(ritva.cookies)):
        assert code not in page
        assert plain not in page


def test_an_invitation_is_withdrawn_and_its_code_says_nothing(
    ritva: Client, newcomer: Client, invite: Invite
) -> None:
    code = invite()
    row = StoredInvitation.objects.using("vault").get()
    ritva.post(f"/staff/invitations/{row.id}/withdraw/")
    page = newcomer.post("/join/", {"code": code}).content.decode()
    assert "no open invitation with this code" in page
    assert "Uuno" not in page


def test_words_that_differ_are_refused_and_the_newcomer_is_told(
    ritva: Client, newcomer: Client, invite: Invite
) -> None:
    enrol(newcomer, invite())
    answer = ritva.post(card_page(ritva), {"deed": "refuse"})
    assert answer.cookies["notice"].value == "people/card-refused"
    assert "Nothing waits here" in newcomer.get("/join/waiting/").content.decode()
    typed = {"name": "uuno", "password": PASSWORD, "way": "password"}
    assert "not right" in newcomer.post("/sign-in/", typed).content.decode()


def test_a_short_password_and_two_that_differ_are_said_at_once(
    newcomer: Client, invite: Invite
) -> None:
    code = invite()
    newcomer.post("/join/", {"code": code})
    for typed, words in (
        ({"password": "lyhyt", "again": "lyhyt"}, "At least 12 letters"),
        ({"password": PASSWORD, "again": "muu"}, "not the same"),
    ):
        page = newcomer.post("/join/enrol/", {"code": code, **typed}).content.decode()
        assert words in page
        assert "Uuno Uusi" in page
    assert StoredInvitation.objects.using("vault").exists(), "still good"


def test_a_taken_name_is_told_beside_its_field(
    ritva: Client, invite: Invite, practice: Clinic
) -> None:
    invite()
    fields = {"name": "Toinen", "sign_in": " UUNO ", "role": "1"}
    page = ritva.post("/staff/invite/", {**fields, "unit": practice.unit(KALLIO).hex})
    assert "already" in page.content.decode()


def test_rows_that_a_kill_left_out_are_made_at_the_next_look(
    ritva: Client, newcomer: Client, invite: Invite, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(newcomer, invite())
    there, before = card_page(ritva), Member.objects.count()

    class Killed(BaseException):
        pass

    def kill(_colleagues: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(joining, "keep_rows", kill)
        with pytest.raises(Killed):
            ritva.post(there, {"deed": "sign", "assertion": ""})
    assert Member.objects.count() == before
    ritva.get("/staff/")
    assert (Member.objects.count(), Desk.objects.count()) == (before + 1, before + 1)


def test_another_browser_sees_no_words(newcomer: Client, invite: Invite) -> None:
    enrol(newcomer, invite())
    stranger = Client(headers={"Accept-Language": "en"})
    assert "Nothing waits here" in stranger.get("/join/waiting/").content.decode()
    assert stranger.get("/join/waiting/", headers={"Accept": "application/json"}).json() == {
        "state": "gone"
    }


def test_a_waiting_page_asks_for_one_word(ritva: Client, newcomer: Client, invite: Invite) -> None:
    enrol(newcomer, invite())
    ask = {"Accept": "application/json"}
    assert newcomer.get("/join/waiting/", headers=ask).json() == {"state": "waiting"}
    ritva.post(card_page(ritva), {"deed": "sign", "assertion": ""})
    assert newcomer.get("/join/waiting/", headers=ask).json() == {"state": "signed"}


def test_a_receptionist_is_let_in_by_another(
    ritva: Client, newcomer: Client, invite: Invite, browser: Browser, actor: Actors
) -> None:
    enrol(newcomer, invite(Role.RECEPTION))
    ritva.post(card_page(ritva), {"deed": "sign", "assertion": ""})
    aino = browser("aino")
    assert "Waiting for access" in aino.get("/patients/").content.decode()
    assert "Waiting for access" not in browser("helmi").get("/staff/").content.decode()
    [waiting] = joining.list_waiting(actor("aino"))
    answer = aino.post(f"/staff/{waiting.person}/let-in/")
    assert answer.cookies["notice"].value == "people/let-in"
    assert joining.list_waiting(actor("aino")) == ()
    newcomer.get("/join/waiting/")
    newcomer.post("/sign-in/", {"name": "uuno", "password": PASSWORD, "way": "password"})
    found = newcomer.post("/patients/", {"words": "mäk"})
    assert found.status_code == 200, "the unit's phone book opens"


@pytest.mark.parametrize("name", ["helmi", "aino", "mauri"])
def test_everybody_sees_the_staff_and_only_registrars_change_it(
    browser: Browser, name: str, practice: Clinic
) -> None:
    page = browser(name).get("/staff/").content.decode()
    assert "Helmi Halla" in page
    assert "Invite a colleague" not in page
    for there in (
        "/staff/invite/",
        f"/staff/{practice.id('otso')}/role/",
        "/staff/cards/" + "0" * 64 + "/",
    ):
        assert browser(name).get(there).status_code == 403


def test_a_request_that_is_gone_is_said_so(ritva: Client) -> None:
    answer = ritva.get("/staff/cards/" + "0" * 64 + "/")
    assert answer.status_code == 409
    assert "does not wait" in answer.content.decode()
    assert not StoredRequest.objects.using("vault").exists()
