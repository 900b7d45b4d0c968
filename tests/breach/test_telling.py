"""Telling people: two officers, both lists, each by the own way, sealed from end to end."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.breach.telling_cast import PEOPLE, Breach, breach
from tests.cast import Clinic
from vaitiolo.breach.models import MessageMark, Notice, PublishedPage
from vaitiolo.breach.states import NoticeState
from vaitiolo.breach.telling import access, storing
from vaitiolo.breach.telling.access import TellingNotFound, TellingStopped, TellingUnapproved
from vaitiolo.keys import pages as sealed_pages
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.notices import checking, codes, pages
from vaitiolo.notices.mail import Mail
from vaitiolo.people import actions, sign_in
from vaitiolo.warden import client
from vaitiolo.warden.client import NotAllowed, NotGranted, SealBroken
from vaitiolo.warden.client.telling_refusals import (
    LettersPrinted,
    TellingChanged,
    TellingNeedsSecond,
    TellingWrong,
)
from vaitiolo.warden.server.outbox import Outbox
from vaitiolo.warden.telling_parts import Became, NoticeBecame, Outcome


@pytest.fixture
def told(practice: Clinic) -> Breach:
    return breach(practice, ("emma", "sami"))


@pytest.fixture
def everybody(practice: Clinic) -> Breach:
    return breach(practice)


def acts_of(told: Breach, subject: object) -> list[int]:
    tag = told.practice.install.recording.tag(subject)  # type: ignore[arg-type] - an id
    return [entry.leaf.act for entry in queries.entries_of(tag)]


def test_the_one_who_plans_never_approves_and_nothing_goes_before(told: Breach) -> None:
    known = told.planned()
    assert (known.state, known.patients, known.left_out) == ("planned", 2, 0)
    told.run()
    with pytest.raises(TellingUnapproved):
        access.tell_some(told.actor("pia"), known.telling, told.to_tell(["emma"]))
    with pytest.raises(TellingNeedsSecond):
        access.approve(told.actor("pia"), known.telling, plan_hash=known.plan_hash)
    with pytest.raises(TellingChanged):
        access.approve(told.actor("mauri"), known.telling, plan_hash=bytes(32))
    with pytest.raises(TellingNotFound):
        access.approve(told.actor("ritva"), uuid4(), plan_hash=known.plan_hash)
    access.approve(told.actor("mauri"), known.telling, plan_hash=known.plan_hash)
    again = access.plan(
        told.actor("pia"), told.incident, told.plan(calls_an_hour=9), telling=known.telling
    )
    # A new plan is not the one that was approved.
    assert again.state == "planned"
    with pytest.raises(TellingUnapproved):
        access.tell_some(told.actor("pia"), known.telling, told.to_tell(["emma"]))
    assert Act.OPEN_IDENTITY not in acts_of(told, told.ids["emma"])
    assert [one.telling for one in access.list_all(told.actor("mauri"), told.incident)] == [
        known.telling
    ]


def test_a_plan_that_cannot_be_followed_is_no_plan(told: Breach) -> None:
    for changed in (
        {"list_hash": bytes(32)},
        {"scope": 0},
        {"texts_hash": bytes(32)},
        {"address": "https://apu.example.org"},
        {"calls_an_hour": 0},
        {"helpers": (access.TellingHelper("Line", "a@x.fi, b@x.fi"),)},
    ):
        with pytest.raises(TellingWrong):
            told.planned(**changed)


def test_each_is_told_by_the_own_way_and_nobody_by_an_unsafe_one(everybody: Breach) -> None:
    told = everybody
    known = told.approved()
    made = told.tell(known)
    ways = {name: tuple(one.channel for one in made[name].notices) for name in made}
    assert ways == {
        "emma": ("email", "sms", "letter"),
        "sami": ("sms", "letter"),
        "leena": ("letter",),
        "frida": ("call", "email", "sms", "letter"),
        "hilda": ("email",),
        "salla": ("hand",),
        "milla": ("hand",),
        "nora": ("hand",),
    }
    assert made["frida"].therapist == told.practice.id("helmi")
    assert made["frida"].outcome == Outcome.CALL_FIRST
    states = {row.state for channel, row in told.rows("frida").items() if channel != "call"}
    assert states == {NoticeState.HELD}
    opener = Outbox(told.practice.home, org=told.practice.install.org, demo=True).open
    hidden = Mail.read(opener(*_row(told, "hilda", "email")))
    assert hidden.to == "safe@example.org"
    assert "Esimerkkikatu" not in hidden.text


def _row(told: Breach, name: str, channel: str) -> tuple[object, bytes]:
    row = told.rows(name)[channel]
    return row.id, bytes(row.sealed_row)


def test_what_is_stored_reads_as_noise_and_the_code_opens_the_page(told: Breach) -> None:
    known = told.approved()
    told.tell(known)
    stored = b"".join(
        bytes(value)
        for row in (*Notice.objects.all(), *PublishedPage.objects.all())
        for value in vars(row).values()
        if isinstance(value, bytes)
    )
    for word in (b"Emma", b"emma@example.org", b"Mattila", b"040 555"):
        assert word not in stored
    opener = Outbox(told.practice.home, org=told.practice.install.org, demo=True).open
    mail = Mail.read(opener(*_row(told, "emma", "email")))
    assert mail.to == "emma@example.org"
    [code] = checking.codes_in(mail.text)
    sealed = PublishedPage.objects.get(lookup=sealed_pages.lookup_of(code)).sealed
    page = pages.read(bytes(sealed_pages.open_page(code, bytes(sealed))))
    assert isinstance(page, pages.Page)
    assert (page.name, page.language) == ("Emma Mattila", "fi")
    assert [(one.part, one.tier) for one in page.parts] == [("identity", "could")]
    assert set(page.untouched) == {"chart", "working", "shared"}
    assert "identity-code" not in page.fields
    assert "identity_code_leaked" not in page.audiences
    marks = {bytes(one.mark) for one in MessageMark.objects.all()}
    assert checking.is_ours(mail.text, marks)
    paper = PublishedPage.objects.get(lookup=sealed_pages.lookup_of(codes.read(page.certificate)))
    certificate = pages.read(bytes(sealed_pages.open_page(page.certificate, bytes(paper.sealed))))
    assert isinstance(certificate, pages.Certificate)
    assert acts_of(told, told.ids["emma"])[-2:] == [Act.OPEN_IDENTITY, Act.NOTICE]


def test_a_stranger_on_the_list_is_refused_and_nobody_is_opened(told: Breach) -> None:
    known = told.approved()
    aino = sign_in.recognise(told.practice.session("aino"))
    late = actions.register_patient(aino, PEOPLE["emma"], at=told.now)
    told.ids["stranger"] = late
    before = acts_of(told, told.ids["emma"])
    with pytest.raises(NotGranted):
        access.tell_some(told.actor("pia"), known.telling, told.to_tell(["emma", "stranger"]))
    assert acts_of(told, told.ids["emma"]) == before
    # On the case of a telling, but not on the scope: it is no plan.
    pia = told.practice.session("pia")
    told.case = client.open_case(pia, list(told.ids.values()), reason="More").case
    with pytest.raises(TellingWrong):
        told.planned()


def test_a_stop_is_heard_at_once_and_going_on_leaves_the_approval(told: Breach) -> None:
    known = told.approved()
    access.stop(told.actor("mauri"), known.telling, reason="A wrong number in the text.")
    with pytest.raises(TellingStopped):
        access.tell_some(told.actor("pia"), known.telling, told.to_tell(["emma"]))
    access.go_on(told.actor("pia"), known.telling, reason="It was right.")
    assert told.tell(known, "emma")["emma"].outcome == Outcome.MADE
    assert [act for act in acts_of(told, known.telling) if act != Act.REFUSED] == [
        Act.TELLING_PLANNED,
        Act.TELLING_APPROVED,
        Act.TELLING_STOPPED,
        Act.TELLING_WENT_ON,
        Act.NOTICE,
    ]


def test_an_officer_whose_access_ends_takes_the_case_along(told: Breach) -> None:
    known = told.approved()
    told.tell(known, "emma")
    ritva = told.practice.session("ritva")
    client.revoke_card(ritva, told.practice.id("mauri"), reason=1)
    with pytest.raises(NotAllowed):
        access.tell_some(told.actor("pia"), known.telling, told.to_tell(["sami"]))
    assert Act.OPEN_IDENTITY not in acts_of(told, told.ids["sami"])


def test_two_officers_at_once_write_nobody_twice(told: Breach) -> None:
    known = told.approved()
    both = [
        access.tell_some(told.actor(name), known.telling, told.to_tell(["emma", "sami"]))
        for name in ("pia", "mauri")
    ]
    waves = dict.fromkeys(told.ids.values(), 1)
    # Each made a code of its own; the one who stores first is the one who counts.
    numbered = [storing.keep(known.telling, one, waves=waves) for one in both]
    assert numbered[0]
    emails = Notice.objects.filter(patient=told.ids["emma"], channel="email", attempt=1)
    assert emails.count() == 1


def test_a_record_that_was_altered_stops_nobody_else(told: Breach) -> None:
    known = told.approved()
    people = told.to_tell(["emma", "sami"])
    document = people[0].document
    assert document is not None
    broken = replace(document, sealed=document.sealed[:-1] + bytes([document.sealed[-1] ^ 1]))
    made = access.tell_some(
        told.actor("pia"), known.telling, [replace(people[0], document=broken), people[1]]
    )
    assert [one.outcome for one in made] == [Outcome.NO_RECORD, Outcome.MADE]
    swapped = replace(people[0], document=people[1].document)
    [made_one] = access.tell_some(told.actor("pia"), known.telling, [swapped])
    assert made_one.outcome == Outcome.NO_RECORD


def test_a_letter_has_the_code_of_its_page_and_is_given_out_twice_only_with_a_reason(
    everybody: Breach,
) -> None:
    told = everybody
    known = told.approved()
    made = told.tell(known, "leena", "salla")
    people = [
        replace(one, state=made[name].state)
        for name, one in zip(("leena", "salla"), told.to_tell(["leena", "salla"]), strict=True)
    ]
    rows = [(made[name].notices[0].row, one) for name, one in zip(made, people, strict=True)]
    first, second = access.letters_of(told.actor("pia"), known.telling, rows)
    assert first.lines == ("Leena Laine", "Esimerkkikatu 1", "00100 Helsinki")
    [code] = checking.codes_in(first.body)
    assert PublishedPage.objects.filter(lookup=sealed_pages.lookup_of(code)).exists()
    assert checking.mark_of(first.body) == made["leena"].notices[0].mark
    # Whoever has a safe contact gets it handed over; there is no address on it.
    assert second.lines == ()
    with pytest.raises(LettersPrinted):
        access.letters_of(told.actor("pia"), known.telling, rows[:1])
    assert access.letters_of(told.actor("pia"), known.telling, rows[:1], reason="Paper jam")
    assert acts_of(told, known.telling).count(Act.EXPORT) == 2
    tag = told.practice.install.recording.tag(known.telling)
    assert all(b"Leena" not in bytes(one.detail or b"") for one in queries.entries_of(tag))


def test_told_again_the_code_stays(told: Breach) -> None:
    known = told.approved()
    made = told.tell(known, "emma")
    again = access.plan(
        told.actor("pia"), told.incident, told.plan(followup=1), telling=known.telling
    )
    access.approve(told.actor("mauri"), known.telling, plan_hash=again.plan_hash)
    [to_tell] = told.to_tell(["emma"], state=made["emma"].state)
    [second] = access.tell_some(told.actor("pia"), known.telling, [to_tell])
    assert second.pages[0].lookup == made["emma"].pages[0].lookup
    other = replace(to_tell, state=made["emma"].state[:-1] + b"x")
    with pytest.raises(SealBroken):
        access.tell_some(told.actor("pia"), known.telling, [other])


def test_only_the_own_therapist_says_that_the_call_was_made(everybody: Breach) -> None:
    told = everybody
    known = told.approved()
    told.tell(known, "frida", "emma")
    call = told.rows("frida")["call"]
    said = NoticeBecame(call.id, told.ids["frida"], "call", Became.CALLED)
    with pytest.raises(NotGranted):
        access.mark(told.actor("otso"), known.telling, [said])
    with pytest.raises(NotAllowed):
        access.mark(told.actor("aino"), known.telling, [said])
    with pytest.raises(NotAllowed):
        access.mark(told.actor("helmi"), known.telling, [replace(said, became=Became.SENT)])
    access.mark(told.actor("helmi"), known.telling, [said])
    assert acts_of(told, told.ids["frida"])[-1] == Act.NOTICE_BECAME
