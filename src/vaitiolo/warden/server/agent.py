"""One frame in, one frame out: the warden as a function, with a clock of its own.

Decodes, asks whoever answers that kind of question, and turns every refusal into a reason. A
question it does not know is refused. It never logs what was asked or answered.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, InterfaceError

from vaitiolo.keys.kms import KmsAway
from vaitiolo.keys.refused import Refused
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.recorder import LedgerSilent
from vaitiolo.warden import frames, protocol
from vaitiolo.warden.kinds import Caller
from vaitiolo.warden.server import (
    breaking,
    bringing_in,
    bundling,
    card_signing,
    case_list,
    cases,
    ceremonies,
    changing,
    consistent,
    decoys,
    desks,
    documents,
    drilling,
    duty,
    enrolling,
    erasing,
    escalating,
    finding,
    granting,
    handing_over,
    incident_keys,
    incident_reading,
    incidents,
    kit_taking,
    leaks,
    leaving,
    openings,
    outbox_rows,
    own_keys,
    reconciling,
    replies,
    reporting,
    reviewing,
    roles,
    rotating,
    scoping,
    searching,
    sessions,
    settling,
    shares,
    sign_ins,
    staff,
    supervising,
    surveying,
    telling,
    telling_letters,
    telling_making,
    telling_settling,
    touches,
    witnessing,
)
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import NOBODY, SYSTEM, Deed
from vaitiolo.warden.server.refusing import No

log = logging.getLogger(__name__)

Answerer = Callable[[Installation, Any], protocol.Message]

ANSWERERS: Final[Mapping[type[protocol.Question], Answerer]] = {
    **sign_ins.ANSWERERS,
    **sessions.ANSWERERS,
    **openings.ANSWERERS,
    **documents.ANSWERERS,
    **granting.ANSWERERS,
    **handing_over.ANSWERERS,
    **rotating.ANSWERERS,
    **finding.ANSWERERS,
    **desks.ANSWERERS,
    **searching.ANSWERERS,
    **outbox_rows.ANSWERERS,
    **staff.ANSWERERS,
    **supervising.ANSWERERS,
    **enrolling.ANSWERERS,
    **card_signing.ANSWERERS,
    **changing.ANSWERERS,
    **settling.ANSWERERS,
    **roles.ANSWERERS,
    **leaving.ANSWERERS,
    **bringing_in.ANSWERERS,
    **ceremonies.ANSWERERS,
    **shares.ANSWERERS,
    **cases.ANSWERERS,
    **case_list.ANSWERERS,
    **incidents.ANSWERERS,
    **incident_reading.ANSWERERS,
    **escalating.ANSWERERS,
    **surveying.ANSWERERS,
    **reconciling.ANSWERERS,
    **touches.ANSWERERS,
    **own_keys.ANSWERERS,
    **witnessing.ANSWERERS,
    **reporting.ANSWERERS,
    **bundling.ANSWERERS,
    **erasing.ANSWERERS,
    **duty.ANSWERERS,
    **breaking.ANSWERERS,
    **reviewing.ANSWERERS,
    **scoping.ANSWERERS,
    **drilling.ANSWERERS,
    **incident_keys.ANSWERERS,
    **kit_taking.ANSWERERS,
    **leaks.ANSWERERS,
    **consistent.ANSWERERS,
    **decoys.ANSWERERS,
    **replies.ANSWERERS,
    **telling.ANSWERERS,
    **telling_making.ANSWERERS,
    **telling_letters.ANSWERERS,
    **telling_settling.ANSWERERS,
}


def read_clock() -> int:
    """Return microseconds since 1970; the one clock the warden believes."""
    return time.time_ns() // 1_000


class Agent:
    """The warden behind every way of asking: the socket, or a call in a unit test."""

    def __init__(self, install: Installation, *, caller: Caller = Caller.WEB) -> None:
        self.install = install
        self.caller = caller

    def ask(self, frame: bytes | bytearray) -> bytes:
        """Answer a frame whose length stands in front, as a transport does."""
        return self.answer(memoryview(frame)[frames.LENGTH :])[frames.LENGTH :]

    def answer(self, frame: bytes | bytearray | memoryview) -> bytes:
        """Answer a frame without its length; the answer has its own in front."""
        try:
            question = frames.decode(frame)
        except frames.FrameBroken:
            return frames.encode(protocol.Refused("question-broken"))
        answer = self._answer(question)
        try:
            return frames.encode(answer)
        except frames.FrameBroken:
            return frames.encode(protocol.Refused("too-large"))

    def _answer(self, question: protocol.Message) -> protocol.Message:
        if not isinstance(question, protocol.Question) or type(question) not in ANSWERERS:
            return protocol.Refused("question-broken")
        try:
            return self._try(question)
        except No as no:
            answer = self._refuse(question, no)
        except LedgerSilent:
            answer = protocol.Refused("ledger-silent")
        except KmsAway:
            # Its watcher has told the log. No entry: its tags are computed by the same service.
            answer = protocol.Refused("kms-away")
        except (DatabaseError, InterfaceError) as error:
            # Never the error's own words: a database repeats values in them.
            log.critical("vault away: %s in %s", type(error).__name__, type(question).__name__)
            answer = protocol.Refused("vault-away")
        return answer

    def _try(self, question: protocol.Question) -> protocol.Message:
        if self.caller not in question.callers:
            raise No("not-allowed", because="caller")
        try:
            return ANSWERERS[type(question)](self.install, question)
        except Refused as refused:
            # With honest databases this cannot happen, so it is an alarm and not only an entry.
            log.critical("seal refused: %s in %s", refused.reason, type(question).__name__)
            raise No("seal-broken", because=refused.reason) from None

    def _write(self, deed: Deed, actor: UUID | None) -> None:
        """Record a refusal; about somebody who was erased, on the chain of who tried."""
        try:
            self.install.recording.record([deed])
        except No:
            self.install.recording.record([replace(deed, subject=actor or SYSTEM)])

    def _refuse(self, question: protocol.Question, no: No) -> protocol.Refused:
        """Record a refusal, then give its reason. If it cannot be recorded, only that is said."""
        if no.reason == "signed-out" and no.subject is None:
            # A cookie that nobody holds leads to nobody, and anyone can send a million of them.
            return protocol.Refused(no.reason)
        actor = self.install.memory.whose(getattr(question, "cookie", b""))
        detail = {"question": type(question).__name__, "reason": no.reason, "because": no.because}
        deed = Deed(Act.REFUSED, no.subject or actor or SYSTEM, actor or NOBODY, detail)
        try:
            self._write(deed, actor)
        except LedgerSilent:
            return protocol.Refused("ledger-silent")
        except KmsAway:
            return protocol.Refused("kms-away")
        return protocol.Refused(no.reason)
