"""Every sentence that the code and the templates say to people, and where: the catalogues' source.

`make messages` brings the catalogues up to it: what is new is added, empty; what is gone goes.
A test fails for every sentence that has no translation.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

REPO = Path(__file__).resolve().parents[1]
HOUSE = REPO / "src" / "vaitiolo"
LOCALE = HOUSE / "web" / "locale"
LANGUAGES = ("fi", "sv")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def said() -> Catalog:
    """Read all of it, in the order of the files."""
    found = Catalog(charset="utf-8")
    for file in sorted(HOUSE.rglob("*.py")):
        if "migrations" not in file.parts:
            add(found, file, file.read_bytes())
    for file in sorted(HOUSE.glob("*/templates/**/*.*")):
        text = templatize(file.read_text(encoding="utf-8"), origin=str(file))
        # One line: what surrounds the sentences is not Python, and its indentation means nothing.
        add(found, file, " ".join(text.splitlines()).encode())
    return found


def add(found: Catalog, file: Path, source: bytes) -> None:
    options = {"encoding": "utf-8"}
    for _line, message, _notes, context in extract(
        "python", BytesIO(source), KEYWORDS, options=options
    ):
        # No line numbers: they change with every edit and tell a translator nothing.
        place = (str(file.relative_to(REPO)), None)
        found.add(message, locations=[place], context=context)


def catalogue_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    file = catalogue_of(language)
    if not file.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False, project="vaitiolo")
    with file.open("rb") as source:
        return read_po(source, locale=language)


def lacking(catalogue: Catalog, source: Catalog) -> Iterator[str]:
    """Name every sentence that has no translation, or only half of one."""
    for message in source:
        if message.id:
            found = catalogue.get(message.id, message.context)
            words = found.string if found else ""
            parts = words if isinstance(words, tuple | list) else (words,)
            if found is None or found.fuzzy or not all(parts):
                yield f"{message.id!r} ({message.locations[0][0]})"


def main() -> int:
    settings.configure()
    source = said()
    for language in LANGUAGES:
        catalogue = read(language)
        catalogue.update(source, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with catalogue_of(language).open("wb") as file:
            write_po(file, catalogue, width=100, sort_by_file=True)
        sys.stdout.write(
            f"{language}: {len(catalogue)}, of which {len(list(lacking(catalogue, source)))} lack\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
