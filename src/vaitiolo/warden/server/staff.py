"""The staff as colleagues see it, and how the warden is."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.store import joining
from vaitiolo.ledger import queries
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.server.directory import Colleague
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.sign_ins import sit


def colleagues(install: Installation, question: protocol.Colleagues) -> protocol.Staff:
    """Return everyone on the staff."""
    sit(install, question.cookie)
    desks = joining.subjects_of(CompartmentClass.DESK)
    everyone = install.directory.everyone().values()
    return protocol.Staff(tuple(as_told(install, one, desk=desks.get(one.id)) for one in everyone))


def as_told(
    install: Installation, colleague: Colleague, *, desk: UUID | None = None
) -> parts.Colleague:
    """Return a colleague as others on the staff see one."""
    card = install.cards.known(colleague.card)
    return parts.Colleague(
        colleague.id,
        colleague.name,
        colleague.role,
        colleague.unit,
        colleague.is_active,
        colleague.since,
        0 if card is None else card.terms.not_after,
        desk,
    )


def check(install: Installation, question: protocol.Check) -> protocol.Health:
    """Say how the warden is; a ledger that cannot be read is a refusal."""
    del question
    batch = queries.last_batch()
    size = batch[0] if batch else 0
    return protocol.Health(protocol.VERSION, size, install.trust.demo, install.org)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.Colleagues: colleagues,
    protocol.Check: check,
}
