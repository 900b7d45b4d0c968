"""A request by somebody who is signed in, and the fence that lets only some roles through.

The fence is the first wall and a courtesy: what a person cannot open, the warden refuses anyway.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.people.actor import Actor
from vaitiolo.warden.kinds import Role

View = TypeVar("View", bound=Callable[..., HttpResponse])


class NotForThisRole(Refusal):
    """The page belongs to another role."""

    message = _("This page is for another role. Nothing was opened.")


class ActorRequest(HttpRequest):
    """A request that passed the middleware: its actor is known."""

    actor: Actor


def only(*roles: Role) -> Callable[[View], View]:
    """Let a view be used by these roles alone. Raises NotForThisRole before anything is read."""

    def fence(view: View) -> View:
        @wraps(view)
        def fenced(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor.role not in roles:
                raise NotForThisRole
            return view(request, *args, **kwargs)

        return fenced  # type: ignore[return-value]  # the same view behind a fence

    return fence
