"""Texts to authorities: filled from facts, nobody's name in them, frozen, and differing openly."""

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from pypdf import PdfReader

from tests.breach.test_severity import THEFT, assessed
from vaitiolo.breach.drafts import guard, writing
from vaitiolo.breach.drafts.facts import Client, Facts, Telling
from vaitiolo.breach.drafts.guard import NotFit
from vaitiolo.breach.drafts.printing import as_pdf
from vaitiolo.breach.drafts.words import LANGUAGES, Recipient, recipient, recipients, vocabulary
from vaitiolo.breach.drafts.writing import Draft, DraftWrong, Sent, Wanted
from vaitiolo.breach.incidents import clocks

AWARE: Final = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
SOON: Final = AWARE + timedelta(minutes=5)
BARE: Final = Facts(reference="7", aware_at=AWARE, cause="message")
FULL: Final = replace(
    BARE,
    house="Esimerkki Oy",
    contact="Privacy officer, by secure mail",
    began_at=AWARE - timedelta(days=3),
    ended_at=AWARE,
    kinds=("identity", "chart"),
    patients=120,
    staff=4,
    records=340,
    is_approximate=False,
    after=("sessions-ended", "no-payment"),
    severity=assessed(**THEFT),
    telling=Telling("sent", AWARE + timedelta(hours=20), 124),
    is_abroad=False,
    is_kanta=False,
    told=(("police", SOON),),
    evidence=("ab" * 32,),
)
ARTICLE_33_3: Final = {"how", "data", "people", "records", "contact", "consequences", "after"}
WHOM: Final = [one.id for one in recipients()]


def write(
    facts: Facts,
    name: str = "ombudsman",
    *,
    language: str = "en",
    at: datetime = SOON,
    before: Sent | None = None,
) -> Draft:
    wanted = Wanted(recipient(name), language)
    return writing.write(wanted, facts, at=at, before=before)


def naive(facts: Facts) -> str:
    """A text as one would make it of all that is known, looking at nothing."""
    return "\n".join([facts.reference, facts.cause, *facts.own_words.values()])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WHOM)
def test_a_preliminary_text_needs_no_typing_and_says_what_is_not_known(
    name: str, language: str
) -> None:
    facts = replace(BARE, clients=(Client("County A", 3),))
    mine = facts.for_client(facts.clients[0]) if name == "client" else facts
    draft = write(mine, name, language=language)
    assert draft.phase == "preliminary"
    assert {one.name for one in draft.lines} <= set(recipient(name).fields)
    assert all(one.lines for one in draft.lines)
    unknown = vocabulary(language).say("said", "unknown")
    assert draft.unknown
    assert unknown in draft.as_text()


def test_the_ombudsmans_text_has_every_field_of_article_33_3() -> None:
    assert set(recipient("ombudsman").fields) >= ARTICLE_33_3
    draft = write(FULL)
    assert {one.name for one in draft.lines if one.is_known} >= ARTICLE_33_3
    assert draft.unknown == ()
    for said in ("Patients: 120", "Records: 340", "identity theft", "5.00 (very high)"):
        assert said in draft.as_text()


def test_lateness_is_a_field_only_once_the_72_hours_are_over() -> None:
    fields = {one.name for one in write(FULL, at=AWARE + timedelta(hours=72)).lines}
    assert "delay" not in fields
    late = write(FULL, at=AWARE + timedelta(hours=72, seconds=1))
    assert "delay" in {one.name for one in late.lines}


def test_a_client_gets_its_own_numbers_and_no_word_of_the_others() -> None:
    clients = tuple(
        Client(f"County {letter}", count) for letter, count in zip("ABC", (3, 50, 7), strict=True)
    )
    whole = replace(FULL, clients=clients)
    drafts = [write(whole.for_client(one), "client").as_text() for one in clients]
    for mine, text in zip(clients, drafts, strict=True):
        assert f"Patients: {mine.patients}" in text
        assert not any(other.name in text for other in clients if other != mine)
        assert "120" not in text


@pytest.mark.parametrize("name", [one for one in WHOM if one != "client"])
def test_a_draft_comes_back_as_it_was_frozen_and_a_changed_one_has_another_hash(name: str) -> None:
    draft = write(FULL, name)
    kept = Draft.read(draft.as_json())
    assert (kept, kept.hash) == (draft, draft.hash)
    swapped = draft.as_json().replace(b"Esimerkki Oy", b"Esimerkki Ab")
    assert Draft.read(swapped).hash != draft.hash
    for wrong in (b"{}", b"[]", b"\xff", draft.as_json().replace(b'"schema": 1', b'"schema": 2')):
        with pytest.raises(DraftWrong):
            Draft.read(wrong)


def test_a_later_text_begins_with_what_has_changed() -> None:
    first = write(replace(FULL, patients=None, staff=None, ended_at=None, kinds=("chart",)))
    later = write(FULL, before=Sent(first, SOON), at=SOON + timedelta(hours=8))
    assert (later.phase, later.follows) == ("supplementary", "24.11.2026 12.05")
    assert {one.name for one in later.changes} == {"times", "data", "people", "consequences"}
    # What was not known then, and what is added, contradicts nothing.
    assert writing.unexplained(later) == ()
    text = later.as_text()
    assert text.index("Changed since the notice") < text.index("Controller")
    assert "Before: Not known yet." in text
    assert "Patients: 120" in text


def test_a_later_text_without_changes_says_so() -> None:
    wanted = Wanted(recipient("ombudsman"), "en", is_final=True)
    later = writing.write(wanted, FULL, at=SOON, before=Sent(write(FULL), SOON))
    assert later.changes == ()
    assert later.phase == "final"
    assert "Nothing has changed since" in later.as_text()


def test_what_was_said_otherwise_before_has_to_be_explained() -> None:
    first = Sent(write(FULL), SOON)
    fewer = replace(FULL, patients=30)
    bare = write(fewer, before=first)
    assert [one.name for one in writing.unexplained(bare)] == ["people"]
    told = writing.explain(bare, {"people": "Duplicates and test people came off."})
    assert writing.unexplained(told) == ()
    assert "Why: Duplicates and test people came off." in told.as_text()
    assert Draft.read(told.as_json()) == told


@pytest.mark.parametrize(
    "said",
    [
        "Potilas Aada Mäkinen soitti.",
        "We called Bertta about it.",
        "The code was 010594Y9032.",
        "The code was 010594y9032.",
        "Write to aada@example.org.",
        "She answers at 040 555 0100.",
        "Call +358 40 555 0100.",
        "One has F32.1 in the file.",
        "Hon har depression.",
        "Yksi kertoi itsemurhasta.",
        "x" * 601,
    ],
    ids=[
        "two-names",
        "one-name",
        "code",
        "small-code",
        "mail",
        "phone",
        "abroad",
        "diagnosis",
        "sv-health",
        "fi-health",
        "long",
    ],
)
def test_nobodys_name_and_nothing_of_health_gets_into_a_draft(said: str) -> None:
    secret = replace(FULL, own_words={"how": said})
    for name in WHOM[:-1]:
        with pytest.raises(NotFit) as told:
            write(secret, name)
        assert said not in str(told.value)
    later = write(replace(FULL, patients=1), before=Sent(write(FULL), SOON))
    with pytest.raises(NotFit):
        writing.explain(later, {"people": said})
    # A naive text, made of what the timeline says, takes all of it.
    assert said in naive(secret)


@pytest.mark.parametrize(
    "said",
    [
        "Varkaus huomattiin maanantaina. Laite oli toimistossa.",
        "A therapist noticed it on Monday. The device was in the office.",
        "En anställd märkte det på måndagen. Enheten fanns på kontoret.",
        "",
    ],
    ids=["fi", "en", "sv", "empty"],
)
def test_ordinary_words_of_an_officer_are_taken(said: str) -> None:
    assert guard.check(said) == said
    text = write(replace(FULL, own_words={"how": said})).as_text()
    assert said in text


def test_no_sentence_of_ours_has_a_place_for_free_text_or_lacks_a_language() -> None:
    words = vocabulary("fi")
    places = ("reference", "when", "name", "count", "law", "hash", "score", "band", "version")
    officers = ("fields", "before", "after", "reason", "text")
    for group in words.groups.values():
        for sentence in group.values():
            assert set(sentence) == set(LANGUAGES)
            assert all(sentence.values())
            filled = dict.fromkeys((*places, *officers), "x")
            assert all(one.format(**filled) for one in sentence.values())


@pytest.mark.parametrize("one", recipients(), ids=WHOM)
def test_a_recipient_has_a_law_a_source_and_fields_that_can_be_written(one: Recipient) -> None:
    assert one.sources
    assert set(one.languages) <= set(LANGUAGES)
    assert all(name in vocabulary("fi").groups["heading"] for name in one.fields)
    for language in LANGUAGES:
        assert one.name.in_(language)
        assert one.law.in_(language)
        assert one.verify.in_(language)


def test_an_entry_that_nobody_has_checked_for_half_a_year_warns() -> None:
    unchecked = recipient("ombudsman")
    assert unchecked.is_old(date(2026, 11, 24))
    checked = replace(unchecked, checked_on=date(2026, 5, 26))
    assert not checked.is_old(date(2026, 11, 24))
    assert checked.is_old(date(2026, 11, 26))


def test_every_recipient_stops_a_clock_that_there_is() -> None:
    known = {one.key for one in clocks.RULES}
    assert all(set(one.clocks.values()) <= known and one.clocks for one in recipients())
    assert list(recipient("ncsc").clocks) == ["preliminary", "supplementary", "final"]


def test_a_moment_is_written_as_clocks_here_show_it() -> None:
    # Summer time ends at 4 on 25 October 2026: the same clock three days later is 73 hours on.
    aware = datetime(2026, 10, 23, 15, 0, tzinfo=UTC)
    assert vocabulary("fi").moment(aware) == "23.10.2026 klo 18.00"
    assert vocabulary("sv").moment(aware + timedelta(hours=72)) == "26.10.2026 kl. 17.00"


def test_the_json_form_holds_values_that_a_machine_can_read() -> None:
    found = json.loads(write(FULL).as_json())
    values = {name: value for name, _heading, value, _lines in found["lines"]}
    assert values["people"] == [[120, 4, True], None]
    assert values["data"] == [["identity", "chart", "readable"], None]


def test_a_text_is_drawn_as_pdf_with_what_changed_at_its_beginning() -> None:
    first = Sent(write(replace(FULL, patients=None, staff=None)), SOON)
    drawn = PdfReader(io.BytesIO(as_pdf(write(FULL, before=first))))
    text = " ".join(page.extract_text() for page in drawn.pages)
    assert text.index("Changed since the notice") < text.index("Controller")
    for said in ("Patients: 120", "Esimerkki Oy", "loss of the confidentiality"):
        assert said in text
