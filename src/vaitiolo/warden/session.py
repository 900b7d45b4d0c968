"""A browser's session as rooms hold it: a cookie and the way to the warden. It tells nothing."""

from dataclasses import dataclass, field
from typing import Final

from vaitiolo.warden.transport import Transport

# Without a sign of life for so long, the warden ends a session and a page takes itself away.
IDLE_SECONDS: Final = 15 * 60


@dataclass(frozen=True, slots=True)
class Session:
    """Passed along by rooms, read by ``client`` alone."""

    cookie: bytes = field(repr=False)
    transport: Transport = field(repr=False)
