"""Whether this machine has a network: a ceremony is held only where there is none.

Asks the kernel about this process's own view, and refuses when it cannot be asked. Opens no
connection.
"""

import fcntl
import socket
import struct
from pathlib import Path
from typing import Final

NET: Final = Path("/proc/self/net")
_GET_FLAGS: Final = 0x8913  # SIOCGIFFLAGS, linux/sockios.h
_UP, _LOOPBACK = 0x1, 0x8  # linux/if.h
_IFREQ: Final = struct.Struct("16sH22x")
_DEFAULT_4: Final = "00000000"
_DEFAULT_6: Final = "0" * 32


class NetworkThere(Exception):
    """There is, or may be, a network; the message says what to take out."""


def demand_none(net: Path = NET) -> None:
    """Return quietly when nothing but loopback is up and no route leads out, else NetworkThere."""
    try:
        up = _interfaces_up(net)
        routes = _routes_out(net)
    except OSError:
        raise NetworkThere(
            "Whether there is a network cannot be told here. Use a Linux machine without one."
        ) from None
    if up:
        raise NetworkThere(
            f"This machine has a network: {', '.join(up)} is up. Pull the cable, switch radio off, "
            "or start under `unshare -n`."
        )
    if routes:
        raise NetworkThere(f"A route leads out of this machine by {', '.join(routes)}.")


def _interfaces_up(net: Path) -> list[str]:
    lines = (net / "dev").read_text(encoding="ascii").splitlines()[2:]
    names = [line.split(":")[0].strip() for line in lines]
    return [name for name in names if _leads_out(_flags(name))]


def _leads_out(flags: int) -> bool:
    return bool(flags & _UP) and not flags & _LOOPBACK


def _flags(name: str) -> int:
    # Any socket will do for asking; this one can reach nobody.
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as asking:
        answer = fcntl.ioctl(asking, _GET_FLAGS, _IFREQ.pack(name.encode("ascii"), 0))
    flags: int = _IFREQ.unpack(answer)[1]
    return flags


def _routes_out(net: Path) -> list[str]:
    found = set()
    for line in _lines(net / "route"):
        name, destination, *_ = line.split()
        if destination == _DEFAULT_4:
            found.add(name)
    for line in _lines(net / "ipv6_route"):
        destination, length, *_, name = line.split()
        # Loopback has a default route of its own, which says that there is none.
        if (destination, length) == (_DEFAULT_6, "00") and name != "lo":
            found.add(name)
    return sorted(found)


def _lines(path: Path) -> list[str]:
    # A kernel without a family of addresses has no table of it either.
    return path.read_text(encoding="ascii").splitlines() if path.exists() else []
