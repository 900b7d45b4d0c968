"""The online halves of a ceremony: a request goes out with an entry, an answer comes in by grants.

The warden never sees the recovery key. What comes back is believed only as far as the request that
it gave out itself, and each grant is recorded on its patient's chain before it is stored.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction

from vaitiolo.keys import ceremonies, store
from vaitiolo.keys.cards import Card, CardClass
from vaitiolo.keys.ceremonies import Ceremony, CeremonyPurpose, CheckedRequest, Pins
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.kinds import CompartmentClass, RecoveryRole
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import CompartmentRow, Opening
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import protocol
from vaitiolo.warden.server import evidence, granting, holding, witnesses
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.recording import Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

RECOVERED: Final = (CompartmentClass.CHART, CompartmentClass.WORKING, CompartmentClass.SHARED)
# So that request and answer pass through the socket whole; more patients are a second ceremony.
MOST_GRANTS: Final = 8_000
AT_ONCE: Final = 500
ON_PAPER: Final = frozenset(CeremonyPurpose) - {CeremonyPurpose.CONTACT_OFFLINE}


def export(install: Installation, question: protocol.ExportCeremony) -> protocol.CeremonyExported:
    """Answer with a request, once it is recorded who took it out, for whom and how much of it."""
    seat = sit(install, question.cookie)
    person = _officer(seat.person)
    if question.purpose not in ON_PAPER:
        raise No("not-allowed", subject=person.id, because="purpose")
    target = granting.person_card(install, question.person, CompartmentClass.CHART)
    given = _recovery_grants(install, question.patients)
    terms = ceremonies.Terms(
        purpose=CeremonyPurpose(question.purpose),
        org=install.org,
        case=uuid4(),
        made=install.today(),
        recovery=install.trust.recovery_card(RecoveryRole.CHART),
        target=target.id,
    )
    named = {terms.recovery, terms.target, person.card, *(grant.grantor for grant in given)}
    shown = list(_with_signers(install, named))
    with install.memory.keys(question.cookie, seat) as keys:
        request = ceremonies.make_request(
            terms, shown=shown, given=given, keys=keys, signer=person.card
        )
    detail = {
        "count": len(given),
        "patients": len(set(question.patients)),
        "purpose": question.purpose,
        "request": request.id.hex(),
        "to": question.person.hex,
    }
    exported = Deed(Act.CEREMONY_EXPORTED, terms.case, person.id, detail)
    [leaf] = install.recording.record([exported])
    witnesses.demand(install, leaf, subject=terms.case)
    return protocol.CeremonyExported(request.encode(), len(given))


def bring_back(
    install: Installation, question: protocol.ImportCeremony
) -> protocol.CeremonyImported:
    """Store what a ceremony granted; what is in already is left, so twice is harmless."""
    person = _officer(sit(install, question.cookie).person)
    checked, answer = _read(install, question)
    target = checked.target
    granting.person_card(install, target.holder, CompartmentClass.CHART)
    stored = store.openings([grant.compartment for grant in answer.grants])
    fresh = [
        (grant, stored[grant.compartment].compartment)
        for grant in answer.grants
        if not _is_in(install, grant, stored.get(grant.compartment))
    ]
    detail = {
        "answer": answer.id.hex(),
        "count": len(answer.grants),
        "new": len(fresh),
        "request": answer.request.hex(),
        "to": target.holder.hex,
    }
    imported = Deed(Act.CEREMONY_IMPORTED, answer.terms.case, person.id, detail)
    [leaf] = install.recording.record([imported])
    witnesses.demand(install, leaf, subject=answer.terms.case)
    for start in range(0, len(fresh), AT_ONCE):
        _grant(install, person, fresh[start : start + AT_ONCE], checked=checked)
    return protocol.CeremonyImported(len(fresh), len(answer.grants) - len(fresh))


def _officer(person: Person) -> Person:
    if person.role not in ceremonies.MAY_ASK:
        raise No("not-allowed", subject=person.id, because="ceremony")
    return person


def _recovery_grants(install: Installation, patients: Sequence[UUID]) -> list[Grant]:
    rows = [
        row
        for patient in dict.fromkeys(patients)
        for row in store.compartments_of(patient)
        if row.klass in RECOVERED
    ]
    if not rows:
        raise No("not-allowed", because="no compartments")
    if len(rows) > MOST_GRANTS:
        raise No("too-large", because="compartments")
    stored = store.openings([row.id for row in rows])
    return [_recovery_grant(install, stored[row.id]) for row in rows]


def _recovery_grant(install: Installation, opening: Opening) -> Grant:
    pinned, row = install.trust.recovery_card(RecoveryRole.CHART), opening.compartment
    if row.pending_epoch is not None:
        # The key that went out would open nothing by the time that it comes back.
        raise No("not-allowed", subject=row.subject, because="being rotated")
    valid = holding.valid_grants(install, opening)
    found = next((grant for grant in valid if grant.recipient == pinned), None)
    if found is None:
        # Whoever deleted it wants this one not to be recovered; it is said, and nothing goes out.
        raise No("seal-broken", subject=row.subject, because="no recovery grant")
    return found


def _with_signers(install: Installation, named: set[bytes]) -> Iterator[Card]:
    """Yield cards and the registrars who signed them: what an offline check needs."""
    left, done = list(named), set()
    while left:
        card_id = left.pop()
        if card_id in done:
            continue
        done.add(card_id)
        card = install.cards.authority.card_of(card_id)
        yield card
        if card.klass is not CardClass.REGISTRAR:
            left.extend(signature.signer for signature in card.signatures)


def _read(
    install: Installation, question: protocol.ImportCeremony
) -> tuple[CheckedRequest, Ceremony]:
    trust = install.trust
    pins = Pins(
        org=install.org,
        root=trust.root,
        registrars_per_card=trust.cards.registrars_per_card,
        contact=trust.recovery.contact,
        chart=trust.recovery.chart,
    )
    try:
        request, answer = map(ceremonies.parse, (question.request, question.answer))
        checked = ceremonies.check_request(request, pins)
        ceremonies.check_answer(answer, checked)
        install.cards.trusted(checked.target.id, at=Moment(install.today()))
    except Refused as refused:
        raise No("seal-broken", because=refused.reason) from None
    if not _went_out(install, request):
        raise No("not-allowed", because="a request that did not go out here")
    return checked, answer


def _went_out(install: Installation, request: Ceremony) -> bool:
    said = evidence.details_of(install.recording, request.terms.case, act=Act.CEREMONY_EXPORTED)
    return any(one.get("request") == request.id.hex() for one in said)


def _is_in(install: Installation, grant: Grant, opening: Opening | None) -> bool:
    """Return whether the target has this grant, or one as good from an earlier import.

    Raises No when the compartment's key was changed since, so that the old one is not brought back.
    """
    if opening is None:
        raise No("not-allowed", because="no such compartment")
    valid = holding.valid_grants(install, opening)
    if grant.parent not in {one.id for one in valid}:
        raise No("not-allowed", subject=opening.compartment.subject, because="rotated since")
    as_good = (grant.recipient, grant.parent)
    return any((one.recipient, one.parent) == as_good for one in valid)


def _grant(
    install: Installation,
    person: Person,
    fresh: Sequence[tuple[Grant, CompartmentRow]],
    *,
    checked: CheckedRequest,
) -> None:
    deeds = [
        Deed(
            Act.GRANT,
            row.subject,
            person.id,
            {
                "ceremony": checked.request.id.hex(),
                "compartment": row.id.hex,
                "grants": [grant.id.hex()],
                "to": checked.target.holder.hex,
                "until": grant.until,
            },
        )
        for grant, row in fresh
    ]
    leaves = install.recording.record(deeds)
    try:
        with transaction.atomic(using=store.VAULT):
            for (grant, row), leaf in zip(fresh, leaves, strict=True):
                given = granting.grant_row(grant, leaf)
                store.add_grants([given], epoch=row.epoch, pending=None)
    except store.RotationRefused:
        raise No("not-allowed", because="turned meanwhile") from None


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.ExportCeremony: export,
    protocol.ImportCeremony: bring_back,
}
