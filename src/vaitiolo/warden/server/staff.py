"""The staff as colleagues see it, the end of a card, and how the warden is."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from vaitiolo.keys import revocations, store
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.revocations import Reason
from vaitiolo.keys.rows import HolderState, RevocationRow
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import STAFF, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit


def colleagues(install: Installation, question: protocol.Colleagues) -> protocol.Staff:
    """Return everyone on the staff."""
    sit(install, question.cookie)
    return protocol.Staff(
        tuple(
            parts.Colleague(one.id, one.name, one.role, one.unit, one.is_active)
            for one in install.directory.everyone().values()
        )
    )


def revoke(install: Installation, question: protocol.RevokeCard) -> protocol.Done:
    """End a colleague's card: signed by a registrar, recorded, and the session with it."""
    seat = sit(install, question.cookie)
    person = seat.person
    colleague = install.directory.find(question.person)
    if person.role != Role.REGISTRAR or colleague is None or colleague.id == person.id:
        raise No("not-allowed", subject=person.id, because="revoke")
    if colleague.klass != CardClass.STAFF or question.reason not in set(Reason):
        raise No("not-allowed", subject=person.id, because="revoke whom or why")
    with install.memory.keys(question.cookie, seat) as keys:
        word = revocations.make(
            colleague.card,
            Reason(question.reason),
            since=install.today() + 1,
            org=install.org,
            registrar=person.card,
            keys=keys,
        )
    detail = {"card": colleague.card.hex(), "person": colleague.id.hex, "why": question.reason}
    [leaf] = install.recording.record([Deed(Act.CARD_REVOKED, STAFF, person.id, detail)])
    with transaction.atomic(using="vault"):
        store.put_revocations([RevocationRow(colleague.card, word.encode(), leaf_index=leaf)])
        store.set_state(colleague.id, HolderState.CLOSED)
    install.memory.end_all_of(colleague.id)
    install.cards.forget()
    install.directory.forget()
    return protocol.Done()


def check(install: Installation, question: protocol.Check) -> protocol.Health:
    """Say how the warden is; a ledger that cannot be read is a refusal."""
    del question
    batch = queries.last_batch()
    size = batch[0] if batch else 0
    return protocol.Health(protocol.VERSION, size, install.trust.demo, install.org)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.Colleagues: colleagues,
    protocol.RevokeCard: revoke,
    protocol.Check: check,
}
