"""What the words of a search and of its tiers mean to whoever reads them."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise

AUTHENTICITY: Final[Mapping[str, Words]] = {
    "ours": _("Ours: what is in these files was written here."),
    "ours, among text that is not": _("Ours, among text that is not ours."),
    "possibly ours: nothing is confirmed": _(
        "Possibly ours. Nothing is confirmed: somebody must look."
    ),
    "identifiers ours, notes not ours": _(
        "The identifiers are our patients', the notes are not ours: they come from elsewhere, or "
        "were invented."
    ),
    "invented patients of one of our exports": _(
        "Invented people of one of our exports: the files come from that export."
    ),
    "nothing of ours found": _("Nothing of ours was found in these files."),
}
SURENESS: Final[Mapping[str, Words]] = {
    "ours": _("sure"),
    "ours, among text that is not": _("sure"),
    "possibly ours: nothing is confirmed": _("not sure"),
    "identifiers ours, notes not ours": _("sure of the people, not of the source"),
    "invented patients of one of our exports": _("sure"),
    "nothing of ours found": _("as of now, in these files"),
}
CLASSES: Final[Mapping[str, Words]] = {
    "confirmed": _("Confirmed"),
    "shared": _("Text that two or three patients have"),
    "possible": _("Possible: for a reviewer"),
    "identifiers only": _("Identifiers, and no note"),
    "weak identifiers only": _("Identifiers that several patients have"),
}
KINDS: Final[Mapping[str, Words]] = {
    "code": _("identity code"),
    "mail": _("e-mail address"),
    "phone": _("telephone number"),
    "identity-code": _("identity code"),
    "email": _("e-mail address"),
    "notes": _("notes"),
}
PARTS: Final[Mapping[str, Words]] = {
    "identity": _("Name, identity code, contact"),
    "chart": _("Notes and chart"),
    "working": _("An author's own working notes"),
    "shared": _("Messages and questionnaires"),
}
TIERS: Final[Mapping[str, Words]] = {
    "taken": _("Taken or readable"),
    "could": _("Could have been opened"),
    "published": pgettext_lazy("tier of a leak", "Found published"),
    "not-found": pgettext_lazy("tier of a leak", "Not found so far"),
}
SILENT: Final = (
    _(
        "A retold, translated or shortened text is not found. Not found means: not in these files, "
        "as of that time."
    ),
    _("An identity code says that a person is in the file, never that the file is ours."),
    _("Pictures, and PDFs without text, are not read; what was left out is listed."),
    _("The time of the theft is evidence beside the ledger, never a finding by itself."),
)
