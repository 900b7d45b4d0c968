"""Contact cases: two officers, a list that never grows, and an entry before each opening.

Each officer opens the own share by password and security key, touched over the case and its list.
Their two shares open the contact key, here, for an hour at most, and for the listed patients alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID, uuid4

from vaitiolo.keys import bodies, contact, envelope, store
from vaitiolo.keys.bodies import Place, SignedBody
from vaitiolo.keys.cards import CardClass
from vaitiolo.keys.fields import NO_END
from vaitiolo.keys.grants import Grant
from vaitiolo.keys.holders import HolderKeys
from vaitiolo.keys.kinds import CompartmentClass, Kind, RecoveryRole
from vaitiolo.keys.octets import sha256, wipe
from vaitiolo.keys.refused import Refused
from vaitiolo.keys.rows import CaseRow, Opening
from vaitiolo.keys.vouching import Moment
from vaitiolo.ledger.acts import Act
from vaitiolo.warden import parts, protocol
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.protocol.recovering import over_joining
from vaitiolo.warden.server import evidence, granting, holding, recovery_keys, witnesses
from vaitiolo.warden.server.install import Installation
from vaitiolo.warden.server.memory import Held, Person, Seat
from vaitiolo.warden.server.recording import NOBODY, Deed
from vaitiolo.warden.server.refusing import No
from vaitiolo.warden.server.running_cases import RUNS, Running
from vaitiolo.warden.server.shares import share_of
from vaitiolo.warden.server.sign_ins import sit
from vaitiolo.warden.server.unlocked import Unlocked

OFFICERS: Final = frozenset({Role.PRIVACY_OFFICER, Role.MANAGER, Role.REGISTRAR})
MOST_PATIENTS: Final = 50_000
MOST_AT_ONCE: Final = 100
LONGEST_REASON: Final = 500
ID_LENGTH: Final = 16


def open_case(install: Installation, question: protocol.OpenCase) -> protocol.CaseOpened:
    """Fix a list, seal it for the officers, and record its length and hash."""
    seat = sit(install, question.cookie)
    person = officer_of(seat.person)
    listed = tuple(sorted(set(question.patients), key=lambda one: one.bytes))
    if not 1 <= len(listed) <= MOST_PATIENTS or not question.reason.strip():
        raise No("not-allowed", subject=person.id, because="list or reason")
    case = uuid4()
    with (
        install.memory.keys(question.cookie, seat) as keys,
        granting.make(
            install,
            CompartmentClass.CASE,
            case,
            recipients=_recipients(install),
            signer=keys,
            creator=person.card,
        ) as made,
    ):
        list_hash = list_hash_of(install.org, case, listed)
        detail = {
            "compartment": made.id.hex,
            "list": list_hash.hex(),
            "patients": len(listed),
            "person": person.id.hex,
            "reason": question.reason.strip()[:LONGEST_REASON],
        }
        leaf, _ = install.recording.record(
            [made.deed(person.id), Deed(Act.CASE_OPENED, case, person.id, detail)]
        )
        granting.store_made([made], [leaf])
        sealed = _seal_list(install.org, case, made.id, dk=made.dk, listed=listed)
        store.put_case(CaseRow(case, made.id, sealed))
    return protocol.CaseOpened(case, len(listed), list_hash)


def join(install: Installation, question: protocol.JoinCase) -> protocol.CaseJoined:
    """Open the asker's share; with a second officer's, the case runs."""
    seat = sit(install, question.cookie)
    person = officer_of(seat.person)
    listed = list_of(install, seat, question.cookie, case=question.case)
    list_hash = list_hash_of(install.org, question.case, listed)
    share = share_of(install, seat, question, over=over_joining(question.case, list_hash))
    try:
        detail = {"list": list_hash.hex(), "person": person.id.hex}
        joined = Deed(Act.CASE_JOINED, question.case, person.id, detail)
        [leaf] = install.recording.record([joined])
        witnesses.demand(install, leaf, subject=question.case)
        now = install.clock()
        with install.cases.joining(question.case, listed, now=now) as running:
            return protocol.CaseJoined(_joined(install, running, person, share=share, now=now))
    finally:
        wipe(share)


def next_of(install: Installation, question: protocol.NextOfCase) -> protocol.CaseListed:
    """Record the opening of some listed patients, and say where their records belong."""
    person = sit(install, question.cookie).person
    if question.start < 0 or not 1 <= question.count <= MOST_AT_ONCE:
        raise No("not-allowed", subject=question.case, because="how many")
    with running_for(install, question.case, person) as running:
        some = running.patients[question.start : question.start + question.count]
        found = [(patient, identity_of(patient)) for patient in some]
        deeds = [
            opening_of(person, patient, identity, case=running.case)
            for patient, identity in found
            if identity is not None
        ]
        if deeds:
            install.recording.record(deeds)
        running.listed.update(patient for patient, identity in found if identity is not None)
        return protocol.CaseListed(tuple(parts.CasePatient(*one) for one in found))


def read(install: Installation, question: protocol.ReadCase) -> protocol.Unsealed:
    """Open the identity record of a patient whose opening was recorded; of nobody else."""
    person = sit(install, question.cookie).person
    with running_for(install, question.case, person) as running:
        if question.patient not in running.listed:
            raise No("not-granted", subject=question.patient, because="not listed in this case")
        if question.document.place.kind != Kind.IDENTITY:
            raise No("not-granted", subject=question.patient, because="not an identity record")
        read_back = _open(install, person, running, question=question)
        running.read.add(question.patient)
        return protocol.Unsealed((read_back,))


def close(install: Installation, question: protocol.CloseCase) -> protocol.CaseClosed:
    """Wipe a case's key and record how far it went."""
    person = sit(install, question.cookie).person
    with running_for(install, question.case, person):
        ended = install.cases.drop(question.case)
    if ended is None:
        raise No("not-allowed", subject=question.case, because="not running")
    install.recording.record([install.case_closed(ended, by=person.id)])
    return protocol.CaseClosed(len(ended.listed), len(ended.read))


def officer_of(person: Person) -> Person:
    """Return somebody who is an officer by role and by share. Raises No."""
    if person.role not in OFFICERS or not store.is_officer(person.id):
        raise No("not-allowed", subject=person.id, because="no officer")
    return person


def _recipients(install: Installation) -> list[tuple[Any, int]]:
    """Return the cards of all officers who work here; a case is for them together."""
    found = []
    for officer in sorted(store.officers()):
        colleague = install.directory.find(officer)
        if colleague is not None and colleague.is_active and colleague.role in OFFICERS:
            card = granting.person_card(install, officer, CompartmentClass.CASE)
            found.append((card, NO_END))
    return found


def list_hash_of(org: UUID, case: UUID, listed: Sequence[UUID]) -> bytes:
    """Return the hash of a case's list, as its entry has it."""
    ids = b"".join(patient.bytes for patient in listed)
    return sha256(b"vaitiolo/1/case-list", org.bytes, case.bytes, ids)


def _place(org: UUID, case: UUID, compartment: UUID) -> Place:
    return Place(org, compartment, Kind.EVIDENCE, case, 1)


def _seal_list(
    org: UUID, case: UUID, compartment: UUID, *, dk: bytearray, listed: Sequence[UUID]
) -> bytes:
    context = envelope.document_context(_place(org, case, compartment), epoch=1)
    body = b"".join(patient.bytes for patient in listed)
    return envelope.seal(dk, context, body, epoch=1, padding=envelope.Padding.DOCUMENT)


def list_of(install: Installation, seat: Seat, cookie: bytes, *, case: UUID) -> tuple[UUID, ...]:
    """Return a case's list as it was opened. Raises No, and Refused when it is another now."""
    row = store.case(case)
    if row is None:
        raise No("not-granted", because="no such case")
    held = holding.find(install, seat.person, row.compartment)
    if held.klass is not CompartmentClass.CASE or held.subject != case:
        raise Refused("case.compartment")
    with install.memory.keys(cookie, seat) as keys, holding.key_of(install, keys, held) as dk:
        place = _place(install.org, case, row.compartment)
        body = envelope.unseal(
            dk,
            envelope.document_context(place, epoch=held.epoch),
            row.sealed_list,
            epoch=held.epoch,
            padding=envelope.Padding.DOCUMENT,
        )
    ids = range(0, len(body), ID_LENGTH)
    listed = tuple(UUID(bytes=bytes(body[at : at + ID_LENGTH])) for at in ids)
    _check_list(install, case, list_hash_of(install.org, case, listed).hex())
    return listed


def _check_list(install: Installation, case: UUID, list_hash: str) -> None:
    """Return quietly when the ledger has this list for the case, else raise Refused."""
    opened = evidence.details_of(install.recording, case, act=Act.CASE_OPENED)
    if [one["list"] for one in opened] != [list_hash]:
        raise Refused("case.list")


def _joined(
    install: Installation, running: Running, person: Person, *, share: bytearray, now: int
) -> bool:
    if running.is_running:
        if person.id in running.officers:
            return True
        raise No("case-taken", subject=running.case)
    wipe(running.shares.get(person.id, bytearray()))
    running.shares[person.id] = bytearray(share)
    others = [officer for officer in running.shares if officer != person.id]
    if not others:
        return False
    pair = contact.pair_of(person.id, others[0])
    try:
        seed = _open_pair(install, running, pair)
    except Refused as refused:
        # Which of the two was wrong cannot be told, so both begin again.
        install.cases.drop(running.case)
        raise No("wrong-share", subject=running.case, because=refused.reason) from None
    wipe(*running.shares.values())
    running.shares.clear()
    running.seed, running.officers, running.until = seed, frozenset(pair), now + RUNS
    return True


def _open_pair(install: Installation, running: Running, pair: contact.Pair) -> bytearray:
    row = store.pair(*pair)
    if row is None:
        raise Refused("contact.pair")
    seed = contact.open_pair(row.sealed_seed, running.shares, pair=pair, org=install.org)
    pinned = install.trust.recovery_card(RecoveryRole.CONTACT)
    if recovery_keys.card_id(seed, install.org, RecoveryRole.CONTACT) != pinned:
        wipe(seed)
        raise Refused("contact.card")
    return seed


@contextmanager
def running_for(install: Installation, case: UUID, person: Person) -> Iterator[Running]:
    """Give a case that runs to one of its two officers, both of whom still stand. Raises No."""
    install.end_lapsed_cases()
    with install.cases.running(case, person.id, now=install.clock()) as running:
        if running is None:
            raise No("not-allowed", subject=case, because="not running for this officer")
        if not all(_stands(install, officer) for officer in running.officers):
            # It takes two: whose access has ended takes the case along, at once.
            install.cases.drop(case)
            install.recording.record([install.case_closed(running, by=NOBODY)])
            raise No("not-allowed", subject=case, because="an officer's access has ended")
        yield running


def _stands(install: Installation, officer: UUID) -> bool:
    colleague = install.directory.find(officer)
    if colleague is None or not colleague.is_active or not store.is_officer(officer):
        return False
    try:
        install.cards.trusted(colleague.card, at=Moment(install.today()))
    except Refused:
        return False
    return True


def identity_of(patient: UUID) -> UUID | None:
    """Return the compartment of a patient's identity; none for somebody who was erased."""
    found = store.compartments_of(patient, klass=CompartmentClass.IDENTITY)
    return found[0].id if found else None


def opening_of(person: Person, patient: UUID, identity: UUID, *, case: UUID) -> Deed:
    """Return the entry of an opening by a case."""
    detail = {
        "case": case.hex,
        "compartment": identity.hex,
        "for": "case",
        "ground": "case",
        "network": person.network,
        "person": person.id.hex,
        "role": person.role,
    }
    return Deed(Act.OPEN_IDENTITY, patient, person.id, detail)


def _open(
    install: Installation, person: Person, running: Running, *, question: protocol.ReadCase
) -> parts.Read:
    identity = identity_of(question.patient)
    opening = None if identity is None else store.openings([identity]).get(identity)
    if opening is None:
        raise No("not-granted", subject=question.patient, because="no identity")
    with HolderKeys(running.seed, install.org) as keys:
        signed, holder = read_identity(
            install, keys, opening, document=question.document, card=person.card
        )
    return parts.Read(signed.text, holder, install.directory.name_of(holder))


def read_identity(
    install: Installation,
    keys: HolderKeys,
    opening: Opening,
    *,
    document: parts.Sealed,
    card: bytes,
) -> tuple[SignedBody, UUID]:
    """Open an identity record with the contact key; return it and who signed it.

    Raises No without a good grant, Refused for what is not what was sealed and signed.
    """
    row = opening.compartment
    # While its key is being turned, a record stands under the one or the other.
    epoch = envelope.epoch_of(document.sealed)
    epoch = epoch if epoch == row.pending_epoch else row.epoch
    grant = recovery_grant(install, opening, epoch=epoch)
    held = Held(row.id, CompartmentClass(row.klass), row.subject, epoch, grant, None, ())
    dk = keys.open_grant(grant)
    try:
        place, body = Unlocked(install, held, dk, keys, card).unseal(document)
    finally:
        wipe(dk)
    signed = bodies.check_body(body, place, public_key_of=install.cards.signing_key)
    author = install.cards.known(signed.author)
    if author is None or author.klass is CardClass.RECOVERY:
        raise Refused("body.author")
    return signed, author.holder


def recovery_grant(install: Installation, opening: Opening, *, epoch: int) -> Grant:
    """Return the contact key's grant of an identity. Raises No(seal-broken) without a good one."""
    pinned = install.trust.recovery_card(RecoveryRole.CONTACT)
    for grant in holding.valid_grants(install, opening, epoch=epoch):
        if grant.recipient == pinned:
            return grant
    raise No("seal-broken", subject=opening.compartment.subject, because="no recovery grant")


ANSWERERS: Final[Mapping[type[protocol.Question], Any]] = {
    protocol.OpenCase: open_case,
    protocol.JoinCase: join,
    protocol.NextOfCase: next_of,
    protocol.ReadCase: read,
    protocol.CloseCase: close,
}
