"""Promise: whoever changes the ledger is seen, up to what a witness saw; beyond it, is counted.

Every change is made by somebody who holds the database; a third of them also hold the log's key
and are root, and make everything fit again. Ours and strangers' verifiers look at each.
"""

import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.ledger import strangers
from tests.ledger.logs import KEY, Log, hash_leaf, make_log, sign, slow_root
from tests.ledger.second import is_whole
from tests.ledger.strangers import Grown, Included, Question
from vaitiolo.ledger.verify import checkpoints, tree
from vaitiolo.ledger.verify.chains import Mark, replay
from vaitiolo.ledger.verify.checkpoints import Checkpoint
from vaitiolo.ledger.verify.heads import HeadTree, head_of
from vaitiolo.ledger.verify.whole import NotWhole, PlacedHead, check_whole

# What a witness saw, what the house published last, and what is written by now.
WITNESSED, PUBLISHED, WRITTEN = 64, 96, 104
CHANGES, OMISSIONS, SUBJECTS = 1_260, 240, 9
HONEST = make_log(WRITTEN, subjects=SUBJECTS)
HASHES = [hash_leaf(leaf) for leaf in HONEST.leaves]
ROOTS = {size: slow_root(HASHES[:size]) for size in (WITNESSED, PUBLISHED, WRITTEN)}
PATHS = {
    size: [tuple(tree.prove_inclusion(HASHES[:size], index)) for index in range(size)]
    for size in (WITNESSED, PUBLISHED)
}
KINDS = ("flip", "delete", "insert", "swap", "truncate", "re-chain")


@dataclass
class Changed:
    """A ledger that somebody changed, and what may be held against it."""

    kind: str
    has_key: bool
    leaves: list[bytes]
    # The size and root that he cannot have changed: a witness's, or what the log's key signed.
    held: int = 0
    shown: Checkpoint | None = None
    first: int = 0
    questions: list[Question] = field(default_factory=list)

    @property
    def is_outside(self) -> bool:
        """Whether only entries changed that nobody had seen yet."""
        return self.first >= self.held


def chain_again(leaves: list[bytes]) -> list[bytes]:
    """Number and chain entries anew, as somebody does who holds everything."""
    log = Log()
    for leaf in leaves:
        when = int.from_bytes(leaf[2:10], "big")
        log.add(leaf[10:26], act=leaf[1], time_us=when, commit=leaf[82:])
    return log.leaves


def made_up(drawn: random.Random) -> bytes:
    log = Log()
    log.add(bytes([1 + drawn.randrange(SUBJECTS)]) * 16, act=3, commit=drawn.randbytes(32))
    return log.leaves[0]


def flip(leaves: list[bytes], at: int, drawn: random.Random) -> None:
    # Time, tag or commitment: number and chain would be mended by whoever chains again.
    place = drawn.choice([*range(4, 26), *range(82, 114)])
    leaf = bytearray(leaves[at])
    leaf[place] ^= 1 << drawn.randrange(8)
    leaves[at] = bytes(leaf)


def delete(leaves: list[bytes], at: int, drawn: random.Random) -> None:
    del leaves[at]


def insert(leaves: list[bytes], at: int, drawn: random.Random) -> None:
    leaves.insert(at, made_up(drawn))


def swap(leaves: list[bytes], at: int, drawn: random.Random) -> None:
    other = drawn.choice([place for place in range(len(leaves)) if place != at])
    leaves[at], leaves[other] = leaves[other], leaves[at]


def truncate(leaves: list[bytes], at: int, drawn: random.Random) -> None:
    del leaves[at:]


def rechain(leaves: list[bytes], at: int, drawn: random.Random) -> None:
    """Take out one entry and number the others of its tag again, so that no chain has a gap."""
    tag = leaves.pop(at)[10:26]
    leaves[:] = [
        again if leaf[10:26] == tag else leaf
        for leaf, again in zip(leaves, chain_again(leaves), strict=True)
    ]


DEEDS: dict[str, Callable[[list[bytes], int, random.Random], None]] = dict(
    zip(KINDS, (flip, delete, insert, swap, truncate, rechain), strict=True)
)


def change(number: int) -> Changed:
    drawn = random.Random(number)  # noqa: S311 - the same changes each time
    kind, has_key = KINDS[number % len(KINDS)], number // len(KINDS) % 3 == 0
    leaves = list(HONEST.leaves)
    DEEDS[kind](leaves, drawn.randrange(WRITTEN), drawn)
    if has_key or drawn.random() < 0.5:
        leaves = chain_again(leaves)
    changed = Changed(kind, has_key, leaves, WITNESSED if has_key else PUBLISHED)
    pairs = zip(leaves, HONEST.leaves, strict=False)
    same = next((at for at, (new, old) in enumerate(pairs) if new != old), None)
    changed.first = min(len(leaves), WRITTEN) if same is None else same
    hashes = list(map(hash_leaf, leaves))
    size = min(len(hashes), PUBLISHED) if has_key else PUBLISHED
    root = slow_root(hashes[:size]) if has_key else ROOTS[PUBLISHED]
    changed.shown = Checkpoint(size, root)
    changed.questions = questions(changed, hashes)
    return changed


def questions(changed: Changed, hashes: list[bytes]) -> list[Question]:
    """Return what an auditor asks: each entry against what is held, and growth from there.

    For unchanged places the honest proof is shown, which is the best anybody can do.
    """
    held, root, paths = changed.held, ROOTS[changed.held], PATHS[changed.held]
    asked: list[Question] = []
    for index in range(held):
        leaf = changed.leaves[min(index, len(changed.leaves) - 1)] if changed.leaves else b""
        if leaf != HONEST.leaves[index]:
            asked.append(Included(leaf, index, held, root, paths[index]))
    shown = changed.shown
    if changed.has_key and shown.size > held:
        path = tuple(tree.prove_growth(hashes[: shown.size], held))
        asked.append(Grown(held, root, shown.size, shown.root, path))
    return asked


def seen_by_us(changed: Changed) -> bool:
    note = checkpoints.sign(KEY, changed.shown, signer=sign)
    shown = checkpoints.read(note, KEY)
    marks = [Mark(shown.size, shown.root, "published")]
    if changed.has_key:
        marks.append(Mark(WITNESSED, ROOTS[WITNESSED], "witnessed"))
    marks.sort(key=lambda mark: mark.size)
    return not replay(changed.leaves, marks).is_sound


@pytest.fixture(scope="module")
def changes() -> list[Changed]:
    return [change(number) for number in range(CHANGES)]


@pytest.fixture(scope="module")
def said(changes: list[Changed]) -> dict[str, dict[Question, bool]]:
    """What every stranger says to everything that is asked, in bulk."""
    return strangers.ask(list(dict.fromkeys(one for each in changes for one in each.questions)))


def test_every_change_inside_is_seen_by_us_and_by_at_least_three_strangers(
    changes: list[Changed], said: dict[str, dict[Question, bool]]
) -> None:
    assert len(said) >= 3
    missed, outside, inside = [], Counter(), Counter()
    for number, one in enumerate(changes):
        if one.leaves == HONEST.leaves:
            continue
        if one.is_outside:
            outside[one.kind, one.has_key] += 1
            continue
        inside[one.kind, one.has_key] += 1
        ours = seen_by_us(one)
        theirs = [
            any(told.get(asked) is False for asked in one.questions) for told in said.values()
        ]
        if not ours or not all(theirs):
            missed.append((number, one.kind, ours, theirs))
    show(inside, outside, said)
    assert missed == []
    assert sum(inside.values()) + sum(outside.values()) >= 1_000
    assert all(inside[kind, has_key] for kind in KINDS for has_key in (True, False))
    with_key = sum(count for (_kind, key), count in [*inside.items(), *outside.items()] if key)
    assert with_key >= 333


def show(inside: Counter, outside: Counter, said: dict[str, dict[Question, bool]]) -> None:
    sys.stdout.write(f"\nseen by ours and {', '.join(said)}: {sum(inside.values())}\n")
    sys.stdout.write("kind       key  inside, all seen   outside\n")
    for kind in KINDS:
        for key in (False, True):
            told = (kind, "yes" if key else "no", inside[kind, key], outside[kind, key])
            sys.stdout.write("{:10} {:3} {:17} {:9}\n".format(*told))


def test_outside_only_the_end_can_be_changed_and_only_unseen_by_everybody(
    changes: list[Changed], said: dict[str, dict[Question, bool]]
) -> None:
    outside = [one for one in changes if one.is_outside and one.leaves != HONEST.leaves]
    assert outside
    for one in outside:
        # Nothing that anybody had seen is another one: this is the window, and its size.
        assert one.leaves[: one.held] == HONEST.leaves[: one.held]
        assert WRITTEN - one.held in {WRITTEN - WITNESSED, WRITTEN - PUBLISHED}
        assert all(
            told.get(asked) is not False for asked in one.questions for told in said.values()
        )


def test_signatures_alone_would_have_passed_every_change_of_the_key_s_holder(
    changes: list[Changed],
) -> None:
    # The naive check: chains without a gap, and a checkpoint that the log's key signed.
    for one in changes:
        if one.has_key:
            assert replay(one.leaves, [Mark(one.shown.size, one.shown.root, "shown")]).is_sound


def test_without_a_change_nobody_says_a_word() -> None:
    path = tuple(tree.prove_growth(HASHES[:PUBLISHED], WITNESSED))
    asked: list[Question] = [
        Grown(WITNESSED, ROOTS[WITNESSED], PUBLISHED, ROOTS[PUBLISHED], path),
        *(
            Included(leaf, index, PUBLISHED, ROOTS[PUBLISHED], PATHS[PUBLISHED][index])
            for index, leaf in enumerate(HONEST.leaves[:PUBLISHED])
        ),
    ]
    for name, told in strangers.ask(asked).items():
        assert all(told.values()), name
    assert replay(HONEST.leaves, [Mark(PUBLISHED, ROOTS[PUBLISHED], "published")]).is_sound


Entries = list[tuple[int, bytes]]


def heads_of(leaves: list[bytes]) -> tuple[HeadTree, dict[bytes, Entries]]:
    held = HeadTree()
    entries: dict[bytes, Entries] = {}
    for index, leaf in enumerate(leaves):
        entries.setdefault(leaf[10:26], []).append((index, leaf))
    held.put({tag: each[-1] for tag, each in entries.items()})
    return held, entries


HELD, ENTRIES = heads_of(HONEST.leaves[:WITNESSED])
STATED = (HELD.size, HELD.root())


def leave_out(report: Entries, at: int, drawn: random.Random) -> None:
    del report[at]


def leave_out_the_last(report: Entries, at: int, drawn: random.Random) -> None:
    del report[-1]


def alter(report: Entries, at: int, drawn: random.Random) -> None:
    index, leaf = report[at]
    place = drawn.randrange(114)
    report[at] = (index, leaf[:place] + bytes([leaf[place] ^ 0x10]) + leaf[place + 1 :])


def exchange(report: Entries, at: int, drawn: random.Random) -> None:
    report[at], report[at - 1] = report[at - 1], report[at]


def take_from_another(report: Entries, at: int, drawn: random.Random) -> None:
    own = report[at][1][10:26]
    report[at] = ENTRIES[drawn.choice([tag for tag in ENTRIES if tag != own])][0]


LIES = (leave_out, leave_out_the_last, alter, exchange, take_from_another)


def false_report(number: int) -> tuple[bytes, Entries]:
    """Return a tag and what is said to be all its entries."""
    drawn = random.Random(number)  # noqa: S311 - the same lies each time
    tag = drawn.choice(sorted(ENTRIES))
    report = list(ENTRIES[tag])
    LIES[number % len(LIES)](report, drawn.randrange(len(report)), drawn)
    if drawn.random() < 0.5:
        # What is left is chained again, so that nothing but the head can show it.
        again = chain_again([leaf for _index, leaf in report])
        report = [(index, leaf) for (index, _), leaf in zip(report, again, strict=True)]
    return tag, report


def is_accepted(tag: bytes, report: Entries, head: bytes) -> list[bool]:
    """Ask both of our verifiers; the second was written from the formats' page alone."""
    place, path = HELD.prove(tag)
    first = True
    try:
        check_whole(tag, report, last=PlacedHead(head, place, path), heads=STATED)
    except NotWhole:
        first = False
    return [first, is_whole(tag, report, (head, place, path), STATED)]


def test_no_entry_can_be_left_out_of_a_report_or_changed_in_it() -> None:
    refused: Counter[str] = Counter()
    for number in range(OMISSIONS):
        tag, report = false_report(number)
        if report == ENTRIES[tag]:
            continue
        true_head = head_of(*ENTRIES[tag][-1])
        for shown in {true_head, head_of(*report[-1])} if report else {true_head}:
            assert is_accepted(tag, report, shown) == [False, False], number
        refused[LIES[number % len(LIES)].__name__] += 1
    sys.stdout.write(f"\nfalse reports refused: {dict(refused)}\n")
    assert min(refused.values()) > OMISSIONS // len(LIES) // 2
    assert len(refused) == len(LIES)


def test_a_whole_report_is_accepted_by_everybody() -> None:
    asked = []
    for tag, report in ENTRIES.items():
        head = head_of(*report[-1])
        assert is_accepted(tag, report, head) == [True, True]
        place, path = HELD.prove(tag)
        asked.append(Included(head, place, *STATED, tuple(path)))
    for name, told in strangers.ask(asked).items():
        assert all(told.values()), name


def test_a_last_entry_left_out_has_no_head_that_strangers_accept() -> None:
    asked = []
    for tag, report in ENTRIES.items():
        place, path = HELD.prove(tag)
        asked += [Included(head_of(*entry), place, *STATED, tuple(path)) for entry in report[:-1]]
    for name, told in strangers.ask(asked).items():
        assert not any(told.values()), name
