"""Marks the few views that anybody may see; every other view needs an actor."""

from collections.abc import Callable
from typing import TypeVar

_View = TypeVar("_View", bound=Callable[..., object])
_MARK = "vaitiolo_public"


def public(view: _View) -> _View:
    """Let a view be seen without signing in. Each use is a security decision."""
    setattr(view, _MARK, True)
    return view


def is_public(view: Callable[..., object] | None) -> bool:
    return getattr(view, _MARK, False) is True
