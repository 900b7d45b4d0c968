"""Another role or another unit: proposed by a registrar, asked for by the holder's own signature.

The card that follows names the one before, so that what was granted stays granted until it is
withdrawn; what the new role may not open any more is refused by its role.
"""

from collections.abc import Mapping
from typing import Any, Final

from vaitiolo.keys import invitations
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.rows import ProposalRow
from vaitiolo.keys.store import joining
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.server.enrolling import checked_terms, demand_registrar
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.recording import STAFF, Deed
from vaitiolo.warden.server.refusing import No


def propose(install: Installation, question: protocol.ProposeRole) -> protocol.Done:
    """Propose another role or unit; nothing changes before the holder's next sign-in."""
    person = demand_registrar(install, question.cookie).person
    colleague = install.directory.find(question.person)
    if colleague is None or not colleague.is_active or colleague.klass != CardClass.STAFF:
        raise No("not-allowed", subject=person.id, because="propose to whom")
    terms = checked_terms(
        install, person.id, name=colleague.name, role=question.role, unit=question.unit
    )
    if (terms.role, question.unit) == (colleague.role, colleague.unit):
        raise No("not-allowed", subject=person.id, because="nothing new")
    sealed = invitations.seal_terms(terms, kms=install.kms, org=install.org, subject=colleague.id)
    detail = {"person": colleague.id.hex, "role": terms.role, "unit": terms.unit}
    install.recording.record([Deed(Act.ROLE_CHANGED, STAFF, person.id, detail)])
    joining.put_proposal(ProposalRow(colleague.id, sealed, install.today()))
    return protocol.Done()


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {protocol.ProposeRole: propose}
