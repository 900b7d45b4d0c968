"""Erasing somebody: one officer asks, another approves, each with a touch over that one request.

What was asked is believed from the ledger alone. Details, ledger secret and keys go in the one
transaction that appends the ERASE; documents then are noise, which the pages remove.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from vaitiolo.keys import store
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import ErasureRow
from vaitiolo.ledger import extents, queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.ledger.verify import specials
from vaitiolo.warden import protocol
from vaitiolo.warden.erasure_parts import ErasureAsked, ErasureDone, Substance
from vaitiolo.warden.kinds import OF_PATIENTS, OF_STAFF, Basis, Role
from vaitiolo.warden.protocol.erasing import over_approving, over_asking
from vaitiolo.warden.server import evidence, touches, witnesses
from vaitiolo.warden.server.cases import OFFICERS
from vaitiolo.warden.server.install import SECOND, Installation
from vaitiolo.warden.server.memory import Person
from vaitiolo.warden.server.openings import A_PATIENTS
from vaitiolo.warden.server.recording import NO_TAG, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.sign_ins import sit

LONGEST_REASON: Final = 500
MOST_LISTED: Final = 50
WITHDRAWN, DECLINED = "withdrawn", "declined"


@dataclass(frozen=True, slots=True)
class Asked:
    """An erasure that waits, as its entry has it."""

    subject: UUID
    request: int
    time_us: int
    by: UUID
    basis: str
    reason: str = field(repr=False)


def look(install: Installation, question: protocol.LookAtErasure) -> protocol.ErasureShown:
    """Return what an erasure would take. Raises No for others than officers, and for nobody's."""
    person = _officer(sit(install, question.cookie).person)
    return protocol.ErasureShown(_substance(install, _known(install, question.subject, person)))


def ask(install: Installation, question: protocol.AskErasure) -> protocol.Done:
    """Record that an erasure is asked for; nothing is erased. Raises No, Refused."""
    person = sit(install, question.cookie).person
    if person.role != Role.PRIVACY_OFFICER:
        raise No("not-allowed", subject=person.id, because="ask erasure")
    subject = _known(install, question.subject, person)
    reason = question.reason.strip()
    _check_words(install, subject, basis=question.basis, reason=reason)
    over = over_asking(subject, question.basis, reason)
    touched = touches.demand(install, question.cookie, over=over, assertion=question.assertion)
    with install.turns[subject]:
        if _waiting(install, store.erasure(subject)) is not None:
            raise No("erasure-waits", subject=subject, because="asked before")
        said = {"basis": question.basis, "reason": reason, "touch": touches.said(touched)}
        deed = Deed(Act.ERASURE_ASKED, subject, person.id, _by(person) | said)
        [index] = install.recording.record([deed])
        store.put_erasure(ErasureRow(subject, index))
    return protocol.Done()


def approve(install: Installation, question: protocol.ApproveErasure) -> protocol.ErasureMade:
    """Erase what another person asked for. Raises No, Refused; then nothing was erased.

    The approval stands in the ledger, and before its witnesses where the policy names some, before
    anything is deleted.
    """
    person = _officer(sit(install, question.cookie).person)
    asked = _asked(install, question, person)
    if asked.by == person.id:
        raise No("not-allowed", subject=asked.subject, because="one's own asking")
    over = over_approving(asked.subject, asked.basis, asked.request)
    touched = touches.demand(install, question.cookie, over=over, assertion=question.assertion)
    said = {"request": asked.request, "touch": touches.said(touched)}
    deed = Deed(Act.ERASURE_APPROVED, asked.subject, person.id, _by(person) | said)
    [index] = install.recording.record([deed])
    witnesses.demand(install, index, subject=asked.subject)
    with install.turns[asked.subject]:
        # While witnesses were waited for, it may have been taken back.
        _asked(install, question, person)
        return _erase(install, asked, person)


def end(install: Installation, question: protocol.EndErasure) -> protocol.Done:
    """Record that an asking was taken back by whoever asked, or declined by another officer."""
    person = _officer(sit(install, question.cookie).person)
    reason = question.reason.strip()
    if len(reason) > LONGEST_REASON:
        raise No("question-broken", subject=person.id, because="reason")
    asked = _asked(install, question, person)
    with install.turns[asked.subject]:
        _asked(install, question, person)
        how = WITHDRAWN if asked.by == person.id else DECLINED
        said = {"how": how, "reason": reason, "request": asked.request}
        deed = Deed(Act.ERASURE_ENDED, asked.subject, person.id, _by(person) | said)
        install.recording.record([deed])
        store.remove_erasure(asked.subject)
    return protocol.Done()


def list_all(install: Installation, question: protocol.ListErasures) -> protocol.ErasuresListed:
    """Return what waits, each with what it would take, and what was done. Raises No, Refused."""
    person = _officer(sit(install, question.cookie).person)
    found = (_waiting(install, row) for row in store.erasures())
    waiting = tuple(_as_asked(install, one, person) for one in found if one is not None)
    done = tuple(_as_done(install, one) for one in queries.erasures(most=MOST_LISTED))
    return protocol.ErasuresListed(waiting, done)


# --- who and what -----------------------------------------------------------------


def _officer(person: Person) -> Person:
    if person.role not in OFFICERS:
        raise No("not-allowed", subject=person.id, because="erasure")
    return person


def _known(install: Installation, subject: UUID, person: Person) -> UUID:
    """Return a patient, or somebody who worked here once. Raises No(not-granted, not-allowed)."""
    colleague = install.directory.find(subject)
    if colleague is not None and colleague.is_active:
        raise No("not-allowed", subject=person.id, because="works here")
    classes = {row.klass for row in store.compartments_of(subject)}
    is_known = colleague is not None or bool(classes & A_PATIENTS)
    if not is_known or store.find_audit_secret(subject) is None:
        raise No("not-granted", subject=person.id, because="nobody to erase")
    return subject


def _check_words(install: Installation, subject: UUID, *, basis: str, reason: str) -> None:
    bases = OF_PATIENTS if install.directory.find(subject) is None else OF_STAFF
    if basis not in set(Basis) or Basis(basis) not in bases:
        raise No("not-allowed", subject=subject, because="basis")
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise No("question-broken", subject=subject, because="reason")


def _substance(install: Installation, subject: UUID) -> Substance:
    """Count what would go. Where a chain has a gap, the ledger's audit says so, not this."""
    entries, details, first, last = extents.substance_of(install.recording.tag(subject))
    openings = store.openings([row.id for row in store.compartments_of(subject)])
    grants = [grant for one in openings.values() for grant in one.grants]
    cards = {install.cards.known(grant.recipient_card) for grant in grants}
    holders = {card.holder for card in cards if card is not None}
    colleague = install.directory.find(subject)
    return Substance(
        is_staff=colleague is not None,
        name="" if colleague is None else colleague.name,
        entries=entries,
        details=details,
        first_us=first,
        last_us=last,
        compartments=len(openings),
        grants=len(grants),
        holders=tuple(sorted(holders & install.directory.everyone().keys())),
    )


def _by(person: Person) -> dict[str, object]:
    return {"network": person.network, "person": person.id.hex, "role": person.role}


# --- what waits -------------------------------------------------------------------


def _asked(
    install: Installation, question: protocol.ApproveErasure | protocol.EndErasure, person: Person
) -> Asked:
    """Return what waits under the number that was asked about. Raises No(no-erasure), Refused."""
    row = store.erasure(question.subject)
    asked = _waiting(install, row)
    if asked is None or asked.request != question.request:
        raise No("no-erasure", subject=person.id, because="not waiting")
    return asked


def _waiting(install: Installation, row: ErasureRow | None) -> Asked | None:
    """Return what a row says is waiting, if its entry says so too and no later one ended it."""
    if row is None or store.find_audit_secret(row.subject) is None:
        return None
    entry = queries.entry(row.leaf_index)
    try:
        _day, said = evidence.detail_of(
            install.recording, row.leaf_index, subject=row.subject, acts={Act.ERASURE_ASKED}
        )
    except Refused:
        # A planted row: nobody asked for it.
        return None
    if entry is None or _has_ended(install, row):
        return None
    by, basis, reason = UUID(hex=str(said["person"])), str(said["basis"]), str(said["reason"])
    return Asked(row.subject, row.leaf_index, entry.leaf.time_us, by, basis, reason)


def _has_ended(install: Installation, row: ErasureRow) -> bool:
    """Return whether an asking was ended; an end whose detail is gone may be that of any."""
    ends = queries.acts_of(install.recording.tag(row.subject), Act.ERASURE_ENDED)
    said = [*evidence.details_of(install.recording, row.subject, act=Act.ERASURE_ENDED)]
    return len(said) < len(ends) or any(one["request"] == row.leaf_index for one in said)


# --- erasing ----------------------------------------------------------------------


def _erase(install: Installation, asked: Asked, person: Person) -> protocol.ErasureMade:
    gone = _substance(install, asked.subject)

    def beside(connection: BaseDatabaseWrapper) -> None:
        store.remove_subject(connection, asked.subject)

    erased = install.recording.erase(
        asked.subject, basis=asked.basis, actor=person.id, beside=beside
    )
    _drop_from_memory(install, asked.subject)
    return protocol.ErasureMade(erased.place, erased.details, gone.compartments, gone.grants)


def _drop_from_memory(install: Installation, subject: UUID) -> None:
    with install.shelf:
        for book in install.books.values():
            book.remove(subject)
    install.memory.take_back_all(subject)
    install.scopes.forget_all()


# --- as it is told ----------------------------------------------------------------


def _as_asked(install: Installation, asked: Asked, person: Person) -> ErasureAsked:
    return ErasureAsked(
        subject=asked.subject,
        request=asked.request,
        asked=asked.time_us // SECOND,
        asked_by=install.directory.name_of(asked.by),
        is_own=asked.by == person.id,
        basis=asked.basis,
        reason=asked.reason,
        gone=_substance(install, asked.subject),
    )


def _as_done(install: Installation, entry: Recorded) -> ErasureDone:
    """Read an ERASE, and who asked for it off the erased chain: acts and actors stay there."""
    leaf = entry.leaf
    if entry.salt is None or entry.detail is None:
        raise Refused("erase.detail")
    try:
        said = specials.read(Act.ERASE, entry.detail, salt=entry.salt, commit=leaf.detail_commit)
    except specials.SpecialBroken:
        raise Refused("erase.detail") from None
    asking = queries.acts_of(bytes.fromhex(str(said["tag"])), Act.ERASURE_ASKED)
    asked_by = asking[-1][1] if asking else NO_TAG
    return ErasureDone(
        index=entry.index,
        time=leaf.time_us // SECOND,
        basis=str(said["basis"]),
        details=int(said["details"]),
        asked_by=_name(install, asked_by),
        approved_by=_name(install, leaf.actor_tag),
    )


def _name(install: Installation, tag: bytes) -> str:
    found = None if tag == NO_TAG else store.subject_of(tag)
    return "" if found is None else install.directory.name_of(found)


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.LookAtErasure: look,
    protocol.AskErasure: ask,
    protocol.ApproveErasure: approve,
    protocol.EndErasure: end,
    protocol.ListErasures: list_all,
}
