"""A browser's session as rooms hold it: a cookie and the way to the warden. It tells nothing."""

from dataclasses import dataclass, field

from vaitiolo.warden.transport import Transport


@dataclass(frozen=True, slots=True)
class Session:
    """Passed along by rooms, read by ``client`` alone."""

    cookie: bytes = field(repr=False)
    transport: Transport = field(repr=False)
