"""A pasted list of patients: random ids, one on a line. Of a line that is none, its number is told.

What stands in such a line is never repeated: it can be a name.
"""

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vaitiolo.people import listed

# A case can have 50,000; a form is read whole into memory, and this many still fit.
MOST_PATIENTS: Final = 45_000
# More lines than this are counted and not listed.
MOST_LINES_SHOWN: Final = 20


class ListWrong(ValueError):
    """A list that cannot be opened; its words say why, and which lines are wrong."""


def read_list(text: str) -> tuple[UUID, ...]:
    """Return the patients of a list, each once. Raises ListWrong."""
    ids = dict(_ids(text))
    if len(ids) > MOST_PATIENTS:
        raise ListWrong(
            _("A case takes 45,000 patients at most here. Open a second one for the rest.")
        )
    wanted = tuple(dict.fromkeys(_all_ids(ids)))
    known = listed.known_patients(wanted)
    unknown = [number for number, one in ids.items() if one not in known]
    if unknown:
        raise ListWrong(_unknown(unknown))
    return wanted


def _ids(text: str) -> Iterator[tuple[int, UUID | None]]:
    """Yield each written line's number and id; none for what is no id."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, _id(line.strip())


def _id(line: str) -> UUID | None:
    try:
        return UUID(line)
    except ValueError:
        return None


def _all_ids(ids: Mapping[int, UUID | None]) -> list[UUID]:
    """Return every id of the lines. Raises ListWrong where a line has none."""
    broken = [number for number, one in ids.items() if one is None]
    if broken:
        raise ListWrong(_broken(broken))
    return [one for one in ids.values() if one is not None]


def _broken(numbers: list[int]) -> str:
    return ngettext(
        "%(count)d line is not an id at all: line %(lines)s. No case was opened.",
        "%(count)d lines are not ids at all: lines %(lines)s. No case was opened.",
        len(numbers),
    ) % {"count": len(numbers), "lines": _shown(numbers)}


def _unknown(numbers: list[int]) -> str:
    return ngettext(
        "%(count)d line is not the id of a patient here: line %(lines)s. No case was opened.",
        "%(count)d lines are not ids of patients here: lines %(lines)s. No case was opened.",
        len(numbers),
    ) % {"count": len(numbers), "lines": _shown(numbers)}


def _shown(numbers: list[int]) -> str:
    more = " …" if len(numbers) > MOST_LINES_SHOWN else ""
    return ", ".join(map(str, numbers[:MOST_LINES_SHOWN])) + more
