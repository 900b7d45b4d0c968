"""Gives letters out to be printed: the words whose mark is in the ledger, the address of today.

That they leave is an entry before one is written, and printing one twice takes a reason.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys.bodies import canonical_json
from vaitiolo.keys.octets import sha256
from vaitiolo.keys.rows import Opening
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.server import telling, telling_pages, telling_story
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.telling_desk import Desk, at_desk, recorded
from vaitiolo.warden.server.telling_making import Opened, message_of, open_one, state_of
from vaitiolo.warden.server.telling_pages import Whose
from vaitiolo.warden.telling_parts import Channel, TellingLetter, ToTell


def letters_of(install: Installation, question: protocol.LettersOf) -> protocol.Letters:
    """Give letters out, each with its address; that they leave is recorded first. Raises No."""
    if len(question.rows) != len(question.people) or len(set(question.rows)) != len(question.rows):
        raise No("question-broken", subject=question.telling, because="rows")
    with at_desk(install, question.cookie, question.telling, people=question.people) as desk:
        again = telling_story.printed(install, question.telling) & set(question.rows)
        reason = question.reason.strip()[: telling.LONGEST_REASON]
        if again and not reason:
            raise No("letters-printed", subject=question.telling)
        openings = recorded(desk, question.people, more=[_export(desk, question, reason)])
        letters = [
            _letter(desk, row, one, opening=openings.get(one.patient))
            for row, one in zip(question.rows, question.people, strict=True)
        ]
        return protocol.Letters(tuple(one for one in letters if one is not None))


def _export(desk: Desk, question: protocol.LettersOf, reason: str) -> Deed:
    rows = [one.hex for one in question.rows]
    said = {
        "hash": sha256(b"vaitiolo/1/letters", canonical_json(rows)).hex(),
        "letters": len(rows),
        "person": desk.person.id.hex,
        "reason": reason,
        "rows": rows,
    }
    return Deed(Act.EXPORT, desk.story.telling, desk.person.id, said)


def _letter(
    desk: Desk, row: UUID, to_tell: ToTell, *, opening: Opening | None
) -> TellingLetter | None:
    """Return a letter with the words whose mark is in the ledger, and the address of today."""
    opened = open_one(desk, to_tell, opening)
    state = state_of(desk, to_tell)
    if not isinstance(opened, Opened) or state is None:
        return None
    whose = Whose(
        name=state.name,
        born_on=None,
        language=state.language,
        fields=state.fields,
        code=state.code,
        certificate=state.certificate,
        theirs=telling_pages.theirs(desk.rows[to_tell.patient], found=state.found),
    )
    message = message_of(desk, whose, channel=Channel.LETTER)
    # What somebody hands over has no address on it: the own one is not safe, or there is none.
    may_be_mailed = any(channel is Channel.LETTER for channel, _to in opened.ways.ways)
    lines = opened.someone.lines if may_be_mailed else ()
    postal_code = opened.someone.text("postal_code") if lines else ""
    return TellingLetter(row, lines, postal_code, state.language, message.subject, message.body)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {protocol.LettersOf: letters_of}
