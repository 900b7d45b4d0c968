"""What the assembled officers see and type: said on a terminal, asked, and wiped off again."""

import sys
from typing import Final, Protocol

from vaitiolo.ceremony import shares
from vaitiolo.ceremony.shares import THRESHOLD, TypedShare, WrongShare

_CLEAR: Final = "\033[H\033[2J\033[3J"  # the screen, and what could be scrolled back to


class Desk(Protocol):
    """Where texts go, and where typed lines come from."""

    def say(self, text: str) -> None:
        """Show a line."""

    def ask(self, text: str) -> str:
        """Show a question and return the line that is typed. Raises EOFError at the end."""
        ...

    def clear(self) -> None:
        """Take everything off the screen, as after a share was typed."""


class Terminal:
    """The terminal that this program was started from."""

    def say(self, text: str) -> None:
        """Show a line."""
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def ask(self, text: str) -> str:
        """Show a question and return the line that is typed."""
        sys.stdout.write(text)
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip()

    def clear(self) -> None:
        """Clear a terminal; a file is left as it is."""
        if sys.stdout.isatty():
            sys.stdout.write(_CLEAR)


def three_shares(desk: Desk) -> list[TypedShare]:
    """Ask for three different shares of one set, each until it is right. Raises EOFError."""
    typed: list[TypedShare] = []
    while len(typed) < THRESHOLD:
        line = desk.ask(f"Share {len(typed) + 1} of {THRESHOLD}, its 33 words on one line: ")
        desk.clear()
        try:
            one = shares.read(line)
            _check_new(one, typed)
        except WrongShare as wrong:
            desk.say(f"{wrong} Type it again.")
            continue
        typed.append(one)
        desk.say(f"Share {one.number} is whole. {len(typed)} of {THRESHOLD} are in.")
    return typed


def _check_new(one: TypedShare, typed: list[TypedShare]) -> None:
    if any(one.number == other.number for other in typed):
        raise WrongShare(f"Share {one.number} was typed already.")
    if any(one.set_of != other.set_of for other in typed):
        raise WrongShare("This share is not of the same set as those before it.")
