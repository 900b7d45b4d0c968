"""Messages about joining: an invitation, the newcomer's own seed and card, the eight words."""

from dataclasses import dataclass, field
from uuid import UUID

from vaitiolo.warden.parts import Invitation
from vaitiolo.warden.protocol.saying import Message, Question


@dataclass(frozen=True, slots=True)
class Invite(Question):
    """A registrar asks somebody to join, as what, and by which name they will sign in."""

    cookie: bytes = field(repr=False)
    name: str = field(repr=False)
    role: int
    unit: UUID | None
    sign_in: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invited(Message):
    """The code to give to the newcomer, said once, and the last day on which it is good."""

    code: str = field(repr=False)
    until: int


@dataclass(frozen=True, slots=True)
class Invitations(Question):
    """Who is asked to join and has not come yet; for registrars."""

    cookie: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class InvitationList(Message):
    """The open invitations. No code is among them."""

    invitations: tuple[Invitation, ...]


@dataclass(frozen=True, slots=True)
class WithdrawInvitation(Question):
    """A registrar takes an invitation back."""

    cookie: bytes = field(repr=False)
    invitation: UUID


@dataclass(frozen=True, slots=True)
class BeginEnrolment(Question):
    """A newcomer shows a code: who is meant, and what a security key has to be made over.

    The cookie was drawn by the web for this enrolment. It is no session.
    """

    cookie: bytes = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EnrolmentBegun(Message):
    """Whom the code is for; challenge and PRF salt for a security key of the newcomer's."""

    name: str = field(repr=False)
    role: int
    unit: UUID | None
    challenge: bytes = field(repr=False)
    rp_id: str
    prf_salt: bytes = field(repr=False)
    password_alone: bool


@dataclass(frozen=True, slots=True)
class Enrol(Question):
    """A newcomer draws a seed in the warden, locked with a password, and a security key if any.

    ``attestation`` is empty where the policy lets a password stand alone.
    """

    cookie: bytes = field(repr=False)
    code: str = field(repr=False)
    password: str = field(repr=False)
    attestation: bytes = field(default=b"", repr=False)
    prf: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Enrolled(Message):
    """The card that waits for a registrar; its id is no secret."""

    card: bytes


@dataclass(frozen=True, slots=True)
class Enrolment(Question):
    """How far is it? Only the browser that enrolled can ask."""

    cookie: bytes = field(repr=False)
    card: bytes


@dataclass(frozen=True, slots=True)
class EnrolmentState(Message):
    """``waiting`` with the eight words, ``signed``, or ``gone``."""

    state: str
    words: tuple[str, ...] = ()
