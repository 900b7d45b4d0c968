"""The visible reference of an export: on each of its pages and rows, it says whose copy this is.

It deters, and finds honest mistakes. No text is ever changed to carry a hidden mark.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Reference:
    """The index of the ledger's entry of an export, who took it, and when."""

    number: int
    account: str = field(repr=False)
    at: datetime

    def line(self) -> str:
        """Return the reference in the language that is active."""
        when = f"{timezone.localtime(self.at):%d.%m.%Y %H:%M}"
        said = {"number": self.number, "account": self.account, "when": when}
        return _("Export %(number)s · %(account)s · %(when)s · personal copy") % said

    def mark(self) -> str:
        """Return what a row bears: the number alone."""
        return f"#{self.number}"
