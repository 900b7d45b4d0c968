"""The refusals of the warden as people read them."""

from http import HTTPStatus
from typing import Final

from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal
from vaitiolo.warden.client.glass_refusals import GLASS
from vaitiolo.warden.client.leak_refusals import (
    LeakForeign,
    LeakForged,
    LeakRepeated,
    NoIncidentKey,
)
from vaitiolo.warden.client.telling_refusals import TELLING


class NotGranted(Refusal):
    """The asker holds no grant, or there is no such compartment: the two look alike."""

    status = HTTPStatus.NOT_FOUND
    message = _("There is nothing here that you can open. The attempt was recorded.")


class NotAllowed(Refusal):
    """The asker's role may not ask this."""

    message = _("Your role does not include this. Nothing was changed.")


class SignedOut(Refusal):
    """The session has ended: idle, too old, ended elsewhere, or the warden has restarted."""

    status = HTTPStatus.UNAUTHORIZED
    message = _("You are signed out. What was saved is kept under seal; sign in to go on.")


class WrongSignIn(Refusal):
    """Name or password is wrong; which of the two is not told."""

    message = _("The name or the password is not right. Nothing was opened.")


class WrongShare(Refusal):
    """What was typed is not the asker's share, or the share does not open with what was given."""

    message = _("This is not your share of the contact key. Nothing was opened or changed.")


class NoTouch(Refusal):
    """What was asked needs the touch of an own security key, and it was not there."""

    message = _(
        "This needs a touch of your own security key, and it did not come, or came too late. "
        "Nothing was changed; try again."
    )


class ConfirmFirst(Refusal):
    """Own ways in are changed only with a proof for that very change, of the last five minutes."""

    message = _("Confirm first that it is you; then this can be changed. Nothing was changed yet.")


class LastWayIn(Refusal):
    """Without this one, nobody would come in any more but with paper."""

    message = _(
        "This is your last everyday way in, so it stays. Add another one first, then remove it."
    )


class NoInvitation(Refusal):
    """No open invitation has this code: unknown, lapsed, withdrawn or taken up."""

    message = _(
        "There is no open invitation with this code. Compare it once more, or ask the registrar "
        "for a new one. Nothing was made."
    )


class NameTaken(Refusal):
    """Somebody signs in by this name already, or is invited under it."""

    status = HTTPStatus.CONFLICT
    message = _("Somebody signs in by this name already. Choose another; nothing was sent.")


class WeakPassword(Refusal):
    """A new password is shorter than the policy allows."""

    message = _("The password is too short. Nothing was made; the invitation is still good.")


class NoRequest(Refusal):
    """The card does not wait any more: signed, refused or replaced meanwhile."""

    status = HTTPStatus.CONFLICT
    message = _("This card does not wait for a signature any more. Look at the list again.")


class CaseTaken(Refusal):
    """Two other officers are in the case."""

    status = HTTPStatus.CONFLICT
    message = _(
        "Two officers are in this case already, and it runs for them alone. Nothing was opened for "
        "you. When they close it, or after the hour, it can be joined again."
    )


class TooManyTries(Refusal):
    """Too many failed tries for this name."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    message = _("Too many tries. Wait fifteen minutes, then try again.")


class CardEnded(Refusal):
    """The asker's own card was revoked or has run out."""

    message = _("Your access has ended. Nothing more can be opened; your drafts are kept.")


class OverBudget(Refusal):
    """More different patients than the signed policy allows in this time."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    message = _(
        "You have opened as many different patients as the policy allows for now. Nothing more "
        "was opened. Those already open this hour stay open; wait, or ask the privacy officer."
    )


class LedgerSilent(Refusal):
    """The ledger could not be written, so nothing was done."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = _("Records cannot be opened now, because the opening could not be written down.")


class WardenSilent(Refusal):
    """Nobody answers at the warden's socket."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = _(
        "Records cannot be opened now: the key agent does not answer. What was saved is kept."
    )


class KeyServiceSilent(Refusal):
    """The warden answers, and the key service behind it does not."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = _(
        "Records cannot be opened now: the key service does not answer. What was saved is kept."
    )


class SealBroken(Refusal):
    """Something stored is not what was once sealed. It was not shown, and it was recorded."""

    status = HTTPStatus.CONFLICT
    message = _(
        "This could not be verified, so it is not shown. It was recorded; tell the privacy officer."
    )


class TooLarge(Refusal):
    """More than one question may carry."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    message = _("This is too large to be sealed in one piece. Nothing of it was stored.")


class NoWitness(Refusal):
    """No witness cosigned in time that the deed stands in the ledger, so it was not done."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = _(
        "No witness outside the house has confirmed in time that this was written down, so "
        "nothing was given out or changed. The attempt is in the record; try again in a while."
    )


class CosignatureBroken(Refusal):
    """What a courier brought is not a cosignature of a pinned witness under this ledger, now."""

    message = _("This is not a confirmation by a witness of this ledger. Nothing was kept of it.")


class NoCheckpoint(Refusal):
    """The ledger has not published a signed state yet, or not the files that go with it."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = _("The ledger has not been published yet. Try again in a minute.")


class TokenBroken(Refusal):
    """What a courier brought is not a time-stamp of the ledger's published state."""

    message = _("This is not a time-stamp of this ledger. Nothing was kept of it.")


class ReportIncomplete(Refusal):
    """A patient's entries have a gap, or do not hang together: no report can be made of them."""

    status = HTTPStatus.CONFLICT
    message = _(
        "The record of reading has a gap here, so no report can be made of it: somebody has "
        "removed or changed an entry. An alarm was raised; the log's page shows it."
    )


class ReportRefused(Refusal):
    """The decision in force does not let the report, or its older entries, be given away."""

    status = HTTPStatus.CONFLICT
    message = _(
        "The decision in force does not let this be given: the request was refused, or entries "
        "older than two years were not granted. Nothing was made; decide again if that is wrong."
    )


class NoErasure(Refusal):
    """The erasure does not wait any more: done, taken back or declined meanwhile."""

    status = HTTPStatus.CONFLICT
    message = _(
        "This erasure does not wait any more: it was done, taken back or declined meanwhile. "
        "Nothing was changed by you; look at the list again."
    )


class ErasureWaits(Refusal):
    """The same erasure was asked for before, and waits."""

    status = HTTPStatus.CONFLICT
    message = _("This erasure was asked for already, and waits for a second person.")


class IncidentClosed(Refusal):
    """An incident is closed and takes nothing more, or is open and cannot be opened again."""

    status = HTTPStatus.CONFLICT
    message = _(
        "This incident does not take that as it stands now: it is closed, or open already. "
        "Nothing was added; all that is in it stays."
    )


class IncidentUndecided(Refusal):
    """An incident cannot be closed before it is decided whom to notify."""

    status = HTTPStatus.CONFLICT
    message = _(
        "Nobody has decided yet whether the authority and the people concerned are told, and on "
        "what ground. Record that decision first; the incident stays open."
    )


class IncidentNeedsSecond(Refusal):
    """It takes two to close an incident: one who asks, and another officer of it who closes."""

    status = HTTPStatus.CONFLICT
    message = _(
        "It takes a second officer to close an incident, and nothing may have been added since "
        "the first one asked. It stays open."
    )


class ScopeIncomplete(Refusal):
    """The ledger is not whole, so nobody can say whom something reached: never a shorter list."""

    status = HTTPStatus.CONFLICT
    message = _(
        "The ledger has a gap, or an entry in it was changed. A list made of it could leave people "
        "out, so none was made. An alarm was raised; the log's page shows it."
    )


class ScopeWrong(Refusal):
    """The question cannot be asked like this."""

    status = HTTPStatus.BAD_REQUEST
    message = _(
        "This question cannot be answered: a person, a unit, a card or a time is missing or not "
        "of this house, or its file of controllers cannot be read. Nothing was opened."
    )


class QuestionBroken(RuntimeError):
    """The warden did not understand the question: a fault of ours, never of the person."""


REFUSALS: Final[dict[str, type[Refusal]]] = {
    "not-granted": NotGranted,
    "not-allowed": NotAllowed,
    "signed-out": SignedOut,
    "wrong-sign-in": WrongSignIn,
    "no-touch": NoTouch,
    "confirm-first": ConfirmFirst,
    "last-way-in": LastWayIn,
    "too-many-tries": TooManyTries,
    "card-ended": CardEnded,
    "over-budget": OverBudget,
    "ledger-silent": LedgerSilent,
    "vault-away": WardenSilent,
    "kms-away": KeyServiceSilent,
    "wrong-share": WrongShare,
    "no-invitation": NoInvitation,
    "name-taken": NameTaken,
    "weak-password": WeakPassword,
    "case-taken": CaseTaken,
    "no-request": NoRequest,
    "seal-broken": SealBroken,
    "too-large": TooLarge,
    "no-witness": NoWitness,
    "cosignature-broken": CosignatureBroken,
    "no-checkpoint": NoCheckpoint,
    "token-broken": TokenBroken,
    "report-incomplete": ReportIncomplete,
    "report-refused": ReportRefused,
    "no-erasure": NoErasure,
    "erasure-waits": ErasureWaits,
    "incident-closed": IncidentClosed,
    "incident-undecided": IncidentUndecided,
    "incident-second": IncidentNeedsSecond,
    "leak-forged": LeakForged,
    "leak-foreign": LeakForeign,
    "leak-repeated": LeakRepeated,
    "scope-incomplete": ScopeIncomplete,
    "scope-wrong": ScopeWrong,
    **GLASS,
    **TELLING,
    "no-incident-key": NoIncidentKey,
}
