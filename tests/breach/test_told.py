"""What stands behind the page: buckets, copies in a folder, and what people send in."""

import json
from base64 import b64decode
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tests.breach import told
from tests.cast import Clinic
from tests.notices.example import CODE
from tests.people.conftest import Actors, Browser
from vaitiolo.breach.models import MessageMark, PublishedPage, Reply, ReplyBox
from vaitiolo.breach.told import access, publishing, queries
from vaitiolo.breach.told.access import RepliesNotFound
from vaitiolo.breach.told.page import GROUPS, LINES
from vaitiolo.breach.told.publishing import AdviceDue, FolderTaken
from vaitiolo.breach.told.words import words_of
from vaitiolo.keys import pages as sealing
from vaitiolo.keys.primitives import XWingKey
from vaitiolo.keys.replies import ReplySpot, seal_reply
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.verify.tree import digest
from vaitiolo.notices import advice, codes
from vaitiolo.notices.advice import AdviceWrong
from vaitiolo.warden.client.refusals import NotAllowed, SealBroken
from vaitiolo.warden.server import evidence
from vaitiolo.warden.server.recording import SYSTEM
from vaitiolo.warden.server.tries import PER_NAME

TODAY = date(2026, 11, 24)
MAIL = b"Received: from a by b\r\nFrom: ransom@example.invalid\r\nSubject: Pay\r\n\r\nPay.\r\n"
TOKEN = sealing.token_of(CODE)


def said(answer: HttpResponse) -> str:
    return answer.content.decode()


def send(token: bytes = TOKEN, kind: str = "call", **fields: object) -> HttpResponse:
    words = json.dumps({"name": "Åke", "reference": "P-7", "words": "040 555 0100"})
    asked = {"token": token.hex(), "kind": kind, "words": words, **fields}
    return Client(enforce_csrf_checks=True).post("/told/reply/", asked)


# --- buckets ---


@pytest.mark.django_db
def test_a_bucket_is_the_same_for_everybody_and_caches_may_keep_it(client: Client) -> None:
    told.publish()
    where = f"/told/b/{sealing.bucket_of(CODE)}.js"
    answer = client.get(where)
    assert answer["Cache-Control"] == "public, max-age=60"
    assert not answer.cookies
    assert answer.content == client.get(where).content
    assert said(client.get("/told/b/fff.js")) == 'told.bucket("fff","");\n'
    assert client.get("/told/b/FFF.js").status_code == 404
    assert CODE not in said(answer)


@pytest.mark.django_db
def test_every_page_is_in_its_bucket_and_in_no_other() -> None:
    made = [codes.fresh(bytes([number] * 12)) for number in range(0, 250, 7)]
    for code in made:
        told.publish(code=code)
    found = {
        number: queries.bucket_file(number)
        for number in {int(sealing.bucket_of(code), 16) for code in made} | {0, 4095}
    }
    for code in made:
        files = [n for n in found if _holds(found[n], sealing.lookup_of(code))]
        assert files == [int(sealing.bucket_of(code), 16)]


def _holds(line: str, lookup: bytes) -> bool:
    return lookup in b64decode(line.split('"')[3])


@pytest.mark.django_db
def test_publishing_again_takes_the_old_page_s_place() -> None:
    told.publish()
    told.publish(replace(told.ENGLISH, contact="099"))
    assert PublishedPage.objects.count() == 2
    assert MessageMark.objects.count() == 1


@pytest.mark.django_db
def test_a_bucket_is_found_by_an_index_and_never_by_reading_all() -> None:
    asked = PublishedPage.objects.filter(lookup__gte=queries._edge(7), lookup__lt=queries._edge(8))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # An empty table is read whole whatever its indexes are.
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "index" in asked.explain().lower()


# --- the page ---


@pytest.mark.django_db
def test_the_page_names_no_house_and_every_phrase_has_three_languages(client: Client) -> None:
    page = said(client.get("/told/"))
    for name in ("vaitiolo.", "Kallio", "Töölö", "Praktikum"):
        assert name not in page.replace("/static/", "")
    keys = {frozenset(words_of(language)) for language in advice.LANGUAGES}
    assert len(keys) == 1
    assert {item.need for item in advice.find_pack().items} <= {*GROUPS, *LINES}
    for language in advice.LANGUAGES:
        assert all(words_of(language).values())


@pytest.mark.django_db
def test_words_that_blame_or_frighten_stand_nowhere() -> None:
    for language in advice.LANGUAGES:
        text = " ".join(words_of(language).values()).lower()
        for word in ("victim,", "unfortunately", "valitettavasti", "tyvärr", "hacker", "hakkeri"):
            assert word not in text


# --- a copy in a folder ---


def confirm(settings: LazySettings, tmp_path: Path, on: date = TODAY) -> None:
    file = tmp_path / "confirmed.toml"
    file.write_bytes(advice.invent(advice.find_pack(), on))
    settings.ADVICE_CONFIRMED = file


def copy(clinic: Clinic, folder: Path, on: date = TODAY) -> publishing.Made:
    return publishing.publish(folder, clinic.console, on=on)


def test_nothing_is_copied_while_advice_waits_to_be_confirmed(
    practice: Clinic, settings: LazySettings, tmp_path: Path
) -> None:
    told.publish()
    with pytest.raises(AdviceDue) as due:
        copy(practice, tmp_path / "copy")
    assert "crisis-mieli-en" in due.value.items
    assert not (tmp_path / "copy").exists()
    confirm(settings, tmp_path)
    assert queries.advice_to_confirm(TODAY) == ()
    with pytest.raises(AdviceDue):
        copy(practice, tmp_path / "copy", on=TODAY + advice.LIMIT + timedelta(days=1))


def test_a_copy_is_recorded_by_its_hash_before_it_is_there(
    practice: Clinic, settings: LazySettings, tmp_path: Path
) -> None:
    told.publish()
    confirm(settings, tmp_path)
    folder = tmp_path / "copy"
    made = copy(practice, folder)
    manifest = (folder / publishing.MANIFEST).read_bytes()
    assert digest(manifest) == made.manifest
    [detail] = evidence.details_of(practice.install.recording, SYSTEM, act=Act.EXPORT_RUN)
    assert detail["manifest"] == made.manifest.hex()
    files = json.loads(manifest)["files"]
    assert len(files) == made.files
    for name, wanted in files.items():
        assert digest((folder / name).read_bytes()).hex() == wanted
    assert "invented" in (folder / "index.html").read_text()


def test_a_folder_of_something_else_is_left_alone(
    practice: Clinic, settings: LazySettings, tmp_path: Path
) -> None:
    confirm(settings, tmp_path)
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "thesis.txt").write_text("mine")
    with pytest.raises(FolderTaken):
        copy(practice, tmp_path / "else")
    assert [one.name for one in (tmp_path / "else").iterdir()] == ["thesis.txt"]


def test_a_confirmation_of_another_pack_keeps_the_page_and_stops_the_copy(
    practice: Clinic, settings: LazySettings, tmp_path: Path
) -> None:
    settings.ADVICE_CONFIRMED = tmp_path / "confirmed.toml"
    settings.ADVICE_CONFIRMED.write_text('pack = "2020-10-21"\nconfirmed = []\n')
    with pytest.raises(AdviceWrong):
        copy(practice, tmp_path / "copy")
    assert "Not confirmed lately" in said(Client().get("/told/"))


# --- what people send in ---


@pytest.fixture
def incident(browser: Browser) -> UUID:
    answer = browser("helmi").post("/incidents/report/", {"sign": "lost", "text": "A phone."})
    return UUID(answer.url.split("/")[2])


@pytest.fixture
def telling(actor: Actors, incident: UUID) -> UUID:
    telling = told.publish()
    access.open_box(actor("pia"), incident, telling)
    return telling


def test_what_is_sent_in_is_stored_sealed_and_read_by_officers_alone(
    browser: Browser, incident: UUID, telling: UUID
) -> None:
    mail = SimpleUploadedFile("my therapist.eml", MAIL)
    assert send(kind="evidence", file=mail).status_code == 204
    [reply] = Reply.objects.all()
    for word in (b"040 555", "Åke".encode(), b"ransom", b"therapist"):
        assert word not in bytes(reply.sealed) + bytes(reply.sealed_file)
    where = f"/incidents/{incident}/replies/{telling}/"
    shown = said(browser("pia").get(where))
    assert "040 555 0100" in shown
    assert "pieces of advice on the page wait" in shown
    assert digest(MAIL).hex() in shown
    for other in ("helmi", "aino"):
        assert browser(other).get(where).status_code in {403, 404}
    assert browser("pia").post(f"{where}{reply.id}/keep/").status_code == 302
    page = said(browser("pia").get(f"/incidents/{incident}/"))
    assert digest(MAIL).hex() in page
    assert f"reply-{reply.id.hex[:8]}.eml" in page


def test_a_lookup_alone_gives_no_right_to_answer(telling: UUID) -> None:
    """Lookups are public; a naive server that took them would let anybody silence anybody."""
    lookup = sealing.lookup_of(CODE)
    assert send(token=lookup + bytes(16)).status_code == 404
    assert send(token=lookup).status_code == 400
    assert send(token=sealing.token_of("0" * 20)).status_code == 404
    assert not Reply.objects.exists()


def test_nobody_can_answer_before_the_box_is_open(practice: Clinic) -> None:
    told.publish()
    assert send().status_code == 404


def test_five_in_a_quarter_of_an_hour_and_then_no_more_by_one_page(telling: UUID) -> None:
    answers = [send().status_code for _ in range(PER_NAME + 1)]
    assert answers == [204] * PER_NAME + [429]
    assert Reply.objects.count() == PER_NAME


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"kind": "praise"}, 400),
        ({"words": "x" * 30_000}, 400),
        ({"file": SimpleUploadedFile("a", b"x" * (access.LARGEST_FILE + 1))}, 413),
    ],
    ids=["kind", "words", "file"],
)
def test_what_is_no_reply_is_not_taken(
    telling: UUID, fields: dict[str, object], status: int
) -> None:
    assert send(**fields).status_code == status
    assert not Reply.objects.exists()


def test_an_exchanged_key_takes_nothing(telling: UUID) -> None:
    """Who writes the table and puts in a key of their own reads nothing."""
    ReplyBox.objects.update(public=XWingKey(bytes(32)).public())
    assert send().status_code >= 400
    assert not Reply.objects.exists()


def test_a_changed_or_invented_reply_is_told_and_a_missing_one_counted(
    actor: Actors, incident: UUID, telling: UUID
) -> None:
    for _ in range(3):
        send()
    one, two, _three = Reply.objects.all()
    Reply.objects.filter(id=one.id).delete()
    changed = bytes(two.sealed)
    Reply.objects.filter(id=two.id).update(sealed=changed[:-1] + bytes([changed[-1] ^ 1]))
    Reply.objects.create(id=UUID(int=7), telling=telling, sealed=bytes(two.sealed), sealed_file=b"")
    box = access.read_box(actor("pia"), incident, telling)
    assert box.missing == 1
    assert sorted(reply.state for reply in box.replies) == ["broken", "strange", "whole"]
    with pytest.raises(SealBroken):
        access.take_file(actor("pia"), incident, telling=telling, row=two.id)


def test_words_that_were_sealed_anew_were_never_sent(
    practice: Clinic, actor: Actors, incident: UUID, telling: UUID
) -> None:
    """Sealing takes the public key alone: without its entry anybody's words would read as whole."""
    send()
    [reply], box = Reply.objects.all(), ReplyBox.objects.get()
    spot = ReplySpot(practice.install.org, telling, reply.id, sealing.lookup_of(CODE))
    words = json.dumps({"kind": "call", "sha256": "", "size": 0, "words": "Forged"}).encode()
    forged = seal_reply(bytes(box.public), spot, words=words, file=b"")
    Reply.objects.update(sealed=forged.sealed)
    [read] = access.read_box(actor("pia"), incident, telling).replies
    assert (read.state, read.words) == ("broken", "")


def test_one_box_for_a_telling_and_none_for_whoever_is_not_in(
    actor: Actors, incident: UUID, telling: UUID
) -> None:
    with pytest.raises(NotAllowed):
        access.open_box(actor("pia"), incident, telling)
    with pytest.raises(RepliesNotFound):
        access.read_box(actor("helmi"), incident, telling)
    with pytest.raises(RepliesNotFound):
        access.open_box(actor("helmi"), incident, UUID(int=9))


def test_a_number_can_be_dialled_from_abroad_where_it_has_such_a_form(client: Client) -> None:
    page = client.get("/told/").content.decode()
    for number in ("tel:+358925250111", "tel:112", "tel:116006", "tel:0800161177"):
        assert f'href="{number}"' in page
