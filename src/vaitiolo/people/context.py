"""What every page shows of who is signed in, and where that role can go. It asks nobody."""

from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.ids import HolderId, UnitId
from vaitiolo.people import queries
from vaitiolo.people.actor import ROLE_WORDS, Actor
from vaitiolo.people.middleware import actor_of
from vaitiolo.warden.kinds import Role
from vaitiolo.warden.session import IDLE_SECONDS
from vaitiolo.web.context import Place

PLACES: Final[dict[Role, tuple[tuple[str | Promise, str], ...]]] = {
    Role.THERAPIST: (
        (_("Day"), "schedule:day"),
        (_("Patients"), "charts:caseload"),
        (_("Search notes"), "charts:search"),
    ),
    Role.RECEPTION: (
        (_("Find"), "people:find"),
        (_("Diary"), "schedule:diary"),
        (_("Register"), "people:register"),
    ),
    Role.REGISTRAR: (
        (_("Staff"), "people:staff"),
        (_("Cases"), "breach:cases"),
        (_("Incidents"), "incidents:incidents"),
        (_("Log"), "watch:ledger"),
    ),
    Role.PRIVACY_OFFICER: (
        (_("Cases"), "breach:cases"),
        (_("Incidents"), "incidents:incidents"),
        (_("Who read"), "watch:report"),
        (_("Emergencies"), "charts:openings"),
        (_("Log"), "watch:ledger"),
    ),
    Role.MANAGER: (
        (_("Cases"), "breach:cases"),
        (_("Incidents"), "incidents:incidents"),
        (_("On call"), "charts:rosters"),
        (_("Log"), "watch:ledger"),
    ),
    Role.OPERATOR: ((_("Incidents"), "incidents:incidents"),),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The person signed in, as the top of a page shows them."""

    id: HolderId
    name: str = field(repr=False)
    role: str
    is_weak: bool
    unit: UnitId | None

    def unit_name(self) -> str:
        """Return what the unit is called; asked for only by a page that shows it."""
        return queries.name_of_unit(self.unit)


def navigation(request: HttpRequest) -> dict[str, object]:
    """Give the base template the person and their role's way around, once known."""
    actor = actor_of(request)
    if actor is None:
        return {}
    return {
        "actor": _shown(actor),
        "nav": _places(request.path, actor.role),
        "demo": is_demo(),
        "idle_seconds": IDLE_SECONDS,
        "turning_template": "charts/part/turning.html",
        "veil_template": "people/part/veil.html",
    }


def is_demo() -> bool:
    """Tell whether this installation holds invented people only."""
    return getattr(settings, "DEMO", False)


def _shown(actor: Actor) -> Shown:
    return Shown(actor.id, actor.name, ROLE_WORDS[actor.role], actor.is_weak, actor.unit)


def _places(path: str, role: Role) -> list[Place]:
    places = [(str(label), reverse(name)) for label, name in PLACES.get(role, ())]
    # The longest address that the path begins with: the form for a new patient is not "Find".
    here = max((url for _label, url in places if path.startswith(url)), key=len, default="")
    return [Place(label, url, current=url == here) for label, url in places]
