"""Templates of a note: headings in the reader's language. They never make fields of a note."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FREE: Final = "free"


@dataclass(frozen=True, slots=True)
class Template:
    """One way to lay out a note, spoken in the language of whoever writes."""

    key: str
    label: str | Promise
    words: tuple[str | Promise, ...] = ()

    @property
    def headings(self) -> str:
        """The headings with room under each; empty for a free note."""
        return "\n\n".join(f"{word}\n" for word in self.words)

    @property
    def caret(self) -> int:
        """Where writing begins: on the line under the first heading."""
        return len(f"{self.words[0]}\n") if self.words else 0


TEMPLATES: Final = (
    Template(FREE, _("Free text")),
    Template("dap", "DAP", (_("Data"), _("Assessment"), _("Plan"))),
    Template("soap", "SOAP", (_("Subjective"), _("Objective"), _("Assessment"), _("Plan"))),
    Template("birp", "BIRP", (_("Behaviour"), _("Intervention"), _("Response"), _("Plan"))),
)
KEYS: Final = tuple(template.key for template in TEMPLATES)


def template_of(key: str) -> Template:
    """Return a template; a note of a form that is no longer offered goes on as free text."""
    return next((template for template in TEMPLATES if template.key == key), TEMPLATES[0])


def is_empty(text: str) -> bool:
    """Tell whether nothing was written: no word at all, or the headings of a template alone."""
    words = text.split()
    return not words or any(words == template.headings.split() for template in TEMPLATES)
