"""What the page sends in: a token, a word for what it is, words, and a file without its name."""

from http import HTTPStatus
from typing import Any, Final

from django import forms

from vaitiolo.breach.told.access import LARGEST_FILE
from vaitiolo.breach.told.page import REPLIES

LONGEST: Final = 25_000


class ReplyForm(forms.Form):
    """Nothing of it is shown again: the page keeps the words until they have arrived."""

    token = forms.RegexField(r"^[0-9a-f]{64}$")
    kind = forms.ChoiceField(choices=[(one, one) for one in REPLIES])
    words = forms.CharField(max_length=LONGEST, required=False, strip=False)
    file = forms.FileField(required=False)

    def clean_token(self) -> bytes:
        return bytes.fromhex(self.cleaned_data["token"])

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file is not None and file.size > LARGEST_FILE:
            raise forms.ValidationError("large", code="large")
        return file

    def sent(self) -> dict[str, Any]:
        """Return what was sent; of a file its content alone."""
        file = self.cleaned_data["file"]
        return {**self.cleaned_data, "file": b"" if file is None else file.read()}

    @property
    def status(self) -> HTTPStatus:
        """Why it was not taken."""
        is_large = self.has_error("file", "large")
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if is_large else HTTPStatus.BAD_REQUEST
