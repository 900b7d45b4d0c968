"""Turns a deed into an entry: tags instead of ids, the readable detail sealed and committed to.

Nothing is opened, sealed for signing or granted before ``Recording.record`` has returned.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from vaitiolo.keys import audit, store
from vaitiolo.keys.audit import DetailPlace
from vaitiolo.keys.bodies import canonical_json
from vaitiolo.keys.kms import Kms
from vaitiolo.keys.octets import random_bytes
from vaitiolo.keys.rows import AuditSecretRow
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import Pending
from vaitiolo.ledger.recorder import Erased, Erasing, Recorder, SubjectErased
from vaitiolo.ledger.verify import specials
from vaitiolo.warden.server.refusing import No

NOBODY: Final = UUID(int=0)
NO_TAG: Final = bytes(16)

# Parts of the system with chains of their own. Small numbers can never be a random UUID.
SIGN_INS: Final = UUID(int=1)
SYSTEM: Final = UUID(int=2)
IMPORTS: Final = UUID(int=3)
OUTBOX: Final = UUID(int=4)
HETU_INDEX: Final = UUID(int=5)
STAFF: Final = UUID(int=6)
UNITS: Final = UUID(int=7)
LEDGER: Final = UUID(int=8)
SCOPES: Final = UUID(int=20)
KITS: Final = UUID(int=22)
TELLINGS: Final = UUID(int=21)
DRILLS: Final = UUID(int=25)

# A random part of each detail, so that nobody confirms a guess of it without opening its seal.
BLIND: Final = "blind"
BLIND_LENGTH: Final = 16

# Tags of this many subjects are kept, so that a busy day does not ask the KMS for each entry.
REMEMBERED: Final = 4_096


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is about to be done: on whose chain, by whom, and the readable detail."""

    act: Act
    subject: UUID
    actor: UUID
    detail: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """What a subject's entries need: its tag, and its audit key."""

    tag: bytes
    key: bytes = field(repr=False)


class Recording:
    """The warden's pen: the only way from a deed to the ledger."""

    def __init__(self, *, org: UUID, kms: Kms, number: int, recorder: Recorder) -> None:
        self.org = org
        self.recorder = recorder
        self._kms = kms
        self._number = number
        self._known: OrderedDict[UUID, Chain] = OrderedDict()
        # In memory alone: a list on disk would lead from somebody's id to the erased entries.
        self._erased: set[UUID] = set()
        self._lock = Lock()
        self._first: Deed | None = None
        self._beginning = Lock()

    def begin_with(self, deed: Deed) -> None:
        """Take what must be written before anything else, as soon as something can be written."""
        self._first = deed

    def record(
        self,
        deeds: Sequence[Deed],
        *,
        beside: Callable[[BaseDatabaseWrapper], None] | None = None,
    ) -> list[int]:
        """Make entries durable, all or none; return their indices. Raises LedgerSilent, KmsAway.

        ``beside`` writes into the same transaction, as the recorder says.
        """
        self._begin()
        try:
            return self.recorder.record([self._pending(deed) for deed in deeds], beside=beside)
        except SubjectErased:
            # Another warden erased one of them; which one shows by its secret.
            self._forget_erased({deed.subject for deed in deeds})
            raise No("not-granted", because="erased") from None

    def record_special(self, act: Act, values: specials.Values) -> int:
        """Make an entry about the ledger itself durable; its values are public.

        Returns its index. Raises SpecialBroken for values of a wrong shape, LedgerSilent, KmsAway.
        """
        self._begin()
        tag, salt = self.tag(LEDGER), bytes(random_bytes(audit.SALT_LENGTH))
        made = specials.prepare(act, values, subject_tag=tag, actor_tag=NO_TAG, salt=salt)
        return self.recorder.record([made])[0]

    def erase(
        self,
        subject: UUID,
        *,
        basis: str,
        actor: UUID,
        beside: Callable[[BaseDatabaseWrapper], None],
    ) -> Erased:
        """Erase every detail of a subject and what leads to its tag, with the ERASE that says so.

        ``beside`` deletes the subject's rows over the connection of that transaction, its ledger
        secret among them. From then on the subject is refused. Raises No for one that has no
        entries or was erased before, LedgerSilent, KmsAway.
        """
        self._begin()
        stored = store.find_audit_secret(subject)
        if stored is None:
            raise No("not-granted", because="erased or unknown")
        # The key service is asked before: the ledger's lock must not wait for it.
        tag, own, by = self._chain_of(stored.secret).tag, self.tag(LEDGER), self.tag(actor)
        salt = bytes(random_bytes(audit.SALT_LENGTH))

        def entry(details: int) -> Pending:
            values: specials.Values = {"basis": basis, "details": details, "tag": tag.hex()}
            return specials.prepare(Act.ERASE, values, subject_tag=own, actor_tag=by, salt=salt)

        try:
            return self.recorder.erase(Erasing(tag, entry, beside))
        except SubjectErased:
            raise No("not-granted", because="erased before") from None
        finally:
            self._forget_erased({subject})

    def tag(self, subject: UUID) -> bytes:
        """Return the 16-byte tag of a subject, made at its first entry."""
        return NO_TAG if subject == NOBODY else self._chain(subject).tag

    def marks(self, tags: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return what stands for each tag on a list that leaves the vault; the same each time."""
        key = self._chain(SCOPES).key
        return {tag: audit.mark(key, tag) for tag in tags}

    def read(
        self, subject: UUID, *, commit: bytes, salt: bytes, sealed: bytes
    ) -> dict[str, object]:
        """Open the detail of an entry and compare it with its commitment. Raises Refused."""
        chain = self._chain(subject)
        place = DetailPlace(self.org, chain.tag, commit)
        detail = audit.unseal_detail(sealed, key=chain.key, salt=salt, place=place)
        read: dict[str, object] = json.loads(bytes(detail))
        return read

    def begin_chains(self, subjects: Sequence[UUID]) -> None:
        """Make the audit secrets of many new subjects at once, as bringing in a register does."""
        made = []
        for subject in subjects:
            secret = bytes(random_bytes(audit.SECRET_LENGTH))
            chain = self._chain_of(secret)
            made.append(AuditSecretRow(subject, secret, chain.tag))
            self._remember(subject, chain)
        store.put_audit_secrets(made)

    def _begin(self) -> None:
        if self._first is None:
            return
        with self._beginning:
            if self._first is not None:
                self.recorder.record([self._pending(self._first)])
                self._first = None

    def _pending(self, deed: Deed) -> Pending:
        chain = self._chain(deed.subject)
        # Salts stand in the vault in clear, and what a detail says can be guessed; this cannot.
        blind = bytes(random_bytes(BLIND_LENGTH)).hex()
        detail = canonical_json({**deed.detail, BLIND: blind})
        salt = bytes(random_bytes(audit.SALT_LENGTH))
        commit = audit.commit(salt, detail)
        place = DetailPlace(self.org, chain.tag, commit)
        return Pending(
            act=deed.act,
            subject_tag=chain.tag,
            actor_tag=self.tag(deed.actor),
            detail_commit=commit,
            sealed_detail=audit.seal_detail(detail, key=chain.key, place=place),
            salt=salt,
        )

    def _forget_erased(self, subjects: set[UUID]) -> None:
        """Forget the keys of those that were erased, and refuse them from now on."""
        left = store.audit_secrets(subjects)
        with self._lock:
            for subject in subjects - left.keys():
                self._known.pop(subject, None)
                self._erased.add(subject)

    def _chain(self, subject: UUID) -> Chain:
        with self._lock:
            if subject in self._erased:
                raise No("not-granted", because="erased")
            known = self._known.get(subject)
            if known is not None:
                self._known.move_to_end(subject)
                return known
        stored = store.audit_secret(subject, self._new_secret)
        chain = self._chain_of(stored.secret)
        self._remember(subject, chain)
        return chain

    def _new_secret(self) -> tuple[bytes, bytes]:
        secret = bytes(random_bytes(audit.SECRET_LENGTH))
        return secret, self._chain_of(secret).tag

    def _chain_of(self, secret: bytes) -> Chain:
        key = audit.audit_key(secret, kms=self._kms, number=self._number, org=self.org)
        return Chain(audit.subject_tag(key), bytes(key))

    def _remember(self, subject: UUID, chain: Chain) -> None:
        with self._lock:
            self._known[subject] = chain
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
