"""The refusals about opening a record in an emergency, as its opener reads them."""

from http import HTTPStatus
from typing import Final

from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal


class GlassOff(Refusal):
    """The house has not switched break-glass on: only the ceremony of officers is left."""

    message = _(
        "Emergency opening is not in use in this house, so nothing was opened. Without it, only "
        "three officers together can open a record, in a ceremony: ask the privacy officer."
    )


class OffCall(Refusal):
    """The asker is on no roster, or the duty card has not reached them yet."""

    message = _(
        "You are not on call, so nothing was opened. A registrar or a manager puts somebody on the "
        "roster of a unit. The attempt was recorded."
    )


class NoReason(Refusal):
    """An opening in an emergency, and a no the next morning, need a reason in words."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    message = _(
        "Write the reason in a few words, at least ten letters and at most five hundred. Nothing "
        "was opened or changed."
    )


class Barred(Refusal):
    """The patient's therapist has barred the record from emergencies."""

    message = _(
        "Nothing was opened: this patient's record is barred from emergency opening. Ring the "
        "patient's own therapist. When life is in danger, ring 112 now. Else only three officers "
        "together can open it, in a ceremony."
    )


class OwnPatient(Refusal):
    """The asker can open this chart without any emergency."""

    status = HTTPStatus.CONFLICT
    message = _("This patient is your own: open the chart as usual. Nothing was opened.")


class GlassSpent(Refusal):
    """So many different patients of one clinician, or of the unit, were opened so already."""

    message = _(
        "Nothing was opened: the number of records that may be opened in an emergency is used up, "
        "yours for four weeks or the unit's for today. Ring another colleague on call, or the "
        "patient's own therapist. When life is in danger, ring 112 now. The figures stand in the "
        "signed policy, and nobody here can raise them tonight."
    )


GLASS: Final[dict[str, type[Refusal]]] = {
    "glass-off": GlassOff,
    "off-call": OffCall,
    "no-reason": NoReason,
    "barred": Barred,
    "own-patient": OwnPatient,
    "glass-spent": GlassSpent,
}
