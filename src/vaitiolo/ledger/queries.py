"""Reads of the ledger, as frozen values: for budgets, reports and checks. Never writes."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections

from vaitiolo.ledger.acts import Act
from vaitiolo.ledger.entries import Leaf, LeafBroken, unpack

PAGE = 1_000

_WITH_DETAILS = (
    'SELECT e."index", e.leaf, coalesce(d.salt, p.salt), coalesce(d.sealed_detail, p.detail)'
    ' FROM {entries} e LEFT JOIN ledger_detail d ON d."index" = e."index"'
    ' LEFT JOIN ledger_publicdetail p ON p."index" = e."index"'
)
_COLUMNS = _WITH_DETAILS.format(entries="ledger_entry")


def _first(where: str) -> str:
    """Return the question for the first entries of some; only theirs are the details looked up."""
    chosen = f'SELECT * FROM ledger_entry WHERE {where} ORDER BY "index" LIMIT %s'  # noqa: S608 - ours
    return f'{_WITH_DETAILS.format(entries=f"({chosen})")} ORDER BY e."index"'


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry as it stands: its leaf, and salt and detail unless they were erased.

    The detail is under seal, but for acts about the ledger itself (`act.is_special`).
    """

    index: int
    leaf: Leaf
    salt: bytes | None
    detail: bytes | None


def distinct_subjects(
    actor_tag: bytes, acts: Collection[Act], *, since_us: int, alias: str = "vault"
) -> frozenset[bytes]:
    """Return whose chains an actor wrote such acts on since a time: what a budget counts.

    Answered from an index alone, so that it can be asked at every opening.
    """
    places = ", ".join(["%s"] * len(acts))
    asked = (
        "SELECT DISTINCT patient_tag FROM ledger_entry"  # noqa: S608 - only placeholders are joined
        f" WHERE actor_tag = %s AND time_us >= %s AND act IN ({places})"
    )
    found = _all(alias, asked, actor_tag, since_us, *(int(act) for act in acts)) if acts else []
    return frozenset(bytes(tag) for (tag,) in found)


def indices_of(
    acts: Collection[Act], *, since: int, before: int, alias: str = "vault"
) -> list[tuple[int, bytes]]:
    """Return where such acts stand in a stretch of the log, each with the tag of its chain.

    Those of `Entry.Meta.indexes` come from an index of their own, in a log of any length.
    """
    # Written out: an index of some acts alone is chosen for what stands in the question itself.
    named = ", ".join(str(int(act)) for act in sorted(acts))
    asked = (
        'SELECT "index", patient_tag FROM ledger_entry'  # noqa: S608 - numbers of our own
        f' WHERE act IN ({named}) AND "index" >= %s AND "index" < %s ORDER BY "index"'
    )
    return [(index, bytes(tag)) for index, tag in _all(alias, asked, since, before)]


def entries_with(
    acts: Collection[Act], *, since: int, before: int, most: int, alias: str = "vault"
) -> list[Recorded]:
    """Return the first entries of such acts in a stretch of the log, in its order."""
    places = ", ".join(["%s"] * len(acts))
    asked = _first(f'"index" >= %s AND "index" < %s AND act IN ({places})')
    found = _all(alias, asked, since, before, *(int(act) for act in acts), most)
    return [_recorded(row) for row in found]


def erasures(*, most: int, alias: str = "vault") -> list[Recorded]:
    """Return the newest entries that erased details, the newest first."""
    # The number stands in the text, so that both engines use the index of erasures alone.
    chosen = (
        f"SELECT * FROM ledger_entry WHERE act = {int(Act.ERASE)}"  # noqa: S608 - our own number
        ' ORDER BY "index" DESC LIMIT %s'
    )
    asked = f'{_WITH_DETAILS.format(entries=f"({chosen})")} ORDER BY e."index" DESC'
    return [_recorded(row) for row in _all(alias, asked, most)]


def acts_of(tag: bytes, act: Act, *, alias: str = "vault") -> list[tuple[int, bytes]]:
    """Return where a tag's entries of one act stand, each with the tag of who did it."""
    asked = (
        'SELECT "index", actor_tag FROM ledger_entry WHERE patient_tag = %s AND act = %s'
        " ORDER BY patient_seq"
    )
    return [(index, bytes(actor)) for index, actor in _all(alias, asked, tag, int(act))]


def last_act(tag: bytes, acts: Collection[Act], *, alias: str = "vault") -> Act | None:
    """Return which of these acts a tag's chain has last, or nothing where it has none of them.

    Out of the leaves: a column beside one says what the database's owner wrote.
    """
    found = [act for _index, act in _acts_on(tag, alias=alias) if act in acts]
    return found[-1] if found else None


def indices_by(actor_tag: bytes, act: Act, *, since_us: int, alias: str = "vault") -> list[int]:
    """Return where an actor wrote such an act since a time."""
    asked = (
        'SELECT "index" FROM ledger_entry'
        ' WHERE actor_tag = %s AND time_us >= %s AND act = %s ORDER BY "index"'
    )
    return [index for (index,) in _all(alias, asked, actor_tag, since_us, int(act))]


def entry(index: int, *, alias: str = "vault") -> Recorded | None:
    """Return one entry, or nothing where the log does not reach so far."""
    found = _all(alias, f'{_COLUMNS} WHERE e."index" = %s', index)
    return _recorded(found[0]) if found else None


def entries_at(indices: Collection[int], *, alias: str = "vault") -> Iterator[Recorded]:
    """Yield the entries at some places, in no order; one that is not there is left out."""
    wanted = list(indices)
    for start in range(0, len(wanted), PAGE // 2):
        some = wanted[start : start + PAGE // 2]
        places = ", ".join(["%s"] * len(some))
        asked = f'{_COLUMNS} WHERE e."index" IN ({places})'
        yield from map(_recorded, _all(alias, asked, *some))


def entries_of(tag: bytes, *, after: int = 0, alias: str = "vault") -> Iterator[Recorded]:
    """Yield a tag's entries in the order of their numbers, those after a number.

    Raises LeafBroken for a row whose number is not its leaf's: turning pages by it never ended.
    """
    asked = (
        f"{_COLUMNS} WHERE e.patient_tag = %s AND e.patient_seq > %s"
        f" ORDER BY e.patient_seq LIMIT {PAGE}"
    )
    while page := _all(alias, asked, tag, after):
        last = Leaf.parse(bytes(page[-1][1])).patient_seq
        if last <= after:
            raise LeafBroken
        yield from map(_recorded, page)
        after = last


def entries_on(tag: bytes, act: Act, *, alias: str = "vault") -> list[Recorded]:
    """Return a tag's entries of one act, in the order of their numbers; out of the leaves, too."""
    wanted = [index for index, one in _acts_on(tag, alias=alias) if one == act]
    return sorted(entries_at(wanted, alias=alias), key=lambda entry: entry.leaf.patient_seq)


def _acts_on(tag: bytes, *, alias: str) -> list[tuple[int, Act]]:
    asked = 'SELECT "index", leaf FROM ledger_entry WHERE patient_tag = %s ORDER BY patient_seq'
    return [(index, Act(unpack(bytes(leaf))[1])) for index, leaf in _all(alias, asked, tag)]


def entries_from(index: int, *, alias: str = "vault") -> Iterator[Recorded]:
    """Yield all entries from an index on."""
    asked = _first('"index" >= %s')
    while page := _all(alias, asked, index, PAGE):
        yield from map(_recorded, page)
        index = page[-1][0] + 1


def last_batch(*, alias: str = "vault") -> tuple[int, bytes] | None:
    """Return size and root of what was committed last, or nothing for an empty log."""
    found = _all(alias, "SELECT size, root FROM ledger_batch ORDER BY size DESC LIMIT 1")
    return (found[0][0], bytes(found[0][1])) if found else None


def newest_checkpoint(*, alias: str = "vault") -> str | None:
    """Return the newest signed checkpoint, or nothing if none was signed yet."""
    found = _all(alias, "SELECT note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1")
    return found[0][0] if found else None


def _all(alias: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _recorded(row: tuple[Any, ...]) -> Recorded:
    index, leaf, salt, detail = row
    return Recorded(
        index,
        Leaf.parse(bytes(leaf)),
        None if salt is None else bytes(salt),
        None if detail is None else bytes(detail),
    )
