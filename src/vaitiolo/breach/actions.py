"""What is done to cases: opened, joined, gone on with, closed."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from vaitiolo.breach import access
from vaitiolo.people.actor import Actor


def open_case(actor: Actor, patients: Sequence[UUID], *, reason: str) -> UUID:
    """Open a case; its list never grows. Raises NotAllowed."""
    return access.open_case(actor, patients, reason=reason)


def join_case(actor: Actor, case_id: UUID, fields: Mapping[str, str]) -> bool:
    """Join a case with the own share; tell whether it runs now."""
    return access.join_case(actor, case_id, fields)


def close_case(actor: Actor, case_id: UUID) -> None:
    """End a running case."""
    access.close_case(actor, case_id)
