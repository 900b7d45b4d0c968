"""The shape of what is typed into an incident. Each form gives what stands inside the seal."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from pathlib import PurePath
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from vaitiolo.breach.incidents import clocks, words
from vaitiolo.breach.incidents.access import LARGEST_FILE

LONGEST: Final = 6_000
LONG: Final = 500
SHORT: Final = 120
MOST_HEADERS: Final = 8_000
LONGEST_NAME: Final = 90
_OFF: Final = {"autocomplete": "off"}
_FORMATS: Final = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]

Choices = Sequence[tuple[str, str]]


class MomentBox(forms.DateTimeInput):
    """A day and a time as browsers ask for them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=_FORMATS[0])


def _text(label: Any, rows: int = 3, longest: int = LONGEST, **more: Any) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows, **_OFF})
    return forms.CharField(label=label, max_length=longest, widget=box, **more)


def _line(label: Any, longest: int = SHORT, **more: Any) -> forms.CharField:
    box = forms.TextInput(attrs=_OFF)
    return forms.CharField(label=label, max_length=longest, widget=box, **more)


def _moment(label: Any, **more: Any) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, input_formats=_FORMATS, widget=MomentBox(), **more)


def _radio(label: Any, choices: words.Words, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **more)


class Entry(forms.Form):
    """An entry of one step; its ids differ from those of the other forms on the page."""

    step = ""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.auto_id = f"id_{self.step}_%s"

    def said(self) -> dict[str, Any]:
        """Return what stands inside the seal, once the form is valid."""
        return {name: _plain(value) for name, value in self.cleaned_data.items()}


class ReportForm(Entry):
    """What anybody reports: the kind of sign, what happened, and when it was noticed."""

    step = "report"
    sign = _radio(_("What is it"), words.SIGNS)
    text = _text(
        _("What happened"),
        6,
        help_text=_(
            "As much as you know now. It is sealed: only the officers of this incident read it."
        ),
    )
    noticed = _moment(
        _("When you noticed it"), required=False, help_text=_("Leave empty for: just now.")
    )
    happened = _moment(
        _("When it happened"), required=False, help_text=_("Leave empty if you do not know.")
    )


class OfficersReportForm(ReportForm):
    """The same for an alert, or for an opening that was cut off: what it is, is known."""

    sign = None  # type: ignore[assignment]  # Django's way to leave a field out


class NoteForm(Entry):
    """Something that happened, when it happened, and whether that is sure."""

    step = "note"
    text = _text(_("What happened"))
    happened = _moment(_("When it happened"), required=False)
    confirmed = forms.BooleanField(
        label=_("This is confirmed"),
        required=False,
        help_text=_("Otherwise it stands apart as not confirmed until somebody confirms it."),
    )


class OfRowForm(Entry):
    """Something about an entry that is there: a confirmation, or the end of a task."""

    step = "confirm"
    of = forms.UUIDField(widget=forms.HiddenInput)
    text = _text(_("What was done"), 2, LONG, required=False)


class DoneForm(OfRowForm):
    step = "done"


class OwnedForm(Entry):
    """An entry that names a colleague; the name stands in it, for names change."""

    def __init__(self, *args: Any, people: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.people = dict(people)
        self.fields["person"] = forms.ChoiceField(label=_("Who"), choices=people)

    def said(self) -> dict[str, Any]:
        said = super().said()
        return {**said, "name": self.people[said["person"]]}


class TaskForm(OwnedForm):
    """What is to be done, by whom, until when."""

    step = "task"
    text = _text(_("What is to be done"), 2, LONG)
    due = _moment(_("Until when"), required=False)


class RoleForm(OwnedForm):
    """Who leads, who is the deputy, who speaks to the outside."""

    step = "role"
    role = _radio(_("Role in this incident"), words.ROLES)


class EvidenceForm(Entry):
    """A file that shows something. Its hash is computed where it is sealed."""

    step = "evidence"
    kind = _radio(_("What is it"), words.EVIDENCE)
    file = forms.FileField(
        label=_("File"),
        help_text=_("At most 20 MiB. Kept byte for byte, sealed, and never shown on a page."),
        error_messages={
            "required": _("Choose a file of at most 20 MiB. A larger one was not taken at all.")
        },
    )
    text = _text(_("Where it comes from"), 2, LONG, required=False)

    def clean_file(self) -> Any:
        """Refuse what is too large to be sealed."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("This file is larger than 20 MiB. Nothing of it was stored; split it.")
            )
        return file

    def content(self) -> bytes:
        """Return the file's bytes, once the form is valid."""
        file = self.cleaned_data["file"]
        file.seek(0)
        return bytes(file.read())

    def said(self) -> dict[str, Any]:
        kind, text = self.cleaned_data["kind"], self.cleaned_data["text"]
        name = PurePath(self.cleaned_data["file"].name).name[:SHORT]
        headers = _headers(self.content()) if kind == "mail" else ""
        return {"headers": headers, "kind": kind, "name": name, "text": text}


class DecisionForm(Entry):
    """What was decided, why, and who was told of it."""

    step = "decision"
    topic = _radio(_("About"), words.TOPICS)
    text = _text(_("What was decided"))
    reason = _text(_("Why"), 2)
    recipients = _line(_("Who was told of it"), LONG, required=False)


class NotifyForm(Entry):
    """Whether the authority and the people concerned are told, and on what ground."""

    step = "notify"
    authority = _radio(_("Is the authority told"), words.YES_NO)
    people = _radio(_("Are the people concerned told"), words.YES_NO)
    ground = _text(
        _("On what ground"),
        help_text=_("Also where nobody is told: the decision is kept and can be asked for."),
    )
    recipients = _line(_("Who was told of this decision"), LONG, required=False)


class ClockForm(Entry):
    """How a time limit stands."""

    step = "clock"
    clock = forms.ChoiceField(label=_("Time limit"))
    state = _radio(_("How it stands"), words.CLOCK_STATES)
    at = _moment(_("When it was done"), required=False, help_text=_("Leave empty for: just now."))
    reason = _text(_("Why, or what was sent to whom"), 2, LONG)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["clock"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared just above
        field.choices = [(rule.key, f"{rule.name[:LONGEST_NAME]}…") for rule in clocks.RULES]


class LinkForm(Entry):
    """Another incident that belongs to this one."""

    step = "link"
    number = forms.IntegerField(label=_("Number of the other incident"), min_value=1)
    text = _line(_("How they belong together"), LONG)


class WhyForm(Entry):
    """Why something is closed or opened again."""

    step = "ask-close"
    text = _text(_("What the outcome is"), 3)


class LetInForm(OwnedForm):
    """Which officer is let in."""

    step = "let-in"


PLAIN: Final[dict[str, type[Entry]]] = {
    "note": NoteForm,
    "confirm": OfRowForm,
    "done": DoneForm,
    "evidence": EvidenceForm,
    "decision": DecisionForm,
    "notify": NotifyForm,
    "clock": ClockForm,
    "link": LinkForm,
    "ask-close": WhyForm,
    "close": OfRowForm,
    "reopen": WhyForm,
}
OWNED: Final[dict[str, type[OwnedForm]]] = {"task": TaskForm, "role": RoleForm}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return value if isinstance(value, bool | int | None) else str(value)


def _headers(mail: bytes) -> str:
    """Return a mail's headers as they stand in it; words of others, shown as text alone."""
    headers = BytesHeaderParser().parsebytes(mail).items()
    return "\n".join(f"{name}: {value}" for name, value in headers)[:MOST_HEADERS]
