"""What people are told: all of it, in their language, and nothing that gives anybody away."""

import re
from dataclasses import replace
from datetime import date

import pytest

from tests.notices.example import CODE, PAGE
from vaitiolo.notices import checking, codes, writing
from vaitiolo.notices.writing import NoticeFacts, TextsUnknown

FACTS = NoticeFacts(
    name="Åke {Esimerkki}",
    reference="V-7",
    happened_from=date(2026, 11, 3),
    happened_to=date(2026, 11, 20),
    known_since=date(2026, 11, 24),
    parts=PAGE.parts,
    untouched=("working",),
    fields=("name", "phone"),
    phone="09 000 0000",
    contact="09 000 0000, klo 8-20",
)
# Treatment, in the three languages: none of it belongs on what anybody sees in passing.
GIVES_AWAY = re.compile(
    r"terap|psyk|mielenter|hoito|vård|klini|clinic|patient|potilas", re.IGNORECASE
)


def wrote(language: str, channel: str = "email", facts: NoticeFacts = FACTS) -> writing.Message:
    return writing.write(
        facts, language=language, channel=channel, code=CODE, address="apu.example/told"
    )


@pytest.mark.parametrize("language", ["fi", "sv", "en", ""])
@pytest.mark.parametrize("channel", ["email", "sms", "letter"])
def test_a_message_has_the_code_no_link_and_nothing_that_gives_away(
    language: str, channel: str
) -> None:
    message = wrote(language, channel)
    assert codes.show(CODE) in message.body
    assert "apu.example/told" in message.body
    assert "://" not in message.body
    assert "www." not in message.body
    assert not GIVES_AWAY.search(message.subject + message.body)
    assert checking.is_ours(message.body, {message.mark})
    assert not checking.is_ours(message.body.replace("09", "08"), {message.mark})


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_message_says_what_of_mine_and_what_not(language: str) -> None:
    words, body = writing.newest().of(language), wrote(language).body
    for part in FACTS.parts:
        assert f"{words['parts'][part.part]}: {words['tiers'][part.tier]}" in body
    assert f"- {words['parts']['working']}" in body
    assert "1.2.2024\u201330.10.2026" in body
    assert "3.11.2026\u201320.11.2026" in body
    assert words["no_code"] in body
    assert "Åke {Esimerkki}" in body
    told = wrote(language, facts=replace(FACTS, fields=("identity-code",))).body
    assert words["no_code"] not in told
    assert words["fields_of"]["identity-code"] in told


def test_whoever_said_no_language_reads_finnish_and_swedish() -> None:
    body = wrote("").body
    assert wrote("fi").body in body
    assert wrote("sv").body in body


def test_a_short_message_is_short_and_names_nobody() -> None:
    for language in ("fi", "sv", "en"):
        message = wrote(language, "sms")
        assert "Åke" not in message.body
        assert len(message.body) <= 3 * 153
        assert not message.subject


def test_told_again_is_said_to_be_again() -> None:
    again = wrote("fi", facts=replace(FACTS, followup=1)).body
    assert "muistutus" in again
    assert "muistutus" not in wrote("fi").body


def test_helpers_learn_when_and_how_many_and_nobodys_data() -> None:
    message = writing.write_helpers(first_at="25.11. klo 9", people=40, contact="Pia", code=CODE)
    assert "40" in message.body
    assert "25.11. klo 9" in message.body
    assert not GIVES_AWAY.search(message.subject)
    assert checking.is_ours(message.body, {message.mark})


def test_texts_are_those_of_their_hash_or_refused() -> None:
    texts = writing.newest()
    assert writing.find_texts(texts.version).hash == texts.hash
    with pytest.raises(TextsUnknown):
        writing.find_texts("1999-01-01")
    content = (writing._FOLDER / f"{texts.version}.toml").read_bytes()
    for broken in (
        b"engine = 2\n",
        content.replace(b"{known_since}", b"{hetu}"),
        content.replace(b"kin =", b"kid =", 1),
    ):
        with pytest.raises(TextsUnknown):
            writing.read_texts(broken)
    assert writing.read_texts(content.replace(b"pahoillamme", b"surullisia")).hash != texts.hash
