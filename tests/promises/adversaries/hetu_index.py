"""A10: steals the index of identity codes and its key, and asks who is a patient.

Sixteen bits answer with hundreds of people for each row, and with *perhaps* for a good part of
everybody; twenty-four bits answer with names. Living people are sampled: a tag is a keyed
function's first bits, so codes of a sample fall on rows as often as those of all would. The codes
are numbered instead of written, since a keyed hash does not care; the product's own function, with
its Argon2id, is held against the same counting on a small practice.

`python -m tests.promises.adversaries.hetu_index` prints it.
"""

import hmac
import random
import sys
from collections import Counter
from dataclasses import dataclass
from functools import singledispatch
from typing import Any, Final

from tests.promises.adversaries.here import Here
from tests.promises.adversaries.loot import Loot
from tests.promises.adversaries.offline import Copy, taken_kms
from vaitiolo.keys import hetu
from vaitiolo.keys.hetu import IndexKey

LIVING: Final = 34_800_000
PATIENTS: Final = 36_000
SAMPLE: Final = 200_000
SEED: Final = 20_261_124
OURS: Final = 16
NAIVE: Final = 24


@dataclass(frozen=True, slots=True)
class Index:
    """An index of so many patients with tags of so many bits, and the key, stolen together."""

    patients: int = PATIENTS
    bits: int = OURS
    key: bytes = b"the stolen key of the index"

    def tag(self, number: int) -> int:
        digest = hmac.digest(self.key, number.to_bytes(8, "big"), "sha256")
        return int.from_bytes(digest[:4], "big") >> (32 - self.bits)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the index says: how many living people fit a row, and how many of all fit some row."""

    candidates_a_row: float
    strangers_that_match: float


def ask(index: Index, *, sample: int = SAMPLE) -> Answer:
    """Take the first numbers as patients, and a random sample of everybody else as the world."""
    draw = random.Random(SEED)  # noqa: S311 - the same sample in each run is meant
    rows = Counter(index.tag(number) for number in range(index.patients))
    strangers = [draw.randrange(index.patients, LIVING) for _ in range(sample)]
    hits = [rows[index.tag(number)] for number in strangers]
    a_row = sum(hits) / sample * LIVING / index.patients
    return Answer(a_row, sum(1 for hit in hits if hit) / sample)


@singledispatch
def attack(target: Any) -> Loot:
    raise TypeError(type(target).__name__)


@attack.register
def _(target: Index) -> Loot:
    found = ask(target)
    also = {"candidates a row": found.candidates_a_row, "match": found.strangers_that_match}
    # Whoever fits a row is named a patient where he is one of a few who do.
    named = target.patients if found.candidates_a_row < 4 else 0
    return Loot(target.patients, named, 0, also)


@attack.register
def _(target: Here) -> Loot:
    """Compute every patient's own tag with the stolen service: it is there, and in 16 bits."""
    kms, copy = taken_kms(target.home / "kms"), Copy.of(target)
    key = IndexKey(target.trust.hetu.key, copy.org, target.trust.hetu.salt)
    rows = Counter(int(tag) for (tag,) in copy.vault.ask("SELECT tag FROM keys_hetutag"))
    some = [one for _turn, one in zip(range(6), target.live.clinic.patients(), strict=False)]
    matches = sum(bool(rows[hetu.tag(one.hetu, kms=kms, key=key)]) for one in some)
    also = {"tried": len(some), "match": matches, "largest tag": max(rows)}
    candidates = LIVING / 2**OURS
    return Loot(sum(rows.values()), 0 if candidates > 100 else matches, 0, also)


def main() -> int:
    for bits in (OURS, 20, NAIVE):
        found = ask(Index(bits=bits))
        sys.stdout.write(
            f"{bits} bits, {PATIENTS:,} patients: {found.candidates_a_row:7.1f} living people fit"
            f" a row, {found.strangers_that_match:6.1%} of all match some row\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
