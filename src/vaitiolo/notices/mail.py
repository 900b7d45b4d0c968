"""One message to one recipient, as it is sealed for the worker: which way, to whom, the words."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

VERSION: Final = 1


class MailUnknown(ValueError):
    """A message in a form that this release does not know. Nothing of it is repeated."""


@dataclass(frozen=True, slots=True, repr=False)
class Mail:
    """One message: an e-mail or an sms, to one address."""

    channel: str
    to: str
    subject: str
    text: str

    def encode(self) -> bytes:
        """Return it as it is sealed."""
        said = {**asdict(self), "version": VERSION}
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    @classmethod
    def read(cls, body: bytes | bytearray) -> Self:
        """Return what was sealed. Raises MailUnknown."""
        try:
            said: dict[str, Any] = json.loads(bytes(body))
            if said["version"] != VERSION:
                raise MailUnknown
            found = cls(said["channel"], said["to"], said["subject"], said["text"])
        except (ValueError, TypeError, KeyError):
            raise MailUnknown from None
        if not all(isinstance(one, str) for one in (found.channel, found.to, found.text)):
            raise MailUnknown
        return found
