"""Messages about who works here: cards to be signed, roles, the end of an access."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import CardRequest, Colleague
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class Colleagues(Question):
    """Who works here."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Staff(Message):
    """Everyone on the staff, the asker too."""

    colleagues: tuple[Colleague, ...]


@dataclass(frozen=True, slots=True)
class RevokeCard(Question):
    """A registrar ends a colleague's card, at once, and with it everything it was granted."""

    cookie: bytes = field(repr=False)
    person: UUID
    reason: int


@dataclass(frozen=True, slots=True)
class LeftBehind(Question):
    """What somebody who has left still could open with an old copy; for registrars."""

    cookie: bytes = field(repr=False)
    person: UUID


@dataclass(frozen=True, slots=True)
class Left(Message):
    """How many compartments wait for a colleague who can re-seal them, and how many have nobody."""

    waiting: int
    nobody: int


@dataclass(frozen=True, slots=True)
class CardRequests(Question):
    """Which cards wait for a registrar."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RequestList(Message):
    """The cards that wait, each with its eight words."""

    requests: tuple[CardRequest, ...]


@dataclass(frozen=True, slots=True)
class SignCard(Question):
    """A registrar has compared the words and signs, by a touch over ``sign-card`` and the id."""

    cookie: bytes = field(repr=False)
    card: bytes
    assertion: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CardSigned(Message):
    """The card is signed; ``is_complete`` is false while another registrar has to sign it too."""

    is_complete: bool


@dataclass(frozen=True, slots=True)
class RefuseCard(Question):
    """A registrar refuses a card: the words differ, or nobody knows of it. It is an alarm."""

    cookie: bytes = field(repr=False)
    card: bytes


@dataclass(frozen=True, slots=True)
class ProposeRole(Question):
    """A registrar proposes another role or unit; the holder's next sign-in asks for the card."""

    cookie: bytes = field(repr=False)
    person: UUID
    role: int
    unit: UUID | None


@dataclass(frozen=True, slots=True)
class SettleStaff(Question):
    """Finish what signing or revoking a card has begun: desks, role cards. Asked twice it is once.

    For registrars, because these things are signed with a registrar's card.
    """

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class WaitingForRole(Question):
    """Colleagues of the asker's role and unit who do not hold its role card yet."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class LetIntoRole(Question):
    """Let a colleague act with the role card that the asker holds."""

    cookie: bytes = field(repr=False)
    person: UUID
