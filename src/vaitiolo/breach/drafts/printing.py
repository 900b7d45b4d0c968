"""Has a text to an authority drawn as PDF, by the process that draws reports."""

from vaitiolo.breach.drafts.words import vocabulary
from vaitiolo.breach.drafts.writing import Draft, changed_lines
from vaitiolo.watch import printing


def as_pdf(draft: Draft) -> bytes:
    """Return a draft as PDF, in its own language. Raises NotDrawn."""
    words = vocabulary(draft.language)
    sections = [[one.heading, list(one.lines)] for one in draft.lines]
    if draft.follows:
        heading, *lines = changed_lines(draft, words)
        sections.insert(0, [heading, [one.strip() for one in lines]])
    return printing.drawn(
        {
            "language": draft.language,
            "title": draft.title,
            "texts": [words.say("phase", draft.phase), *draft.opening],
            "sections": [*sections, ["", list(draft.closing)]],
        }
    )
