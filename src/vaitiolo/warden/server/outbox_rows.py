"""The outbox, the warden's half: it seals what only the worker can open, and records each step."""

from collections.abc import Mapping
from typing import Any, Final

from vaitiolo.keys import outboxes
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import NOBODY, OUTBOX, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

LONGEST: Final = 4_096
LATEST: Final = 0xFFFFFFFF  # what the format has room for


def put(install: Installation, question: protocol.PutOutbox) -> protocol.SealedBack:
    """Seal a message for the worker."""
    person = sit(install, question.cookie).person
    if person.role not in {Role.RECEPTION, Role.THERAPIST}:
        raise No("not-allowed", subject=person.id, because="outbox")
    if len(question.body) > LONGEST:
        raise No("too-large", subject=person.id)
    if not 0 < question.due <= LATEST:
        raise No("question-broken", subject=person.id, because="due")
    detail = {"due": question.due, "person": person.id.hex, "row": question.row.hex}
    install.recording.record([Deed(Act.OUTBOX_PUT, OUTBOX, person.id, detail)])
    row = outboxes.make(
        question.body,
        org=install.org,
        row=question.row,
        due=question.due,
        kms_epoch=install.epochs.current("outbox"),
        kms=install.kms,
    )
    return protocol.SealedBack((row.encode(),))


def take(install: Installation, question: protocol.TakeOutbox) -> protocol.Done:
    """Record that the worker is about to open a row, before it does."""
    detail = {"row": question.row.hex}
    install.recording.record([Deed(Act.OUTBOX_TAKEN, OUTBOX, NOBODY, detail)])
    return protocol.Done()


def settle(install: Installation, question: protocol.OutboxSent) -> protocol.Done:
    """Record that a row was sent, or given up."""
    detail = {"row": question.row.hex, "sent": question.was_sent}
    install.recording.record([Deed(Act.OUTBOX_SENT, OUTBOX, NOBODY, detail)])
    return protocol.Done()


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.PutOutbox: put,
    protocol.TakeOutbox: take,
    protocol.OutboxSent: settle,
}
