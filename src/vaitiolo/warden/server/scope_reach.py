"""Who could open which compartment when: from the chain of entries, and rows where they suffice.

A chain on which nothing was ever withdrawn or turned, and each of whose entries has its grants, is
as its rows say. Of every other one the entries themselves are opened and followed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from vaitiolo.keys import grants
from vaitiolo.keys.fields import NO_END
from vaitiolo.keys.kinds import CompartmentClass
from vaitiolo.keys.store import whole
from vaitiolo.keys.store.whole import Belonging
from vaitiolo.ledger import queries
from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.queries import Recorded
from vaitiolo.ledger.scanning import LogBroken
from vaitiolo.warden.server.install import DAY, Installation
from vaitiolo.warden.server.scope_log import BEGINS, ENDS, Log

FOR_EVER: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Whose:
    """The cards that can act, and the holders whom an entry names by their ids."""

    cards: frozenset[bytes]
    holders: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class When:
    """From when until when, microseconds, both within."""

    since: int
    until: int


@dataclass(slots=True)
class Access:
    """One grant as the entries tell it: to which card or holder, from when, and until when."""

    compartment: UUID
    epoch: int
    begin: int
    end: int = FOR_EVER
    card: bytes = b""
    holder: UUID | None = None

    def within(self, when: When) -> bool:
        """Say whether it stood at some moment of a time."""
        return self.begin <= when.until and self.end >= when.since

    def is_of(self, whose: Whose) -> bool:
        """Say whether one of these could act with it."""
        return self.card in whose.cards or self.holder in whose.holders


@dataclass(slots=True)
class History:
    """The accesses to the compartments on one chain, and what their creations say."""

    accesses: dict[str, Access] = field(default_factory=dict)
    created: dict[UUID, Mapping[str, Any]] = field(default_factory=dict)
    epochs: dict[UUID, int] = field(default_factory=lambda: defaultdict(lambda: 1))
    is_erased: bool = False


@dataclass(slots=True)
class Reach:
    """What could be opened, by compartment; ``unknown`` are those whose recipients nobody kept."""

    held: set[UUID] = field(default_factory=set)
    unknown: set[UUID] = field(default_factory=set)


class Reaching:
    """Answers who could open what, for one log."""

    def __init__(
        self,
        install: Installation,
        log: Log,
        *,
        is_thorough: bool,
        belongings: list[Belonging],
        subjects: Mapping[bytes, UUID],
    ) -> None:
        self._install = install
        self._log = log
        self._is_thorough = is_thorough
        self._subjects = subjects
        self._tags = {subject: tag for tag, subject in self._subjects.items()}
        self._belongings = {one.compartment: one for one in belongings}
        self._histories: dict[bytes, History] = {}
        self._stored: set[int] | None = None

    def tag_of(self, subject: UUID) -> bytes:
        """Return the tag of a subject's chain, empty for one without."""
        return self._tags.get(subject, b"")

    def subject_of(self, tag: bytes) -> UUID | None:
        """Return whose chain it is, or none for one that was erased."""
        return self._subjects.get(tag)

    def of(self, whose: Whose, when: When) -> Reach:
        """Return everything that these cards and holders could open at some moment of a time."""
        turned = self._turned()
        reach = Reach(self._by_rows(whose, when, without=turned))
        self._load(turned)
        for tag in turned:
            self._by_history(self._histories[tag], whose, when, into=reach)
        return reach

    def roles_of(self, whose: Whose, when: When, *, units: Iterable[UUID]) -> frozenset[bytes]:
        """Return the role cards whose seed these could open at some moment of a time."""
        tags = [tag for unit in units if (tag := self.tag_of(unit))]
        self._load(tags)
        return frozenset(
            bytes.fromhex(str(made["card"]))
            for tag in tags
            for compartment, made in self._histories[tag].created.items()
            if made.get("class") == CompartmentClass.ROLE
            and any(
                one.is_of(whose) and one.within(when)
                for one in _of(self._histories[tag], compartment)
            )
        )

    def _turned(self) -> list[bytes]:
        """Return the chains that rows do not tell: turned, withdrawn from, or short of a row."""
        if self._stored is None:
            self._stored = whole.leaves_of_grants()
        stored, thorough = self._stored, self._is_thorough
        return [
            tag
            for tag, seen in self._log.keyed.items()
            if thorough or any(one.act in ENDS or one.place not in stored for one in seen)
        ]

    def _by_rows(self, whose: Whose, when: When, *, without: Collection[bytes]) -> set[UUID]:
        skipped, held = frozenset(without), set()
        first_day = when.since // DAY
        for row in whole.grants_to(whose.cards):
            known = self._belongings.get(row.compartment)
            tag = b"" if known is None else self.tag_of(known.subject)
            at = self._log.when.get(row.leaf_index)
            if tag in skipped or at is None or at > when.until:
                continue
            if grants.parse(row.grant).until >= first_day:
                held.add(row.compartment)
        return held

    def _by_history(self, history: History, whose: Whose, when: When, *, into: Reach) -> None:
        for one in history.accesses.values():
            if not one.within(when):
                continue
            if one.is_of(whose):
                into.held.add(one.compartment)
            elif not one.card and one.holder is None:
                into.unknown.add(one.compartment)

    def _load(self, tags: Iterable[bytes]) -> None:
        """Open the entries about keys on some chains and follow them. Raises LogBroken, Refused."""
        missing = [tag for tag in tags if tag not in self._histories]
        places = {seen.place: tag for tag in missing for seen in self._log.keyed.get(tag, ())}
        found = {entry.index: entry for entry in queries.entries_at(places)}
        if found.keys() != places.keys():
            raise LogBroken(len(places) - len(found))
        for tag in missing:
            history = self._histories[tag] = History()
            for seen in self._log.keyed.get(tag, ()):
                self._follow(history, tag, found[seen.place])
        self._name([self._histories[tag] for tag in missing])

    def _follow(self, history: History, tag: bytes, entry: Recorded) -> None:
        subject = self._subjects.get(tag)
        if subject is None or entry.salt is None or entry.detail is None:
            history.is_erased = True
            return
        said = self._install.recording.read(
            subject, commit=entry.leaf.detail_commit, salt=entry.salt, sealed=entry.detail
        )
        if entry.leaf.act in BEGINS:
            _begin(history, said, act=entry.leaf.act, at=entry.leaf.time_us)
        else:
            _end(history, said, act=entry.leaf.act, at=entry.leaf.time_us)

    def _name(self, histories: Iterable[History]) -> None:
        """Find out from the rows that are left to which card a grant went where no entry says."""
        nameless = {
            bytes.fromhex(grant): one
            for history in histories
            for grant, one in history.accesses.items()
            if not one.card
        }
        for grant, card in whole.recipients_of(nameless).items():
            nameless[grant].card = card


def _begin(history: History, said: Mapping[str, Any], *, act: Act, at: int) -> None:
    compartment = UUID(hex=said["compartment"])
    if act is Act.CREATE:
        history.created[compartment] = said
    listed = [str(grant) for grant in said["grants"]]
    cards = [str(card) for card in said.get("cards", ())] or [""] * len(listed)
    epoch = int(said.get("epoch", history.epochs[compartment]))
    day = int(said.get("until", NO_END))
    for place, (grant, card) in enumerate(zip(listed, cards, strict=True)):
        history.accesses[grant] = Access(
            compartment,
            # A grant made while a key is turned comes twice: of the present and the next epoch.
            epoch if act in {Act.CREATE, Act.ROTATE_BEGIN} else epoch + place,
            at,
            FOR_EVER if day == NO_END else (day + 1) * DAY - 1,
            bytes.fromhex(card),
            UUID(hex=said["to"]) if "to" in said else None,
        )


def _end(history: History, said: Mapping[str, Any], *, act: Act, at: int) -> None:
    compartment = UUID(hex=said["compartment"])
    if act is Act.ROTATE_COMMIT:
        history.epochs[compartment] = int(said["epoch"])
        for one in _of(history, compartment):
            if one.epoch < history.epochs[compartment]:
                one.end = min(one.end, at)
        return
    for one in filter(None, map(history.accesses.get, said["grants"])):
        one.end = min(one.end, at)
        if not one.card and one.holder is None:
            _name_lost(one, said.get("from"))


def _of(history: History, compartment: UUID) -> Iterator[Access]:
    return (one for one in history.accesses.values() if one.compartment == compartment)


def _name_lost(one: Access, lost: object) -> None:
    """Take whose grant it was from the entry of its end: a holder, or the cards of one."""
    if isinstance(lost, str):
        one.holder = UUID(hex=lost)
    elif isinstance(lost, list) and len(lost) == 1:
        one.card = bytes.fromhex(str(lost[0]))
