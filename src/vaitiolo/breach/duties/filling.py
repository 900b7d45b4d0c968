"""What a scope says, as facts of an incident: kinds of data, numbers, controllers. No patient."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from vaitiolo.breach.scope.access import ScopeFacts, Tier
from vaitiolo.warden.kinds import CompartmentClass

KINDS: Final[Mapping[int, str]] = {
    CompartmentClass.IDENTITY: "identity",
    CompartmentClass.CHART: "chart",
    CompartmentClass.WORKING: "working",
    CompartmentClass.SHARED: "shared",
    CompartmentClass.COPY: "chart",
}


def filled(scope: ScopeFacts) -> dict[str, Any]:
    """Return fields of the form of facts; an officer looks at them before they are kept.

    Numbers count as exact only where the scope knows of nobody twice, refused or unknown.
    """
    reached = [one for one in scope.counts if one.tier <= Tier.SEALED and one.patients]
    kinds = {KINDS[one.klass] for one in reached if one.klass in KINDS}
    # Reminders that wait for sending name the patient and the time.
    kinds |= {"diary"} if scope.reminders else set()
    kinds |= {"staff"} if scope.staff else set()
    doubts = (scope.refused, scope.perhaps_twice, scope.unknown)
    return {
        "kinds": sorted(kinds),
        "patients": scope.patients,
        "staff": len(scope.staff),
        "exact": not any(doubts),
        "sealed": bool(reached) and all(one.tier == Tier.SEALED for one in reached),
        "clients": "\n".join(_clients(scope)),
    }


def _clients(scope: ScopeFacts) -> Iterator[str]:
    """Yield a line for each controller-client; the house's own patients have no name there."""
    return (f"{one.name}; {one.patients}" for one in scope.controllers if one.name)
