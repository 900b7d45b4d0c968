"""The shape of what is put in and asked: a result's file, a time, what an export is for."""

import zlib
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from vaitiolo.breach.scope.forms import MomentBox

MICROSECONDS: Final = 1_000_000
LARGEST_FILE: Final = 24 * 1024 * 1024
LARGEST: Final = 256 * 1024 * 1024
LONGEST_PURPOSE: Final = 100
_GZIP: Final = 31
_FORMATS: Final = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H.%M"]


class ResultForm(forms.Form):
    """A signed result of a search, as it is or compressed with gzip."""

    result = forms.FileField(
        label=_("Result of a search (JSON, or the same with gzip)"),
        help_text=_("The signed file that vaitiolo leak scan wrote. It holds ids, never text."),
        error_messages={"required": _("Choose the result's file.")},
    )

    def content(self) -> bytes:
        """Return the result's bytes, unpacked, once the form is valid."""
        return bytes(self.cleaned_data["content"])

    def clean(self) -> dict[str, Any]:
        """Unpack what is packed, and take nothing that is larger than a result can be."""
        said = super().clean() or {}
        file = said.get("result")
        if file is None:
            return said
        if file.size > LARGEST_FILE:
            self.add_error("result", _("This file is larger than 24 MiB. Compress it with gzip."))
            return said
        try:
            return {**said, "content": _unpacked(file.read())}
        except ValueError:
            self.add_error("result", _("This file cannot be unpacked. Nothing of it was kept."))
            return said


class AccountsForm(forms.Form):
    """Until when somebody could have opened what leaked."""

    since = forms.DateTimeField(
        label=_("From"), required=False, input_formats=_FORMATS, widget=MomentBox
    )
    until = forms.DateTimeField(
        label=_("To"),
        required=False,
        input_formats=_FORMATS,
        widget=MomentBox,
        help_text=_("When the data were taken at the latest. Empty: now."),
    )

    def times(self, *, at: datetime) -> tuple[int, int]:
        """Return the times in microseconds, once the form is valid; nothing after now."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        end = min(until or at, at)
        return (_microseconds(since) if since else 0), _microseconds(end)


class PurposeForm(forms.Form):
    """What an export is for."""

    purpose = forms.CharField(
        label=_("What the export is for"),
        max_length=LONGEST_PURPOSE,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("For instance a move, research, the test of a backup. No name of a patient."),
    )


class FindForm(forms.Form):
    """Somebody in a claim."""

    text = forms.CharField(
        label=_("Identity code or e-mail address in a claim"),
        max_length=LONGEST_PURPOSE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def _unpacked(raw: bytes) -> bytes:
    if raw[:2] != b"\x1f\x8b":
        return raw
    unpacking = zlib.decompressobj(_GZIP)
    try:
        found = unpacking.decompress(raw, LARGEST)
    except zlib.error:
        raise ValueError from None
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise ValueError
    return found


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * MICROSECONDS)
