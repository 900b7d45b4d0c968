"""The pages of incidents: anybody reports, two officers close, what is stored is watched."""

import hashlib
import re
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.cast import Clinic
from tests.people.conftest import Actors, Browser
from vaitiolo.breach.incidents import queries
from vaitiolo.breach.incidents.access import LARGEST_FILE
from vaitiolo.breach.models import EvidencePiece, IncidentEntry
from vaitiolo.keys.models import StoredIncidentPair
from vaitiolo.warden.server import alarms, incidents
from vaitiolo.warden.server.incidents import Origin

STORY = "The work phone stayed on the train."
HEADERS = b"Received: from a by b\r\nFrom: ransom@example.invalid\r\nSubject: Pay\r\n"
MAIL = HEADERS + b"\r\n<script>1</script>\r\n"


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.fixture
def where(browser: Browser) -> str:
    """Where the incident is that Helmi reported."""
    answer = browser("helmi").post("/incidents/report/", {"sign": "lost", "text": STORY})
    assert answer.status_code == 302, said(answer)
    return answer.url.removesuffix("receipt/")


def add(seat: Client, where: str, step: str, **fields: object) -> HttpResponse:
    return seat.post(f"{where}add/{step}/", fields)


def decide(seat: Client, where: str) -> None:
    fields = {"authority": "no", "people": "no", "ground": "The phone was locked and is back."}
    assert add(seat, where, "notify", **fields).status_code == 302


# --- reporting ---


def test_anybody_reports_in_two_clicks_and_gets_a_receipt(browser: Browser, where: str) -> None:
    helmi = browser("helmi")
    assert 'href="/incidents/report/"' in said(helmi.get("/my-keys/"))
    receipt = said(helmi.get(f"{where}receipt/"))
    assert "Your report is incident 1" in receipt
    assert "Pia Puro, Ritva Ranta" in receipt
    assert "Nobody has looked at it yet" in receipt
    assert STORY not in receipt
    listed = said(helmi.get("/incidents/"))
    assert "Incident 1" in listed
    assert "lost or stolen" not in listed


def test_a_report_without_words_is_shown_again(browser: Browser) -> None:
    answer = browser("aino").post("/incidents/report/", {"sign": "lost", "text": " "})
    assert answer.status_code == 200
    assert "required" in said(answer)
    assert IncidentEntry.objects.count() == 0


@pytest.mark.parametrize("name", ["helmi", "otso", "aino", "mauri"])
def test_staff_without_it_see_nothing_and_add_nothing(
    browser: Browser, where: str, name: str
) -> None:
    seat = browser(name)
    assert seat.get(where).status_code == 404
    assert add(seat, where, "note", text="x").status_code == 404
    assert add(seat, where, "ask-close", text="x").status_code == 404
    assert seat.post(f"{where}let-in/", {"person": str(uuid4())}).status_code in {200, 404}
    assert seat.post(f"{where}files/{uuid4()}/").status_code == 404
    if name != "helmi":
        assert seat.get(f"{where}receipt/").status_code == 404
        assert "Incident 1" not in said(seat.get("/incidents/"))
    assert IncidentEntry.objects.count() == 1


# --- working on it ---


def test_an_officer_reads_the_report_and_adds_what_happens(browser: Browser, where: str) -> None:
    pia = browser("pia")
    assert STORY in said(pia.get(where))
    add(pia, where, "note", text="Found at the station.", happened="2026-11-23T08:00")
    page = said(browser("ritva").get(where))
    assert page.index("Found at the station.") < page.index(STORY), "as it happened, not as written"
    assert "not confirmed" in page
    assert IncidentEntry.objects.count() == 2
    [event] = re.findall(r'name="of" value="([0-9a-f-]{36})"', page)[:1]
    add(browser("ritva"), where, "confirm", of=event)
    assert "confirmed by Ritva Ranta" in said(pia.get(where))


def test_tasks_roles_and_limits_stand_beside_it_until_they_are_done(
    practice: Clinic, browser: Browser, actor: Actors, where: str
) -> None:
    pia = browser("pia")
    task = {"person": practice.id("otso"), "text": "Block the phone", "due": "2026-11-20T09:00"}
    add(pia, where, "task", **task)
    add(pia, where, "role", person=practice.id("ritva"), role="lead")
    add(pia, where, "clock", clock="gdpr-34", state="not-needed", reason="No risk to anybody")
    page = said(pia.get(where))
    aside = page[page.index("<aside") : page.index("</aside")]
    for words in ("Otso Oja", "Block the phone", "Ritva Ranta", "Data Protection Ombudsman"):
        assert words in aside
    assert "Patients and staff concerned" not in aside
    assert "Contact and payment: none." in aside
    [of] = re.findall(r'/done/">.*?name="of" value="([0-9a-f-]{36})"', page, re.DOTALL)
    add(pia, where, "done", of=of)
    read = queries.read_incident(actor("pia"), UUID(where.split("/")[2]), at=timezone.now())
    assert [one.done_by for one in read.tasks] == ["Pia Puro"]
    assert read.open_tasks == ()


def test_evidence_is_kept_byte_for_byte_and_never_drawn(browser: Browser, where: str) -> None:
    pia = browser("pia")
    file = SimpleUploadedFile("../Pay or else.eml", MAIL, content_type="text/html")
    assert add(pia, where, "evidence", kind="mail", file=file).status_code == 302
    page = said(pia.get(where))
    assert hashlib.sha256(MAIL).hexdigest() in page
    assert "Pay or else.eml" in page
    assert "Received: from a by b" in page
    assert "<script>1" not in page
    assert all(MAIL[:20] not in bytes(one.sealed_body) for one in EvidencePiece.objects.all())
    [path] = re.findall(r'action="([^"]+/files/[^"]+)"', page)
    given = pia.post(path)
    assert given.content == MAIL
    assert given["Content-Type"] == "application/octet-stream"
    assert given["Content-Disposition"].startswith('attachment; filename="evidence-')
    assert given["X-Content-Type-Options"] == "nosniff"
    assert "taken out by Pia Puro" in said(browser("ritva").get(where))
    EvidencePiece.objects.all().delete()
    assert pia.post(path).status_code == 409


def test_a_file_too_large_is_refused_in_words(browser: Browser, where: str) -> None:
    for size, words in ((LARGEST_FILE + 1, "larger than 20 MiB"), (26 << 20, "not taken at all")):
        file = SimpleUploadedFile("dump.zip", bytes(size))
        answer = add(browser("pia"), where, "evidence", kind="file", file=file)
        assert answer.status_code in {200, 413}
        assert words in said(answer)
    assert EvidencePiece.objects.count() == 0


# --- closing ---


def test_nobody_closes_one_alone(browser: Browser, where: str) -> None:
    pia, ritva, helmi = browser("pia"), browser("ritva"), browser("helmi")
    assert add(pia, where, "ask-close", text="Done").status_code == 409
    decide(pia, where)
    for seat in (pia, helmi):
        assert add(seat, where, "close", of=uuid4()).status_code in {404, 409}
    assert add(pia, where, "ask-close", text="Found, locked").status_code == 302
    assert add(pia, where, "close", of=uuid4()).status_code == 409
    assert "Close it, as the second officer" not in said(pia.get(where))
    assert "Close it, as the second officer" in said(ritva.get(where))
    assert add(ritva, where, "close", of=uuid4()).status_code == 302
    assert "This incident is closed" in said(pia.get(where))
    assert "<dd>closed</dd>" in said(helmi.get(f"{where}receipt/"))
    assert add(pia, where, "note", text="More").status_code == 409
    assert add(pia, where, "reopen", text="It was not found").status_code == 302
    assert "An officer has looked at it" in said(helmi.get(f"{where}receipt/"))


def test_what_comes_in_between_keeps_it_open(browser: Browser, where: str) -> None:
    pia, ritva = browser("pia"), browser("ritva")
    decide(pia, where)
    add(pia, where, "ask-close", text="Found")
    add(ritva, where, "note", text="Two patients have called.")
    assert add(ritva, where, "close", of=uuid4()).status_code == 409


# --- what is stored ---


def test_an_entry_that_is_deleted_or_exchanged_is_told(browser: Browser, where: str) -> None:
    pia = browser("pia")
    for text in ("one", "two"):
        add(pia, where, "note", text=text)
    first, second, third = IncidentEntry.objects.order_by("id")
    assert "not as it was recorded" not in said(pia.get(where))
    IncidentEntry.objects.filter(id=second.id).update(sealed_body=third.sealed_body)
    first.delete()
    page = said(pia.get(where))
    assert "is not what was signed" in page
    assert "is not stored" in page


def test_killed_before_the_row_an_entry_is_told_as_missing(
    browser: Browser, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pia = browser("pia")

    def die(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(IncidentEntry.objects, "create", die)
        with pytest.raises(KeyboardInterrupt):
            add(pia, where, "note", text="Lost words")
    page = said(pia.get(where))
    assert "something broke off before it was kept" in page
    assert add(pia, where, "note", text="Written again").status_code == 302


# --- from an alert ---


def test_an_alert_becomes_an_incident_that_began_with_it(
    practice: Clinic, browser: Browser, actor: Actors
) -> None:
    alarms.cry(practice.install, "entries removed", {})
    [alert] = alarms.open_alerts(practice.install)
    assert browser("helmi").get(f"/incidents/alerts/{alert.index}/").status_code == 403
    pia = browser("pia")
    answer = pia.post(f"/incidents/alerts/{alert.index}/", {"text": "Looking into it."})
    assert answer.status_code == 302
    [one] = queries.list_incidents(actor("pia"))
    assert one.began_at.timestamp() == alert.since
    assert str(one.cause) == "A critical alert"


def test_an_alert_is_put_to_an_incident_that_is_there(
    practice: Clinic, browser: Browser, actor: Actors, where: str
) -> None:
    alarms.cry(practice.install, "entries removed", {})
    [alert] = alarms.open_alerts(practice.install)
    pia = browser("pia")
    page = said(pia.get(f"/incidents/alerts/{alert.index}/"))
    assert "It belongs here" in page
    assert f'action="{where}alerts/{alert.index}/"' in page
    assert browser("mauri").post(f"{where}alerts/{alert.index}/").status_code == 404
    assert pia.post(f"{where}alerts/{alert.index}/").status_code == 302
    assert pia.post(f"{where}alerts/{alert.index + 99}/").status_code == 403
    assert "linked a critical alert" in said(pia.get(where))
    [one] = queries.list_incidents(actor("pia"))
    assert one.began_at.timestamp() <= alert.since


def test_an_incident_of_a_patient_names_the_number_and_no_name(
    practice: Clinic, browser: Browser
) -> None:
    patient = uuid4()
    origin = Origin("break-glass", patient=patient)
    made = incidents.found(practice.install, practice.session("helmi").cookie, origin)
    page = said(browser("pia").get(f"/incidents/{made.incident}/"))
    assert str(patient) in page
    assert "An emergency opening" in page
    assert "No report is stored with it." in page


def test_officers_alone_are_told_whether_a_leak_can_be_searched(browser: Browser) -> None:
    assert "A leak can be searched" in said(browser("pia").get("/incidents/"))
    assert "A leak can be searched" not in said(browser("helmi").get("/incidents/"))
    StoredIncidentPair.objects.using("vault").all().delete()
    assert "keeps no incident key yet" in said(browser("mauri").get("/incidents/"))
