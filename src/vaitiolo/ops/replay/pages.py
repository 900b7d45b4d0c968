"""Takes a page apart as a browser would: forms with what stands in them, links, text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_SILENT: Final = frozenset({"script", "style"})
_KEPT: Final = frozenset({"checkbox", "radio"})


@dataclass(slots=True)
class Form:
    """A form: where it goes, what it sends as it stands, and which buttons it has."""

    action: str
    is_multipart: bool
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)

    def choice(self, name: str, words: str) -> str:
        """Return the value of the choice that is called so. Raises LookupError."""
        for value, said in self.choices.get(name, {}).items():
            if words in said:
                return value
        raise LookupError(f"nothing called {words!r} to choose for {name}")


@dataclass(frozen=True, slots=True)
class Page:
    """An answer, read."""

    status: int
    where: str
    body: bytes = field(repr=False)
    forms: tuple[Form, ...] = field(repr=False, default=())
    links: tuple[tuple[str, str], ...] = field(repr=False, default=())
    text: str = field(repr=False, default="")

    def form(self, *names: str, action: str = "") -> Form:
        """Return the first form with fields of these names. Raises LookupError."""
        for one in self.forms:
            if {*names} <= one.names and action in one.action:
                return one
        raise LookupError(f"no form with {', '.join(names) or action} at {self.where}")


def read(status: int, where: str, body: bytes) -> Page:
    """Read an HTML page."""
    reader = _Reader()
    reader.feed(body.decode("utf-8", "replace"))
    text = " ".join("".join(reader.words).split())
    return Page(status, where, body, tuple(reader.forms), tuple(reader.links), text)


class _Reader(HTMLParser):
    """Gathers forms, links and text. One form at a time, as HTML has it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.form: Form | None = None
        self.link = ""
        self.silent = 0
        self.open_text: tuple[str, list[str]] | None = None
        self.select = ""
        self.option: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        has = {name for name, _value in attrs}
        self.silent += tag in _SILENT
        if tag == "form":
            multipart = said.get("enctype") == "multipart/form-data"
            self.form = Form(said.get("action", ""), multipart)
            self.forms.append(self.form)
        elif tag == "a":
            self.link = said.get("href", "")
            self.links.append((self.link, ""))
        elif self.form is not None and "disabled" not in has:
            self._part(tag, said, has)

    def _part(self, tag: str, said: dict[str, str], has: set[str]) -> None:
        form, name = self.form, said.get("name", "")
        if form is None:
            return
        if tag == "option":
            self._option(form, said, is_chosen="selected" in has)
        elif tag == "button" and name:
            form.buttons.append((name, said.get("value", "")))
        elif name:
            form.names.add(name)
            self._field(form, tag, said, is_checked="checked" in has)

    def _option(self, form: Form, said: dict[str, str], *, is_chosen: bool) -> None:
        value = said.get("value", "")
        offered = form.choices.setdefault(self.select, {})
        offered[value] = ""
        self.option = (self.select, value)
        if is_chosen or len(offered) == 1:
            form.fields[:] = [one for one in form.fields if one[0] != self.select]
            form.fields.append((self.select, value))

    def _field(self, form: Form, tag: str, said: dict[str, str], *, is_checked: bool) -> None:
        name, kind = said["name"], said.get("type", "text")
        if tag == "textarea":
            self.open_text = (name, [])
        elif tag == "select":
            self.select = name
        elif kind in _KEPT:
            form.choices.setdefault(name, {})[said.get("value", "on")] = ""
            if is_checked:
                form.fields.append((name, said.get("value", "on")))
        elif kind != "file":
            form.fields.append((name, said.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in _SILENT
        if tag == "form":
            self.form = None
        elif tag == "option":
            self.option = None
        elif tag == "a":
            self.link = ""
        elif tag == "textarea" and self.open_text and self.form is not None:
            name, words = self.open_text
            self.form.fields.append((name, "".join(words).removeprefix("\n")))
            self.open_text = None

    def handle_data(self, data: str) -> None:
        if self.open_text:
            self.open_text[1].append(data)
        elif self.option and self.form is not None:
            name, value = self.option
            self.form.choices[name][value] += data.strip()
        elif not self.silent:
            self.words.append(data)
            if self.link:
                where, said = self.links[-1]
                self.links[-1] = (where, said + data)
