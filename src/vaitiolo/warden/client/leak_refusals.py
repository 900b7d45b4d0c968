"""What is refused about leaks, their kits and results, as people read it."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal


class LeakForged(Refusal):
    """What was put in is no result of a search, or not as it was signed."""

    message = _(
        "This is no result of a search, or it is not as it was signed. It was not put in, and the "
        "attempt was recorded. Take the file once more from the computer that searched."
    )


class LeakForeign(Refusal):
    """A result by a kit that never left this house, or left another one."""

    message = _(
        "No incident kit that left this house made this result. It was not put in, and the attempt "
        "was recorded. What was found must be searched again with a kit of ours."
    )


class LeakRepeated(Refusal):
    """The same result is in the incident already."""

    status = HTTPStatus.CONFLICT
    message = _("This result is in the incident already. Nothing was changed.")


class NoIncidentKey(Refusal):
    """No two officers can open an incident kit: nobody keeps the seed of the card `incident`."""

    status = HTTPStatus.CONFLICT
    message = _(
        "This house keeps no incident key, so files of a leak cannot be searched for what is ours. "
        "The officers draw one in a ceremony (docs/leak.md); what is signed from then on can be "
        "found. Nothing was taken out."
    )
