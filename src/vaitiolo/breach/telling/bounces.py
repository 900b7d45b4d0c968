"""Reads mails that came back (RFC 3464) out of a Maildir: whose row it was, and nothing else.

A mail may be anybody's and hostile. What is not understood is left unread; nothing is logged of it.
"""

import mailbox
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from pathlib import Path
from typing import Final
from uuid import UUID

from vaitiolo.breach.models import Notice
from vaitiolo.breach.states import NoticeState
from vaitiolo.breach.telling import sending
from vaitiolo.breach.telling.access import Became
from vaitiolo.breach.telling.post import BOUNCE
from vaitiolo.warden.transport import Transport

LARGEST: Final = 256 * 1024
MOST_A_ROUND: Final = 1_000
_TO: Final = ("To", "Delivered-To", "X-Original-To", "Envelope-To")
_TOKEN: Final = re.compile(re.escape(BOUNCE) + r"([0-9a-f]{32})@", re.IGNORECASE)
_CAME: Final = (NoticeState.SENT, NoticeState.UNCERTAIN)


def take_in(transport: Transport, folder: Path, *, at: datetime) -> int:
    """Settle the rows whose mails came back; return how many. What was understood is deleted."""
    box = mailbox.Maildir(folder, create=False)
    count, tellings = 0, set()
    for key in list(box.iterkeys())[:MOST_A_ROUND]:
        if "S" in _flags(box, key):
            continue
        row = _row_of(_read(box, key))
        if row is None:
            _set_aside(box, key)
            continue
        found = Notice.objects.filter(id=row, state__in=_CAME).first()
        if found is not None:
            sending.settle(found, Became.BOUNCED, at=at)
            tellings.add(found.telling_id)
            count += 1
        with suppress(KeyError, OSError):
            box.remove(key)
    for telling in sorted(tellings):
        sending.record_settled(transport, telling)
    return count


def _flags(box: mailbox.Maildir, key: str) -> str:
    try:
        return box.get_message(key).get_flags()
    except (OSError, KeyError, ValueError, MessageError):
        return ""


def _read(box: mailbox.Maildir, key: str) -> bytes:
    try:
        with box.get_file(key) as file:
            found = file.read(LARGEST)
    except (OSError, KeyError):
        return b""
    return bytes(found)


def _set_aside(box: mailbox.Maildir, key: str) -> None:
    """Leave a mail that was not understood where it is, as seen, for somebody to look at."""
    with suppress(OSError, KeyError, ValueError, MessageError):
        message = box.get_message(key)
        message.add_flag("S")
        message.set_subdir("cur")
        box[key] = message


def _row_of(raw: bytes) -> UUID | None:
    """Return whose mail failed for good; none for any other mail, and for one that only waits."""
    try:
        mail = message_from_bytes(raw, policy=policy.compat32)
        tokens = {one for name in _TO for one in _TOKEN.findall(str(mail.get(name, "")))}
        has_failed = any(one == "failed" for one in _actions(mail))
    except (ValueError, LookupError, MessageError, RecursionError):
        return None
    return UUID(hex=tokens.pop()) if len(tokens) == 1 and has_failed else None


def _actions(mail: Message) -> Iterator[str]:
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            for block in blocks if isinstance(blocks, list) else []:
                if isinstance(block, Message):
                    yield str(block.get("Action", "")).strip().lower()
