"""Decides on a checkpoint, as C2SP tlog-witness says: cosigns consistent growth and nothing else.

Look, decide and store are one step in the memory, on the disk before anybody hears of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from vaitiolo.ledger.verify import checkpoints
from vaitiolo.ledger.verify.checkpoints import Checkpoint, CheckpointBroken, LogKey
from vaitiolo.ledger.verify.cosignatures import Cosigner
from vaitiolo.ledger.verify.proofs import Growth, ProofBroken
from vaitiolo.ledger.verify.tree import HistoryRewritten, check_growth
from vaitiolo.witness.keeping import Decision, Memory

SIZE_TYPE: Final = "text/x.tlog.size"
TEXT_TYPE: Final = "text/plain; charset=utf-8"
# A log that shrank, forked or could not prove its growth. The first two signatures are the proof.
FORK: Final = "fork"
ROLLBACK: Final = "rollback"
UNPROVEN: Final = "unproven"
SILENCE: Final = "silence"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered over HTTP."""

    status: HTTPStatus
    body: str = ""
    kind: str = TEXT_TYPE


NOT_A_REQUEST: Final = Answer(HTTPStatus.BAD_REQUEST, "This is not such a request.\n")
UNKNOWN_LOG: Final = Answer(HTTPStatus.NOT_FOUND, "This log is not known here.\n")
NOT_SIGNED: Final = Answer(HTTPStatus.FORBIDDEN, "No trusted key has signed this checkpoint.\n")
NOT_PROVEN: Final = Answer(HTTPStatus.UNPROCESSABLE_ENTITY, "The proof does not verify.\n")


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness: its key, the logs that it knows, its memory and its clock (seconds of 1970)."""

    cosigner: Cosigner
    logs: Mapping[str, LogKey]
    memory: Memory
    clock: Callable[[], int]

    def add_checkpoint(self, body: str) -> Answer:
        """Answer a request of `add-checkpoint`; what is cosigned is stored before this returns."""
        try:
            growth = Growth.read(body)
        except ProofBroken:
            return NOT_A_REQUEST
        key = self.logs.get(growth.note.partition("\n")[0])
        if key is None:
            return UNKNOWN_LOG
        try:
            stated, text = checkpoints.read_foreign(growth.note, key)
        except CheckpointBroken:
            return NOT_SIGNED
        with self.memory.deciding() as decision:
            return self._decide(decision, growth, stated, text=text)

    def _decide(
        self, decision: Decision, growth: Growth, stated: Checkpoint, *, text: str
    ) -> Answer:
        origin = text.partition("\n")[0]
        known, at = decision.latest(origin), self.clock()
        trouble, answer = _judged(known, growth, stated)
        if answer is None:
            # Signed first: whatever fails, nothing stands in the memory that was not answered for.
            line = self.cosigner.cosign_text(text, at=at)
            decision.store(origin, stated, note=growth.note, at=at)
            for kind in (ROLLBACK, UNPROVEN, SILENCE):
                decision.settle(origin, kind)
            return Answer(HTTPStatus.OK, line)
        if trouble:
            says = f"it states size {stated.size:,}; this witness has cosigned {known.size:,}"
            decision.trouble(origin, trouble, says=says, at=at, note=growth.note)
        return answer


def _judged(known: Checkpoint, growth: Growth, stated: Checkpoint) -> tuple[str, Answer | None]:
    """Return what troubles a witness about a request, and its refusal; none for what it cosigns."""
    is_fork = stated.size == known.size and stated.root != known.root
    trouble = FORK if is_fork else ROLLBACK if stated.size < known.size else ""
    if growth.old_size > stated.size:
        return trouble, NOT_A_REQUEST
    if growth.old_size != known.size or is_fork:
        return trouble, Answer(HTTPStatus.CONFLICT, f"{known.size}\n", SIZE_TYPE)
    try:
        check_growth((known.size, known.root), (stated.size, stated.root), proof=growth.path)
    except HistoryRewritten:
        return UNPROVEN, NOT_PROVEN
    return "", None
