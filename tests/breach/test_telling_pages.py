"""The pages of telling people: planned from a kept list, approved by another, written, settled."""

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from tests.breach.telling_cast import PEOPLE, Breach, breach
from tests.cast import Clinic
from tests.people.conftest import Browser
from vaitiolo.breach.models import Notice, Telling
from vaitiolo.breach.states import NoticeState
from vaitiolo.breach.telling import paper, queries, settling
from vaitiolo.breach.telling.access import Channel, KnownTelling
from vaitiolo.notices import returning
from vaitiolo.people import actions as people

TODAY = timezone.localdate()
FIELDS = {
    "happened_from": str(TODAY - timedelta(20)),
    "happened_to": str(TODAY - timedelta(1)),
    "known_since": str(TODAY),
    "phone": "09 000 0000",
    "hours": "each day from 8 to 20",
    "post": "PL 1, 00100 Helsinki",
    "address": "apu.example.org/told",
    "calls_an_hour": "60",
    "first_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
    "helpers": "",
    "texts": "2026-11-24",
}


class Desk:
    """Pia and Mauri at the pages of one telling."""

    def __init__(self, told: Breach, browser: Browser) -> None:
        self.told = told
        self.pia, self.mauri = browser("pia"), browser("mauri")
        self.base = f"/incidents/{told.incident}/telling/"
        self.where = ""

    def plan(self, **changed: str) -> object:
        path = f"{self.base}plan/{self.told.scope.scope}/"
        answer = self.pia.post(path, FIELDS | {"deed": "plan"} | changed)
        if answer.status_code == 302:
            self.where = answer.url
            self.told.case = self.known.plan.case
        return answer

    @property
    def known(self) -> KnownTelling:
        telling = UUID(self.where.rstrip("/").rsplit("/", 1)[-1])
        return queries.find(self.told.actor("pia"), self.told.incident, telling)

    def approve(self, seat: Client) -> object:
        return seat.post(f"{self.where}approve/", {"seen": self.known.plan_hash.hex()})

    def is_written(self, **changed: str) -> None:
        assert self.plan(**changed).status_code == 302
        assert self.approve(self.mauri).status_code == 302
        self.told.run()
        step = self.pia.post(f"{self.where}write/", {"start": "0"}, headers=JSON)
        assert step.json() == {"done": len(PEOPLE), "total": len(PEOPLE)}

    def row(self, name: str, channel: str) -> Notice:
        return Notice.objects.get(patient=self.told.ids[name], channel=channel)


JSON = {"Accept": "application/json"}


@pytest.fixture
def desk(practice: Clinic, browser: Browser) -> Desk:
    return Desk(breach(practice), browser)


def said(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined] - what a test's browser answers


def test_a_plan_is_shown_before_it_is_planned_and_its_author_cannot_approve(desk: Desk) -> None:
    assert "Told" in said(desk.pia.get(desk.base))
    asks = reverse("scope:ask")
    for path in (desk.base, desk.base.removesuffix("telling/")):
        assert asks in said(desk.pia.get(path)), path
    page = said(desk.plan(deed="look"))
    assert "<rect" in page
    assert not Telling.objects.exists()
    for wrong in (
        {"address": "https://x.fi"},
        {"phone": "www.x.fi"},
        {"helpers": "Line"},
        {"happened_to": str(TODAY + timedelta(1))},
    ):
        assert desk.plan(**wrong).status_code == 200
    assert "much too late" not in page
    assert desk.plan().status_code == 302
    page = said(desk.pia.get(f"{desk.where}approve/"))
    assert page.count("Aino Esimerkki") >= 4
    assert "another officer has to approve" in page
    assert desk.approve(desk.pia).status_code == 403
    assert desk.mauri.post(f"{desk.where}approve/", {"seen": "00"}).status_code != 302
    assert desk.approve(desk.mauri).status_code == 302
    assert desk.known.state == "approved"


def test_notices_are_written_once_however_often_the_button_is_pressed(desk: Desk) -> None:
    assert desk.plan().status_code == 302
    early = desk.pia.post(f"{desk.where}write/", {"start": "0"}, headers=JSON)
    assert early.status_code == 403
    assert desk.approve(desk.mauri).status_code == 302
    early = desk.pia.post(f"{desk.where}write/", {"start": "0"}, headers=JSON)
    assert early.status_code == 409
    way = re.search(r'href="(/cases/[^"]+)"', said(desk.pia.get(desk.where)))
    assert way
    assert f'href="{desk.where}"' in said(desk.pia.get(way[1].replace("&amp;", "&")))
    assert desk.where not in said(desk.pia.get(f"{way[1].split('?')[0]}?incident=x&telling=//y"))
    assert not Notice.objects.exists()
    desk.told.run()
    for seat in (desk.pia, desk.mauri):
        assert seat.post(f"{desk.where}write/", {"start": "0"}).status_code == 302
    rows = Notice.objects.filter(patient__isnull=False)
    assert rows.values("patient").distinct().count() == len(PEOPLE)
    assert rows.filter(attempt__gt=1).count() == 0
    page = said(desk.pia.get(desk.where))
    assert "E-mail" in page
    assert all(one.name not in page for one in PEOPLE.values())


def test_a_stopped_telling_writes_nothing_until_it_goes_on(desk: Desk) -> None:
    assert desk.plan().status_code == 302
    desk.approve(desk.mauri)
    desk.told.run()
    assert desk.pia.post(f"{desk.where}stop/", {"reason": ""}).status_code == 302
    assert Telling.objects.get().is_stopped
    assert desk.pia.post(f"{desk.where}write/", {"start": "0"}, headers=JSON).status_code == 403
    assert desk.mauri.post(f"{desk.where}go-on/", {"reason": ""}).status_code == 200
    assert desk.mauri.post(f"{desk.where}go-on/", {"reason": "It was right."}).status_code == 302
    assert not Telling.objects.get().is_stopped


def test_letters_are_printed_once_and_a_returned_one_goes_on_by_hand(desk: Desk) -> None:
    # Letters are printed before the first notice's time; what fails then waits for it too.
    desk.is_written(first_at=f"{TODAY + timedelta(1)}T12:00")
    path = f"{desk.where}letters/"
    answer = desk.pia.post(path, {"batch": "1", "reason": ""})
    assert answer["Content-Type"] == "application/pdf", said(answer)
    [sheet, *_] = PdfReader(io.BytesIO(answer.content)).pages
    row = desk.row("leena", Channel.LETTER)
    number = returning.number_of(row.id)
    assert {"Leena Laine", number} <= set(sheet.extract_text().splitlines())
    bars = read_bars(sheet.get_contents().get_data().decode("latin-1"))
    assert bars == f"*{number.replace('-', '')}*"
    assert desk.pia.post(path, {"batch": "1", "reason": ""})["Content-Type"].startswith("text/html")
    again = desk.pia.post(path, {"batch": "1", "reason": "The printer ate them."})
    assert again.content.startswith(b"%PDF")
    wrong = desk.pia.post(f"{desk.where}returned/", {"numbers": "000-000-000"})
    assert "of no printed letter" in said(wrong)
    assert "000-000-000" in said(wrong), "what was typed stays"
    assert "no number of a letter" in said(
        desk.pia.post(f"{desk.where}returned/", {"numbers": "so"})
    )
    typed = number.lower().replace("0", "o").replace("1", "l")
    assert desk.pia.post(f"{desk.where}returned/", {"numbers": typed}).status_code == 302
    row.refresh_from_db()
    assert row.state == NoticeState.RETURNED
    told = settling.retry_failed(desk.told.actor("pia"), desk.known, at=timezone.now())
    assert told == 1
    assert desk.row("leena", Channel.BY_HAND).state == NoticeState.TASK


def test_no_letter_stands_on_the_back_of_another() -> None:
    letter = {"address": ["A"], "subject": "S", "body": "one", "note": ""}
    bodies = {"AAA": "one", "BBB": "one\n\n* * *\n\ntwo", "CCC": "one"}
    letters = [letter | {"number": number, "body": body} for number, body in bodies.items()]
    made = PdfReader(io.BytesIO(paper.drawn({"letters": letters, "sender": ""})))
    texts = [one.extract_text() for one in made.pages]
    begins = [at for at, text in enumerate(texts) if "S" in text.splitlines()]
    assert begins == [0, 2, 4]
    assert "two" in texts[3].splitlines(), "the second language begins a page"
    assert ["AAA" in one or "BBB" in one or "CCC" in one for one in texts] == [True] * 5


def test_the_therapist_calls_first_and_nothing_goes_before(desk: Desk, browser: Browser) -> None:
    call_is_wanted_from(desk)
    call = desk.row("frida", Channel.BY_CALL)
    helmi = browser(therapist_of(desk))
    assert f"calls/{call.id}/" in said(helmi.get("/diary/day/"))
    assert "What to say" in said(helmi.get(f"/incidents/calls/{call.id}/"))
    path = f"/incidents/calls/{call.id}/"
    assert desk.pia.get(path).status_code == 403
    assert helmi.post(path, {"deed": "not-reached"}).status_code == 302
    assert desk.row("frida", Channel.EMAIL).state == NoticeState.HELD
    assert helmi.post(path, {"deed": "reached"}).status_code == 302
    assert desk.row("frida", Channel.EMAIL).state == NoticeState.WAITING
    assert f"calls/{call.id}/" not in said(helmi.get("/diary/day/"))
    assert helmi.get(path).status_code == 404


def test_officers_reach_by_hand_whom_no_message_may(desk: Desk) -> None:
    desk.is_written()
    page = said(desk.pia.get(f"{desk.where}by-hand/"))
    for name in ("salla", "milla", "nora"):
        assert str(desk.told.ids[name]) in page
        assert PEOPLE[name].name not in page
    row = desk.row("salla", Channel.BY_HAND)
    opened = said(desk.pia.post(f"{desk.where}by-hand/{row.id}/", {"deed": "open"}))
    assert "Only on Mondays" in opened
    assert PEOPLE["salla"].phone not in opened
    assert desk.pia.post(f"{desk.where}by-hand/{row.id}/", {"deed": "reached"}).status_code == 302
    assert desk.pia.post(f"{desk.where}by-hand/{row.id}/", {"deed": "reached"}).status_code == 404
    assert desk.row("salla", Channel.BY_HAND).state == NoticeState.DONE


def test_after_a_week_the_same_people_are_to_be_told_again(desk: Desk) -> None:
    desk.is_written()
    Notice.objects.filter(channel=Channel.EMAIL).update(state=NoticeState.SENT)
    assert "to be told again" not in said(desk.pia.get(desk.base))
    Notice.objects.update(due_at=timezone.now() - timedelta(days=8))
    assert "to be told again" in said(desk.pia.get(desk.base))
    assert desk.pia.post(f"{desk.where}again/").status_code == 302
    assert (desk.known.plan.followup, desk.known.state) == (1, "planned")
    assert desk.approve(desk.mauri).status_code == 302


def call_is_wanted_from(desk: Desk) -> None:
    desk.is_written()
    assert desk.row("frida", Channel.BY_CALL).state == NoticeState.TASK


def therapist_of(desk: Desk) -> str:
    holders = {one.holder for one in people.Drop.objects.all()}
    return next(name for name in ("helmi", "otso") if desk.told.practice.id(name) in holders)


def read_bars(drawing: str) -> str:
    """Read Code 39 out of the bars of a page, as a scanner does: by widths alone."""
    found = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) -?([\d.]+) re f", drawing)
    bars = sorted({(float(x), float(width)) for x, _y, width, _high in found})
    narrow = min(width for _x, width in bars)
    signs = {shape: sign for sign, shape in paper.SIGNS.items()}
    read = ""
    for start in range(0, len(bars), 5):
        five = bars[start : start + 5]
        widths = []
        for (x, width), after in zip(five, [*five[1:], None], strict=True):
            widths.append(width)
            widths += [after[0] - x - width] if after else []
        read += signs["".join("w" if one > narrow * 1.7 else "n" for one in widths)]
    return read
