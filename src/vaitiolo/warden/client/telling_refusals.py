"""The refusals about telling people, as officers read them."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from vaitiolo.kit.errors import Refusal


class TellingWrong(Refusal):
    """A plan that cannot be followed."""

    message = _(
        "This plan does not fit: the list, the case, the texts, the times or the addresses are not "
        "what they must be. Nothing was planned."
    )


class TellingUnapproved(Refusal):
    """No second officer has approved the plan as it stands."""

    message = _("No second officer has approved this plan yet. Nobody was told.")


class TellingNeedsSecond(Refusal):
    """Whoever wrote a plan does not approve it."""

    message = _(
        "Whoever wrote the plan cannot approve it; another officer has to. Nobody was told."
    )


class TellingChanged(Refusal):
    """The plan is another by now, or was approved already."""

    message = _("The plan was changed or approved meanwhile. Look at it again; nobody was told.")


class TellingStopped(Refusal):
    """An officer has stopped it."""

    message = _("An officer has stopped this. What waits is kept as it is, and nothing goes out.")


class LettersPrinted(Refusal):
    """Some of these letters were printed before."""

    message = _("Some of these letters were printed before. Say why they are printed again.")


TELLING: Final[dict[str, type[Refusal]]] = {
    "telling-wrong": TellingWrong,
    "telling-unapproved": TellingUnapproved,
    "telling-second": TellingNeedsSecond,
    "telling-changed": TellingChanged,
    "telling-stopped": TellingStopped,
    "letters-printed": LettersPrinted,
}
