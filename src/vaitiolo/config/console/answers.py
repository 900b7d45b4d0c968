"""What whoever founds a house decides: read from a file of answers, or asked one by one.

Everything is judged before anything is made; what is wrong is named, with what is to be done.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

ROLES: Final = {"registrar": 16, "privacy_officer": 4, "manager": 6}
HOLDERS: Final = 5
FEWEST_REGISTRARS: Final = 2
MOST_PEOPLE: Final = 5
LONGEST: Final = 100
KEYS: Final = frozenset(
    {
        "name",
        "address",
        "registrars_per_card",
        "units",
        "holders",
        "people",
        "witnesses",
        "quorum",
        "break_glass",
        "break_glass_witness",
    }
)
EXAMPLE: Final = """\
# Answers for `vaitiolo found --answers FILE --sheets FOLDER`. Change every line, and delete the
# file afterwards: it holds names.

# What the organisation is called.
name = "Esimerkki Oy"

# Where people will go. It is what security keys answer for, so it cannot be changed later without
# enrolling everybody anew. It must be VAITIOLO_ORIGIN too.
address = "https://vaitiolo.example.fi"

# How many registrars sign each colleague's card: 1, or 2 where no single one is to be enough.
registrars_per_card = 1

# Witnesses outside the house, each by the key that `vaitiolo witness init` printed, and how many of
# them must have confirmed before exports, new cards and bulk work go on. Only the root can change
# this later. See docs/witness.md; leave both as they are where there is none yet.
witnesses = []
quorum = 0

# Whether clinicians on call may open a record in an emergency, with a reason and never unseen. And
# which witness must have confirmed each opening first, by the name in its key; empty for none.
# Without it, a record whose therapist cannot be reached is opened by three officers together alone.
break_glass = false
break_glass_witness = ""

# The units, each with a diary, a phone book and a reception of its own. One is enough.
units = ["Keskusta"]

# Who keep the five paper shares of the master seed. Any three of them together open every chart
# and sign registrars; one or two can do nothing. They need not work in the house.
holders = ["First Holder", "Second Holder", "Third Holder", "Fourth Holder", "Fifth Holder"]

# Whom the founding invites: two registrars at least, five people at most. Roles here: registrar,
# privacy_officer, manager. Each also keeps a paper share for telling patients after a breach, any
# two of which suffice. Therapists and receptionists are invited by the registrars, on their pages.
[[people]]
name = "First Registrar"
sign_in = "first"
role = "registrar"

[[people]]
name = "Second Registrar"
sign_in = "second"
role = "registrar"

[[people]]
name = "Privacy Officer"
sign_in = "privacy"
role = "privacy_officer"
"""


class WrongAnswer(Exception):
    """An answer cannot be used; the message says which, and why. Nothing was done."""


def read(path: Path) -> dict[str, Any]:
    """Return the answers of a file, judged. Raises WrongAnswer, OSError."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise WrongAnswer(f"{path.name} is not TOML: {problem}") from None
    return judged(given)


def ask(question: Callable[[str], str]) -> dict[str, Any]:
    """Ask for the answers one by one, and return them, judged. Raises WrongAnswer."""
    given: dict[str, Any] = {
        "name": question("What is the organisation called? "),
        "address": question("At which address will people reach it (https://…)? "),
        "units": _several(question, "Name of a unit (empty line when there are no more): "),
        "holders": [
            question(f"Who keeps paper share {number} of {HOLDERS}? ")
            for number in range(1, HOLDERS + 1)
        ],
        "people": [],
    }
    for number in range(1, FEWEST_REGISTRARS + 1):
        given["people"].append(_person(question, f"Registrar {number}", "registrar"))
    asked = "May clinicians on call open a record in an emergency, never unseen (yes or no)? "
    given["break_glass"] = question(asked) == "yes"
    for role in ("privacy_officer", "manager"):
        words = role.replace("_", " ").capitalize()
        if question(f"Is there a {words.lower()} to be invited too (yes or no)? ") == "yes":
            given["people"].append(_person(question, words, role))
    return judged(given)


def judged(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers that a house can be founded with. Raises WrongAnswer."""
    unknown = set(given) - KEYS
    if unknown:
        raise WrongAnswer(f"There is no answer called {', '.join(sorted(unknown))}.")
    answers = {
        "name": _text(given, "name"),
        "address": _address(_text(given, "address")),
        "registrars_per_card": given.get("registrars_per_card", 1),
        "witnesses": [
            _text({"witnesses": one}, "witnesses", longest=300)
            for one in given.get("witnesses", [])
        ],
        "quorum": given.get("quorum", 0),
        "break_glass": given.get("break_glass", False),
        "break_glass_witness": given.get("break_glass_witness", ""),
        "units": _names(given, "units"),
        "holders": _names(given, "holders"),
        "people": [_judged_person(one) for one in _listed(given, "people")],
    }
    _check(answers)
    return answers


def demand_address(answers: Mapping[str, Any], origin: str) -> None:
    """Return quietly when the programs are set to answer at the address. Raises WrongAnswer."""
    if answers["address"] != origin:
        raise WrongAnswer(
            f"The address is {answers['address']}, and the programs are set to {origin}. Set "
            "VAITIOLO_ORIGIN to the address, here and for the programs: security keys answer for "
            "one address alone."
        )


def _check(answers: Mapping[str, Any]) -> None:
    people = answers["people"]
    registrars = [one for one in people if one["role"] == ROLES["registrar"]]
    sign_ins = {one["sign_in"].casefold() for one in people}
    rules = {
        "registrars_per_card must be 1 or 2.": answers["registrars_per_card"] in (1, 2),
        "quorum must be a number from 0 to that of the witnesses.": (
            type(answers["quorum"]) is int and 0 <= answers["quorum"] <= len(answers["witnesses"])
        ),
        "break_glass must be true or false.": type(answers["break_glass"]) is bool,
        "break_glass_witness must be the name of one of the witnesses, or empty.": (
            answers["break_glass_witness"] in ("", *_names_of_witnesses(answers))
        ),
        "units: name one at least, each once.": _are_different(answers["units"], least=1),
        f"holders: name {HOLDERS} different people.": len(answers["holders"]) == HOLDERS
        and _are_different(answers["holders"], least=HOLDERS),
        "people: two registrars at least.": len(registrars) >= FEWEST_REGISTRARS,
        f"people: {MOST_PEOPLE} at most.": len(people) <= MOST_PEOPLE,
        "people: each needs a sign_in of the own.": len(sign_ins) == len(people),
    }
    for rule, is_kept in rules.items():
        if not is_kept:
            raise WrongAnswer(rule)


def _names_of_witnesses(answers: Mapping[str, Any]) -> list[str]:
    return [str(one).partition("+")[0] for one in answers["witnesses"]]


def _are_different(names: Sequence[str], *, least: int) -> bool:
    return len({name.casefold() for name in names}) == len(names) >= least


def _address(text: str) -> str:
    parts = urlsplit(text)
    is_local = parts.scheme == "http" and parts.hostname == "localhost"
    is_bare = not (parts.path or parts.query or parts.fragment or parts.username)
    if not parts.hostname or not is_bare or not (parts.scheme == "https" or is_local):
        raise WrongAnswer(
            "address must be https:// and a host, with nothing after it; http://localhost:PORT "
            "serves a practice on one machine."
        )
    return text


def _judged_person(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or set(given) != {"name", "sign_in", "role"}:
        raise WrongAnswer("people: each has name, sign_in and role, and nothing else.")
    if given["role"] not in ROLES:
        raise WrongAnswer(f"people: a role is one of {', '.join(ROLES)}.")
    return {
        "name": _text(given, "name"),
        "sign_in": _text(given, "sign_in"),
        "role": ROLES[given["role"]],
    }


def _text(given: Mapping[str, Any], key: str, *, longest: int = LONGEST) -> str:
    found = given.get(key, "")
    text = found.strip() if isinstance(found, str) else ""
    if not 0 < len(text) <= longest or not text.isprintable():
        raise WrongAnswer(f"{key} must be a text of 1 to {longest} letters.")
    return text


def _names(given: Mapping[str, Any], key: str) -> list[str]:
    return [_text({key: one}, key) for one in _listed(given, key)]


def _listed(given: Mapping[str, Any], key: str) -> list[Any]:
    found = given.get(key)
    if not isinstance(found, list):
        raise WrongAnswer(f"{key} is missing, or is no list.")
    return found


def _several(question: Callable[[str], str], text: str) -> list[str]:
    found = []
    while said := question(text):
        found.append(said)
    return found


def _person(question: Callable[[str], str], who: str, role: str) -> dict[str, str]:
    return {
        "name": question(f"{who}: what is the person called? "),
        "sign_in": question(f"{who}: under which name will they sign in? "),
        "role": role,
    }
