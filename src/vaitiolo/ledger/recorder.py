"""The one way into the ledger: what `record` has returned for is on the disk.

One thread writes for all who ask (group commit) and signs checkpoints of what was committed.
It never sees a key: whoever starts it hands over a function that signs.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import NamedTuple

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from vaitiolo.ledger.entries import Pending
from vaitiolo.ledger.rows import Rows, Size, rows_of
from vaitiolo.ledger.sequencing import End
from vaitiolo.ledger.verify import checkpoints
from vaitiolo.ledger.verify.checkpoints import Checkpoint, LogKey
from vaitiolo.ledger.verify.tree import HistoryRewritten

CHECKPOINT_EVERY = 1.0
LONGEST_WAIT = 10.0
# What one entry of a very large question may add to the wait.
WAIT_FOR_EACH = 0.001
# So many questions at most share a commit, so that nobody waits behind an endless one.
MOST_QUESTIONS = 512
OF_ERASED = "The details of this subject were erased."

log = logging.getLogger(__name__)


class LedgerSilent(Exception):
    """The ledger could not be written, so nothing may be done on the strength of it."""


class SubjectErased(LedgerSilent):
    """The entry was to stand under a tag whose details were erased; nothing was written."""


class InsideTransaction(RuntimeError):
    """Recording was asked for in the middle of a transaction of the vault: ledger first."""


def _held() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(frozen=True, slots=True)
class Erasing:
    """Whose details are to be erased, and what belongs into the same transaction.

    ``entry`` gives the ERASE for so many details; ``beside`` deletes what else leads to the tag,
    over the connection it is handed. Both are called in the writing thread, under the lock.
    """

    tag: bytes
    entry: Callable[[int], Pending]
    beside: Callable[[BaseDatabaseWrapper], None]


class Erased(NamedTuple):
    """Where the ERASE stands, and how many details it deleted."""

    place: int
    details: int


@dataclass(eq=False, slots=True)
class _Question:
    """What one thread waits for."""

    pendings: Sequence[Pending] = ()
    beside: Callable[[BaseDatabaseWrapper], None] | None = None
    erasing: Erasing | None = None
    wants_checkpoint: bool = False
    ends: bool = False
    indexes: list[int] = field(default_factory=list)
    note: str = ""
    erased: Erased | None = None
    refusal: str = ""
    is_of_erased: bool = False
    is_given_up: bool = False
    # Held until the answer is there: a lock costs a tenth of an event, and one thread waits.
    waits: threading.Lock = field(default_factory=_held)

    def answer(self) -> None:
        """Let whoever waits go on; who was refused already is not told twice."""
        if self.waits.locked():
            self.waits.release()

    def refuse(self, refusal: str) -> None:
        """Let whoever waits hear no."""
        self.refusal = refusal
        self.answer()


class Recorder:
    """Records entries durably, numbered and chained, for many threads at a time.

    Several wardens may write to one PostgreSQL; each entry gets its number under one lock.
    """

    def __init__(
        self,
        *,
        origin: str,
        public: bytes,
        sign: Callable[[bytes], bytes],
        clock: Callable[[], int],
        on_checkpoint: Callable[[str], None],
        alias: str = "vault",
    ) -> None:
        """Take what is needed; `start` begins.

        `origin` and `public` are the log key's name and public half, `sign` gives its Ed25519
        signature (64 bytes) over a message, `clock` gives microseconds since 1970 UTC.
        `on_checkpoint` publishes a signed note; it is called in the writing thread and under the
        ledger's lock, so that what is published never steps back.
        """
        self._key = LogKey(origin, public)
        self._sign = sign
        self._clock = clock
        self._publish = on_checkpoint
        self._alias = alias
        self._questions: SimpleQueue[_Question] = SimpleQueue()
        self._door = threading.Lock()
        self._is_open = False
        self._thread = threading.Thread(target=self._serve, name="ledger", daemon=True)
        self._end = End()
        self._tried_at = 0.0
        # True from the start, so that the newest checkpoint is published again after a crash.
        self._has_news = True
        self._published = ""
        self._latest_us = 0

    def start(self, published: str = "") -> None:
        """Begin to write. `published` is the newest checkpoint known outside the database.

        If the ledger no longer contains what it says (a restored backup, a failover that lost
        commits), every `record` refuses rather than grow a second history. Raises
        CheckpointBroken when `published` is not a checkpoint of this log.
        """
        if published:
            known = checkpoints.read(published, self._key)
            self._end.expect(Size(known.size, known.root))
        self._is_open = True
        self._thread.start()

    def record(
        self,
        pendings: Sequence[Pending],
        *,
        beside: Callable[[BaseDatabaseWrapper], None] | None = None,
    ) -> list[int]:
        """Write all of these in one transaction and return their indexes, in the same order.

        ``beside`` writes what belongs into the same transaction, over the connection it is handed,
        in the writing thread and under the lock: it does nothing slow, and nothing that can fail
        while the database is well, since whoever shares the transaction fails with it.

        When it returns, the entries are on the disk. Raises LedgerSilent when they could not be
        written (disk full, database away or blocked, history rewritten) or were not in time; then
        nothing may be opened, though an entry may stand: the ledger errs on the side of too much.
        Keep one call below some 10,000 entries. Raises InsideTransaction when the calling thread
        is inside a transaction of the vault: on SQLite its lock would keep the ledger waiting.
        """
        if not pendings:
            return []
        if connections[self._alias].in_atomic_block:
            raise InsideTransaction
        longest = LONGEST_WAIT + len(pendings) * WAIT_FOR_EACH
        return self._ask(_Question(pendings, beside), longest).indexes

    def erase(self, erasing: Erasing) -> Erased:
        """Delete every detail and salt under a tag and append the ERASE, all or nothing.

        When it returns, both are on the disk, and no entry is written under that tag again, by this
        warden or another. Raises LedgerSilent when it could not be done or was not in time; in the
        second case it may stand all the same, as any entry. Raises SubjectErased the second time.
        """
        if connections[self._alias].in_atomic_block:
            raise InsideTransaction
        erased = self._ask(_Question(erasing=erasing), LONGEST_WAIT).erased
        if erased is None:
            raise LedgerSilent("The ledger did not say what it erased.")
        return erased

    def checkpoint_now(self) -> str:
        """Sign what is committed, publish it and return the note; raises LedgerSilent if it fails.

        Covers everything whose `record` returned before the call.
        """
        return self._ask(_Question(wants_checkpoint=True), LONGEST_WAIT).note

    def stop(self) -> None:
        """Write what was asked before, sign the last checkpoint and end the thread."""
        with self._door:
            was_open, self._is_open = self._is_open, False
            if was_open:
                self._questions.put(_Question(ends=True))
        if was_open:
            self._thread.join()

    def _ask(self, question: _Question, longest: float) -> _Question:
        with self._door:
            if not self._is_open:
                raise LedgerSilent("The recorder is not running.")
            self._questions.put(question)
        if not question.waits.acquire(timeout=longest):
            question.is_given_up = True
            raise LedgerSilent("The ledger did not answer in time.")
        if question.is_of_erased:
            raise SubjectErased(question.refusal)
        if question.refusal:
            raise LedgerSilent(question.refusal)
        return question

    def _serve(self) -> None:
        """Be the writing thread, until a question ends it."""
        rows = rows_of(self._alias)
        goes_on = True
        while goes_on:
            taken = self._take()
            goes_on = not any(question.ends for question in taken)
            writing = [asked for asked in taken if asked.pendings and not asked.is_given_up]
            if writing:
                self._try(self._write, rows, writing)
            for one in taken:
                if one.erasing and not one.is_given_up:
                    # By itself: what was asked before it is counted, what comes after is refused.
                    self._try(self._erase, rows, [one])
            signing = [asked for asked in taken if asked.wants_checkpoint or asked.ends]
            if signing or self._seconds_to_checkpoint() == 0:
                self._try(self._sign_newest, rows, signing)
        rows.close()

    def _take(self) -> list[_Question]:
        """Take what is there. Waits for the first question only, never for company."""
        try:
            taken = [self._questions.get(timeout=self._seconds_to_checkpoint())]
        except Empty:
            return []
        while len(taken) < MOST_QUESTIONS and not self._questions.empty():
            taken.append(self._questions.get_nowait())
        return taken

    def _seconds_to_checkpoint(self) -> float | None:
        if not self._has_news:
            return None
        return max(0.0, self._tried_at + CHECKPOINT_EVERY - time.monotonic())

    def _try(
        self, deed: Callable[[Rows, list[_Question]], None], rows: Rows, asked: list[_Question]
    ) -> None:
        """Do it in one transaction, or give all of it up and tell everybody who waits."""
        try:
            deed(rows, asked)
        except Exception as error:  # noqa: BLE001 - whatever it was, whoever waits must hear no
            rows.roll_back()
            self._end.forget()
            rewritten = isinstance(error, HistoryRewritten)
            says = "does not contain what it held before" if rewritten else "could not be written"
            # The type alone: a database's message may quote the values of a row.
            log.error("The ledger %s (%s); nothing was done.", says, type(error).__name__)  # noqa: TRY400
            for question in asked:
                question.refuse(f"The ledger {says}.")

    def _write(self, rows: Rows, asked: list[_Question]) -> None:
        self._end.catch_up(rows, rows.begin())
        asked = self._of_living(asked)
        if not asked:
            rows.roll_back()
            return
        pendings = [pending for question in asked for pending in question.pendings]
        numbered = self._end.number(rows, pendings, time_us=self._now(len(pendings)))
        for question in asked:
            if question.beside is not None:
                question.beside(rows.connection)
        rows.write(numbered.written)
        self._end.advance(numbered)
        self._has_news = True
        index = numbered.edge.size - len(pendings)
        for question in asked:
            question.indexes.extend(range(index, index + len(question.pendings)))
            index += len(question.pendings)
            question.answer()

    def _of_living(self, asked: list[_Question]) -> list[_Question]:
        """Refuse what would stand under an erased tag; return the others."""
        living = []
        for question in asked:
            if any(self._end.is_erased(one.subject_tag) for one in question.pendings):
                question.is_of_erased = True
                question.refuse(OF_ERASED)
            else:
                living.append(question)
        return living

    def _erase(self, rows: Rows, asked: list[_Question]) -> None:
        """Delete and append in one transaction; a warden killed in it leaves all or nothing."""
        [question] = asked
        erasing = question.erasing
        if erasing is None:
            return
        rows.wipe_freed()
        self._end.catch_up(rows, rows.begin())
        if self._end.is_erased(erasing.tag):
            rows.roll_back()
            question.is_of_erased = True
            question.refuse(OF_ERASED)
            return
        details = rows.erase_details(erasing.tag)
        erasing.beside(rows.connection)
        numbered = self._end.number(rows, [erasing.entry(details)], time_us=self._now(1))
        rows.write(numbered.written)
        self._end.advance(numbered)
        self._end.bury(erasing.tag)
        self._has_news = True
        rows.empty_journal()
        question.erased = Erased(numbered.edge.size - 1, details)
        question.answer()

    def _now(self, count: int) -> int:
        """Read the clock. Order is the index: a clock that goes back is noted, not corrected."""
        time_us = self._clock()
        if time_us < self._latest_us:
            back = self._latest_us - time_us
            log.warning("The clock went back by %d microseconds before %d entries.", back, count)
        self._latest_us = time_us
        return time_us

    def _sign_newest(self, rows: Rows, asked: list[_Question]) -> None:
        """Sign the last committed batch, unless that was done; from its row, never from memory."""
        self._tried_at = time.monotonic()
        last = rows.begin()
        self._end.catch_up(rows, last)
        size, note = rows.newest_checkpoint() or (-1, "")
        if size > last.size:
            raise HistoryRewritten
        if size < last.size:
            note = checkpoints.sign(self._key, Checkpoint(*last), signer=self._sign)
            rows.put_checkpoint(last.size, note)
        if note != self._published:
            self._publish(note)
        rows.commit()
        self._published, self._has_news = note, False
        for question in asked:
            question.note = note
            question.answer()
